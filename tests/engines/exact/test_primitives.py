"""The functions that Arb is asked for: what they give encloses what mpmath says, and nothing is decided unproven."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import pytest

from gradcalc.base.errors import LimitError
from gradcalc.engines.exact.ball import Ball, Undecided, as_fraction, as_real, rational, working
from gradcalc.engines.exact.primitives import ARB, sign
from gradcalc.functions import CATALOGUE
from tests import reference

ARGUMENTS = {
    "small": "1e-12", "half": "0.5", "one": "1", "near one": "1.0000000000000002", "three": "3.25", "large": "345.625",
    "negative": "-0.75", "far below": "-345.625",
}  # fmt: skip
FUNCTIONS = [(name, text) for name in ARB for text in ARGUMENTS.values() if len(CATALOGUE[name].parameters) == 1]


def of(name: str, *arguments: str | float, bits: int = 128) -> Ball:
    """The value of a function at a precision."""
    with working(bits):
        return ARB[name](*(rational(Fraction(argument)) for argument in arguments))


@pytest.mark.parametrize(("name", "text"), FUNCTIONS)
def test_a_function_encloses_what_mpmath_says(name: str, text: str) -> None:
    with mpmath.workdps(200):
        try:
            true = reference.FUNCTIONS[name](mpmath.mpf(float(text)))
        except reference.NoValue:
            return
        found = of(name, float(text))
        middle, radius = (mpmath.ldexp(*map(int, one.man_exp())) for one in (found.mid(), found.rad()))
        assert abs(middle - true) <= radius + abs(true) * mpmath.mpf(10) ** -190
        assert radius <= abs(true) * mpmath.mpf(2) ** -90 + mpmath.mpf(2) ** -120


EXACT = [
    ("add", "0.5", "0.25", "0.75"),
    ("sub", "3", "3", "0"),
    ("mul", "1.5", "-2", "-3"),
    ("div", "3", "4", "0.75"),
    ("pow", "1.5", "3", "3.375"),
    ("pow", "2", "-3", "0.125"),
    ("pow", "0", "0", "1"),
    ("pow", "0", "3", "0"),
    ("pow", "-2", "3", "-8"),
    ("hypot", "3", "4", "5"),
]


@pytest.mark.parametrize(("name", "x", "y", "result"), EXACT)
def test_what_fits_stays_exact(name: str, x: str, y: str, result: str) -> None:
    found = of(name, x, y)
    assert (as_fraction(found), found.is_exact()) == (Fraction(result), True)


@pytest.mark.parametrize(("middle", "radius"), [(0, 1e-30), (1, 2)])
def test_a_ball_around_zero_has_no_sign(middle: float, radius: float) -> None:
    with pytest.raises(Undecided):
        sign(Ball(middle, radius))


SIGNS = [("0", 0), ("-1e-300", -1), ("1e300", 1)]


@pytest.mark.parametrize(("x", "expected"), SIGNS)
def test_the_sign_of_a_number(x: str, expected: int) -> None:
    assert sign(rational(Fraction(x))) == expected


FLOORS = [("2", "2"), ("2.7", "2"), ("-0.5", "-1"), ("-3", "-3"), ("0.1", "0"), ("1e12", "1000000000000")]


@pytest.mark.parametrize(("x", "whole"), FLOORS)
def test_the_greatest_integer_below(x: str, whole: str) -> None:
    found = of("floor", x)
    assert (as_fraction(found), found.is_exact()) == (Fraction(whole), True)


def test_the_floor_near_an_integer_is_undecided() -> None:
    with pytest.raises(Undecided):
        ARB["floor"](Ball(2, 1e-30))


HUGE = [
    ("exp", "1e30"), ("exp", "-1e30"), ("exp", "12345678901234567890123"), ("expm1", "1e20"), ("sinh", "-1e20"),
    ("cosh", "-1e20"), ("erfc", "1e50"), ("erfc", "1e8"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text"), HUGE)
def test_far_out_a_function_agrees_with_itself_at_more_digits(name: str, text: str) -> None:
    coarse, fine = of(name, text, bits=700), of(name, text, bits=1500)
    assert coarse.overlaps(fine)
    assert coarse.rel_accuracy_bits() > 600


POLYGAMMA = [  # by mpmath's own psi, at ten times the digits
    ("200", "7.25", "-9.3099922460329345255e201"),
    ("1000", "2.5", "-1.8479726587272638175e2169"),
    ("150", "-3.3", "5.1473529470369163945e341"),
    ("10000", "0.5", "-1.1356935420924823211e38670"),
    ("2", "-1500.5", "-4.4385239466689883864e-7"),
    ("7", "-1001.25", "330352695.85551310463"),
]


@pytest.mark.parametrize(("order", "x", "text"), POLYGAMMA)
def test_a_high_derivative_of_digamma(order: str, x: str, text: str) -> None:
    assert as_real(of("polygamma", order, x)).text == text


@pytest.mark.parametrize(("name", "x"), [("exp", "1e300"), ("sin", "1e300/7"), ("cosh", "-1e300"), ("erfc", "1e200")])
def test_an_argument_with_too_many_digits_asks_for_more_precision(name: str, x: str) -> None:
    with pytest.raises(Undecided):
        ARB[name](rational(Fraction(x.split("/")[0]) / int(x.partition("/")[2] or 1)))


def test_an_argument_with_more_digits_than_any_precision_is_refused() -> None:
    with pytest.raises(LimitError, match="an intermediate value is too large to compute with"):
        ARB["exp"](Ball((1, 1_000_001)))


POWERS = [  # by Python's decimal
    ("1.5", "2.5", "2.7556759606310753605"),
    ("2", "-0.5", "0.70710678118654752440"),
    ("1.0000000001", "1e12", "2.6881171283755497738e43"),
    ("0.5", "1e12", "1.0442507269304682030e-301029995664"),
    ("1.5", "12345678901.5", "4.5950974288628956878e2173966141"),
    ("-1", "1e15", "1.0000000000000000000"),
    ("-1", "1000000000000001", "-1.0000000000000000000"),
    ("-8", "2048.0", "3.3751521821438561185e1849"),
    ("0", "0.5", "0"),
]


@pytest.mark.parametrize(("base", "exponent", "text"), POWERS)
def test_a_power_with_any_exponent(base: str, exponent: str, text: str) -> None:
    assert as_real(of("pow", base, exponent)).text == text
