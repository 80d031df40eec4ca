"""Where the true derivative is 0, the scale is what rounding can make of it; it forgives no more than that."""

from __future__ import annotations

import pytest

from gradcalc import api
from gradcalc.base.limits import Limits
from gradcalc.engines.exact.sensitivity import sensitivity
from gradcalc.inputs.pose import pose

SCALES = [
    ("sin(pi*x)", {"x": 0.5}, "x", 9.8696),  # π·cos(πx) moves by π²x·sin(πx) for π, and as much for x: 2·(π²/2)
    ("x**2 - 2*x", {"x": 1}, "x", 6.0),  # 2·x − 2 moves by 2 for each of its three leaves
    ("5", {"x": 1}, "x", 0.0),
]


@pytest.mark.parametrize(("source", "at", "name", "scale"), SCALES)
def test_the_scale_is_the_sum_of_what_each_leaf_moves(
    source: str, at: dict[str, float], name: str, scale: float
) -> None:
    found = sensitivity(pose(source, Limits(), at=at, wrt="x"), name)
    assert found is not None
    assert float(found.fraction() or 0) == pytest.approx(scale, rel=1e-4)


AGREE = [
    ("sin(pi*x)", "0.5"),
    ("sin(pi/2*x)", "1"),
    ("x*sin(pi*y)", "x=2,y=1"),
    ("cos(2*pi*x)", "3"),
    ("sin(pi*x)**2", "1"),
    ("tan(pi*x)**2", "1"),
    ("cos(pi*x)**3", "0.5"),
    ("cos(pi*x)**4", "0.5"),
    ("sin(pi*x)**3*exp(x)", "2"),
    ("(1 - sin(pi*x))**2", "0.5"),
    ("cos(pi*x)**2*sin(2*pi*x)**2", "1.5"),
]


@pytest.mark.parametrize(("source", "at"), AGREE)
def test_rounding_a_constant_is_no_disagreement_at_zero(source: str, at: str) -> None:
    assert api.diff(source, at=at).verdict == "agree"


@pytest.mark.parametrize("order", [2, 3])
@pytest.mark.parametrize(("source", "at"), [("sin(pi*x) + cos(pi*x)**5", "1"), ("cos(pi*x)**4 + cos(pi*x)**5", "0.5")])
def test_nor_is_it_for_a_higher_derivative(source: str, at: str, order: int) -> None:
    assert api.diff(source, at=at, order=order).verdict == "agree"


def test_nor_is_it_in_a_matrix() -> None:
    assert api.jacobian("[sin(pi*x)**2, cos(pi*x)**3]", at="0.5").verdict == "agree"
    assert api.hessian("sin(pi*x)*y", at="x=1,y=2").verdict == "agree"


def test_a_real_error_at_zero_is_still_told() -> None:
    assert api.diff("(x - 0.1)**2", at=0.1).verdict == "disagree"
    assert api.diff("relu(x) - relu(-x) - x", at=0).row("x").verdict == "disagree"
    assert api.diff("(x**2 - 0.01)**3", at=0.1).row("x").verdict == "disagree"
