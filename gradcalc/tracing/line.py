"""A result along one component: its slopes on either side, by quotients in exact arithmetic."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gradcalc.engines.exact.ball import ONE, ZERO, Ball, working
from gradcalc.tracing.evaluate import Run, run
from gradcalc.tracing.tape import Read, Tape

BITS = 1024
NEAR, NEARER = 160, 320  # steps are 2**-160 and 2**-320 of the component, or of 1
SAME = Ball((1, -40))  # relative difference of slopes that count as one
GROWS, LARGE = Ball(3) / 2, Ball(32)  # a slope that grows like this from one step to the next, and is this large


class Side(StrEnum):
    """How a result behaves on one side."""

    SLOPE = "slope"
    INFINITE = "infinite"
    JUMP = "jump"
    NONE = "none"  # it has no value there


@dataclass(frozen=True, slots=True)
class Half:
    """One side: what it is, with the slope where it has one, or the value's limit where it jumps."""

    kind: Side
    slope: Ball = ZERO


@dataclass(frozen=True, slots=True)
class Sides:
    """Both sides of a component."""

    left: Half
    right: Half

    @property
    def smooth(self) -> bool:
        """Are both slopes the same?"""
        both = self.left.kind is Side.SLOPE and self.right.kind is Side.SLOPE
        return both and same(self.left.slope, self.right.slope)


def same(a: Ball, b: Ball) -> bool:
    """Are two slopes one, as far as steps of that size tell?"""
    size = abs(a).upper() + abs(b).upper()
    return not abs(a - b) > size * SAME + Ball((1, -NEAR // 2))


def sides(tape: Tape, result: Read, base: Run, leaf: int, place: int) -> Sides:
    """The slopes of the result along one component of a leaf; `base` is a run at the point, with `BITS` bits."""
    with working(BITS):
        left, right = (_half(tape, result, base, leaf, place, sign) for sign in (-1, 1))
        return Sides(left, right)


def _half(tape: Tape, result: Read, base: Run, leaf: int, place: int, sign: int) -> Half:
    x, here = base.values[leaf][place], base.at(result)[0]
    size = ONE if x.is_zero() else abs(x)
    steps = [size * Ball((sign, -power)) for power in (NEAR, NEARER)]
    values = [_value(tape, result, base, leaf, place, step) for step in steps]
    if not all(one.is_finite() for one in (here, *values)):
        return Half(Side.NONE)
    slopes = [(one - here) / step for one, step in zip(values, steps, strict=True)]
    far, near = (abs(one).mid() for one in slopes)
    if near > far * Ball((1, NEARER - NEAR - 1)) and near > far:
        return Half(Side.JUMP, values[1])
    if near > far * GROWS and near > LARGE:
        return Half(Side.INFINITE, ONE if slopes[1].mid() > 0 else -ONE)
    goes = near < far * Ball((1, (NEAR - NEARER) // 2))  # as the step does: to 0
    return Half(Side.SLOPE, ZERO if goes else slopes[1])


def _value(tape: Tape, result: Read, base: Run, leaf: int, place: int, step: Ball) -> Ball:
    numbers = list(base.values[leaf])
    numbers[place] = numbers[place] + step
    return run(tape, {leaf: numbers}, base).at(result)[0]
