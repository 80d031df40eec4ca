"""Which arguments are no floats: found by what the code says of them, one choice after the other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from gradcalc.arrays.array import Array, Value

WHOLE, PLAIN = "whole", "plain"  # whole numbers in a tensor, a number of Python's own
ARGUMENT = re.compile(r"argument '(\w+)'")


def choices(point: Mapping[str, Any], kind: str, so_far: Mapping[str, str], says: str) -> Iterator[dict[str, str]]:
    """Which arguments may be of a kind besides those that are `so_far`: the one that the error names, the last, …"""
    fits = _is_whole if kind == WHOLE else _is_number
    names = [name for name, value in point.items() if name not in so_far and fits(value)]
    named = set(ARGUMENT.findall(says))
    names = sorted(names, key=lambda name: name in named)  # those come first, as the order is turned
    for count in range(1, len(names) + 1):
        for chosen in combinations(reversed(names), count):
            yield {**so_far, **dict.fromkeys(chosen, kind)}


def _is_whole(value: Any) -> bool:
    return isinstance(value, float | Array) and all(one == int(one) for one in _numbers(value))


def _is_number(value: Any) -> bool:
    return isinstance(value, float)


def _numbers(value: Value) -> Sequence[float]:
    return value.values if isinstance(value, Array) else (value,)
