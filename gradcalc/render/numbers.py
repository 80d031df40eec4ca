"""Numbers for people: in full, arrays in brackets, of many the middle left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from gradcalc.arrays.array import Array, Value
from gradcalc.base.words import brief

Items = TypeVar("Items", list[Any], range)
ENDS = 3  # elements shown at either end of a long row
MOST = 8  # elements of a row that are shown whole


def either(value: object, missing: str) -> str:
    """A number in full, or what stands for one that is missing."""
    return missing if value is None else repr(value)


def signed(value: float) -> str:
    """A number in a few digits, with a minus as wide as a plus, as in pictures."""
    return brief(value).replace("-", "−")


def short(value: Value) -> str:
    """A number, or an array as nested lists with the middle of long rows left out; only what is shown is unpacked."""
    if not isinstance(value, Array):
        return repr(value)
    return _part(memoryview(value.values), value.shape, _text(len(value.values)))


def _part(values: memoryview[float], shape: Sequence[int], text: Callable[[float], str]) -> str:
    """A part of an array that lies together, in brackets."""
    if not shape:
        return text(values[0])
    length, *inner = shape
    step = len(values) // length
    parts = ((values[k * step : (k + 1) * step] for k in end) for end in _ends(range(length)))
    return f"[{', …, '.join(', '.join(_part(one, inner, text) for one in end) for end in parts)}]"


def bracketed(items: Any) -> str:
    """Nested lists of numbers, with the middle of long rows left out; of many numbers, the leading digits alone."""
    return _row(items, _text(_count(items)))


def _text(count: int) -> Callable[[float], str]:
    """How each of so many numbers is written."""
    return repr if count <= MOST else "{:.6g}".format


def _count(items: Any) -> int:
    """How many numbers there are in nested lists."""
    return sum(map(_count, items)) if isinstance(items, list) else 1


def _row(items: Any, text: Callable[[float], str]) -> str:
    if not isinstance(items, list):
        return text(items)
    return f"[{', …, '.join(', '.join(_row(item, text) for item in end) for end in _ends(items))}]"


def _ends(items: Items) -> list[Items]:
    """The items that are shown: all of a few, the first and the last of many."""
    return [items] if len(items) <= MOST else [items[:ENDS], items[-ENDS:]]
