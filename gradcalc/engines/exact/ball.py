"""A real number with an error bound: midpoint and radius, in mpmath's binary floats.

Two results that agree to fifty digits can both be wrong (`1 - cos(x)` at 1e-100 is 0 at fifty and at eighty digits).
A bound on the error cannot: it says when a digit, a sign or a zero is certain, and when more precision is needed.
Source: van der Hoeven, Ball arithmetic, 2009; Johansson, Arb, IEEE Trans. Comput. 66(8), 2017.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from mpmath.libmp import (
    from_int,
    from_man_exp,
    from_rational,
    fzero,
    mpf_abs,
    mpf_add,
    mpf_cmp,
    mpf_div,
    mpf_exp,
    mpf_floor,
    mpf_ln10,
    mpf_log,
    mpf_mul,
    mpf_shift,
    mpf_sub,
    to_int,
    to_str,
)

from gradcalc.base.errors import LimitError
from gradcalc.base.real import Real

Raw = Any  # mpmath's (sign, mantissa, exponent, bit count)
RADIUS_BITS = 30
DIGITS = 20
ORDINARY_EXPONENT = 1 << 20  # mpmath multiplies out the power of ten of a number, which takes seconds far out
LONGEST_EXPONENT = 13_000  # bits; Python writes out no integer of more than 4,300 digits


class Undecided(Exception):
    """A sign, or a value, cannot be told at this precision."""


@dataclass(frozen=True, slots=True)
class Ball:
    """A real number within `radius` of `middle`."""

    middle: Raw
    radius: Raw

    @property
    def exact(self) -> bool:
        """Is the number known without error?"""
        return bool(self.radius == fzero)

    def known(self, bits: int) -> bool:
        """Is the relative error below 2**-bits?"""
        return self.exact or bool(mpf_cmp(mpf_abs(self.middle), mpf_shift(self.radius, bits)) > 0)

    def below(self, exponent: int) -> bool:
        """Is the radius below 2**exponent?"""
        return self.exact or magnitude(self.radius) <= exponent


ZERO = Ball(fzero, fzero)
ONE = Ball(from_man_exp(1, 0), fzero)


def magnitude(raw: Raw) -> int:
    """The least power of two above the size of a raw float that is not zero."""
    return int(raw[2] + raw[3])


def plus_radius(*parts: Raw) -> Raw:
    """The sum of non-negative error terms, rounded up."""
    total = fzero
    for part in parts:
        total = mpf_add(total, part, RADIUS_BITS, "u")
    return total


def times_radius(a: Raw, b: Raw) -> Raw:
    """The product of two magnitudes, rounded up."""
    return mpf_mul(mpf_abs(a), mpf_abs(b), RADIUS_BITS, "u")


def as_fraction(raw: Raw, largest_exponent: int = 40_000) -> Fraction | None:
    """The rational number that a raw float is, or None where writing it out would not fit."""
    negative, mantissa, exponent, _ = raw
    if abs(exponent) > largest_exponent:
        return None
    value = Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
    return -value if negative else value


def from_fraction(value: Fraction) -> Raw:
    """The raw float nearest to a rational number, to 200 bits."""
    return from_rational(value.numerator, value.denominator, 200, "n")


def too_large() -> LimitError:
    """The error for a number with more digits before the point than can be computed with."""
    return LimitError(
        "an intermediate value is too large to compute with",
        hint="no option raises this limit: rescale the expression, or choose a point nearer to 0",
    )


def as_real(raw: Raw) -> Real:
    """A raw float as a result, with its first 20 digits as text. Raises LimitError at an exponent of 4,000 digits."""
    negative, mantissa, exponent, _ = raw
    if int(exponent).bit_length() > LONGEST_EXPONENT:
        raise too_large()
    return Real(-int(mantissa) if negative else int(mantissa), exponent, digits(raw))


def digits(raw: Raw) -> str:
    """The first 20 digits of a raw float, and the power of ten where it is not near 0."""
    if raw == fzero:
        return "0"
    if abs(raw[2]) < ORDINARY_EXPONENT:
        return str(to_str(raw, DIGITS, strip_zeros=False)).replace("e+", "e")
    precision = int(raw[2]).bit_length() + 2 * RADIUS_BITS + DIGITS * 4
    tens = mpf_div(mpf_log(mpf_abs(raw), precision), mpf_ln10(precision), precision)
    whole = to_int(mpf_floor(tens, 0))
    rest = mpf_exp(mpf_mul(mpf_sub(tens, from_int(whole), precision), mpf_ln10(precision)), precision)
    text = to_str(rest, DIGITS, strip_zeros=False)
    if text.startswith("10"):  # 9.999… rounded up
        text, whole = f"1.{'0' * (DIGITS - 1)}", whole + 1
    return f"{'-' if raw[0] else ''}{text}e{whole}"
