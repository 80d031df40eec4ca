"""Three engines, one function: on random expressions they agree, or the verdict says why they do not."""

from __future__ import annotations

import math
from collections.abc import Callable

import mpmath
from hypothesis import HealthCheck, assume, given, reject, settings
from hypothesis import strategies as st

from gradcalc import diff
from gradcalc.base.errors import LimitError
from gradcalc.base.floating import FORMATS
from gradcalc.base.limits import Limits
from gradcalc.engines.exact import truth
from gradcalc.engines.records import Smoothness
from gradcalc.functions import ELEMENTWISE, Function
from gradcalc.inputs.pose import pose
from tests import reference

LEAVES = ["x", "x", "x", "y", "1", "2", "3", "0.5", "1/3", "pi"]
VALUES = ["0.5", "-0.5", "0.3", "3.2", "1.7", "-1.3", "-0.8", "0.9", "2.2", "1.1", "0", "1", "-1", "2"]
CALLS = [row for name, row in ELEMENTWISE.items() if name not in ("where", "hardtanh")]


def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    operators = st.sampled_from(["+", "-", "*", "/"])
    exponents = st.sampled_from(["2", "3", "-1", "0.5", "1/3", "1.5", "y"])
    comparisons = st.sampled_from(["<", "<=", ">", ">=", "==", "!="])
    return (
        st.builds("({})*({})".format, inner, inner)
        | st.builds("({}){}({})".format, inner, operators, inner)
        | st.builds("({})**({})".format, inner, exponents)
        | st.sampled_from(CALLS).flatmap(lambda row: st.builds(called(row), *arguments(row, inner)))
        | st.builds("where({} {} {}, {}, {})".format, inner, comparisons, inner, inner, inner)
    )


def arguments(row: Function, inner: st.SearchStrategy[str]) -> list[st.SearchStrategy[str]]:
    """What each parameter may be: one without a rule, a number out of the samples."""
    orders = [st.sampled_from([repr(sample[place]) for sample in row.samples]) for place in range(len(row.parameters))]
    return [inner if isinstance(rule, str) else own for rule, own in zip(row.vjp, orders, strict=True)]


def called(row: Function) -> Callable[..., str]:
    return lambda *arguments: f"{row.name}({', '.join(arguments)})"


EXPRESSIONS = st.recursive(st.sampled_from(LEAVES), grown, max_leaves=6)
QUIET = settings(deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


@settings(QUIET, max_examples=150)
@given(EXPRESSIONS, st.sampled_from(VALUES), st.sampled_from(VALUES))
def test_the_exact_slope_is_the_limit_of_differences(text: str, x: str, y: str) -> None:
    try:
        problem = pose(text, Limits(), at={"x": x, "y": y}, wrt="x,y")
        found = truth.differentiate(problem)
    except LimitError:  # gamma(gamma(9)) has 168,182 digits
        reject()
    slope = found.slopes["x"]
    assume(found.value is not None and slope.smoothness is Smoothness.SMOOTH)
    with mpmath.workdps(120):
        point = {name: mpmath.mpf(value) for name, value in problem.numbers.items()}
        assert near(found.value.text, reference.evaluate(problem.root, point))
        assert near(slope.value.text, reference.derivative(problem.root, point, "x"))


def near(text: str, true: mpmath.mpf) -> bool:
    """Is the number in the text the true one, but for its last digits?"""
    return bool(abs(mpmath.mpf(text) - true) <= 1e-18 * abs(true) + mpmath.mpf(10) ** -35)


@settings(QUIET, max_examples=150)
@given(EXPRESSIONS, st.sampled_from(VALUES), st.sampled_from(list(FORMATS)), st.integers(1, 2))
def test_every_expression_comes_to_a_verdict(text: str, x: str, dtype: str, order: int) -> None:
    try:
        row = diff(text, at={"x": x, "y": "0.75"}, wrt="x,y", dtype=dtype, order=order).row("x")
    except LimitError:
        reject()
    assert (row.verdict is None) == (row.reason == "no-autograd")
    assert row.note is None or "contradicts" not in row.note
    if row.verdict == "agree":
        assert math.isclose(row.autograd, row.symbolic, rel_tol=0.06, abs_tol=1e-2)
    else:
        assert row.explanation
