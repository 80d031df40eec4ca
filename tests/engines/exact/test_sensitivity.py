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
]


@pytest.mark.parametrize(("source", "at"), AGREE)
def test_rounding_a_constant_is_no_disagreement_at_zero(source: str, at: str) -> None:
    assert api.diff(source, at=at).verdict == "agree"


def test_a_real_error_at_zero_is_still_told() -> None:
    assert api.diff("(x - 0.1)**2", at=0.1).verdict == "disagree"
    assert api.diff("relu(x) - relu(-x) - x", at=0).row("x").verdict == "disagree"
