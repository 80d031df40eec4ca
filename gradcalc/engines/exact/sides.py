"""One-sided derivatives: the limit of the difference quotient, on one side of a point and along a direction.

The quotient is taken at four steps in geometric sequence, each with hundreds of digits. Where it settles at the rate
of a power of the step, Aitken's process gives its limit; where it grows, the slope is infinite.
Source: Brezinski and Redivo-Zaglia, Extrapolation Methods, 1991, section 2.3.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import TypeAlias

from gradcalc.base.digits import USUAL
from gradcalc.base.errors import LimitError
from gradcalc.base.real import Real
from gradcalc.calculus.reverse import derivative
from gradcalc.engines.exact import jets
from gradcalc.engines.exact.ball import (
    LARGEST_WRITTEN,
    Ball,
    Undecided,
    as_fraction,
    as_real,
    from_fraction,
    magnitude,
    too_large,
    working,
)
from gradcalc.engines.exact.evaluation import PROVING, Evaluator
from gradcalc.engines.exact.pace import NEGLIGIBLE, STEPS, Pace, pace_of
from gradcalc.engines.exact.precision import Unproven
from gradcalc.engines.exact.values import Undefined
from gradcalc.syntax.tree import Node

ValueAt: TypeAlias = Callable[[Node, Mapping[str, Fraction]], "Ball | None"]  # Raises Undecided.
Point = Mapping[str, Fraction]
RATE_TOLERANCE = Fraction(1, 2**40)


@dataclass(frozen=True, slots=True)
class Side:
    """What one side of a point is like: outside the domain, a jump, a slope without limit, or a slope."""

    slope: Real | None = None
    undefined: bool = False
    jump: bool = False
    restless: bool = False

    def equals(self, other: Side) -> bool:
        """Are the two slopes the same number?"""
        return self.slope is not None and other.slope is not None and self.slope.equals(other.slope, NEGLIGIBLE)


@dataclass(frozen=True, slots=True)
class Limit:
    """Where a sequence goes: to `value`, to infinity with `sign`, or nowhere that shows."""

    value: Fraction | None = None
    sign: int = 0


@dataclass(frozen=True, slots=True)
class Measured:
    """A value within an error."""

    value: Fraction
    error: Fraction

    def rise_from(self, other: Measured) -> Measured:
        """The difference of two values; 0 where it is no more than their errors."""
        rise, error = self.value - other.value, self.error + other.error
        return Measured(rise if abs(rise) > error else Fraction(0), error)

    @property
    def known(self) -> bool:
        """Is the value much larger than its error?"""
        return self.error <= NEGLIGIBLE * abs(self.value)


@dataclass(frozen=True, slots=True)
class Sampled:
    """Values at several points, as multiples of 2**scale; `fine` where their errors are far below every step."""

    values: list[Measured]
    scale: int
    fine: bool

    def real(self, value: Fraction) -> Real:
        """A multiple of the scale as a number."""
        return as_real(from_fraction(value), self.scale, USUAL)


def one_sided(
    root: Node,
    point: Mapping[str, Fraction],
    along: Mapping[str, Fraction],
    direction: int,
    order: int = 1,
    value: ValueAt | None = None,
) -> Side:
    """The slope of `root` at `point` by t in `point + t*along`, as t moves up (`direction` 1) or down (-1).

    Of a higher order, it is that of the derivative before it, by the one variable that moves. Its quotients are not
    taken from the point itself, where it may have no value, but from each next step. `value` gives those of what is
    no tree of numbers. Raises LimitError where they are too large to tell them apart.
    """
    pace = pace_of(root, point, along)
    steps = [direction * pace.step(k) for k in range(1, STEPS + 2)]
    bases = [Fraction(0)] * STEPS if order == 1 else steps[1:]
    places = [*steps[:STEPS], Fraction(0)] if order == 1 else steps
    value = value or (_value if order == 1 else _derivative(root, next(iter(along)), order - 1))
    found = _values(root, [_moved(point, along, place) for place in places], pace, value)
    if found is None:
        return Side(undefined=True)
    values = found.values
    measured = [values[place].rise_from(values[places.index(base)]) for place, base in enumerate(bases)]
    if not (found.fine or all(rise.known for rise in measured)):
        raise too_large()
    rises = [rise.value for rise in measured]
    gap = limit(rises)
    if gap.value != 0:
        return Side(jump=gap.value is not None or gap.sign != 0, restless=gap.value is None and gap.sign == 0)
    slope = limit([rise / (step - base) for rise, step, base in zip(rises, steps, bases, strict=False)])
    if slope.sign:
        return Side(Real.infinity(slope.sign))
    if slope.value is None:
        return Side(restless=True)
    return Side(found.real(slope.value))


def hole(root: Node, point: Mapping[str, Fraction], name: str, *, edges: bool = False) -> Real | None:
    """The limit of `root` itself as `name` nears a point where it has no value, the same from both sides; else None.

    With `edges` a side without values does not count.
    """
    try:
        pace = pace_of(root, point, [name])
    except LimitError:
        return None
    sides = []
    for direction in (-1, 1):
        steps = [direction * pace.step(k) for k in range(1, STEPS + 1)]
        try:
            found = _values(root, [_moved(point, {name: Fraction(1)}, step) for step in steps], pace, _value)
        except LimitError:
            return None
        if found is None and edges:
            continue
        reached = Limit() if found is None else limit([measured.value for measured in found.values])
        if found is None or reached.value is None:
            return None
        sides.append(Side(found.real(reached.value)))
    return sides[-1].slope if sides and sides[0].equals(sides[-1]) else None


def _moved(point: Mapping[str, Fraction], along: Mapping[str, Fraction], step: Fraction) -> dict[str, Fraction]:
    """The point, a step along a direction."""
    return {**point, **{name: point[name] + step * part for name, part in along.items()}}


def limit(sequence: Sequence[Fraction]) -> Limit:
    """The limit of a sequence taken at steps in geometric sequence.

    It is taken to behave as `limit + c * step**p` with some real `p`, or as a logarithm of the step or the reciprocal
    of one; whatever fits none has no limit that shows.
    """
    if all(abs(term) <= NEGLIGIBLE * abs(before) for before, term in itertools.pairwise(sequence)):
        return Limit(Fraction(0))
    changes = [after - before for before, after in itertools.pairwise(sequence)]
    if abs(changes[-1]) <= NEGLIGIBLE * abs(sequence[-1]):  # the first steps may reach beyond the next kink
        return Limit(sequence[-1])
    if 0 in changes:
        return Limit()
    rates = [after / before for before, after in itertools.pairwise(changes)]
    steady = abs(rates[1] - rates[0]) <= RATE_TOLERANCE * abs(rates[0])
    if min(rates) >= 1 - RATE_TOLERANCE:  # grows like a power, or like a logarithm
        return Limit(sign=1 if changes[-1] > 0 else -1)
    if not 0 < rates[0] < 1 - RATE_TOLERANCE:
        return Limit()
    value = sequence[-1] - changes[-1] ** 2 / (changes[-1] - changes[-2]) if steady else _slow(sequence, changes)
    if value is not None and abs(value) <= RATE_TOLERANCE * abs(sequence[-1]):
        value = Fraction(0)
    return Limit(value)


def _slow(sequence: Sequence[Fraction], changes: Sequence[Fraction]) -> Fraction | None:
    """The limit of a sequence whose k-th term is `limit + c / (k + d)`, as 1/log(step) is; None of any other."""
    first, second, third = changes
    place = 2 / (first / second - 1)  # k + d at the first term
    expected = (place + 3) / (place + 1)
    if abs(second / third - expected) > RATE_TOLERANCE * expected:
        return None
    return sequence[0] + first * (place + 1)


def _values(root: Node, points: list[dict[str, Fraction]], pace: Pace, value: ValueAt) -> Sampled | None:
    """The values of `root`, or of a derivative of it, at the points; None where one has none."""
    place, large = root, False
    for precision in pace.precisions:
        with working(precision):
            try:
                values = [value(root, point) for point in points]
            except Undecided as error:
                place, large = error.node or root, error.large
                continue
        if len(balls := [value for value in values if value is not None]) < len(values):
            return None
        scale = max((size for ball in balls if (size := magnitude(ball)) is not None), default=0)
        errors = [size for ball in balls if (size := magnitude(ball.rad())) is not None]
        fine = all(size <= min(0, scale) - pace.finest for size in errors)
        if fine or precision == pace.precisions[-1]:
            measured = [Measured(_scaled(ball, scale), _scaled(ball.rad(), scale)) for ball in balls]
            return Sampled(measured, scale, fine)
    raise too_large() if large else Unproven(place, pace.precisions[-1])


def _scaled(ball: Ball, scale: int) -> Fraction:
    """The middle of a ball as a multiple of a power of two; 0 where it is far below that."""
    size = magnitude(ball)
    value = Fraction(0) if size is None or size < scale - LARGEST_WRITTEN else as_fraction(ball, scale)
    if value is None:
        raise too_large()
    return value


def _derivative(root: Node, name: str, order: int) -> ValueAt:
    """What gives the derivative of an order at a point: its series or, where two branches are one, its tree."""
    tree = cache(lambda: derivative(root, name, order))

    def of(root: Node, point: Point) -> Ball | None:
        flow = jets.slope(root, point, name, order, PROVING)
        return _value(tree(), point) if isinstance(flow, Undefined) else flow.value

    return of


def _value(root: Node, point: Point) -> Ball | None:
    """The value at one point, or None. Raises Undecided."""
    evaluator = Evaluator()
    value = evaluator.evaluate(root, evaluator.point(point))[id(root)]
    assert not isinstance(value, bool)
    return None if isinstance(value, Undefined) else value
