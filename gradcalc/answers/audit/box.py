"""The points of a box that an audit looks at.

A grid with the ends and simple numbers in one dimension, a Halton sequence with the corners in more. Source: Halton,
Numerische Mathematik 2, 1960, 84-90.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping

from gradcalc.base.floating import Format

PRIMES = (2, 3, 5, 7, 11, 13, 17, 19)  # a base for each dimension
MOST_DIMENSIONS = len(PRIMES)
Box = Mapping[str, tuple[float, float]]


def points_of(box: Box, samples: int, form: Format, fixed: Mapping[str, object]) -> Iterator[dict[str, float]]:
    """The sample points, rounded to the format."""
    base = {name: value for name, value in fixed.items() if isinstance(value, float)}
    places = _line(*next(iter(box.values())), samples) if len(box) == 1 else _cloud(box, samples)
    seen: set[tuple[float, ...]] = set()
    for place in places:
        rounded = tuple(form.rounded(coordinate) for coordinate in place)
        if rounded not in seen:
            seen.add(rounded)
            yield base | dict(zip(box, rounded, strict=True))


def _line(low: float, high: float, samples: int) -> list[tuple[float, ...]]:
    """A grid with both ends, and the whole numbers and zero inside, where kinks like to be."""
    grid = {_between(low, high, index, samples - 1) for index in range(samples)} | {low, high}
    whole = range(math.ceil(low), math.floor(high) + 1) if high - low <= samples else ()
    special = {float(number) for number in whole} | ({0.0} if low <= 0 <= high else set())
    return [(place,) for place in sorted(grid | special)]


def _between(low: float, high: float, part: float, whole: float) -> float:
    """The place at `part / whole` of the way from one end to the other."""
    place = low + (high - low) * part / whole
    if math.isfinite(place):
        return place
    return low * (1 - part / whole) + high * (part / whole)  # the way itself is beyond the range of floats


def _cloud(box: Box, samples: int) -> Iterator[tuple[float, ...]]:
    """The corners, the middle, and points that fill the box evenly."""
    yield from itertools.product(*box.values())
    yield tuple(_between(low, high, 1, 2) for low, high in box.values())
    if all(low <= 0 <= high for low, high in box.values()):
        yield (0.0,) * len(box)
    for index in range(1, samples):
        yield tuple(
            _between(low, high, _radical_inverse(index, prime), 1)
            for (low, high), prime in zip(box.values(), PRIMES, strict=False)
        )


def _radical_inverse(index: int, base: int) -> float:
    """The digits of `index` in `base`, mirrored at the point."""
    result, weight = 0.0, 1.0 / base
    while index:
        index, digit = divmod(index, base)
        result += digit * weight
        weight /= base
    return result
