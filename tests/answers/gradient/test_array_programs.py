"""Random array programs: closed form, exact value and autograd say the same, and mpmath's differences confirm it."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

import mpmath
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gradcalc import api
from gradcalc.answers.records import Comparison, Row
from gradcalc.answers.verdicts import Verdict
from gradcalc.arrays.array import nested
from gradcalc.arrays.shape import size
from gradcalc.base.errors import LimitError
from gradcalc.base.limits import Limits
from gradcalc.calculus.matrix.closed import closed_form
from gradcalc.inputs.pose import pose
from gradcalc.problem.problem import Problem
from gradcalc.problem.resolve import read
from tests.array_reference import evaluate, flat
from tests.programs import SHAPES, statements

LIMITS = Limits()
VALUES = (0.0, 1.0, -1.0, 0.5, 2.0, -0.75, 0.1, 1.3, -2.5)
DIGITS = 60
STEP = mpmath.mpf(10) ** -20
CLOSE = mpmath.mpf(10) ** -16  # relative to the terms, and to 1; `exact` has twenty digits
SOUND = (Verdict.AGREE, Verdict.DISAGREE)  # of a derivative that exists


@settings(max_examples=12, deadline=None, derandomize=True)
@given(statements(), st.randoms(use_true_random=False))
def test_the_engines_agree(program: str, choice: random.Random) -> None:
    names = read(program, LIMITS).variables
    assume(names)
    shapes = {name: tuple(map(int, filter(None, SHAPES[name].split(",")))) for name in names}
    at = {name: nested([choice.choice(VALUES) for _ in range(size(shape))], shape) for name, shape in shapes.items()}
    problem = pose(program, LIMITS, at=at)
    try:
        result = api.diff(program, at=at, timeout=20)
    except LimitError:
        assume(False)
    assert no_closed_form_is_refuted(result, problem)
    assert all(row.verdict is Verdict.AGREE or row.explanation for row in result.rows)
    with mpmath.workdps(DIGITS):
        assert confirmed(result, problem, {name: numbers(value) for name, value in at.items()})


def no_closed_form_is_refuted(result: Comparison, problem: Problem) -> bool:
    """Are the closed forms of components, and those in array terms, all shown? A wrong one is not."""
    forms = {name: closed_form(problem.root, name, problem.shapes) for name in problem.wrt}
    shown = all(form is None or result.gradient[name].formula for name, form in forms.items())
    return shown and not any("contradicts" in (row.note or "") for row in result.rows)


def numbers(value: Any) -> Any:
    """Nested lists of mpmath's numbers."""
    return [numbers(one) for one in value] if isinstance(value, list) else mpmath.mpf(value)


def confirmed(result: Comparison, problem: Problem, point: Mapping[str, Any]) -> bool:
    """Have the function, and its slope along (1, -2, 3, -1, 2, ...), the values that mpmath finds?"""
    value = evaluate(problem.root, point)
    if value is None or result.verdict is Verdict.UNDEFINED:
        return value is None or any(row.verdict is Verdict.UNDEFINED for row in result.rows)
    if abs(value - result.value) > 1e-15 * abs(value):
        return False
    if not all(exists(row) for row in result.rows):
        return True
    weights = [(1, -2, 3, -1, 2)[place % 5] for place in range(len(result.rows))]
    moved = iter(weights)
    direction = {name: [next(moved) for _ in flat(point[name])] for name in problem.wrt}
    above, below = (evaluate(problem.root, stepped(point, direction, side * STEP)) for side in (1, -1))
    terms = [weight * mpmath.mpf(row.exact) for weight, row in zip(weights, result.rows, strict=True)]
    scale = 1 + mpmath.fsum(map(abs, terms)) + abs(value)
    return bool(abs((above - below) / (2 * STEP) - mpmath.fsum(terms)) <= CLOSE * scale)


def exists(row: Row) -> bool:
    """Is there a derivative, on both sides?"""
    return row.verdict in SOUND and row.reason != "edge"


def stepped(point: Mapping[str, Any], direction: Mapping[str, list[int]], step: Any) -> dict[str, Any]:
    """A point beside another."""
    return {name: plus(value, iter(direction[name]), step) for name, value in point.items()}


def plus(value: Any, weights: Any, step: Any) -> Any:
    return [plus(one, weights, step) for one in value] if isinstance(value, list) else value + next(weights) * step
