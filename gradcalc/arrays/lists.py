"""Arrays that are given as Python's lists of numbers."""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from itertools import chain

from gradcalc.arrays.array import Array
from gradcalc.base.errors import PointError, shortened


def from_lists(value: object, name: str) -> Array:
    """Numbers from lists of lists of one shape. Raises PointError where they are none."""
    shape: list[int] = []
    level: list[object] = [value]
    while level and isinstance(level[0], Sequence) and not isinstance(level[0], str):
        sizes = {len(item) if isinstance(item, Sequence) else None for item in level}
        if len(sizes) != 1 or 0 in sizes:
            raise PointError(f"the rows of `{shortened(name)}` differ in length, or are empty")
        shape.append(len(level[0]))
        level = list(chain.from_iterable(item for item in level if isinstance(item, Sequence)))
    return Array(tuple(shape), array("d", (_finite(item, name) for item in level)))


def _finite(item: object, name: str) -> float:
    try:
        value = math.nan if isinstance(item, bool) or not isinstance(item, int | float) else float(item)
    except OverflowError:
        value = math.inf
    if not math.isfinite(value):
        shown = "a number beyond the range of floats" if isinstance(item, int) and value > 0 else shortened(repr(item))
        raise PointError(f"`{shortened(name)}` has {shown} in it, expected finite numbers")
    return value
