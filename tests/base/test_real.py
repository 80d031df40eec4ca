"""Real numbers to a hundred bits: which are one, at any size."""

from __future__ import annotations

from fractions import Fraction

import pytest

from gradcalc.base.real import Real


def real(mantissa: int, exponent: int) -> Real:
    """A number of the exact engine."""
    return Real(mantissa, exponent)


SAME = [
    (real(1, 0), real(1, 0), True),
    (real(1, 1), real(2, 0), True),
    (real(0, 0), real(0, 5), True),
    (real(0, 0), real(1, -3_000), False),
    (real(0, 0), real(1, -100_000), True),  # below what a difference can show
    (real(1, 0), real(-1, 0), False),
    (real(1 << 110, -110), real((1 << 110) + 1, -110), True),
    (real(1 << 90, -90), real((1 << 90) + 1, -90), False),
    (real(3, 200_000), real(3, 200_000), True),
    (real(3, 200_000), real(3, -200_000), False),
]


@pytest.mark.parametrize(("one", "other", "equal"), SAME)
def test_numbers_are_the_same_to_thirty_digits(one: Real, other: Real, equal: bool) -> None:
    assert one.same(other) is equal
    assert other.same(one) is equal


LARGE = 1 << 200
EQUAL = [  # two numbers, a relative and an absolute difference that do not count, whether they are equal
    (real(1, 0), real(1, 0), 0, 0, True),
    (real(100, 0), real(101, 0), Fraction(1, 100), 0, True),
    (real(100, 0), real(102, 0), Fraction(1, 100), 0, False),
    (real(0, 0), real(1, -5), Fraction(1, 100), 0, False),
    (real(0, 0), real(1, -5), 0, Fraction(1, 32), True),
    (real(LARGE, 90_000), real(LARGE + 1, 90_000), Fraction(1, 10**30), 0, True),  # beyond any float
    (real(1, 90_000), real(2, 90_000), Fraction(1, 10**30), 0, False),
    (real(1, -90_000), real(1, 90_000), Fraction(1, 10**30), 0, False),
    (Real.infinity(1), Real.infinity(1), 0, 0, True),
    (Real.infinity(1), Real.infinity(-1), Fraction(1, 100), 0, False),
    (Real.infinity(1), real(1, 0), Fraction(1, 100), 0, False),
]


@pytest.mark.parametrize(("one", "other", "rtol", "atol", "equal"), EQUAL)
def test_numbers_are_equal_within_a_difference(
    one: Real, other: Real, rtol: Fraction, atol: Fraction, equal: bool
) -> None:
    assert one.equals(other, Fraction(rtol), Fraction(atol)) is equal
    assert other.equals(one, Fraction(rtol), Fraction(atol)) is equal
