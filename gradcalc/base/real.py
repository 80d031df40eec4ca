"""A real number to a hundred bits and more, and when two of them are one."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from gradcalc.base.digits import USUAL
from gradcalc.base.floating import Format
from gradcalc.base.written import written

BEYOND = 1 << 80  # a power of two past every exponent that arises: the numbers there count as infinite
WRITTEN_OUT = 40_000  # powers of two up to this are worth writing as fractions
EXACT = Fraction(1, 10**30)  # relative difference of two numbers that count as one
OUT_OF_SIGHT = -4_000  # a difference of ordinary numbers below 2 to this power is 0 at every precision tried


class Written(float):
    """A float that people are shown as the digits of the number that it was rounded from."""

    text: str

    def __new__(cls, value: float, text: str) -> Written:
        """The float, with the digits."""
        made = super().__new__(cls, value)
        made.text = text
        return made

    def __repr__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Real:
    """The real number `mantissa * 2**exponent`, right to 100 bits and more, and how many of its digits `text` has.

    Where another number of them than the usual one was asked for, they are what people are `shown`.
    """

    mantissa: int
    exponent: int
    digits: int = USUAL
    shown: bool = False

    @classmethod
    def infinity(cls, sign: int) -> Real:
        """Plus or minus infinity, as the limit of a slope."""
        return cls(sign, BEYOND)

    @property
    def infinite(self) -> bool:
        """Is this no number but a limit without bound?"""
        return self.exponent == BEYOND

    @property
    def text(self) -> str:
        """The first digits."""
        if self.infinite:
            return "Infinity" if self.mantissa > 0 else "-Infinity"
        return written(self.mantissa, self.exponent, self.digits)

    def nearest(self, form: Format) -> float:
        """The nearest number of a format."""
        value = form.nearest_scaled(self.mantissa, 1, self.exponent)
        return Written(value, self.text) if self.shown else value

    def fraction(self) -> Fraction | None:
        """The number as a fraction; None where that would not fit, far outside the range of floats."""
        if abs(self.exponent) > WRITTEN_OUT:
            return None
        if self.exponent >= 0:
            return Fraction(self.mantissa << self.exponent)
        return Fraction(self.mantissa, 1 << -self.exponent)

    def equals(self, other: Real, rtol: Fraction, atol: Fraction = Fraction(0)) -> bool:
        """Are two numbers the same, within a relative or an absolute difference? Of any size; an infinity is itself."""
        least, apart = min(self.exponent, other.exponent), abs(self.exponent - other.exponent)
        if apart <= WRITTEN_OUT:
            one, two = (number.mantissa << (number.exponent - least) for number in (self, other))
            if abs(one - two) <= rtol * max(abs(one), abs(two)):
                return True
        exact, exact_other = self.fraction(), other.fraction()
        return exact is not None and exact_other is not None and abs(exact - exact_other) <= atol

    def same(self, other: Real) -> bool:
        """Are two numbers one, as far as the exact engine tells? Beside 0, the other one may be out of sight."""
        if self.mantissa and other.mantissa:
            return self.equals(other, EXACT)
        sizes = [number.exponent + number.mantissa.bit_length() for number in (self, other) if number.mantissa]
        return all(size < OUT_OF_SIGHT for size in sizes)

    def distance(self, value: float) -> Fraction | None:
        """|value - self|, exact; None where it is not finite or too large to write out."""
        own = self.fraction()
        if not math.isfinite(value):
            return None
        if own is None:  # tiny or huge
            return abs(Fraction(value)) if self.exponent < 0 else None
        return abs(Fraction(value) - own)


def nearest(value: Real | None, form: Format) -> float | None:
    """A number rounded to a format; None where there is none."""
    return None if value is None else value.nearest(form)


def digits_of(value: float | None) -> str | None:
    """The digits that a float is shown as, where a number of them was asked for."""
    return value.text if isinstance(value, Written) else None


def fraction(value: Real | None) -> Fraction | None:
    """A number as a fraction; None where there is none, or it would not fit."""
    return None if value is None else value.fraction()
