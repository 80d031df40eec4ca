"""How a function breaks at a place where some quantity inside it is 0, and in a box where such places are.

In a box of several variables they are looked for between samples at which the quantity has different signs, by halving
the way between them, far more finely than floats are spaced.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from gradcalc.answers.audit.pieces import Zero
from gradcalc.answers.compare import VERDICTS
from gradcalc.answers.verdicts import Verdict
from gradcalc.base.errors import LimitError
from gradcalc.base.real import WRITTEN_OUT, Real, fraction
from gradcalc.calculus.simplify import rational
from gradcalc.engines.exact.at_point import at_point, evaluate
from gradcalc.engines.exact.interval import Interval
from gradcalc.engines.exact.singularity import JUMPS
from gradcalc.engines.exact.switches import switches
from gradcalc.engines.exact.truth import slopes
from gradcalc.engines.exact.values import Undefined
from gradcalc.problem.problem import Problem
from gradcalc.syntax.tree import Node

HALVINGS = 300
DISTANCES = (Fraction(1, 2**60), Fraction(1, 2**120), Fraction(1, 2**180))  # from the place, as parts of the way
SETTLING = Fraction(1, 2)  # what a difference has to shrink to, from one distance to the next, to go to 0
STEEPER = 2  # times steeper from one distance to the next: the slope has no bound
NOISE = Fraction(1, 2**90)  # relative
POLE, JUMP, HOLE = "a pole", "a jump", "no value at this one point"
INFINITE, KINK = "the slope is infinite", "kink"

Place = Mapping[str, Fraction]
Seen = tuple[Fraction, Fraction]  # a value and a slope
Sides = tuple[list[Seen], list[Seen]]


@dataclass(frozen=True, slots=True)
class Break:
    """A place where the function breaks because `quantity` is 0, to the nearest floats; at a kink, with its slopes."""

    at: Mapping[str, float]
    quantity: str
    verdict: Verdict
    what: str
    left: float | None = None
    right: float | None = None


@dataclass(frozen=True, slots=True)
class Broken:
    """How a function breaks."""

    verdict: Verdict
    what: str
    slopes: Sequence[Fraction] = ()


@dataclass(frozen=True, slots=True)
class Way:
    """The line from one sample to another."""

    start: Place
    step: Place

    def at(self, part: Fraction) -> Place:
        """The place at a part of the way."""
        return {name: value + part * self.step.get(name, 0) for name, value in self.start.items()}


def break_at(problem: Problem, name: str, zero: Zero, whole: Interval) -> Break | None:
    """How the problem's function breaks at a place of a range of one variable; None where it goes through smoothly.

    Raises LimitError where that is too hard to tell.
    """
    fixed = {other: Fraction(value) for other, value in problem.numbers.items()}
    low, high = whole.fractions()
    way = Way(fixed | {name: low}, {name: high - low})
    known = None if zero.number is None else rational(zero.number)
    place = sum(zero.where.fractions(), Fraction(0)) / 2 if known is None else known
    part = (place - low) / (high - low)
    found = _beside(problem, way, part) if known is None else _exactly(problem, name, way, part)
    if found is None:
        return None
    slopes = [problem.format.nearest(slope) for slope in found.slopes]
    return Break({name: problem.format.nearest(place)}, zero.quantities[0], found.verdict, found.what, *slopes)


def _exactly(problem: Problem, name: str, way: Way, part: Fraction) -> Broken | None:
    """How it breaks at a rational number, where the function itself tells."""
    place = way.at(part)
    if isinstance(evaluate(problem.root, place), Undefined):
        if _runs_away(problem, way, part):
            return Broken(Verdict.UNDEFINED, POLE)
        sides = _sides(problem, way, part)
        return _broken(sides, way) or (Broken(Verdict.UNDEFINED, HOLE) if _on_both(sides) else None)
    slope = slopes(problem.root, place, [name], 1)[name]
    verdict = VERDICTS.get(slope.smoothness)
    if verdict is Verdict.KINK:
        return Broken(verdict, KINK, [one for one in map(fraction, (slope.left, slope.right)) if one is not None])
    if verdict is Verdict.INFINITE:
        return Broken(verdict, INFINITE)
    if verdict is None:
        return None
    what = JUMP if slope.why in (None, JUMPS) else slope.why  # at the edge of the domain there is one side alone
    return _beside(problem, way, part) or Broken(verdict, what)


def breaks(problem: Problem, samples: Sequence[Mapping[str, float]], names: Sequence[str]) -> Iterator[Break]:
    """Where the problem's function breaks between samples: a place for each quantity that changes its sign."""
    places = []
    for text, way, part in _crossings(problem.root, samples, names):
        found = _beside(problem, way, part)
        at = {name: problem.format.nearest(value) for name, value in way.at(part).items()}
        if found is not None and at not in places:
            places.append(at)
            yield Break(at, text, found.verdict, found.what)


def _crossings(
    root: Node, samples: Sequence[Mapping[str, float]], names: Sequence[str]
) -> Iterator[tuple[str, Way, Fraction]]:
    """The quantities that change their sign, and where on which way."""
    places: list[Place] = [{name: Fraction(value) for name, value in sample.items()} for sample in samples]
    for text, quantity in switches(root).items():
        signed = [(place, sign) for place in places if (sign := _sign(quantity, place))]
        end = signed[-1:]
        start = [one for one in signed if one[1] != end[0][1]][-1:]  # both inside the box, and not at its corners
        for (first, _), (last, _) in zip(start, end, strict=False):
            way = Way(first, {name: last[name] - first[name] for name in names})
            yield text, way, _root(quantity, way)


def _sign(quantity: Node, place: Place) -> int | None:
    """The sign of a quantity; None where it has no value, or one too large to tell."""
    try:
        value = evaluate(quantity, place)
    except LimitError:
        return None
    return (value.mantissa > 0) - (value.mantissa < 0) if isinstance(value, Real) else None


def _root(quantity: Node, way: Way) -> Fraction:
    """The part of a way at which a quantity is 0, or changes its sign within 2**-HALVINGS of the way."""
    low, high = Fraction(0), Fraction(1)
    first = _sign(quantity, way.at(low))
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        sign = _sign(quantity, way.at(middle))
        if sign == 0:
            return middle
        low, high = (middle, high) if sign == first else (low, middle)
    return (low + high) / 2


def _beside(problem: Problem, way: Way, part: Fraction) -> Broken | None:
    """How it breaks at a part of the way, seen from both sides."""
    return _broken(_sides(problem, way, part), way)


def _sides(problem: Problem, way: Way, part: Fraction) -> Sides:
    """What is seen of the function before a part of the way and behind it, nearer and nearer."""
    left, right = ([_seen(problem, way, part + side * distance) for distance in DISTANCES] for side in (-1, 1))
    return [one for one in left if one is not None], [one for one in right if one is not None]


def _runs_away(problem: Problem, way: Way, part: Fraction) -> bool:
    """Has the function values on both sides, one of them too large to be written, as those of `exp(1/x)` beside 0?

    Raises LimitError where they are too large even to be told.
    """
    found = [evaluate(problem.root, way.at(part + side * DISTANCES[0])) for side in (-1, 1)]
    values = [one for one in found if isinstance(one, Real)]
    return len(values) == len(found) and any(one.exponent > WRITTEN_OUT for one in values)


def _on_both(sides: Sides) -> bool:
    """Does the function go on?"""
    return min(map(len, sides)) == len(DISTANCES)


def _broken(sides: Sides, way: Way) -> Broken | None:
    """What the function does between two sides; None where it goes through smoothly, or does not go on."""
    if not _on_both(sides):
        return None
    left, right = sides
    sizes = [max(abs(before[0]), abs(after[0])) for before, after in zip(left, right, strict=True)]
    if any(_stays([two - one for (one, _), (two, _) in itertools.pairwise(side)], sizes) for side in (left, right)):
        return Broken(Verdict.UNDEFINED, POLE)
    if _stays([after[0] - before[0] for before, after in zip(left, right, strict=True)], sizes):
        return Broken(Verdict.UNDEFINED, JUMP)
    if any(abs(side[-1][1]) > STEEPER * abs(side[-2][1]) for side in (left, right)):
        return Broken(Verdict.INFINITE, INFINITE)
    slopes = [left[-1][1], right[-1][1]]
    turns = [after[1] - before[1] for before, after in zip(left, right, strict=True)]
    if not _stays(turns, [max(map(abs, slopes))]):
        return None
    length = sum(way.step.values()) if len(way.step) == 1 else None
    return Broken(Verdict.KINK, KINK, [slope / length for slope in slopes] if length else [])


def _stays(differences: Sequence[Fraction], sizes: Sequence[Fraction]) -> bool:
    """Does a difference not go to 0 with the distance? Not where it is no more than the noise of numbers so large."""
    return abs(differences[-1]) > max(SETTLING * abs(differences[-2]), NOISE * sizes[-1])


def _seen(problem: Problem, way: Way, part: Fraction) -> Seen | None:
    """The value, and the slope by the part of the way; None where there is none, or one too large to tell."""
    try:
        found, slopes = at_point(problem.root, way.at(part), list(way.step))
    except LimitError:
        return None
    parts = [None if slope is None else _written(slope.value) for slope in slopes.values()]
    value = _written(found) if isinstance(found, Real) else None
    if value is None or None in parts:
        return None
    return value, sum((one * step for one, step in zip(parts, way.step.values(), strict=True) if one), Fraction(0))


def _written(value: Real | None) -> Fraction | None:
    """A number as a fraction, 0 where it is far below all others; None where there is none, or it is too large."""
    return Fraction(0) if value is not None and value.exponent < -WRITTEN_OUT else fraction(value)
