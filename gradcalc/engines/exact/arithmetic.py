"""Arithmetic on balls at one precision: every result encloses the true one."""

from __future__ import annotations

import threading
from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache, partial
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
)

from gradcalc.base.effort import spend
from gradcalc.engines.exact.ball import (
    ONE,
    RADIUS_BITS,
    ZERO,
    Ball,
    Raw,
    Undecided,
    magnitude,
    plus_radius,
    times_radius,
    too_large,
)
from gradcalc.engines.exact.primitives import MPMATH, power

GUARD_BITS = 20  # a library function is taken to be right to within these
LARGEST_ARGUMENT = 12_000  # bits before the point; the last precision holds them
MULTIPLIED_OUT = 1024  # powers up to this are products, so that exact stays exact
CLOSE = -10  # the power of two within which the argument of a function that swings or has poles must be known
HIDDEN = -64  # the power of two below which an error may hide a zero
CHEAP, DEAR = 4, 60  # steps of an operation, and of a function; at high precision there are more
REMEMBERED = 500  # values of functions; the longest take 2 kilobytes
TWO = from_man_exp(2, 0)
MARGIN = from_man_exp(257, -8)


CONTEXTS = threading.local()  # one for each thread: mpmath's functions set the precision while they work


def context_for(precision: int) -> MPContext:
    """mpmath's context for one precision; making one takes longer than evaluating a small expression."""
    made: dict[int, MPContext] = CONTEXTS.__dict__.setdefault("made", {})
    if precision not in made:
        made[precision] = MPContext()
    return made[precision]


class Arithmetic:
    """Ball arithmetic at `precision` bits.

    Where `last`, no higher precision will follow: a number that cannot be told from zero counts as zero, unless its
    error is too large for that. Everything raises Undecided where a higher precision may help, LimitError where none
    will.
    """

    def __init__(self, precision: int, *, last: bool = False) -> None:
        self.precision = precision
        self.last = last
        self.cheap, self.dear = CHEAP + precision // 128, DEAR + precision**2 // 10_000  # steps
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
        return from_man_exp(1, magnitude(middle) - self.precision) if middle[1] else fzero

    def settled(self, ball: Ball) -> Ball:
        """The ball; at the last precision, zero where it cannot be told from zero."""
        if not self.last or ball.exact or mpf_cmp(mpf_abs(ball.middle), ball.radius) > 0:
            return ball
        if not ball.below(HIDDEN):
            raise too_large()
        return ZERO

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
        fits = not x[1] or not y[1] or max(magnitude(x), magnitude(y)) - min(x[2], y[2]) < self.precision
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
        self.require_close(exponent)
        spend(2 * self.dear)
        return self.apply(partial(power, self.context), base, exponent)

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
        context = self.context
        whole = context.floor(x, prec=0)
        if not a.exact and context.floor(context.fsub(x, radius, exact=True), prec=0) != context.floor(
            context.fadd(x, radius, exact=True), prec=0
        ):
            if not self.last:
                raise Undecided
            whole = context.floor(context.fadd(x, radius, exact=True), prec=0)
        return Ball(whole._mpf_, fzero)

    # -- functions

    def real(self, raw: Raw) -> Any:
        """mpmath's number object around a raw one."""
        return self.context.make_mpf(raw)

    def require_close(self, argument: Ball) -> None:
        """Raises unless a function that grows fast, swings or has poles can be told at `argument`.

        Undecided where the ball is too wide; LimitError where that stays so, or where the whole part is too long.
        """
        if not argument.below(CLOSE):
            if not self.last:
                raise Undecided
            raise too_large()
        if magnitude(argument.middle) > LARGEST_ARGUMENT:
            raise too_large()

    def apply(self, function: Callable[..., Any], *arguments: Ball) -> Ball:
        """`function` of the balls: its value in the middle, and how far it moves when each argument does.

        Encloses the true value where the function is monotonic or convex over the balls, or they are narrow.
        """
        try:
            value, spread = self.spread(function, arguments)
        except OverflowError:  # beyond the exponents of Python's floats, which mpmath estimates with
            raise too_large() from None
        return self.settled(Ball(value._mpf_, plus_radius(spread, self.ulp(value._mpf_))))

    def spread(self, function: Callable[..., Any], arguments: tuple[Ball, ...]) -> tuple[Any, Raw]:
        """The value in the middle, and how far it moves when each argument does.

        Of one argument, a function that is monotonic or convex moves no further inside the ball than at its ends; the
        margin is for rounding. It is small, as it multiplies along a chain: 2,000 sines at a factor of 4 lose 4,000
        bits. Arguments that move together may go further than each alone, hence the wider margin.
        """
        middles = [self.real(argument.middle) for argument in arguments]
        value = function(*middles)
        if hasattr(value, "_mpc_"):  # just outside the domain by rounding alone: the domain itself was checked before
            value = value.real
        spread = fzero
        margin = MARGIN if len(arguments) == 1 else TWO
        for index, argument in enumerate(arguments):
            if argument.exact:
                continue
            furthest = fzero
            for radius in (argument.radius, mpf_neg(argument.radius)):
                end = self.real(mpf_add(argument.middle, radius))
                shift = abs(function(*middles[:index], end, *middles[index + 1 :]) - value)._mpf_
                furthest = shift if mpf_cmp(shift, furthest) > 0 else furthest
            spread = plus_radius(spread, times_radius(furthest, margin))
        return value, spread


@lru_cache(maxsize=REMEMBERED)
def primitive(name: str, arguments: tuple[Ball, ...], precision: int, last: bool) -> Ball:
    """The value of one of mpmath's functions; each of the questions about a point asks for the same ones."""
    arithmetic = Arithmetic(precision, last=last)
    return arithmetic.apply(partial(MPMATH[name], arithmetic.context), *arguments)
