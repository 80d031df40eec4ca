"""The truth about a number that is made of arrays: its value, and its gradient by whole arrays, each digit proven."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import partial

from gradcalc.arrays.array import numbers_of
from gradcalc.base.digits import needed_bits
from gradcalc.base.errors import LimitError
from gradcalc.base.real import Real
from gradcalc.engines.exact.arrays.climb import LADDER, enough
from gradcalc.engines.exact.arrays.reach import Flags
from gradcalc.engines.exact.arrays.slopes import Alike, Balls
from gradcalc.engines.exact.arrays.tensor import Tensor
from gradcalc.engines.exact.arrays.work import PARAMETER, Direction, Found, Work, has, is_enough
from gradcalc.engines.exact.ball import Ball, Undecided, as_real, rational, working
from gradcalc.engines.exact.precision import Unproven, climbed
from gradcalc.engines.exact.rules import AT_ONCE, Rules
from gradcalc.engines.exact.sides import one_sided
from gradcalc.engines.exact.singularity import from_sides
from gradcalc.engines.exact.values import Undefined
from gradcalc.engines.records import ArrayTruth, Slope, Slopes, Smoothness, Truth
from gradcalc.problem.problem import Problem
from gradcalc.syntax.tree import Node

MOST_SPECIAL = 25  # components whose slopes are taken from difference quotients
LOOKED_AT = 500_000  # elements that these may take each time that the function is looked at, all together
PLAINLY = LADDER[:2]  # tries without proofs of what is 0
STEPS, SAME = (100, 400), 60  # bits of steps, which are short beside every coordinate, and of what a quotient shares
VALUE_BITS = 512
NOTHING = Real(0, 0)


def differentiate(problem: Problem, *, plainly: bool = False) -> ArrayTruth | None:
    """The value of the problem's function at its point, and its first derivatives by every component.

    With `plainly` None where any component is special, or takes proofs of what is 0. Raises LimitError.
    """
    return Truths(problem).truth(plainly=plainly)


def along(problem: Problem, direction: Direction) -> Truth:
    """The value of the problem's function at its point, and its slope by `t` along a direction. Raises LimitError."""
    return Truths(problem).along(direction)


def borne_out(problem: Problem, direction: Direction, slope: Fraction) -> bool | None:
    """Is the slope along a direction that of the function's own values, in which no rule has a part?

    None where the values do not tell: nothing speaks against it, then.
    """
    work = Work(problem)
    moved = [abs(numbers_of(work.point[name])[place]) for name, own in direction.items() for place in own]
    near = min((math.frexp(number)[1] for number in moved if number), default=0)
    one, other = (_agrees(work, direction, slope, step - min(near, 0)) for step in STEPS)
    return True if one or other else None if one is None or other is None else False


def _agrees(work: Work, direction: Direction, slope: Fraction, bits: int) -> bool | None:
    """Is a central difference quotient what the slope is, by a step of 2**-bits? None where there is none."""
    with working(VALUE_BITS + 2 * bits):
        try:
            ahead, behind = (work.moved_by(AT_ONCE, direction, Fraction(side, 2**bits)) for side in (1, -1))
        except (Undecided, LimitError):
            return None
        if ahead is None or behind is None:
            return None
        quotient, claimed = (ahead - behind) * Ball((1, bits - 1)), rational(slope)
        return bool(abs(quotient - claimed) <= abs(claimed) * Ball((1, -SAME)) + abs(ahead) * Ball((1, -bits)))


class Truths(Work):
    """The truth, once it is found."""

    def truth(self, *, plainly: bool) -> ArrayTruth | None:
        """The value and every slope; None where more than plain numbers is needed for it, and that is not wanted."""
        try:
            found = climbed(self.root, self.found, is_enough, PLAINLY if plainly else LADDER)
        except LimitError as error:
            if plainly:
                return None
            if isinstance(error, Unproven):
                return self.in_part(error)
            raise
        if isinstance(found, Undefined):
            missing = Slope(Smoothness.UNDEFINED, blame=found.node, why=found.condition)
            every = {name: Alike(missing, length) for name, length in self.lengths.items()}
            return None if plainly else ArrayTruth(None, every)
        if plainly and any(one is not False for one in found.special.values()):
            return None
        return ArrayTruth(as_real(found.value), self.slopes(found))

    def in_part(self, error: Unproven) -> ArrayTruth:
        """The truth where not all of it is decided: what is known at the last precision but one."""
        undecided = Slope(Smoothness.UNDECIDED, blame=error.node, why=f"{error.message}; {error.hint}")
        bits, rules = LADDER[-2]
        try:
            with working(bits):
                found = self.found(rules)
        except Undecided:
            found = None
        if not isinstance(found, Found):
            return ArrayTruth(None, {name: Alike(undecided, length) for name, length in self.lengths.items()})
        value = as_real(found.value) if enough(found.value) else None
        slopes = self.slopes(found)
        for one in slopes.values():
            if isinstance(one, Balls):
                one.special = {**dict.fromkeys(one.unsettled(needed_bits()), undecided), **one.special}
        return ArrayTruth(value, slopes)

    # -- slopes

    def slopes(self, found: Found) -> dict[str, Slopes]:
        """The slopes by each variable, a few of the special ones from difference quotients."""
        places = {name: _places(found.special[name], length) for name, length in self.lengths.items()}
        most = LOOKED_AT // sum(len(one.items) for one in found.values.values())
        chosen = _spread([(name, place) for name, own in places.items() for place in own], most)
        slopes: dict[str, Slopes] = {}
        for name, length in self.lengths.items():
            flow = found.gradient.flows.get(name)
            if flow is None and not places[name]:
                slopes[name] = Alike(Slope(Smoothness.SMOOTH, NOTHING, magnitude=NOTHING), length)
                continue
            special = {place: self.special(found, name, place) for owner, place in chosen if owner == name}
            balls = [Ball(0)] * length if flow is None else flow.items
            unknown = frozenset(places[name]) - special.keys()
            slopes[name] = Balls(balls, partial(self.sizes, name), special, unknown)
        return slopes

    def special(self, found: Found, name: str, place: int) -> Slope:
        """The slope by a component that the rules do not decide."""
        corners = found.gradient.corners
        blame = next((one.node for one in corners if has(self.reached([one], found.values)[name], place)), None)
        return self.quotients({name: {place: Fraction(1)}}, blame)

    def quotients(self, direction: Direction, blame: Node | None) -> Slope:
        """The slope along a direction from difference quotients on either side."""
        start, way, value = {PARAMETER: Fraction(0)}, {PARAMETER: Fraction(1)}, partial(self.moved, direction)
        left, right = (one_sided(self.root, start, way, side, value=value) for side in (-1, 1))
        return from_sides(left, right, blame)

    def along(self, direction: Direction) -> Truth:
        """The value, and the slope along a direction."""
        parts = [(name, place, rate) for name, own in direction.items() for place, rate in own.items() if rate]

        def attempt(rules: Rules) -> tuple[Found, Ball] | Undefined:
            found = self.found(rules)
            return found if isinstance(found, Undefined) else (found, _total(parts, found.gradient.flows))

        def is_special(found: Found) -> bool:
            return any(found.flagged(name, place) for name, place, _ in parts)

        def is_known(result: tuple[Found, Ball] | Undefined) -> bool:
            if isinstance(result, Undefined):
                return True
            found, slope = result
            return enough(found.value) and (is_special(found) or enough(slope))

        result = climbed(self.root, attempt, is_known, LADDER)
        if isinstance(result, Undefined):
            return Truth(None, {PARAMETER: Slope(Smoothness.UNDEFINED, blame=result.node, why=result.condition)})
        found, slope = result
        if is_special(found):
            along = self.quotients(direction, found.gradient.corners[0].node)
        else:
            size = _total([(name, place, abs(rate)) for name, place, rate in parts], self.all_sizes)
            along = Slope(Smoothness.SMOOTH, as_real(slope), magnitude=as_real(size))
        return Truth(as_real(found.value), {PARAMETER: along})


def _total(parts: Sequence[tuple[str, int, Fraction]], flows: Mapping[str, Tensor]) -> Ball:
    """The sum of some components, each with a weight."""
    return sum((flows[name].items[place] * rational(rate) for name, place, rate in parts if name in flows), Ball(0))


def _places(flags: Flags, length: int) -> list[int]:
    """The elements that are flagged."""
    return [place for place in range(length) if has(flags, place)] if flags is not False else []


def _spread(places: Sequence[tuple[str, int]], most: int) -> list[tuple[str, int]]:
    """Some of these at equal distances, the first of them with them, where they are too many."""
    count = max(1, min(len(places), most, MOST_SPECIAL))
    return [places[step * len(places) // count] for step in range(count)] if places else []
