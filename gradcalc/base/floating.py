"""Binary floating-point formats: nearest numbers and units in the last place, exact and without any library."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

DOUBLE = 53  # bits of Python's own floats


@dataclass(frozen=True, slots=True)
class Format:
    """A binary format of IEEE 754's kind. Source: IEEE 754-2019, section 3.3; bfloat16 as in torch.

    `precision` counts the significant bits, the hidden one included; `greatest` and `least` are the exponents of
    the largest and of the smallest normal number. `rtol` is the relative error that counts as agreement: about a
    third of the digits may be lost.
    """

    name: str
    precision: int
    greatest: int
    least: int
    rtol: float

    @property
    def epsilon(self) -> float:
        """The distance from 1 to the next number."""
        return math.ldexp(1.0, 1 - self.precision)

    @property
    def smallest_normal(self) -> float:
        """Below it, digits are lost one by one."""
        return math.ldexp(1.0, self.least)

    @property
    def digits(self) -> float:
        """How many decimal digits the significant bits are worth."""
        return self.precision * math.log10(2)

    @property
    def largest(self) -> float:
        """The largest finite number."""
        return math.ldexp(2.0 - self.epsilon, self.greatest)

    def nearest(self, value: Fraction) -> float:
        """The number of the format nearest to `value`, ties to even; infinite beyond the largest."""
        return self.nearest_scaled(value.numerator, value.denominator, 0)

    def nearest_scaled(self, numerator: int, denominator: int, exponent: int) -> float:
        """The number of the format nearest to `numerator / denominator * 2**exponent`; any size of exponent is fine."""
        if numerator == 0:
            return 0.0
        sign, magnitude = (-1.0 if numerator < 0 else 1.0), abs(numerator)
        top = magnitude.bit_length() - denominator.bit_length() + exponent
        if top > self.greatest + 2:
            return sign * math.inf
        if top < self.least - self.precision - 2:
            return sign * 0.0
        step = max(top - 1, self.least) - self.precision  # at least one bit more than fits; rounded once, below
        above, below = _scaled(magnitude, denominator, exponent - step)
        excess = max((above // below).bit_length() - self.precision, self.least + 1 - self.precision - step)
        rounded = _rounded(*_scaled(above, below, -excess))
        if rounded.bit_length() + step + excess > self.greatest + 1:
            return sign * math.inf
        return sign * math.ldexp(rounded, step + excess)

    def rounded(self, value: float) -> float:
        """A finite float64 as a number of the format."""
        return value if self.precision == DOUBLE else self.nearest(Fraction(value))

    def ulp(self, value: float) -> Fraction:
        """The distance between neighbouring numbers at the finite `value`."""
        exponent = math.frexp(value)[1] - 1 if value else self.least
        power = max(exponent, self.least) + 1 - self.precision
        return Fraction(1 << power) if power >= 0 else Fraction(1, 1 << -power)


def _scaled(numerator: int, denominator: int, exponent: int) -> tuple[int, int]:
    """A positive fraction times a power of two, in whole numbers."""
    return (numerator << exponent, denominator) if exponent >= 0 else (numerator, denominator << -exponent)


def _rounded(numerator: int, denominator: int) -> int:
    """The whole number nearest to a positive fraction, ties to even."""
    whole, rest = divmod(numerator, denominator)
    return whole + (2 * rest > denominator or (2 * rest == denominator and whole % 2 == 1))


FORMATS: dict[str, Format] = {
    row.name: row
    for row in (
        Format("float64", DOUBLE, 1023, -1022, rtol=1e-9),
        Format("float32", 24, 127, -126, rtol=1e-5),
        Format("float16", 11, 15, -14, rtol=1e-2),
        Format("bfloat16", 8, 127, -126, rtol=5e-2),
    )
}
