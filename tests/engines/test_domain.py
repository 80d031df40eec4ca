"""The distance of a point from the domain of an expression: less is nearer."""

from __future__ import annotations

import math

import pytest

from gradcalc.engines.domain import BEYOND, INSIDE, Shortfall, shortfall
from gradcalc.limits import Limits
from gradcalc.resolve import read

DISTANCES = [
    ("log(x)", 2.0, INSIDE),
    ("log(x)", 0.0, Shortfall(1, 0.0)),
    ("log(x)", -3.0, Shortfall(1, 3.0)),
    ("log(log(x))", -3.0, Shortfall(2, 3.0)),
    ("sin(log(x) + 1)", -3.0, Shortfall(3, 3.0)),
    ("asin(x)", 3.0, Shortfall(1, 2.0)),
    ("asech(x)", 5.0, Shortfall(1, 4.0)),
    ("sqrt(x)*sqrt(-4 - x)", 1.0, Shortfall(2, 5.0)),
    ("x**0.5", -2.0, Shortfall(1, 0.5)),
    ("where(x > 0, log(x), 1)", -2.0, INSIDE),
    ("factorial(x)", -2.0, Shortfall(1, 0.0)),
    ("log(0 - exp(x))", 1e6, Shortfall(1, math.inf)),
    ("log(exp(exp(x)))", 1e6, BEYOND),
]


@pytest.mark.parametrize(("expression", "x", "distance"), DISTANCES)
def test_a_point_is_so_far_from_the_domain(expression: str, x: float, distance: Shortfall) -> None:
    assert shortfall(read(expression, Limits()).root, {"x": x}) == distance


def test_fewer_undefined_parts_are_nearer_whatever_the_gap() -> None:
    assert INSIDE < Shortfall(1, 1e9) < Shortfall(2, 0.5) < BEYOND
