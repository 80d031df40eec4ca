"""Limits of difference quotients: where sequences go, and what each side of a point is like."""

from __future__ import annotations

from fractions import Fraction

import pytest

from gradcalc.base.errors import LimitError
from gradcalc.engines.exact.precision import Unproven
from gradcalc.engines.exact.sides import Limit, Side, hole, limit, one_sided
from tests.reference import tree

STEP = Fraction(1, 2**300)


def steps(power: int) -> list[Fraction]:
    return [STEP ** (power * k) for k in range(1, 5)]


LIMITS = [
    ("constant", [Fraction(3)] * 4, Limit(Fraction(3))),
    ("zero", [Fraction(0)] * 4, Limit(Fraction(0))),
    ("to zero as the step", steps(1), Limit(Fraction(0))),
    ("to zero as its square root", [Fraction(1, 2 ** (150 * k)) for k in range(1, 5)], Limit(Fraction(0))),
    ("to infinity", [1 / step for step in steps(1)], Limit(sign=1)),
    ("to minus infinity", [-1 / step for step in steps(1)], Limit(sign=-1)),
    ("to infinity as a logarithm", [Fraction(300 * k) for k in range(1, 5)], Limit(sign=1)),
    ("to minus infinity as a logarithm", [Fraction(5 - 300 * k) for k in range(1, 5)], Limit(sign=-1)),
    ("to zero as the reciprocal of a logarithm", [Fraction(1, 300 * k) for k in range(1, 5)], Limit(Fraction(0))),
    ("to 2 as the reciprocal of a logarithm", [2 - Fraction(9, 300 * k + 7) for k in range(1, 5)], Limit(Fraction(2))),
    ("slowing down without a rule", [Fraction(number) for number in (0, 4, 6, 9)], Limit()),
    ("to and fro", [Fraction((-1) ** k) for k in range(4)], Limit()),
    ("to and fro, growing", [Fraction((-10) ** k) for k in range(4)], Limit()),
    ("without a rule", [Fraction(number) for number in (3, 1, 4, 1)], Limit()),
    ("settling late", [Fraction(number) for number in (7, 3, 3, 3)], Limit(Fraction(3))),
    ("settling at the last", [Fraction(number) for number in (7, 7, 3, 3)], Limit(Fraction(3))),
    ("settling at 0", [Fraction(number) for number in (7, 7, 0, 0)], Limit(Fraction(0))),
]


@pytest.mark.parametrize(("what", "sequence", "expected"), LIMITS)
def test_where_a_sequence_goes(what: str, sequence: list[Fraction], expected: Limit) -> None:
    assert limit(sequence) == expected


def test_a_slow_power_of_the_step_is_extrapolated() -> None:
    root = [1 + Fraction(1, 2 ** (3 * k)) for k in range(1, 5)]  # a hundredth power of the step
    assert limit(root) == Limit(Fraction(1))


ONE_SIDED = [
    ("x**2", "3", 1, "6.0000000000000000000"),
    ("abs(x)", "0", -1, "-1.0000000000000000000"),
    ("sqrt(x)", "0", 1, "Infinity"),
    ("-cbrt(x)", "0", -1, "-Infinity"),
    ("x*log(abs(x) + where(x == 0, 1, 0))", "0", 1, "-Infinity"),
    ("x**1.01 + 2*x", "0", 1, "2.0000000000000000000"),
    ("x**1.000001", "0", 1, "0"),
    ("abs(x) + abs(x - 1e-200)", "0", 1, "0"),
    ("abs(x) + abs(x - 1e-200)", "0", -1, "-2.0000000000000000000"),
    ("abs(x)*exp(exp(20))", "0", 1, "1.5065543388556400372e210704567"),
    ("exp(5000) + abs(x)", "0", 1, "1.0000000000000000000"),
    ("abs(x - 1e300)", "1e300", 1, "1.0000000000000000000"),
    ("abs(x - 5e-324)", "5e-324", -1, "-1.0000000000000000000"),
    ("exp(1000) + abs(x)", "0", 1, "1.0000000000000000000"),
    ("exp(1000) + abs(x)", "0", -1, "-1.0000000000000000000"),
    ("exp(1000) + abs(x)*exp(3000)", "0", 1, "7.6462009890547048893e1302"),
    ("sin(exp(x)) + abs(x)", "0", 1, "1.5403023058681397174"),
    ("abs(x)*lgamma(x + 3)", "0", 1, "0.69314718055994530942"),
    # steeper than any step for numbers near 1
    ("abs(x)*atan(1e2000*x)", "0", 1, "0"),
    ("abs(atan(1e400*x))", "0", -1, "-1.0000000000000000000e400"),
    ("abs(tanh(1e300*(1e300*(1e300*x))))", "0", 1, "1.0000000000000000000e900"),
    ("max(x, tanh(exp(3000)*x))", "0", -1, "1.0000000000000000000"),
    ("abs(x) + abs(x - 1e-1000)", "0", 1, "0"),
    ("abs(x) + (1e300*x)**5", "0", 1, "1.0000000000000000000"),
    ("abs(x)/(abs(x) + 1e-1500)", "0", 1, "1.0000000000000000000e1500"),
    ("where(x < 1e-1000, x, 1)", "0", 1, "1.0000000000000000000"),
    ("abs(x)*exp(exp(20))", "0", -1, "-1.5065543388556400372e210704567"),
    ("x**0.000001", "0", 1, "Infinity"),
]


@pytest.mark.parametrize(("text", "at", "direction", "slope"), ONE_SIDED)
def test_the_slope_on_one_side(text: str, at: str, direction: int, slope: str) -> None:
    side = one_sided(tree(text), {"x": Fraction(float(at))}, {"x": Fraction(1)}, direction)
    assert side.slope is not None
    assert side.slope.text == slope


def test_values_too_large_to_be_told_apart_are_refused() -> None:
    with pytest.raises(LimitError, match="an intermediate value is too large to compute with"):
        one_sided(tree("exp(20000) + abs(x)"), {"x": Fraction(0)}, {"x": Fraction(1)}, 1)


STEEP = ["x**1e-300", "(x**2)**1e-300", "abs(tanh(exp(exp(20))*x))", "abs(x) + x**1e-100"]


@pytest.mark.parametrize("text", STEEP)
def test_what_changes_within_less_than_any_step_is_not_decided(text: str) -> None:
    with pytest.raises(Unproven, match="near the point it changes within less than a step of 2"):
        one_sided(tree(text), {"x": Fraction(0)}, {"x": Fraction(1)}, 1)


SIDES = [
    ("sqrt(x)", -1, Side(undefined=True)),
    ("floor(x)", -1, Side(jump=True)),
    ("where(x == 0, 0, 1/x)", 1, Side(jump=True)),
    ("where(x == 0, 0, sin(1/x))", 1, Side(restless=True)),
    ("where(x == 0, 0, x*sin(1/x))", 1, Side(restless=True)),
]


@pytest.mark.parametrize(("text", "direction", "side"), SIDES)
def test_a_side_without_a_slope(text: str, direction: int, side: Side) -> None:
    assert one_sided(tree(text), {"x": Fraction(0)}, {"x": Fraction(1)}, direction) == side


def test_the_value_at_the_point_may_be_left_out_of_account() -> None:
    convention = tree("where(x == 0, 5, x**2)")
    point = {"x": Fraction(0)}
    assert one_sided(convention, point, {"x": Fraction(1)}, 1) == Side(jump=True)
    assert one_sided(convention, point, {"x": Fraction(1)}, 1, order=2).slope.text == "2.0000000000000000000"


HOLES = [
    ("sin(x)/x", "1.0000000000000000000"),
    ("x/x", "1.0000000000000000000"),
    ("(1 - cos(x))/x**2", "0.50000000000000000000"),
    ("x*log(abs(x))", "0"),
    ("x**3/x**3*exp(1000)", "1.9700711140170469939e434"),
    ("1/x", None),
    ("abs(x)/x", None),
    ("sin(1/x)", None),
    ("log(x)", None),
    ("exp(x**(-200))", None),  # beside the hole it is too large to compute
]


@pytest.mark.parametrize(("text", "value"), HOLES)
def test_the_limit_in_a_hole(text: str, value: str | None) -> None:
    found = hole(tree(text), {"x": Fraction(0)}, "x")
    assert (found and found.text) == value
