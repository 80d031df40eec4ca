"""Balls: what they say of a number, and how numbers of any size are written."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import pytest
from mpmath.libmp import from_man_exp, fzero

from gradcalc.base.errors import LimitError
from gradcalc.base.floating import FORMATS
from gradcalc.engines.exact.ball import ONE, ZERO, Ball, as_fraction, as_real, from_fraction


def ball(middle: int, exponent: int, radius_exponent: int | None) -> Ball:
    """The ball around middle * 2**exponent, of a radius that is a power of two."""
    return Ball(from_man_exp(middle, exponent), fzero if radius_exponent is None else from_man_exp(1, radius_exponent))


KNOWN = [
    (ONE, 1000, True),
    (ZERO, 1000, True),
    (ball(1, 0, -50), 40, True),
    (ball(1, 0, -50), 60, False),
    (ball(1, 0, -50), 50, False),
    (ball(0, 0, -500), 1, False),
    (ball(-5, 100, 0), 100, True),
]


@pytest.mark.parametrize(("number", "bits", "known"), KNOWN)
def test_a_number_is_known_to_so_many_bits(number: Ball, bits: int, known: bool) -> None:
    assert number.known(bits) is known


TEXTS = [  # the far ones by Python's decimal, whose exponents reach 10**18
    (0, 0, "0"),
    (1, 0, "1.0000000000000000000"),
    (-1, -1, "-0.50000000000000000000"),
    (1, 10, "1024.0000000000000000"),
    (1, -20, "9.5367431640625000000e-7"),
    (1, 1000, "1.0715086071862673209e301"),
    (-1, -1000, "-9.3326361850321887899e-302"),
    (1, 1 << 22, "2.0650635398358879244e1262611"),
    (3, -(1 << 30), "7.1476947146638532196e-323228497"),
    (-1, 1 << 40, "-8.0572322450658238256e330985980541"),
]


@pytest.mark.parametrize(("mantissa", "exponent", "text"), TEXTS)
def test_a_number_is_written_with_twenty_digits(mantissa: int, exponent: int, text: str) -> None:
    assert as_real(from_man_exp(mantissa, exponent)).text == text


def test_a_number_just_below_a_power_of_ten_is_written_as_that() -> None:
    with mpmath.workdps(60):
        nearly = mpmath.mpf(10) ** 400_000 * (1 - mpmath.mpf(10) ** -30)
    assert as_real(nearly._mpf_).text == "1.0000000000000000000e400000"


def test_a_number_too_large_to_be_written_is_refused() -> None:
    with pytest.raises(LimitError, match="an intermediate value is too large to compute with"):
        as_real(from_man_exp(1, 1 << 13_001))


def test_a_number_of_any_size_rounds_to_a_float() -> None:
    assert as_real(from_man_exp(-1, 1 << 12_000)).nearest(FORMATS["float64"]) == float("-inf")
    assert as_real(from_man_exp(1, -(1 << 12_000))).nearest(FORMATS["float64"]) == 0.0
    assert as_real(from_man_exp(3, -1)).nearest(FORMATS["float64"]) == 1.5


FRACTIONS = [
    (3, -2, Fraction(3, 4)),
    (-7, 0, Fraction(-7)),
    (0, 0, Fraction(0)),
    (1, 40_000, Fraction(2) ** 40_000),
    (1, 40_001, None),
    (1, -40_001, None),
]


@pytest.mark.parametrize(("mantissa", "exponent", "value"), FRACTIONS)
def test_a_number_near_ordinary_size_is_a_fraction(mantissa: int, exponent: int, value: Fraction | None) -> None:
    assert as_fraction(from_man_exp(mantissa, exponent)) == value


def test_a_fraction_becomes_the_nearest_number_of_200_bits() -> None:
    there = as_fraction(from_fraction(Fraction(1, 3)))
    assert there is not None
    assert abs(there - Fraction(1, 3)) <= Fraction(1, 2**201)
