"""One-sided derivatives: the limit of the difference quotient, on one side of a point and along one variable.

The quotient is taken at four steps in geometric sequence, each with thousands of bits. Where it settles at the rate
of a power of the step, Aitken's process gives its limit; where it grows, the slope is infinite.
Source: Brezinski and Redivo-Zaglia, Extrapolation Methods, 1991, section 2.3.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from gradcalc.engines.ball import Ball, Undecided, as_fraction, as_real, from_fraction
from gradcalc.engines.evaluation import Evaluator, Undefined
from gradcalc.results import Real
from gradcalc.syntax.tree import Node, postorder

STEP_BITS = 300  # the first step is 2**-300, far below the spacing of any format near an ordinary number
STEPS = 4
PRECISIONS = (2560, 4608)  # bits; the last step squared fits into the first
NEGLIGIBLE = Fraction(1, 2**100)
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
        if self.slope is None or other.slope is None:
            return False
        one, two = self.slope.fraction(), other.slope.fraction()
        if one is None or two is None:
            return self.slope == other.slope
        return abs(one - two) <= NEGLIGIBLE * max(abs(one), abs(two))


@dataclass(frozen=True, slots=True)
class Limit:
    """Where a sequence goes: to `value`, to infinity with `sign`, or nowhere that shows."""

    value: Fraction | None = None
    sign: int = 0


def one_sided(root: Node, point: Mapping[str, Fraction], name: str, direction: int) -> Side:
    """The slope of `root` at `point` as `name` moves up (`direction` 1) or down (-1)."""
    steps = [Fraction(direction, 2 ** (STEP_BITS * k)) for k in range(1, STEPS + 1)]
    points = [point, *({**point, name: point[name] + step} for step in steps)]
    values = _values(root, points)
    if values is None:
        return Side(undefined=True)
    rises = [value - values[0] for value in values[1:]]
    gap = limit(rises)
    if gap.value != 0:
        return Side(jump=gap.value is not None or gap.sign != 0, restless=gap.value is None and gap.sign == 0)
    slope = limit([rise / step for rise, step in zip(rises, steps, strict=True)])
    if slope.sign:
        return Side(Real.infinity(slope.sign))
    return Side(restless=True) if slope.value is None else Side(as_real(from_fraction(slope.value)))


def hole(root: Node, point: Mapping[str, Fraction], name: str) -> Real | None:
    """The limit of `root` itself as `name` nears a point where it has no value, the same from both sides; else None."""
    limits = []
    for direction in (-1, 1):
        steps = [Fraction(direction, 2 ** (STEP_BITS * k)) for k in range(1, STEPS + 1)]
        values = _values(root, [{**point, name: point[name] + step} for step in steps])
        found = Limit() if values is None else limit(values)
        if found.value is None:
            return None
        limits.append(found.value)
    left, right = limits
    if abs(left - right) > NEGLIGIBLE * max(abs(left), abs(right)):
        return None
    return as_real(from_fraction(right))


def limit(sequence: Sequence[Fraction]) -> Limit:
    """The limit of a sequence taken at steps in geometric sequence.

    It is taken to behave as `limit + c * step**p` with some real `p`, or as a logarithm of the step; whatever fits
    neither has no limit that shows.
    """
    if all(abs(term) <= NEGLIGIBLE * abs(before) for before, term in itertools.pairwise(sequence)):
        return Limit(Fraction(0))
    changes = [after - before for before, after in itertools.pairwise(sequence)]
    noise = NEGLIGIBLE * max(map(abs, sequence))
    if abs(changes[-1]) <= noise and abs(changes[-2]) <= noise:
        return Limit(sequence[-1])
    if 0 in changes:
        return Limit()
    rates = [after / before for before, after in itertools.pairwise(changes)]
    steady = abs(rates[1] - rates[0]) <= RATE_TOLERANCE * abs(rates[0])
    if min(rates) >= 1 - RATE_TOLERANCE:  # grows like a power, or like a logarithm
        return Limit(sign=1 if changes[-1] > 0 else -1)
    if not steady or not 0 < rates[0] < 1 - RATE_TOLERANCE:
        return Limit()
    value = sequence[-1] - changes[-1] ** 2 / (changes[-1] - changes[-2])
    return Limit(Fraction(0) if abs(value) <= RATE_TOLERANCE * abs(sequence[-1]) else value)


def _values(root: Node, points: list[Mapping[str, Fraction]]) -> list[Fraction] | None:
    """The values of `root` at the points; None where one has none."""
    for precision in PRECISIONS:
        try:
            values = [_value(Evaluator(precision, last=precision == PRECISIONS[-1]), root, point) for point in points]
        except Undecided:
            continue
        if any(value is None for value in values):
            return None
        return [value for value in values if value is not None]
    raise AssertionError("the last precision decides everything")


def _value(evaluator: Evaluator, root: Node, point: Mapping[str, Fraction]) -> Fraction | None:
    """The value at one point. Raises Undecided where it is not known much better than the last step."""
    balls = {name: evaluator.arithmetic.rational(value) for name, value in point.items()}
    value = evaluator.evaluate(postorder(root), balls)[id(root)]
    if isinstance(value, Undefined):
        return None
    assert isinstance(value, Ball)
    middle = as_fraction(value.middle)
    radius = as_fraction(value.radius)
    precise = radius is not None and radius <= Fraction(1, 2 ** (STEP_BITS * (STEPS + 2)))
    if middle is None or not (precise or evaluator.arithmetic.last):
        raise Undecided
    return middle
