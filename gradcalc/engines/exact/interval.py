"""Arithmetic on intervals: pairs of ends, each rounded outwards, and functions by the pieces that are monotone.

Arb's balls are no such intervals: on [-1, 1] `x*x` is within 1.01 of 0 there, and `sqrt(x*x)` has no bound at all.
Source: Moore, Kearfott and Cloud, Introduction to Interval Analysis, 2009.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cache
from itertools import product
from typing import Any, NamedTuple

from flint import arb, ctx

from gradcalc.engines.exact.arithmetic import Arithmetic
from gradcalc.engines.exact.ball import ONE, ZERO, Ball, Undecided, as_fraction, integer, rational
from gradcalc.engines.exact.primitives import ARB, CONSTANTS
from gradcalc.engines.exact.rules import AT_ONCE, Rules
from gradcalc.functions import ELEMENTWISE
from gradcalc.functions.function import rule

ENOUGH_TURNS = 3  # of those inside an interval, where there are any number
LONGEST_POWER = 10_000
LITTLE = arb((1, -10))
CUT = arb((125, -8))  # not the middle: what breaks likes to be at simple places


class Interval(NamedTuple):
    """Every number from `low` to `high`, which are exact."""

    low: Ball
    high: Ball

    @classmethod
    def between(cls, low: float, high: float) -> Interval:
        """The interval of two floats."""
        return cls(arb(low), arb(high))

    @property
    def width(self) -> Ball:
        """How long it is, or a little more."""
        return (self.high - self.low).upper()

    @property
    def middle(self) -> Ball:
        """A number inside, about the middle."""
        return ((self.low + self.high) / 2).mid()

    def fractions(self) -> tuple[Fraction, Fraction]:
        """Its ends; one far below what can be written out counts as 0."""
        low, high = (as_fraction(end) or Fraction(0) for end in self)
        return low, high

    def cut(self) -> tuple[Interval, Interval]:
        """Two parts of about the same length."""
        place = (self.low + (self.high - self.low) * CUT).mid()
        return Interval(self.low, place), Interval(place, self.high)

    def widened(self) -> Interval:
        """A somewhat longer one."""
        more = self.width * LITTLE
        return Interval((self.low - more).lower(), (self.high + more).upper())

    def is_within(self, bits: int, whole: Interval) -> bool:
        """Is it no longer than the part 2**-bits of another?"""
        return bool(self.width <= whole.width * arb((1, -bits)))

    def holds_zero(self) -> bool:
        """Is 0 one of its numbers?"""
        return bool(self.low <= 0 and self.high >= 0)

    def meet(self, other: Interval) -> Interval | None:
        """What two have in common; None where that is nothing."""
        low, high = max(self.low, other.low), min(self.high, other.high)
        return Interval(low, high) if low <= high else None


def hull(*balls: Ball) -> Interval:
    """The least interval that holds all of the balls. Raises Undecided where one has no bound."""
    low, high = balls[0].lower(), balls[0].upper()
    for ball in balls[1:]:
        low, high = min(low, ball.lower()), max(high, ball.upper())
    if not (low.is_finite() and high.is_finite()):
        raise Undecided(large=True)
    return Interval(low, high)


def number(value: Fraction) -> Interval:
    """The narrowest interval that holds a rational number."""
    ball = rational(value)
    return Interval(ball, ball) if ball.is_exact() else hull(ball)


def sign(a: Interval) -> int:
    """The sign of every number of an interval. Raises Undecided where they have several."""
    if a.low > 0:
        return 1
    if a.high < 0:
        return -1
    if a.low.is_zero() and a.high.is_zero():
        return 0
    raise Undecided


# -- arithmetic


def _add(a: Interval, b: Interval) -> Interval:
    return Interval((a.low + b.low).lower(), (a.high + b.high).upper())


def _sub(a: Interval, b: Interval) -> Interval:
    if a is b:
        return Interval(ZERO, ZERO)
    return Interval((a.low - b.high).lower(), (a.high - b.low).upper())


def _mul(a: Interval, b: Interval) -> Interval:
    if a is b:
        return _whole_power(a, 2)
    if a.low >= 0 and b.low >= 0:
        return Interval((a.low * b.low).lower(), (a.high * b.high).upper())
    return hull(a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high)


def _div(a: Interval, b: Interval) -> Interval:
    sign(b)
    return Interval(ONE, ONE) if a is b else hull(a.low / b.low, a.low / b.high, a.high / b.low, a.high / b.high)


def _whole_power(a: Interval, count: int) -> Interval:
    if count < 0:
        sign(a)
    if count and count % 2 == 0 and a.holds_zero():
        return hull(ZERO, a.low**count, a.high**count)
    return hull(a.low**count, a.high**count)


def _pow(a: Interval, b: Interval) -> Interval:
    """With a whole exponent of any base; else of a positive base, where it is monotone in both."""
    if b.low == b.high and b.low.is_integer() and abs(b.low) < LONGEST_POWER:
        return _whole_power(a, integer(b.low))
    if not a.low > 0:
        raise Undecided
    return hull(*(ARB["pow"](x, y) for x, y in product(a, b)))


def _abs(a: Interval) -> Interval:
    return hull(ZERO, abs(a.low), abs(a.high)) if a.holds_zero() else hull(abs(a.low), abs(a.high))


def _hypot(a: Interval, b: Interval) -> Interval:
    (low, high), (other_low, other_high) = _abs(a), _abs(b)
    return hull(ARB["hypot"](low, other_low), ARB["hypot"](high, other_high))


def _atan2(y: Interval, x: Interval) -> Interval:
    """Monotone in both, but across the negative axis, where it jumps."""
    if not (x.low > 0 or y.low > 0 or y.high < 0):
        raise Undecided
    return hull(*(ARB["atan2"](one, other) for one, other in product(y, x)))


def _polygamma(n: Interval, x: Interval) -> Interval:
    """Monotone above 0."""
    if n.low == n.high and x.low > 0:
        return hull(ARB["polygamma"](n.low, x.low), ARB["polygamma"](n.low, x.high))
    return _by_balls("polygamma")(n, x)


# -- functions of one number by their pieces


def _by_pieces(name: str, turns: tuple[str, ...]) -> Callable[[Interval], Interval]:
    """A function from its values at the ends and at the turns between: in a piece of its domain it takes all others."""

    def of(a: Interval) -> Interval:
        value = AT_ONCE.operation(name)  # here, as few of the functions are ever called
        between = [turn for text in turns for turn in _turns_in(text, a)]
        return hull(value(a.low), value(a.high), *map(value, between))

    return of


def _turns_in(text: str, a: Interval) -> list[Ball]:
    """The turns inside an interval; the first few where there are more."""
    first, step = _turns(text, ctx.prec)
    if step.is_zero():
        return [first] if _touches(first, a) else []
    low, high = ((end - first) / step for end in a)
    start, stop = integer(low.lower().floor()), integer(high.upper().ceil())
    found = (first + step * k for k in range(start, min(stop, start + ENOUGH_TURNS + 1) + 1))
    return [turn for turn in found if _touches(turn, a)][:ENOUGH_TURNS]


def _touches(ball: Ball, a: Interval) -> bool:
    return bool(ball.upper() >= a.low and ball.lower() <= a.high)


@cache
def _turns(text: str, bits: int) -> tuple[Ball, Ball]:
    """The turn for k = 0 and the distance to the next, at a precision, which is the one at work."""
    at = AT_ONCE.compiled(rule(text), ("k",))
    return at((ZERO,)), at((ONE,)) - at((ZERO,))


def _by_balls(name: str) -> Callable[..., Interval]:
    """A function on the balls that hold the intervals: wider than need be, and narrow where these are."""
    return lambda *arguments: hull(ARB[name](*(one.low.union(one.high) for one in arguments)))


PIECES: dict[str, Callable[..., Any]] = {
    name: _by_pieces(name, row.turns) for name, row in ELEMENTWISE.items() if row.turns is not None
}
OPERATIONS: dict[str, Callable[..., Any]] = {
    **{name: _by_balls(name) for name in ARB},
    **PIECES,
    "add": _add, "sub": _sub, "mul": _mul, "div": _div, "pow": _pow, "abs": _abs, "hypot": _hypot, "atan2": _atan2,
    "neg": lambda a: Interval(-a.high, -a.low),
    "polygamma": _polygamma,
    "logaddexp": lambda a, b: hull(ARB["logaddexp"](a.low, b.low), ARB["logaddexp"](a.high, b.high)),
    "max": lambda a, b: Interval(max(a.low, b.low), max(a.high, b.high)),
    "min": lambda a, b: Interval(min(a.low, b.low), min(a.high, b.high)),
}  # fmt: skip


def _constant(name: str) -> Callable[[], Interval]:
    return lambda: hull(CONSTANTS[name]())


THROUGHOUT = Rules(Arithmetic(number, {name: _constant(name) for name in CONSTANTS}, OPERATIONS, sign, proves=False))
