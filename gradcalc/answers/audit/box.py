"""A box as people write it, and the points of it that an audit looks at.

A grid with the ends and simple numbers in one dimension, a Halton sequence with the corners in more. Source: Halton,
Numerische Mathematik 2, 1960, 84-90.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias

from gradcalc.base.errors import UsageError, shortened
from gradcalc.base.floating import Format
from gradcalc.base.span import Span

PRIMES = (2, 3, 5, 7, 11, 13, 17, 19)  # a base for each dimension
MOST_DIMENSIONS = len(PRIMES)
NEXT_NAME = re.compile(r",(?=\s*\w+\s*=)")  # a comma may also stand in an end: `x=0:log(8, 2)`
Box = Mapping[str, tuple[float, float]]
GivenBox: TypeAlias = Mapping[str, tuple[float | str, float | str]] | Sequence[str] | str  # `x=-1:1`, or several


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


def texts_of(given: GivenBox) -> Sequence[str]:
    """Ranges as the command line has them; the ends of those from Python are numbers, or constant expressions."""
    if isinstance(given, str):
        return [given]
    if not isinstance(given, Mapping):
        return given
    for name, ends in given.items():
        if isinstance(ends, str) or not isinstance(ends, Sequence) or len(ends) != 2:
            raise UsageError(f"the range of `{shortened(str(name))}` is no pair", hint='write {"x": (-1, 1)}')
    return [f"{name}={_end(low)}:{_end(high)}" for name, (low, high) in given.items()]


def _end(given: float | str) -> str:
    return given if isinstance(given, str) else repr(float(given))


def parse_box(texts: Sequence[str], value: Callable[[str, Span], float]) -> dict[str, tuple[float, float]]:
    """The box of `x=-1:1,y=0:1` and its like; `value` reads an end, a part of a text. Raises UsageError."""
    box: dict[str, tuple[float, float]] = {}
    for text in (one for several in texts for one in NEXT_NAME.split(several)):
        name, equals, ends = text.partition("=")
        low, _, high = ends.partition(":")
        if not (equals and name.strip() and low.strip() and high.strip()) or ":" in high:
            hint = "write --range x=-1:1, or --range x=-1:1,y=0:1"
            raise UsageError(f"`{shortened(text)}` is no range", hint=hint)
        if name.strip() in box:
            raise UsageError(f"`{shortened(name.strip())}` has two ranges")
        start = len(text) - len(ends)
        middle = start + len(low)
        pair = value(text, Span(start, middle)), value(text, Span(middle + 1, len(text)))
        if not pair[0] < pair[1]:
            raise UsageError(f"the range of `{name.strip()}` is empty", hint="the lower end comes first")
        box[name.strip()] = pair
    return box
