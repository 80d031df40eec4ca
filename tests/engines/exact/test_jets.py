"""Higher derivatives by Taylor series, of every row of the catalogue, against differences in mpmath."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import pytest

from gradcalc.engines.exact.ball import as_real, working
from gradcalc.engines.exact.evaluation import AT_ONCE, PROVING
from gradcalc.engines.exact.jets import slope
from gradcalc.engines.exact.values import Flow, Undefined
from gradcalc.functions import ELEMENTWISE, OPERATORS
from gradcalc.syntax.tree import Call, Name
from tests import reference

ROWS = OPERATORS | ELEMENTWISE
ASKED = [
    (name, sample, parameter, order)
    for name, row in ROWS.items()
    for sample, orders in zip(row.samples, ((2, 4), (3,)), strict=False)
    for parameter, text in zip(row.parameters, row.vjp, strict=True)
    if isinstance(text, str)
    for order in orders
]


@pytest.mark.parametrize(("name", "sample", "parameter", "order"), ASKED)
def test_a_higher_derivative_is_the_limit_of_differences(
    name: str, sample: tuple[float, ...], parameter: str, order: int
) -> None:
    row = ROWS[name]
    root = Call(name, tuple(map(Name, row.parameters)))
    point = dict(zip(row.parameters, sample, strict=True))
    with working(256):
        found = slope(root, {key: Fraction(value) for key, value in point.items()}, parameter, order, AT_ONCE)
    assert isinstance(found, Flow)
    with mpmath.workdps(150):
        true = reference.derivative(root, {key: mpmath.mpf(value) for key, value in point.items()}, parameter, order)
        assert abs(mpmath.mpf(as_real(found.value).text) - true) <= 1e-19 * abs(true) + mpmath.mpf(10) ** -30


SMOOTH = [  # where a rule singles out a base of 0, or an exponent of 0 or 1
    ("atan(x)", "0", 3, "-2.0000000000000000000"),
    ("asinh(1e300*x)", "0", 3, "-1.0000000000000000000e900"),
    ("atan(x/y)", "0", 5, "0.75000000000000000000"),
    ("x**x", "2", 4, "64.501341827368487910"),
    ("x**x", "1", 4, "8.0000000000000000000"),
    ("(x**2 + 1)**x", "0", 3, "6.0000000000000000000"),
    # where the size of x has a kink, and is inside the domain all the same
    ("asin(x)", "0", 3, "1.0000000000000000000"),
    ("acos(x)", "0", 3, "-1.0000000000000000000"),
    ("atanh(x)", "0", 3, "2.0000000000000000000"),
    ("erfinv(x)", "0", 3, "1.3920819992079269613"),
    ("atan2(x, 1)", "0", 3, "-2.0000000000000000000"),
    ("atan2(1, x)", "0", 3, "2.0000000000000000000"),
    ("where(abs(x) < 1, asin(x)*x, 0)", "0", 2, "2.0000000000000000000"),
    ("besselj(0, x)", "0", 2, "-0.50000000000000000000"),
    ("sqrt(1 - x**2)", "0", 2, "-1.0000000000000000000"),
]


@pytest.mark.parametrize(("text", "x", "order", "value"), SMOOTH)
def test_what_is_smooth_is_decided_by_the_rules_alone(text: str, x: str, order: int, value: str) -> None:
    with working(512):
        found = slope(reference.tree(text), {"x": Fraction(x), "y": Fraction(2)}, "x", order, PROVING)
    assert isinstance(found, Flow)
    assert as_real(found.value).text == value


SIZES = [  # a derivative that is 0, and the sum of the absolute values of its terms
    ("x**2", "3", 3, "0"),
    ("x**3 - 3*x**2", "1", 2, "12.000000000000000000"),
    ("exp(x) - exp(1)*x - x**2*exp(1)/2", "1", 2, "5.4365636569180904707"),
    ("(2*x + 1)**4/x**0", "5", 5, "0"),
]


@pytest.mark.parametrize(("text", "x", "order", "size"), SIZES)
def test_a_derivative_that_is_0_comes_with_the_size_of_its_terms(text: str, x: str, order: int, size: str) -> None:
    with working(512):
        found = slope(reference.tree(text), {"x": Fraction(x)}, "x", order, PROVING)
    assert isinstance(found, Flow)
    assert (found.value.is_zero(), as_real(found.size).text) == (True, size)


@pytest.mark.parametrize("text", ["x**y", "where(y > 1, x, x**2)", "sqrt(y - 1)"])
def test_where_a_branch_changes_the_rules_do_not_decide(text: str) -> None:
    with working(512):
        found = slope(reference.tree(text), {"x": Fraction(2), "y": Fraction(1)}, "y", 2, PROVING)
    assert isinstance(found, Undefined) == (text != "x**y")


ENDING = [  # a kink, a pole, or an edge of the domain
    ("abs(x)", "0", 1),
    ("cos(abs(x))", "0", 2),  # smooth, and yet no rule says so
    ("atan2(x, -1)", "0", 2),
    ("xlogy(x, -2)", "0", 2),
    ("x**1.5", "0", 1),
    ("(x**2)**2.5", "0", 3),
    ("asin(x)", "1", 1),
    ("acosh(x)", "1", 2),
    ("where(abs(x) < 1, x, 2)", "1", 1),
    ("where(abs(x) >= 0, x, 2)", "0", 1),
]


@pytest.mark.parametrize(("text", "x", "order"), ENDING)
def test_a_series_that_is_not_known_ends_without_a_word_on_the_next_term(text: str, x: str, order: int) -> None:
    with working(512):
        assert isinstance(slope(reference.tree(text), {"x": Fraction(x)}, "x", order, PROVING), Undefined)
