"""The gradient of a problem about numbers: closed forms, autograd, the truth, and the comparison of them."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping
from functools import partial
from typing import TypeAlias, TypeVar

from gradcalc.answers.compare import blamed, compare
from gradcalc.answers.diagnosis.checked import VALUE, Cure, cure
from gradcalc.answers.diagnosis.culprit import culprit
from gradcalc.answers.diagnosis.diagnose import diagnosed, healed, spared
from gradcalc.answers.diagnosis.records import Culprit
from gradcalc.answers.explain import explain_corner, explain_rounding, no_value
from gradcalc.answers.gradient import chain
from gradcalc.answers.gradient.forward import explained, judged
from gradcalc.answers.records import ArrayRow, Comparison, Forward, Row
from gradcalc.answers.remarks import remarks
from gradcalc.answers.trials.here import right_here
from gradcalc.answers.trials.verify import verified
from gradcalc.answers.verdicts import Verdict, overall
from gradcalc.base.effort import Allowance, Exhausted
from gradcalc.base.memory import REMEMBERED, Memory
from gradcalc.base.real import Real, nearest
from gradcalc.engines import ask
from gradcalc.engines.door import prepare
from gradcalc.engines.records import Autograd, ClosedForm, Corner, Slope, Smoothness, Truth
from gradcalc.inputs.question import Question
from gradcalc.problem.problem import Problem, reading

Result = TypeVar("Result")
Judged: TypeAlias = tuple[dict[str, Row], Forward]
CLOSED_FORM_SHARE = 0.25  # of the time; the numbers need the rest
EXTRA_SHARE = 0.5  # of the time, for each explanation
CAUSES_SHARE = 0.5  # for the causes of all disagreements
WITHOUT = (Verdict.UNDEFINED, Verdict.INFINITE, Verdict.KINK)  # a derivative that is a number
FORMS = Memory[dict[str, ClosedForm]](250)


def load_engines() -> None:
    """Import every engine, which takes a second; a process that is forked afterwards has them at once."""
    prepare(ask.closed_forms, ask.autograd, ask.truth, ask.nowhere, ask.corner, ask.sensitivity, ask.replay)


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
    whole: Problem | None = None,
) -> Comparison:
    """The comparison at the problem's point; `autograd` and `truth` where they were asked already.

    What disagrees gets a diagnosis, and a corner its directions, which takes as long again. `whole` is the problem with
    arrays that this one writes out.
    """
    problem = question.problem
    truth = truth or ask.truth(problem)
    autograd = autograd or ask.autograd(problem)
    rows, forward = judged_at(question, forms, autograd, truth, CAUSES_SHARE)
    heal = partial(cure, whole or problem, problem, truth, question.tolerance)
    rows, forward = _cured(rows, forward, lambda wrong: _extra(question, partial(heal, wrong)))
    return _told(question, comparison(problem, rows, truth.value, forward), truth, whole or problem)


def judged_at(
    question: Question, forms: Mapping[str, ClosedForm], autograd: Autograd, truth: Truth, causes: float = 0.0
) -> Judged:
    """The row of each variable and torch's value; causes are looked for in so much of the time."""
    problem, tolerance = question.problem, question.tolerance
    allowance = Allowance(question.clock.steps(causes))
    rows = {
        name: compare(
            problem,
            name,
            truth.slopes[name],
            autograd.number(name),
            right_here(forms[name], truth.slopes[name], problem, question.limits),
            tolerance,
            partial(spared, allowance, partial(diagnosed, problem, name, truth.slopes[name], tolerance)),
        )
        for name in problem.wrt
    }
    return rows, value_compared(question, truth, autograd.value, allowance)


def _told(question: Question, found: Comparison, truth: Truth, whole: Problem) -> Comparison:
    """The comparison with what there is to tell of the point as a whole."""
    return dataclasses.replace(
        found,
        corner=_corner(question, truth),
        rounding=_rounding(question, truth),
        culprit=_culprit(question, whole, found),
    )


def _rounding(question: Question, truth: Truth) -> str | None:
    """What the function does just where the point was meant, where it is smooth at the numbers nearest to that."""
    problem = question.problem
    if not problem.meant or truth.value is None or any(slope.magnitude is None for slope in truth.slopes.values()):
        return None
    found = _extra(question, partial(ask.exactly, problem))
    return None if found is None else explain_rounding(found, blamed(found.node, problem.source).text, problem)


def _culprit(question: Question, whole: Problem, found: Comparison) -> Culprit | None:
    """The terms to blame, where torch has no number for what has no derivative either."""
    problem = question.problem
    numbers = [row.autograd for row in found.rows if row.verdict in WITHOUT and row.autograd is not None]
    if problem.order > 1 or all(map(math.isfinite, numbers)):
        return None
    return _extra(question, partial(culprit, whole, problem, question.tolerance))


def _corner(question: Question, truth: Truth) -> Corner | None:
    """How the function breaks at the point, along other lines than the axes."""
    problem = question.problem
    special = [slope for slope in truth.slopes.values() if slope.magnitude is None]
    if problem.order > 1 or len(special) < 2:
        return None
    found = _extra(question, partial(ask.corner, problem, truth.slopes))
    return None if found is None else explain_corner(found)


def value_compared(question: Question, truth: Truth, autograd: float | None, allowance: Allowance) -> Forward:
    """torch's value beside the true one; where it is wrong, with the cause."""
    problem, tolerance = question.problem, question.tolerance
    undecided = any(slope.smoothness is Smoothness.UNDECIDED for slope in truth.slopes.values())
    forward = judged(question, truth.value, autograd, Verdict.UNDECIDED if undecided else Verdict.UNDEFINED)
    if forward.verdict is not Verdict.DISAGREE:
        return forward
    value = Slope(Smoothness.SMOOTH, truth.value, magnitude=truth.value)  # as the slope by itself would be
    return explained(forward, spared(allowance, partial(diagnosed, problem, None, value, tolerance)))


def _cured(rows: dict[str, Row], forward: Forward, find: Callable[[frozenset[str]], Cure | None]) -> Judged:
    """The rows and torch's value, those that are wrong with what to write instead, where that heals them."""
    wrong = {name for name, row in rows.items() if row.verdict is Verdict.DISAGREE}
    wrong |= {VALUE} if forward.verdict is Verdict.DISAGREE else set()
    found = find(frozenset(wrong)) if wrong else None
    if found is None:
        return rows, forward
    cured = {
        name: dataclasses.replace(row, diagnosis=healed(row.diagnosis, found.text, found.near))
        for name, row in rows.items()
        if name in wrong & found.healed
    }
    if VALUE in wrong & found.healed:
        forward = dataclasses.replace(forward, diagnosis=healed(forward.diagnosis, found.text, found.near))
    return rows | cured, forward


def _extra(question: Question, explain: Callable[[], Result]) -> Result | None:
    """What explains an answer that stands without it; None where there is no time for it, or numbers get too large."""
    return spared(Allowance(question.clock.steps(EXTRA_SHARE)), explain)


def comparison(
    problem: Problem,
    rows: Mapping[str, Row | ArrayRow],
    value: Real | None = None,
    forward: Forward = Forward(),  # noqa: B008  # frozen
) -> Comparison:
    """The answer as a whole, from its rows and torch's value."""
    verdict = overall((*(row.verdict for row in rows.values()), forward.counted))
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
        forward=forward,
        chain=links,
        ways={name: chain.ways(links, links[-1].of, name) for name in rows} if links else {},
        verdict=None if problem.point is None else verdict if rows else verdict or Verdict.AGREE,
        function=problem.definitions[-1].name if problem.definitions else None,
        remarks=remarks(problem),
    )
