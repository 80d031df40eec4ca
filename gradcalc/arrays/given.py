"""Arrays that are given as numbers: Python's lists, and files of numbers."""

from __future__ import annotations

import math
import re
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from gradcalc.errors import FileError, PointError
from gradcalc.files import reason
from gradcalc.limits import Limits

SEPARATOR = re.compile(r"[,;\s]\s*")


@dataclass(frozen=True, slots=True)
class Numbers:
    """Finite numbers of a shape, in row-major order, as they were given."""

    shape: tuple[int, ...]
    values: array[float]


def from_lists(value: object, name: str) -> Numbers:
    """Numbers from lists of lists of one shape. Raises PointError where they are none."""
    shape: list[int] = []
    level: list[object] = [value]
    while level and isinstance(level[0], Sequence) and not isinstance(level[0], str):
        sizes = {len(item) if isinstance(item, Sequence) else None for item in level}
        if len(sizes) != 1 or 0 in sizes:
            raise PointError(f"the rows of `{name}` differ in length, or are empty")
        shape.append(len(level[0]))
        level = list(chain.from_iterable(item for item in level if isinstance(item, Sequence)))
    return Numbers(tuple(shape), array("d", (_finite(item, name) for item in level)))


def _finite(item: object, name: str) -> float:
    if isinstance(item, bool) or not isinstance(item, int | float) or not math.isfinite(item):
        raise PointError(f"`{name}` has {item!r} in it, expected finite numbers")
    return float(item)


def from_file(path: Path, limits: Limits) -> Numbers:
    """A matrix from a file with a row on each line, its numbers between commas, semicolons or white space.

    A single row or a single column is a vector. Raises FileError with the line and the column, or LimitError.
    """
    values, rows, columns = array("d"), 0, 0
    try:
        with path.open(encoding="utf-8-sig") as file:
            for number, line in enumerate(file, 1):
                if not line.strip():
                    continue
                row = _row(line, number, path)
                if rows and len(row) != columns:
                    raise FileError(f"`{path}`, line {number}: {len(row)} numbers, expected {columns}")
                rows, columns = rows + 1, len(row)
                values.extend(row)
                limits.require("elements", len(values), f"`{path}` has more than {limits.elements:,} numbers")
    except OSError as error:
        raise FileError(f"cannot read `{path}`: {reason(error)}") from None
    except UnicodeDecodeError:
        raise FileError(f"`{path}` is not UTF-8 text") from None
    if not rows:
        raise FileError(f"`{path}` has no numbers")
    shape = (rows, columns)
    return Numbers((max(shape),) if 1 in shape else shape, values)


def _row(line: str, number: int, path: Path) -> list[float]:
    """The numbers of one line. Raises FileError at what is none."""
    fields = SEPARATOR.split(line.strip())
    try:
        values = [float(field) for field in fields]
    except ValueError:
        values = []
    if not values or not all(map(math.isfinite, values)):
        place = next(index for index, field in enumerate(fields) if not _is_number(field))
        raise FileError(f"`{path}`, line {number}, column {place + 1}: `{fields[place][:40]}` is not a finite number")
    return values


def _is_number(field: str) -> bool:
    try:
        return math.isfinite(float(field))
    except ValueError:
        return False
