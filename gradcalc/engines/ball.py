"""Real numbers with an error bound: midpoint and radius, in mpmath's binary floats.

Two results that agree to fifty digits can both be wrong (`1 - cos(x)` at 1e-100 is 0 at fifty and at eighty digits).
A bound on the error cannot: it says when a digit, a sign or a zero is certain, and when more precision is needed.
Source: van der Hoeven, Ball arithmetic, 2009; Johansson, Arb, IEEE Trans. Comput. 66(8), 2017.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

from mpmath.ctx_mp import MPContext
from mpmath.libmp import (
    from_man_exp,
    from_rational,
    fzero,
    mpf_abs,
    mpf_add,
    mpf_cmp,
    mpf_div,
    mpf_mul,
    mpf_neg,
    mpf_sub,
    to_str,
)

from gradcalc.errors import LimitError
from gradcalc.results import Real

Raw = Any  # mpmath's (sign, mantissa, exponent, bit count)
RADIUS_BITS = 30
GUARD_BITS = 20  # a library function is taken to be right to within these
LARGEST_ARGUMENT = 20_000  # bits before the point; sin or exp of more takes too long
LARGEST_EXPONENT = 2_000  # bits of the exponent of a power
DIGITS = 20
MULTIPLIED_OUT = 1024  # powers up to this are products, so that exact stays exact


class Undecided(Exception):
    """A sign cannot be told at this precision."""


@dataclass(frozen=True, slots=True)
class Ball:
    """A real number within `radius` of `middle`."""

    middle: Raw
    radius: Raw

    @property
    def exact(self) -> bool:
        """Is the number known without error?"""
        return bool(self.radius == fzero)


ZERO = Ball(fzero, fzero)
ONE = Ball(from_man_exp(1, 0), fzero)


UNKNOWN = from_man_exp(1, -64)  # an error this large at the last precision is no zero that rounding hides


def too_large() -> LimitError:
    """The error for a number with more digits than there is precision for."""
    return LimitError("an intermediate value is too large to compute with", hint="rescale the expression")


def plus_radius(*parts: Raw) -> Raw:
    """The sum of non-negative error terms, rounded up."""
    total = fzero
    for part in parts:
        total = mpf_add(total, part, RADIUS_BITS, "u")
    return total


def times_radius(a: Raw, b: Raw) -> Raw:
    """The product of two magnitudes, rounded up."""
    return mpf_mul(mpf_abs(a), mpf_abs(b), RADIUS_BITS, "u")


@cache
def context_for(precision: int) -> MPContext:
    """mpmath's context for one precision; making one takes longer than evaluating a small expression."""
    return MPContext()


class Arithmetic:
    """Ball arithmetic at `precision` bits.

    Where `last`, no higher precision will follow: a number that cannot be told from zero counts as zero.
    """

    def __init__(self, precision: int, *, last: bool = False) -> None:
        self.precision = precision
        self.last = last
        self.context = context_for(precision)
        self.context.prec = precision + GUARD_BITS  # set anew: a function that was interrupted may have left its own

    # -- making and reading balls

    def rational(self, value: Fraction) -> Ball:
        """The ball of a rational number; exact where its binary expansion ends in time."""
        middle = from_rational(value.numerator, value.denominator, self.precision, "n")
        power_of_two = value.denominator & (value.denominator - 1) == 0
        exact = power_of_two and value.numerator.bit_length() <= self.precision
        return Ball(middle, fzero if exact else self.ulp(middle))

    def ulp(self, middle: Raw) -> Raw:
        """One unit in the last place of `middle`."""
        _, mantissa, exponent, bits = middle
        return from_man_exp(1, exponent + bits - self.precision) if mantissa else fzero

    def settled(self, ball: Ball) -> Ball:
        """The ball; at the last precision, zero where it cannot be told from zero."""
        if self.last and ball.radius != fzero and mpf_cmp(mpf_abs(ball.middle), ball.radius) <= 0:
            return ZERO
        return ball

    def sign(self, ball: Ball) -> int:
        """-1, 0 or 1. Raises Undecided where the ball holds zero and more."""
        if mpf_cmp(mpf_abs(ball.middle), ball.radius) > 0:
            return -1 if ball.middle[0] else 1
        if ball.exact or self.last:
            return 0
        raise Undecided

    # -- arithmetic

    def neg(self, a: Ball) -> Ball:
        """-a."""
        return Ball(mpf_neg(a.middle), a.radius)

    def abs(self, a: Ball) -> Ball:
        """|a|; a ball around zero keeps its radius."""
        return Ball(mpf_abs(a.middle), a.radius)

    def add(self, a: Ball, b: Ball) -> Ball:
        """a + b."""
        x, y = a.middle, b.middle
        middle = mpf_add(x, y, self.precision, "n")
        fits = not x[1] or not y[1] or max(x[2] + x[3], y[2] + y[3]) - min(x[2], y[2]) < self.precision
        error = fzero if fits else self.ulp(middle)
        return self.settled(Ball(middle, plus_radius(a.radius, b.radius, error)))

    def sub(self, a: Ball, b: Ball) -> Ball:
        """a - b."""
        return self.add(a, self.neg(b))

    def mul(self, a: Ball, b: Ball) -> Ball:
        """a · b."""
        x, y = a.middle, b.middle
        middle = mpf_mul(x, y, self.precision, "n")
        error = fzero if x[3] + y[3] <= self.precision else self.ulp(middle)
        if a.radius == fzero and b.radius == fzero:
            return Ball(middle, error)
        crossed = plus_radius(times_radius(x, b.radius), times_radius(y, a.radius), times_radius(a.radius, b.radius))
        return self.settled(Ball(middle, plus_radius(crossed, error)))

    def div(self, a: Ball, b: Ball) -> Ball:
        """a / b, where `b` is known not to be zero."""
        middle = mpf_div(a.middle, b.middle, self.precision, "n")
        ends = middle[3] + b.middle[3] <= self.precision and mpf_mul(middle, b.middle) == a.middle
        error = fzero if ends else self.ulp(middle)
        if a.radius == fzero and b.radius == fzero:
            return Ball(middle, error)
        least = mpf_sub(mpf_abs(b.middle), b.radius, RADIUS_BITS, "d")
        spread = mpf_div(plus_radius(a.radius, times_radius(middle, b.radius)), least, RADIUS_BITS, "u")
        return self.settled(Ball(middle, plus_radius(spread, error)))

    def power(self, base: Ball, exponent: Ball) -> Ball:
        """base ** exponent, inside the domain; a small integer power by multiplication."""
        integer = self.small_integer(exponent)
        if integer is not None:
            result, square, rest = ONE, base, abs(integer)
            while rest:
                if rest & 1:
                    result = self.mul(result, square)
                rest >>= 1
                square = self.mul(square, square) if rest else square
            return result if integer >= 0 else self.div(ONE, result)
        if self.sign(base) == 0:
            return ZERO
        if exponent.middle[2] + exponent.middle[3] > LARGEST_EXPONENT:
            raise too_large()
        return self.apply(self.context.power, base, exponent)

    def small_integer(self, ball: Ball) -> int | None:
        """The integer that the ball is, where it is one of at most MULTIPLIED_OUT."""
        negative, mantissa, exponent, bits = ball.middle
        if not ball.exact or exponent < 0 or exponent + bits > MULTIPLIED_OUT.bit_length():
            return None
        value = int(mantissa) << int(exponent)
        return -value if negative else value

    def floor(self, a: Ball) -> Ball:
        """The greatest integer not above `a`. Raises Undecided where an integer lies within the radius."""
        x, radius = self.real(a.middle), self.real(a.radius)
        whole = self.context.floor(x, prec=0)
        if not a.exact and (
            self.context.floor(x - radius, prec=0) != whole or self.context.floor(x + radius, prec=0) != whole
        ):
            if not self.last:
                raise Undecided
            whole = self.context.floor(x + self.real(a.radius), prec=0)
        return Ball(whole._mpf_, fzero)

    # -- functions

    def real(self, raw: Raw) -> Any:
        """mpmath's number object around a raw one."""
        return self.context.make_mpf(raw)

    def apply(self, function: Callable[..., Any], *arguments: Ball, any_size: bool = False) -> Ball:
        """`function` of the balls: its value in the middle, and how far it moves when each argument does.

        Raises LimitError where an argument is too large for mpmath to reduce; with `any_size` nothing is reduced.
        """
        for argument in arguments:
            if not any_size and argument.middle[2] + argument.middle[3] > LARGEST_ARGUMENT:
                raise too_large()
        middles = [self.real(argument.middle) for argument in arguments]
        try:
            value, spread = self.spread(function, middles, arguments)
        except OverflowError:  # beyond the exponents of Python's floats, which mpmath estimates with
            raise too_large() from None
        if self.last and mpf_cmp(spread, UNKNOWN) > 0 and mpf_cmp(spread, mpf_abs(value._mpf_)) >= 0:
            raise too_large()
        return self.settled(Ball(value._mpf_, plus_radius(spread, self.ulp(value._mpf_))))

    def spread(self, function: Callable[..., Any], middles: list[Any], arguments: tuple[Ball, ...]) -> tuple[Any, Raw]:
        """The value in the middle, and how far it moves when each argument does."""
        value = function(*middles)
        if hasattr(value, "_mpc_"):  # just outside the domain by rounding alone: the domain itself was checked before
            value = value.real
        spread = fzero
        for index, argument in enumerate(arguments):
            if argument.exact:
                continue
            for radius in (self.real(argument.radius), -self.real(argument.radius)):
                moved = [*middles[:index], middles[index] + radius, *middles[index + 1 :]]
                shift = function(*moved) - value
                spread = plus_radius(spread, times_radius(abs(shift)._mpf_, from_man_exp(2, 0)))
        return value, spread


def as_fraction(middle: Raw, largest_exponent: int = 40_000) -> Fraction | None:
    """The rational number that a raw float is, or None where writing it out would not fit."""
    negative, mantissa, exponent, _ = middle
    if abs(exponent) > largest_exponent:
        return None
    value = Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
    return -value if negative else value


def from_fraction(value: Fraction) -> Raw:
    """The raw float nearest to a rational number, to 200 bits."""
    return from_rational(value.numerator, value.denominator, 200, "n")


def as_real(middle: Raw) -> Real:
    """A raw float as a result, with its first 20 digits as text."""
    negative, mantissa, exponent, _ = middle
    text = "0" if middle == fzero else str(to_str(middle, DIGITS, strip_zeros=False)).replace("e+", "e")
    return Real(-int(mantissa) if negative else int(mantissa), exponent, text)
