"""Arrays from files of numbers, a row on each line."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterator
from pathlib import Path

from gradcalc.arrays.array import Array
from gradcalc.base.errors import FileError
from gradcalc.base.limits import Limits
from gradcalc.files.access import reading
from gradcalc.files.cells import flaw

SEPARATORS = ";,"  # the first of them that a line has; without either, white space
LONGEST_NUMBER = 32  # bytes
HINT = "write a row on each line, numbers such as 1.5 between commas, without a header"


def from_file(path: Path, limits: Limits) -> Array:
    """A matrix from a file with a row on each line, its numbers between commas, semicolons or white space.

    A single row or a single column is a vector. Raises FileError with the line and the column, or LimitError.
    """
    values, rows, columns = array("d"), 0, 0
    for number, line in enumerate(_lines(path, limits), 1):
        if not line.strip():
            continue
        row = _row(line, number, path)
        if rows and len(row) != columns:
            found = "1 number" if len(row) == 1 else f"{len(row)} numbers"
            raise FileError(f"`{path}`, line {number}: {found}, expected {columns} as above", hint=HINT)
        rows, columns = rows + 1, len(row)
        values.extend(row)
        limits.require("elements", len(values), f"`{path}` has more than {limits.elements:,} numbers")
    if not rows:
        raise FileError(f"`{path}` has no numbers", hint=HINT)
    shape = (rows, columns)
    return Array((max(shape),) if 1 in shape else shape, values)


def _lines(path: Path, limits: Limits) -> Iterator[str]:
    """The lines of a file, whatever they end with."""
    longest = limits.elements * LONGEST_NUMBER
    try:
        with reading(path) as file:
            mark = "\ufeff"
            while data := file.readline(longest + 1):
                if len(data) > longest:
                    limits.require("elements", limits.elements + 1, f"a line of `{path}` is too long")
                for line in data.splitlines():
                    yield line.decode().removeprefix(mark)
                    mark = ""
    except UnicodeDecodeError:
        raise FileError(f"`{path}` is not UTF-8 text", hint="save it as text in UTF-8") from None


def _row(line: str, number: int, path: Path) -> list[float]:
    """The numbers of one line. Raises FileError at what is none."""
    fields = line.strip().split(next((mark for mark in SEPARATORS if mark in line), None))
    try:
        values = list(map(float, fields)) if line.isascii() and "_" not in line else []
    except ValueError:
        values = []
    if values and all(map(math.isfinite, values)):
        return values
    for place, field in enumerate(fields, 1):
        if wrong := flaw(field):
            raise FileError(f"`{path}`, line {number}, column {place}: {wrong}", hint=HINT)
    return list(map(float, fields))
