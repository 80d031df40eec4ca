"""Ball arithmetic: every result encloses the true one, and nothing is decided that is not known."""

from __future__ import annotations

from fractions import Fraction
from functools import partial

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from mpmath.libmp import from_man_exp, fzero

from gradcalc.base.errors import LimitError
from gradcalc.engines.exact.arithmetic import Arithmetic
from gradcalc.engines.exact.ball import ONE, ZERO, Ball, Undecided, as_fraction, as_real
from gradcalc.engines.exact.primitives import MPMATH

COARSE = Arithmetic(64)
LAST = Arithmetic(64, last=True)
FINE = Arithmetic(1500)
WRITABLE = 10**6  # powers of two
NUMBERS = st.fractions(min_value=-1000, max_value=1000, max_denominator=10**6)


def encloses(ball: Ball, value: Fraction) -> bool:
    """Is the value within the radius of the middle?"""
    middle, radius = as_fraction(ball.middle, WRITABLE), as_fraction(ball.radius, WRITABLE)
    assert middle is not None
    assert radius is not None
    return abs(value - middle) <= radius


@given(NUMBERS)
def test_a_rational_number_is_enclosed(x: Fraction) -> None:
    assert encloses(COARSE.rational(x), x)


@given(NUMBERS, NUMBERS)
def test_sums_differences_and_products_are_enclosed(x: Fraction, y: Fraction) -> None:
    a, b = COARSE.rational(x), COARSE.rational(y)
    assert encloses(COARSE.add(a, b), x + y)
    assert encloses(COARSE.sub(a, b), x - y)
    assert encloses(COARSE.mul(a, b), x * y)


@given(NUMBERS, NUMBERS, NUMBERS)
def test_what_cancels_is_enclosed(x: Fraction, y: Fraction, z: Fraction) -> None:
    a, b, c = (COARSE.rational(value) for value in (x, y, z))
    assert encloses(COARSE.sub(COARSE.add(COARSE.mul(a, b), c), COARSE.mul(b, a)), z)


@given(NUMBERS, NUMBERS)
def test_quotients_are_enclosed(x: Fraction, y: Fraction) -> None:
    assume(y)
    assert encloses(COARSE.div(COARSE.rational(x), COARSE.rational(y)), x / y)


@given(NUMBERS, st.integers(-12, 12))
def test_powers_are_enclosed(x: Fraction, n: int) -> None:
    assume(x or n >= 0)
    assert encloses(COARSE.power(COARSE.rational(x), COARSE.rational(Fraction(n))), x**n)


EXACT = [
    (COARSE.add, "0.5", "0.25", "0.75"),
    (COARSE.sub, "3", "3", "0"),
    (COARSE.mul, "1.5", "-2", "-3"),
    (COARSE.div, "3", "4", "0.75"),
    (COARSE.power, "1.5", "3", "3.375"),
    (COARSE.power, "2", "-3", "0.125"),
    (COARSE.power, "0", "0", "1"),
    (COARSE.power, "0", "3", "0"),
    (COARSE.power, "-2", "3", "-8"),
]


@pytest.mark.parametrize(("operation", "x", "y", "result"), EXACT)
def test_what_fits_stays_exact(operation: partial[Ball], x: str, y: str, result: str) -> None:
    found = operation(COARSE.rational(Fraction(x)), COARSE.rational(Fraction(y)))
    assert (as_fraction(found.middle), found.exact) == (Fraction(result), True)


AROUND_ZERO = Ball(fzero, from_man_exp(1, -70))
WIDE = Ball(from_man_exp(5, 100), from_man_exp(1, 90))


def test_a_ball_around_zero_has_no_sign() -> None:
    with pytest.raises(Undecided):
        COARSE.sign(AROUND_ZERO)


def test_at_the_last_precision_a_ball_around_zero_is_zero() -> None:
    assert LAST.sign(AROUND_ZERO) == 0
    assert LAST.settled(AROUND_ZERO) == ZERO


def test_a_wide_ball_is_never_taken_for_zero() -> None:
    with pytest.raises(LimitError, match="an intermediate value is too large to compute with"):
        LAST.sub(WIDE, Ball(WIDE.middle, fzero))


SIGNS = [("0", 0), ("-1e-300", -1), ("1e300", 1)]


@pytest.mark.parametrize(("x", "sign"), SIGNS)
def test_the_sign_of_a_number(x: str, sign: int) -> None:
    assert COARSE.sign(COARSE.rational(Fraction(x))) == sign


FLOORS = [("2", "2"), ("2.7", "2"), ("-0.5", "-1"), ("-3", "-3"), ("0.1", "0"), ("1e12", "1000000000000")]


@pytest.mark.parametrize(("x", "whole"), FLOORS)
def test_the_greatest_integer_below(x: str, whole: str) -> None:
    found = COARSE.floor(COARSE.rational(Fraction(x)))
    assert (as_fraction(found.middle), found.exact) == (Fraction(whole), True)


NEARLY_TWO = Ball(from_man_exp(2**70 - 1, -69), from_man_exp(1, -60))


def test_the_floor_near_an_integer_is_undecided() -> None:
    with pytest.raises(Undecided):
        COARSE.floor(NEARLY_TWO)


def test_at_the_last_precision_it_is_that_integer() -> None:
    assert as_fraction(LAST.floor(NEARLY_TWO).middle) == 2


ARGUMENTS = {
    "small": "1e-12", "half": "0.5", "one": "1", "near one": "1.0000000000000002", "three": "3.25", "large": "345.625",
    "negative": "-0.75", "far below": "-345.625",
}  # fmt: skip
DOMAINS = {
    "log": lambda x: x > 0, "log1p": lambda x: x > -1, "sqrt": lambda x: x >= 0, "asin": lambda x: abs(x) <= 1,
    "acos": lambda x: abs(x) <= 1, "acosh": lambda x: x >= 1, "atanh": lambda x: abs(x) < 1,
}  # fmt: skip
FUNCTIONS = [
    (name, text)
    for name in MPMATH
    for text in ARGUMENTS.values()
    if name not in ("hypot", "atan2", "polygamma") and DOMAINS.get(name, lambda x: True)(Fraction(text))
]


@pytest.mark.parametrize(("name", "text"), FUNCTIONS)
def test_a_function_of_mpmath_is_enclosed(name: str, text: str) -> None:
    argument = Fraction(text)
    coarse = COARSE.apply(partial(MPMATH[name], COARSE.context), COARSE.rational(argument))
    fine = FINE.apply(partial(MPMATH[name], FINE.context), FINE.rational(argument))
    true = as_fraction(fine.middle, WRITABLE)
    assert true is not None
    assert encloses(coarse, true)


@pytest.mark.parametrize("place", ["0.5", "1.25", "3.5", "30", "0.9375"])
@pytest.mark.parametrize(
    "name", ["exp", "sin", "cos", "tan", "log", "atan", "tanh", "gamma", "lgamma", "digamma", "erf"]
)
@given(offset=st.integers(-16, 16))
def test_the_function_of_a_ball_encloses_that_of_its_points(name: str, place: str, offset: int) -> None:
    ball = Ball(COARSE.rational(Fraction(place)).middle, from_man_exp(1, -20))
    coarse = COARSE.apply(partial(MPMATH[name], COARSE.context), ball)
    point = FINE.rational(Fraction(place) + Fraction(offset, 2**24))
    true = as_fraction(FINE.apply(partial(MPMATH[name], FINE.context), point).middle)
    assert true is not None
    assert encloses(coarse, true)


HUGE = [
    ("exp", "1e30"), ("exp", "-1e30"), ("exp", "12345678901234567890123"), ("expm1", "1e20"), ("sinh", "-1e20"),
    ("cosh", "-1e20"), ("erfc", "1e50"), ("erfc", "1e8"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text"), HUGE)
def test_far_out_a_function_agrees_with_itself_at_more_digits(name: str, text: str) -> None:
    fine, finer = (
        arithmetic.apply(partial(MPMATH[name], arithmetic.context), arithmetic.rational(Fraction(text)))
        for arithmetic in (Arithmetic(700), FINE)
    )
    ratio = FINE.div(fine, finer)
    assert encloses(FINE.sub(ratio, ONE), Fraction(0))
    assert ratio.known(600)


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
    arithmetic = Arithmetic(128)
    arguments = arithmetic.rational(Fraction(order)), arithmetic.rational(Fraction(x))
    assert as_real(arithmetic.apply(partial(MPMATH["polygamma"], arithmetic.context), *arguments).middle).text == text


def test_a_function_that_swings_asks_for_a_narrow_argument() -> None:
    with pytest.raises(Undecided):
        COARSE.require_close(WIDE)


def test_at_the_last_precision_a_wide_argument_is_too_large() -> None:
    with pytest.raises(LimitError, match="an intermediate value is too large to compute with"):
        LAST.require_close(WIDE)


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
    found = FINE.power(FINE.rational(Fraction(base)), FINE.rational(Fraction(exponent)))
    assert as_real(found.middle).text == text
