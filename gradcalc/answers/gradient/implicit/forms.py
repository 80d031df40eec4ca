"""Closed forms of implicit derivatives, tried on the curve and beside it before anyone sees them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import islice
from typing import TypeAlias

from gradcalc.answers.gradient.implicit.curve import points_on
from gradcalc.answers.gradient.scalar import CLOSED_FORM_SHARE
from gradcalc.answers.trials.candidates import varied
from gradcalc.answers.trials.claims import claim
from gradcalc.answers.trials.here import MATCHING
from gradcalc.answers.trials.verify import SMOOTH, UNTRIED, outcomes
from gradcalc.base.effort import Exhausted
from gradcalc.base.errors import InternalError, LimitError
from gradcalc.base.words import place
from gradcalc.calculus.implicit import implicit
from gradcalc.calculus.reverse import gradient
from gradcalc.engines import ask
from gradcalc.engines.records import Claim, ClosedForm
from gradcalc.inputs.question import Question
from gradcalc.problem.problem import Problem
from gradcalc.syntax.tree import Node

Point: TypeAlias = Mapping[str, Fraction] | Mapping[str, float]
TOO_LONG = ClosedForm(None, "the closed form takes too long to find")
ON_CURVE = "the equation is put in: this form holds where it does, not elsewhere"
OUT_OF_SIGHT = Fraction(1, 2**200)
WANTED, LOOKED_AT = SMOOTH


def closed_forms(question: Question) -> dict[str, ClosedForm]:
    """The closed form of the derivative by each variable, verified. Raises InternalError where a rule is wrong."""
    problem = question.problem
    try:
        with question.clock.grant(CLOSED_FORM_SHARE):
            found = ask.implicit_forms(problem)
    except Exhausted:
        return dict.fromkeys(problem.wrt, TOO_LONG)
    return {name: chosen(forms, problem, name) for name, forms in found.items()}


def chosen(forms: tuple[ClosedForm, ...], problem: Problem, name: str) -> ClosedForm:
    """The shortest of the forms that hold: the last one everywhere, one before it on the curve."""
    *shorter, last = forms
    if last.root is None:
        return last
    assert problem.of is not None
    try:
        trees = implicit(problem.root, problem.of, name, problem.order)
    except LimitError:
        return ClosedForm(last.text, UNTRIED)
    _try(trees, problem, name)
    held, wrong_at = _compared(last.root, trees[-1], islice(varied(problem.names), LOOKED_AT))
    if wrong_at is not None:
        return ClosedForm(None, f"SymPy's closed form is wrong at {place(wrong_at)} and is not shown")
    for one in shorter:
        if one.root is not None:
            on_curve, off = _compared(one.root, trees[-1], points_on(problem))
            if on_curve and off is None:
                return replace(one, note=ON_CURVE)
    return last if held else ClosedForm(last.text, UNTRIED, last.root)


def _compared(form: Node, true: Node, points: Iterable[Point]) -> tuple[int, dict[str, float] | None]:
    """At how many points a form has the true value, and one where it has another."""
    held = 0
    for point in points:
        try:
            values = [None if one is None else one.fraction() for one in ask.values([form, true], point)]
        except LimitError:
            continue
        found, expected = values
        if found is None or expected is None:
            continue
        if abs(found - expected) > MATCHING * abs(expected) + OUT_OF_SIGHT:
            return held, {name: float(value) for name, value in point.items()}
        held += 1
        if held == WANTED:
            break
    return held, None


def _try(trees: list[Node], problem: Problem, name: str) -> None:
    """Raises InternalError where the rules derive the equation, or a derivative before the last, to something else."""
    names = [name, *([] if problem.of in (None, name) else [str(problem.of)])]
    claims: dict[int, Claim] = {}
    for order, tree in enumerate([problem.root, *trees[:-1]], 1):
        partials = gradient(tree, names)
        claims[order] = claim([tree], [names], [partials[one] for one in names])
    for order, outcome in outcomes(claims, problem, problem.names).items():
        if outcome.wrong_at is not None:
            raise InternalError(
                f"gradcalc has a bug: its rules for the derivative of order {order} are wrong at "
                f"{place(outcome.wrong_at) or 'every point'}",
                hint="please report it with this command",
            )
