"""The dangers on the way to a derivative: numbers out of range, and sums that cancel."""

from __future__ import annotations

import pytest

from gradcalc.base.limits import Limits
from gradcalc.engines.exact.stress import stress
from gradcalc.engines.records import Stress
from gradcalc.inputs.pose import pose

CALM = Stress(overflow=False, underflow=False, lost_bits=0)
DANGERS = [
    ("x**2", "3", "float64", CALM),
    ("exp(x)", "1000", "float64", Stress(overflow=True, underflow=False, lost_bits=0)),
    ("exp(x)", "100", "float32", Stress(overflow=True, underflow=False, lost_bits=0)),
    ("exp(x)", "-800", "float64", Stress(overflow=False, underflow=True, lost_bits=0)),
    ("exp(x)", "-8", "float64", CALM),
    ("x**3", "1e-3", "float16", Stress(overflow=False, underflow=True, lost_bits=0)),
    ("x - 1", "1.000001", "float64", Stress(overflow=False, underflow=False, lost_bits=20)),
    ("(x - 1)**2", "1.000001", "float64", Stress(overflow=False, underflow=False, lost_bits=20)),
    ("1 - cos(x)", "1e-8", "float64", Stress(overflow=False, underflow=False, lost_bits=55)),
    ("1 - cos(x)", "1e-300", "float64", Stress(overflow=False, underflow=True, lost_bits=1995)),
    ("x**2 - 2*x", "1.0001", "float64", Stress(overflow=False, underflow=False, lost_bits=15)),
    ("1/(1 + exp(-x))", "-700", "float64", Stress(overflow=False, underflow=True, lost_bits=0)),  # in a flow alone
    ("where(x > 0, x, exp(1000*x) + 1 - exp(1000*x))", "2", "float64", CALM),
    ("sin(exp(x)) - sin(exp(x)) + x", "1500", "float64", Stress(overflow=True, underflow=False, lost_bits=2163)),
]


@pytest.mark.parametrize(("text", "at", "dtype", "found"), DANGERS)
def test_the_dangers_on_the_way(text: str, at: str, dtype: str, found: Stress) -> None:
    assert stress(pose(text, Limits(), at=at, dtype=dtype), "x") == found
