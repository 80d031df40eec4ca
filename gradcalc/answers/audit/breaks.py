"""Where a function breaks between the points that were looked at.

A kink, a jump or a pole sits where some quantity inside the function is 0: `x - 0.3` of `abs(x - 0.3)`. Where such a
quantity has another sign at one sample than at the next, the place is found by halving the way between them, far more
finely than floats are spaced, and the function is looked at on either side of it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from gradcalc.answers.records import Verdict
from gradcalc.base.errors import LimitError
from gradcalc.base.real import Real, fraction
from gradcalc.engines.exact.at_point import by_rules, evaluate
from gradcalc.engines.exact.switches import switches
from gradcalc.problem.problem import Problem
from gradcalc.syntax.tree import Node

HALVINGS = 300
DISTANCES = (Fraction(1, 2**60), Fraction(1, 2**120), Fraction(1, 2**180))  # from the place, as parts of the way
SETTLING = Fraction(1, 2)  # what a difference has to shrink to, from one distance to the next, to go to 0
STEEPER = 2  # times steeper from one distance to the next: the slope has no bound
NOISE = Fraction(1, 2**90)  # relative

Place = Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class Break:
    """A place where the function breaks because `quantity` is 0, to the nearest floats; slopes along the way to it."""

    at: Mapping[str, float]
    quantity: str
    verdict: Verdict
    left: float | None = None
    right: float | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """The line from one sample to another."""

    start: Place
    step: Place

    def at(self, part: Fraction) -> Place:
        """The place at a part of the way."""
        return {name: value + part * self.step.get(name, 0) for name, value in self.start.items()}


def breaks(problem: Problem, samples: Sequence[Mapping[str, float]], names: Sequence[str]) -> Iterator[Break]:
    """The places between samples where the problem's function breaks.

    Of one name, every two neighbours are compared; of several, two samples for each quantity that changes its sign.
    """
    places = []
    for text, way, part in _crossings(problem.root, samples, names):
        found = _broken(problem, way, part)
        at = {name: problem.format.nearest(value) for name, value in way.at(part).items()}
        if found is not None and at not in places:
            places.append(at)
            verdict, slopes = found
            shown = [problem.format.nearest(slope / way.step[names[0]]) for slope in slopes] if len(names) == 1 else ()
            yield Break(at, text, verdict, *shown)


def _crossings(
    root: Node, samples: Sequence[Mapping[str, float]], names: Sequence[str]
) -> Iterator[tuple[str, Way, Fraction]]:
    """The quantities that change their sign, and where on which way."""
    places: list[Place] = [{name: Fraction(value) for name, value in sample.items()} for sample in samples]
    for text, quantity in switches(root).items():
        signed = [(place, sign) for place in places if (sign := _sign(quantity, place))]
        for (start, before), (end, after) in itertools.pairwise(signed) if len(names) == 1 else _opposite(signed):
            if before != after:
                way = Way(start, {name: end[name] - start[name] for name in names})
                yield text, way, _root(quantity, way)


def _opposite(signed: list[tuple[Place, int]]) -> list[tuple[tuple[Place, int], tuple[Place, int]]]:
    """The last sample, and the last one with the other sign: both inside the box, and not at its corners."""
    end = signed[-1:]
    start = [one for one in signed if one[1] != end[0][1]][-1:]
    return list(zip(start, end, strict=False))


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


def _broken(problem: Problem, way: Way, part: Fraction) -> tuple[Verdict, list[Fraction]] | None:
    """What the function does at a part of the way; None where it goes through smoothly, or does not go on."""
    sides = [[_seen(problem, way, part + side * distance) for distance in DISTANCES] for side in (-1, 1)]
    left, right = ([one for one in side if one is not None] for side in sides)
    if min(len(left), len(right)) < len(DISTANCES):
        return None
    sizes = [max(abs(before[0]), abs(after[0])) for before, after in zip(left, right, strict=True)]
    if any(_stays([two - one for (one, _), (two, _) in itertools.pairwise(side)], sizes) for side in (left, right)):
        return Verdict.UNDEFINED, []  # a pole
    if _stays([after[0] - before[0] for before, after in zip(left, right, strict=True)], sizes):
        return Verdict.UNDEFINED, []  # a jump
    if any(abs(side[-1][1]) > STEEPER * abs(side[-2][1]) for side in (left, right)):
        return Verdict.INFINITE, []
    slopes = [left[-1][1], right[-1][1]]
    turns = [after[1] - before[1] for before, after in zip(left, right, strict=True)]
    return (Verdict.KINK, slopes) if _stays(turns, [max(map(abs, slopes))]) else None


def _stays(differences: Sequence[Fraction], sizes: Sequence[Fraction]) -> bool:
    """Does a difference not go to 0 with the distance? Not where it is no more than the noise of numbers so large."""
    return abs(differences[-1]) > max(SETTLING * abs(differences[-2]), NOISE * sizes[-1])


def _seen(problem: Problem, way: Way, part: Fraction) -> tuple[Fraction, Fraction] | None:
    """The value, and the slope by the part of the way; None where there is none, or one too large to tell."""
    place = way.at(part)
    try:
        found = evaluate(problem.root, place)
        slopes = by_rules(problem.root, place, list(way.step)).values()
    except LimitError:
        return None
    parts = [None if slope is None else fraction(slope.value) for slope in slopes]
    value = fraction(found) if isinstance(found, Real) else None
    if value is None or None in parts:
        return None
    return value, sum((one * step for one, step in zip(parts, way.step.values(), strict=True) if one), Fraction(0))
