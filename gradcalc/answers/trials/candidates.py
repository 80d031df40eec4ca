"""Points to try, the same ones every time: simple numbers, numbers near those of the expression, varied ones."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import islice, pairwise
from random import Random

from gradcalc.engines import ask
from gradcalc.syntax.tree import Node, Number, postorder

Point = dict[str, float]
SEED = 1729
SIMPLE = (
    1.0,
    2.0,
    3.0,
    0.0,
    -1.0,
    0.5,
    -2.0,
    1.5,
    -0.5,
    4.0,
    -3.0,
    0.25,
    5.0,
    -1.5,
    10.0,
    -0.25,
    -5.0,
    0.1,
    20.0,
    -10.0,
)
MAGNITUDES = tuple(sign * 10.0**power for power in range(-9, 10) for sign in (1, -1))
CYCLES = 3  # through a list of numbers, where there are several variables
MOST_LITERALS = 12
STEPS = (Fraction(1, 2), Fraction(2), Fraction(1, 16))  # away from a number of the expression
RANDOM = 60  # points
NEARBY = 24  # points around another
WALKS, WALK_STEPS = 3, 200
SPACING = 2.0**-20  # of a point from its neighbours


def spread(numbers: Sequence[float], names: Sequence[str]) -> Iterator[Point]:
    """The numbers in their order, for one variable; for several, a different one for each, in changing company."""
    for stride in range(1, CYCLES + 1 if len(names) > 1 else 2):
        for start in range(len(numbers)):
            yield {name: numbers[(start + index * stride) % len(numbers)] for index, name in enumerate(names)}


def landmarks(roots: Iterable[Node]) -> list[float]:
    """Numbers near those that stand in the trees, where the pieces of a function may meet or its domain end."""
    literals = sorted({node.value for node in postorder(*roots) if isinstance(node, Number)})[:MOST_LITERALS]
    pieces = [(low + high) / 2 for low, high in pairwise(literals)]
    ends = [literals[0] - Fraction(1, 2), literals[-1] + Fraction(1, 2)] if literals else []
    around = [value + side * step for step in STEPS for value in literals for side in (1, -1)]
    found = [_float(side * value) for value in (*pieces, *ends, *around) for side in (1, -1)]
    return [value for value in dict.fromkeys(found) if value not in SIMPLE and math.isfinite(value)]


def _float(value: Fraction) -> float:
    """The nearest float; infinite beyond the largest."""
    try:
        return float(value)
    except OverflowError:
        return math.inf


def varied(names: Sequence[str]) -> Iterator[Point]:
    """Numbers of three digits, from hundredths to tens, the moderate ones first; every combination of signs in turn.

    Every third point has coordinates of about the same magnitude.
    """
    random = Random(SEED)
    for index in range(RANDOM):
        width = min(1.5, 0.3 + index / 20)
        middle, width = (0.0, width) if index % 3 else (random.uniform(-width, width), 0.1)
        yield {
            name: (-1) ** (index >> place & 1) * _number(10 ** random.uniform(middle - width, middle + width))
            for place, name in enumerate(names)
        }


def _number(value: float) -> float:
    """The value in three digits."""
    return float(f"{value:.3g}")


def searched(root: Node, names: Sequence[str], special: Sequence[float]) -> Iterator[Point]:
    """For a thin domain: numbers of every magnitude, then the ends of walks towards it, with points around each."""
    yield from spread(MAGNITUDES, names)
    yield from (dict.fromkeys(names, value) for value in special)
    random = Random(SEED)
    for start in islice(spread(SIMPLE, names), WALKS):
        end = _walk(root, start, random)
        yield end
        yield from nearby(end)


def _walk(root: Node, point: Point, random: Random) -> Point:
    """The nearest point to the domain that random steps lead to; longer ones after a success, shorter ones after none.

    Source: Rechenberg, Evolutionsstrategie, 1973: the (1+1) strategy and its rule of one fifth.
    """
    best, size = ask.shortfall(root, point), 1.0
    for _ in range(WALK_STEPS):
        if best.parts == 0:
            break
        moved = _moved(point, size, random)
        there = ask.shortfall(root, moved)
        if there < best:
            point, best, size = moved, there, 2 * size
        else:
            size *= 0.84  # where one step in five succeeds, the size stays
    return point


def nearby(point: Mapping[str, float]) -> Iterator[Point]:
    """Points around one, nearer and nearer."""
    random = Random(SEED)
    size = max(map(abs, point.values())) or 1.0
    return (_moved(point, size * 2.0 ** (-index / 2), random) for index in range(NEARBY))


def _moved(point: Mapping[str, float], size: float, random: Random) -> Point:
    """A point at about that distance, with as few digits as tell the two apart."""
    digits = 1 - math.floor(math.log10(size))
    return {name: round(value + size * random.gauss(0, 1), digits) for name, value in point.items()}


def neighbours(point: Mapping[str, float]) -> Iterator[Point]:
    """Two points very near, on either side, off every line and curve that a special point may lie on."""
    for side in (1, -1):
        yield {
            name: value + side * SPACING * max(abs(value), 1.0) * math.sqrt(index + 1.3)
            for index, (name, value) in enumerate(point.items())
        }
