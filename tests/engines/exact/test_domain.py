"""The domain of an expression: whether there is any, and the distance of a point from it, less being nearer."""

from __future__ import annotations

import math

import pytest

from gradcalc.base.limits import Limits
from gradcalc.engines.exact.domain import BEYOND, INSIDE, Shortfall, nowhere, shortfall
from gradcalc.functions.printer import to_text
from gradcalc.problem.resolve import read

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


NOWHERE = [
    ("0/0*x", "0/0"),
    ("sin(x) + log(-1)**2", "log(-1)"),
    ("x**2 + (-8)**(1/3)", "(-8)**(1/3)"),
    ("where(asin(2) > x, x, 1)", "asin(2)"),
    ("where(x > 0, log(-1), x)", None),
    ("where(2 > 1, x, y)", None),
    ("where(2 > 1, log(-1), x)", "log(-1)"),
    ("where(2 < 1, log(-1), x)", None),
    ("where(pi > 3, where(e < 2, x, 0/0), x)", "0/0"),
    ("where(log(-1) > 0, x, y)", "log(-1)"),
    ("x + where(2 > 1, 3, 0/0)", None),
    ("log(-x**2 - 1)", "log(-x**2 - 1)"),
    ("y*sqrt(-1 - x**2)", "sqrt(-1 - x**2)"),
    ("asin(2 + x**2)", "asin(2 + x**2)"),
    ("acos(-3 + sin(x))", "acos(-3 + sin(x))"),
    ("acos(-2 + sin(x))", None),
    ("log(-2*x*x*exp(y))", "log(-2*x*x*exp(y))"),
    ("sqrt(-x*y*x*y)", None),
    ("log(x*y)", None),
    ("acos(-3 - x**2)", "acos(-3 - x**2)"),
    ("acosh(-x**2)", "acosh(-x**2)"),
    ("acosh(1/(1 + exp(x)))", "acosh(1/(1 + exp(x)))"),
    ("atanh(cosh(x))", "atanh(cosh(x))"),
    ("log(cos(x) - 1)", "log(cos(x) - 1)"),
    ("sqrt(-exp(x))", "sqrt(-exp(x))"),
    ("sqrt(-2*exp(x) - abs(y))", "sqrt(-2*exp(x) - abs(y))"),
    ("(-1 - x**2)**0.5", "(-1 - x**2)**0.5"),
    ("(-x**2 - 1)**(1/3)", "(-x**2 - 1)**(1/3)"),
    ("log(min(x, -1))", "log(min(x, -1))"),
    ("log10(-sqrt(x))", "log10(-sqrt(x))"),
    ("logit(2 + x**4)", "logit(2 + x**4)"),
    ("acoth(tanh(x))", "acoth(tanh(x))"),
    ("asech(-softplus(x))", "asech(-softplus(x))"),
    ("log(-x*x - y*y)", "log(-x*x - y*y)"),
    ("log(where(x > 0, -x, x - 1))", None),  # never, but its branches are looked at as if both counted everywhere
    ("log(where(x > 0, -2, x**2*0 - 1))", "log(where(x > 0, -2, x**2*0 - 1))"),
    ("sqrt(-x**2)", None),  # at 0
    ("log(1 - x**2)", None),
    ("asin(x**2 + 1)", None),
    ("sqrt(sin(x) - 1)", None),
    ("log(-x)", None),
    ("(-1 - x**2)**3", None),
    ("(-1 - x**2)**x", None),
    ("where(x > 0, log(-x**2 - 1), x)", None),
    ("1/(x - x)", None),
    ("gamma(-x**2)", None),
    ("x + 1/(1 + exp(-1e7) - 1)", None),  # not decided
    ("where(1 + exp(-1e7) > 1, log(-1), x)", None),
    ("log(x) + 1/2", None),
    ("x", None),
]


@pytest.mark.parametrize(("source", "part"), NOWHERE)
def test_a_constant_part_without_a_value_leaves_no_domain(source: str, part: str | None) -> None:
    found = nowhere(read(source, Limits()).root)
    assert (None if found is None else to_text(found)) == part
