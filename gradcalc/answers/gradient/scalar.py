"""The gradient of a problem about numbers: closed forms, autograd, the truth, and the comparison of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from functools import partial
from typing import TypeVar

from gradcalc.answers.compare import blamed, compare
from gradcalc.answers.diagnosis.diagnose import diagnose
from gradcalc.answers.explain import explain_corner, explain_rounding, no_value
from gradcalc.answers.gradient import chain
from gradcalc.answers.records import ArrayRow, Comparison, Row, Verdict, worst
from gradcalc.answers.trials.here import right_here
from gradcalc.answers.trials.verify import verified
from gradcalc.base.effort import Exhausted
from gradcalc.base.errors import LimitError
from gradcalc.base.memory import REMEMBERED, Memory
from gradcalc.base.real import Real, nearest
from gradcalc.engines import ask
from gradcalc.engines.records import Autograd, ClosedForm, Corner, Truth
from gradcalc.inputs.question import Question
from gradcalc.problem.problem import Problem, reading

Result = TypeVar("Result")
CLOSED_FORM_SHARE = 0.25  # of the time; the numbers need the rest
EXTRA_SHARE = 0.5  # of the time, for each explanation
MOST_DIAGNOSES = 3
FORMS = Memory[dict[str, ClosedForm]](250)


def load_engines() -> None:
    """Import every engine, which takes a second; a process that is forked afterwards has them at once."""
    ask.prepare(ask.closed_forms, ask.autograd, ask.truth, ask.nowhere, ask.corner, ask.sensitivity, ask.stress)


def scalar_gradient(question: Question, autograd: Autograd | None = None) -> Comparison:
    """The gradient of a problem without arrays, compared where there is a point."""
    problem = question.problem
    if problem.point is None and (missing := ask.nowhere(problem.root)) is not None:
        note = no_value(missing, blamed(missing, problem.source).text)
        return comparison(problem, {name: Row(name, None, note=note) for name in problem.wrt})
    forms = closed_forms(question)
    if problem.point is None:
        return comparison(problem, {name: Row(name, form.text, note=form.note) for name, form in forms.items()})
    return compared(question, forms, autograd)


def closed_forms(question: Question, part: float = CLOSED_FORM_SHARE) -> dict[str, ClosedForm]:
    """The closed form by each variable, found within a part of the time, and verified."""
    problem = question.problem

    def found() -> dict[str, ClosedForm]:
        return verified(_closed_forms(question, part), problem, question.limits)

    if len(problem.source) > REMEMBERED:
        return found()
    return FORMS.recall((problem.source, problem.variables, problem.wrt, problem.order), found)


def _closed_forms(question: Question, part: float) -> dict[str, ClosedForm]:
    problem = question.problem
    try:
        with question.clock.grant(part):
            return ask.closed_forms(problem)
    except Exhausted:
        return dict.fromkeys(problem.wrt, ClosedForm(None, "the closed form takes too long to find"))


def compared(
    question: Question,
    forms: dict[str, ClosedForm],
    autograd: Autograd | None = None,
    truth: Truth | None = None,
    diagnose: bool = True,
) -> Comparison:
    """The comparison at the problem's point; `autograd` and `truth` where they were asked already.

    With `diagnose`, what disagrees gets a diagnosis, and a corner its directions, which takes as long again.
    """
    problem, tolerance = question.problem, question.tolerance
    truth = truth or ask.truth(problem)
    autograd = autograd or ask.autograd(problem)
    rows = {
        name: compare(
            problem,
            name,
            truth.slopes[name],
            autograd.number(name),
            right_here(forms[name], truth.slopes[name], problem, question.limits),
            tolerance,
            partial(ask.stress, problem, name),
        )
        for name in problem.wrt
    }
    if not diagnose:
        return comparison(problem, rows, truth.value)
    rows = _diagnosed(rows, question, truth)
    found = comparison(problem, rows, truth.value)
    return dataclasses.replace(found, corner=_corner(question, truth), rounding=_rounding(question, truth))


def _rounding(question: Question, truth: Truth) -> str | None:
    """What the function does just where the point was meant, where it is smooth at the numbers nearest to that."""
    problem = question.problem
    if not problem.meant or truth.value is None or any(slope.magnitude is None for slope in truth.slopes.values()):
        return None
    found = _extra(question, partial(ask.exactly, problem))
    return None if found is None else explain_rounding(found, blamed(found.node, problem.source).text, problem)


def _corner(question: Question, truth: Truth) -> Corner | None:
    """How the function breaks at the point, along other lines than the axes."""
    problem = question.problem
    special = [slope for slope in truth.slopes.values() if slope.magnitude is None]
    if problem.order > 1 or len(special) < 2:
        return None
    found = _extra(question, partial(ask.corner, problem, truth.slopes))
    return None if found is None else explain_corner(found)


def _diagnosed(rows: dict[str, Row], question: Question, truth: Truth) -> dict[str, Row]:
    """The rows, the first few that disagree with a diagnosis."""
    wrong = [row for row in rows.values() if row.verdict is Verdict.DISAGREE]
    for row in wrong[:MOST_DIAGNOSES]:
        diagnosis = _extra(
            question, partial(diagnose, question.problem, row.name, truth.slopes[row.name], question.tolerance)
        )
        rows[row.name] = dataclasses.replace(row, diagnosis=diagnosis)
    return rows


def _extra(question: Question, explain: Callable[[], Result]) -> Result | None:
    """What explains an answer that stands without it; None where there is no time for it, or numbers get too large."""
    try:
        with question.clock.grant(EXTRA_SHARE):
            return explain()
    except (LimitError, Exhausted):
        return None


def comparison(problem: Problem, rows: Mapping[str, Row | ArrayRow], value: Real | None = None) -> Comparison:
    """The answer as a whole, from its rows."""
    verdicts = [row.verdict for row in rows.values() if row.verdict is not None]
    chained = 1 < len(problem.definitions) <= chain.MOST_LINKED and problem.order == 1 and not problem.arrays
    links = tuple(chain.links(problem)) if chained else ()
    return Comparison(
        expression=problem.source,
        reading=reading(problem),
        at=problem.point,
        dtype=problem.dtype,
        order=problem.order,
        value=nearest(value, problem.format),
        gradient=rows,
        chain=links,
        ways={name: chain.ways(links, links[-1].of, name) for name in rows} if links else {},
        verdict=worst(verdicts) if problem.point is not None and (verdicts or not rows) else None,
        function=problem.definitions[-1].name if problem.definitions else None,
    )
