"""Arrays for people: numbers in brackets, the middle left out where they are many, and what a gradient adds up to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from gradcalc.answers.records import ArrayRow, Row, Verdict
from gradcalc.arrays.array import Array, Value
from gradcalc.arrays.shape import size

Items = TypeVar("Items", list[Any], range)
ENDS = 3  # elements shown at either end of a long row
MOST = 8  # elements of a row that are shown whole
MOST_ROWS = 12  # components listed with all their numbers


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
    return _row(items, _text(count(items)))


def _text(count: int) -> Callable[[float], str]:
    """How each of so many numbers is written."""
    return repr if count <= MOST else "{:.6g}".format


def count(items: Any) -> int:
    """How many numbers there are in nested lists."""
    return sum(map(count, items)) if isinstance(items, list) else 1


def _row(items: Any, text: Callable[[float], str]) -> str:
    if not isinstance(items, list):
        return text(items)
    return f"[{', …, '.join(', '.join(_row(item, text) for item in end) for end in _ends(items))}]"


def _ends(items: Items) -> list[Items]:
    """The items that are shown: all of a few, the first and the last of many."""
    return [items] if len(items) <= MOST else [items[:ENDS], items[-ENDS:]]


def listed(rows: Sequence[Row]) -> list[Row]:
    """The rows to show: all of a few; of many, those that do not agree first."""
    if len(rows) <= MOST_ROWS:
        return list(rows)
    failing = [row for row in rows if row.verdict is not Verdict.AGREE]
    return [*failing, *(row for row in rows if row.verdict is Verdict.AGREE)][:MOST_ROWS]


def not_listed(rows: Sequence[Row]) -> list[str]:
    """A sentence about the rows that are not shown, where there are any."""
    few = f"{MOST_ROWS} of {len(rows):,} components are listed, those that do not agree first; --json has all"
    return [few] if len(rows) > MOST_ROWS else []


def first_of(names: Sequence[str]) -> str:
    """Names in front of a sentence, of many the first ones."""
    if len(names) <= MOST_ROWS:
        return ", ".join(names)
    return f"{', '.join(names[:ENDS])} and {len(names) - ENDS:,} more"


def summary(row: ArrayRow) -> str | None:
    """How many components agree, and which is the worst; None where there is nothing to count."""
    if row.note is not None and not row.known:
        return row.note
    judged = [part for part in row.known if part.verdict is not None]
    if not judged:
        return None
    agreeing = sum(part.verdict is Verdict.AGREE for part in judged)
    counted = f"{agreeing} of {len(judged)} components agree"
    if row.sample:
        counted = f"verified exactly: {len(row.sample)} of {size(row.shape):,} components, {agreeing} of these agree"
    compared = [part for part in row.known if part.ulps is not None]
    if not compared:
        return counted
    worst = max(compared, key=lambda part: part.ulps or 0.0)
    return f"{counted}, the worst is {worst.name}, {worst.ulps:g} ulp off"
