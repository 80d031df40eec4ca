"""Arrays from files of numbers, a row on each line."""

from __future__ import annotations

import math
import re
from array import array
from pathlib import Path

from gradcalc.arrays.given import Numbers
from gradcalc.errors import FileError
from gradcalc.files import reason
from gradcalc.limits import Limits

SEPARATOR = re.compile(r"[,;\s]\s*")


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
