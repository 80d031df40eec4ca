"""A real number with a proven error bound: Arb's balls, made of fractions and read as results.

Two results that agree to fifty digits can both be wrong (`1 - cos(x)` at 1e-100 is 0 at fifty and at eighty digits).
A bound on the error cannot: it says when a digit, a sign or a zero is certain, and when more precision is needed.
Source: Johansson, Arb: efficient arbitrary-precision midpoint-radius interval arithmetic, IEEE Trans. Comput. 2017.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction

from flint import arb, ctx, fmpq

from gradcalc.base.digits import MOST, USUAL, asked, needed_bits
from gradcalc.base.errors import LimitError
from gradcalc.base.real import Real
from gradcalc.syntax.tree import Node

Ball = arb
ZERO, ONE = arb(0), arb(1)
LARGEST_WRITTEN = 40_000  # powers of two of a fraction
LONGEST_EXPONENT = 13_000  # bits; Python writes out no integer of more than 4,300 digits
WRITTEN_BITS = 256  # of a number that is not exact
_alone = threading.RLock()


class Undecided(Exception):
    """A sign, or a value, cannot be told at this precision: at `node`; where `large`, for the size of a number."""

    def __init__(self, *, large: bool = False) -> None:
        super().__init__()
        self.large = large
        self.node: Node | None = None


@contextmanager
def working(bits: int) -> Iterator[None]:
    """Computes at a precision. Arb has one for the whole process, so that only one thread may."""
    with _alone:
        before, ctx.prec = ctx.prec, bits
        try:
            yield
        finally:
            ctx.prec = before


# -- in


def rational(value: Fraction) -> Ball:
    """The ball of a rational number, without error where its binary expansion ends."""
    shift = value.denominator.bit_length() - 1
    if value.denominator == 1 << shift:
        return arb((value.numerator, -shift))
    return arb(fmpq(value.numerator, value.denominator))


def from_fraction(value: Fraction) -> Ball:
    """The ball of a rational number, to 200 bits."""
    with working(200):
        return rational(value)


# -- out


def known(ball: Ball, bits: int) -> bool:
    """Is the relative error below 2**-bits?"""
    return ball.rel_accuracy_bits() >= bits


def magnitude(ball: Ball) -> int | None:
    """The least power of two above the size of the middle; None for 0."""
    mantissa, exponent = ball.mid().man_exp()
    return int(exponent) + mantissa.bit_length() if mantissa else None


def as_fraction(ball: Ball, scale: int = 0) -> Fraction | None:
    """The middle as a multiple of 2**scale, or None where writing it out would not fit."""
    mantissa, exponent = ball.mid().man_exp()
    power = int(exponent) - scale
    if mantissa and abs(power) > LARGEST_WRITTEN:
        return None
    return Fraction(int(mantissa) << power) if power >= 0 else Fraction(int(mantissa), 1 << -power)


def as_ratio(value: fmpq) -> Fraction:
    """One of FLINT's rational numbers as one of Python's."""
    return Fraction(int(value.p), int(value.q))


def integer(ball: Ball) -> int:
    """The integer that an exact ball is, which is not too large to be written."""
    mantissa, exponent = ball.man_exp()
    return int(mantissa) << int(exponent)


def too_large() -> LimitError:
    """The error for a number with more digits before the point than can be computed with."""
    return LimitError(
        "an intermediate value is too large to compute with",
        hint="no option raises this limit: rescale the expression, or choose a point nearer to 0",
    )


def as_real(ball: Ball, scale: int = 0, most: int | None = None) -> Real:
    """The middle times 2**scale, with its first digits as text: as many as were asked for, and at `most` so many.

    Raises LimitError at an exponent of 4,000 digits.
    """
    mantissa, exponent = map(int, ball.mid().man_exp())
    wanted = asked()
    if not mantissa:
        return Real(0, 0, shown=wanted is not None)
    count = min(wanted or USUAL, most or MOST)
    exponent += scale
    if (more := mantissa.bit_length() - max(WRITTEN_BITS, needed_bits())) > 0 and not ball.is_exact():
        mantissa, exponent = mantissa >> more, exponent + more
    if exponent.bit_length() > LONGEST_EXPONENT:
        raise too_large()
    return Real(mantissa, exponent, count, wanted is not None)
