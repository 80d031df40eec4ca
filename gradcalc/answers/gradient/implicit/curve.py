"""Does a point lie on the curve of an equation? Proven, or within the rounding of its coordinates, or an error."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from gradcalc.answers.trials.candidates import varied
from gradcalc.base.errors import LimitError, PointError
from gradcalc.base.real import Real
from gradcalc.base.words import brief, first_of, place
from gradcalc.calculus.reverse import derivative
from gradcalc.engines import ask
from gradcalc.engines.records import Truth
from gradcalc.problem.problem import Problem
from gradcalc.syntax.tree import Node, substitute

TURNS, HALVED = 40, 6  # Newton's steps, and how often one is halved
BITS = 400  # behind the binary point of what is found
CLOSE = Fraction(1, 2**300)


class Lies(StrEnum):
    """Where a point is."""

    ON = "on"  # exactly, as torch gets it
    AS_WRITTEN = "as written"  # exactly, before it was rounded
    ROUNDED = "rounded"  # no farther off than rounding brings it


SENTENCES = {
    Lies.ON: "the point is on the {curve}: proven",
    Lies.AS_WRITTEN: "the point is on the {curve} as it was written: proven; {dtype} rounds {names}, {slope}",
    Lies.ROUNDED: "the point is off the {curve} by the rounding of its numbers alone: proven; {slope}",
}
SLOPE = "and what is compared is the slope at the rounded numbers"


@dataclass(frozen=True, slots=True)
class Position:
    """Where a point is, and that in words."""

    lies: Lies
    sentence: str


def position(problem: Problem, truth: Truth) -> Position:
    """Where the problem's point is; `truth` is that of its equation there. Raises PointError where it is off."""
    assert truth.value is not None
    if exactly_zero(truth.value):
        lies = Lies.ON
    elif _as_written(problem):
        lies = Lies.AS_WRITTEN
    elif _within_rounding(problem, truth):
        lies = Lies.ROUNDED
    else:
        raise _off(problem, truth.value)
    names = first_of([*problem.meant])
    told = SENTENCES[lies].format(curve=curve_of(problem), dtype=problem.dtype, names=names, slope=SLOPE)
    return Position(lies, told)


def curve_of(problem: Problem) -> str:
    """What an equation describes."""
    return "curve" if len(problem.variables) == 2 else "surface"


def exactly_zero(value: Real | None) -> bool:
    """Is it 0, proven?"""
    return value is not None and value.mantissa == 0


def _as_written(problem: Problem) -> bool:
    """Does the equation hold where the point was meant, before its numbers were rounded?"""
    rest = {name: value for name, value in problem.numbers.items() if name not in problem.meant}
    try:
        found = ask.value(substitute(problem.root, problem.meant), rest) if problem.meant else None
    except LimitError:
        return False
    return exactly_zero(found)


def _within_rounding(problem: Problem, truth: Truth) -> bool:
    """Does the curve pass between two points that are a unit in the last place away, up and down the slope?"""
    sides: list[int] = []
    for side in (1, -1):
        moved = {}
        for name, value in problem.numbers.items():
            slope = truth.slopes[name].value if name in truth.slopes else None
            sign = 0 if slope is None or not slope.mantissa else (1 if slope.mantissa > 0 else -1)
            moved[name] = Fraction(value) + side * sign * problem.format.ulp(value)
        found = _value(problem.root, moved)
        sides.append(0 if found is None else found.mantissa)
    return sides[0] * sides[1] < 0


def _value(root: Node, point: Mapping[str, Fraction]) -> Real | None:
    try:
        return ask.value(root, point)
    except LimitError:
        return None


def _off(problem: Problem, value: Real) -> PointError:
    """The error at a point that is not on the curve, with one that is, where it is near."""
    assert problem.of is not None
    point = {name: Fraction(one) for name, one in problem.numbers.items()}
    found = solved(problem.root, problem.of, point)
    hint = None
    if found is not None:
        near = {**problem.numbers, problem.of: problem.format.nearest(found)}
        hint = f"the {curve_of(problem)} has {place({problem.of: near[problem.of]})} there: --at {_assigned(near)}"
    off = brief(value.nearest(problem.format))
    curve = curve_of(problem)
    return PointError(f"the point is not on the {curve}: the left side minus the right one is {off} there", hint=hint)


def _assigned(point: Mapping[str, float]) -> str:
    return ",".join(f"{name}={value!r}" for name, value in point.items())


# -- points of the curve


def solved(root: Node, of: str, start: Mapping[str, Fraction]) -> Fraction | None:
    """A value of one variable at which `root` is 0, to hundreds of bits, by Newton's steps; None where they fail."""
    slope = derivative(root, of, 1)
    point = dict(start)
    value = _number(root, point)
    for _ in range(TURNS):
        rate = _number(slope, point)
        if value is None or not rate:
            return None
        step = value / rate
        for _ in range(HALVED):  # as long as it leads out of the domain
            there = {**point, of: Fraction(round((point[of] - step) * 2**BITS), 2**BITS)}
            if (value := _number(root, there)) is not None:
                break
            step /= 2
        point = there
        if abs(step) < CLOSE:
            return point[of]
    return None


def _number(root: Node, point: Mapping[str, Fraction]) -> Fraction | None:
    found = _value(root, point)
    return None if found is None else found.fraction()


def points_on(problem: Problem) -> Iterator[dict[str, Fraction]]:
    """Points of the curve, from the varied ones, the same every time; where the last variable fails, by another."""
    assert problem.of is not None
    for name in (problem.of, *problem.wrt):
        for start in varied(problem.names):
            point = {one: Fraction(value) for one, value in start.items()}
            if name in point and (found := solved(problem.root, name, point)) is not None:
                yield point | {name: found}
