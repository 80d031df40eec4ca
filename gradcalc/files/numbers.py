"""Arrays from text files of numbers, a row on each line, with names of columns above them or without."""

from __future__ import annotations

import csv
import re
import zlib
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from gzip import BadGzipFile, GzipFile
from itertools import chain
from math import isfinite
from pathlib import Path
from typing import Any

from gradcalc.arrays.array import Array
from gradcalc.base.errors import FileError, did_you_mean
from gradcalc.base.limits import Limits
from gradcalc.base.words import listed
from gradcalc.files.access import exists, reading
from gradcalc.files.cells import flaw, shown

SEPARATORS = ";\t,"  # the first of them that the first line has, outside of quotes; without any, white space
QUOTED = re.compile(r'"[^"]*"')
LONGEST_NUMBER = 32  # bytes
HINT = "write a row on each line, numbers such as 1.5 between commas; a first line may name the columns"
FILL = "fill it in, leave the row out, or choose other columns: x=@FILE:NAME"
POINT = "a decimal comma is written as a point: 1.5"
NO_VALUE = ("na", "n/a", "null", "none", "-", "?")  # what tables have for a cell without a number
SUFFIXES, PACKED = (".csv", ".tsv", ".tab", ".txt", ".dat"), ".gz"
COLUMNS = re.compile(
    rf"(?P<path>.+?(?:{'|'.join(map(re.escape, SUFFIXES))})(?:{re.escape(PACKED)})?):(?P<names>[^/\\]+)",
    re.DOTALL | re.IGNORECASE,
)
FOREIGN = {  # files that hold numbers in ways of their own
    **dict.fromkeys((".xlsx", ".xls", ".ods"), "save it as .csv"),
    **dict.fromkeys((".parquet", ".feather", ".arrow", ".json", ".jsonl"), "write it as .csv"),
    **dict.fromkeys((".h5", ".hdf5", ".mat"), "save the array as .csv"),
    **dict.fromkeys((".pkl", ".pickle", ".joblib"), "it may hold code; save the array as .csv"),
    **dict.fromkeys((".npy", ".npz", ".safetensors", ".pt", ".pth"), "gradcalc audit reads those; save it as .csv"),
    **dict.fromkeys((".zip", ".bz2", ".xz", ".zst"), "unpack it"),
}


def apart(text: str) -> tuple[Path, tuple[str, ...]]:
    """A file, and the names of the columns that are meant: `data.csv:price,area`, in quotes where they have commas."""
    found = None if exists(text) else COLUMNS.fullmatch(text)
    if found is None:
        return Path(text), ()
    return Path(found["path"]), tuple(one.strip() for one in next(csv.reader([found["names"]], skipinitialspace=True)))


def from_file(path: Path, limits: Limits, columns: Sequence[str] = (), name: str | None = None) -> Array:
    """A matrix from a file with a row on each line; a single row or a single column is a vector.

    Of a file whose first line names its columns, those that are chosen, or that of a `name`, or all. Raises FileError
    with the line and the column, or LimitError.
    """
    table = Table.of(path, limits, columns)
    chosen = columns or ((name,) if name is not None and table.names.count(name) == 1 else ())
    values = table.numbers([table.place(one) for one in chosen] or None, limits)
    return _array(values, len(chosen) or table.width)


def columns_of(path: Path, limits: Limits) -> Mapping[str, Array]:
    """Every column of a file by its name; none where its first line has no names. Raises as `from_file` does."""
    table = Table.of(path, limits)
    for name in table.names:
        table.place(name)
    if not table.names:
        return {}
    values = table.numbers(None, limits)
    return {name: _array(values[place :: table.width], 1) for place, name in enumerate(table.names)}


def _array(values: array[float], columns: int) -> Array:
    shape = (len(values) // columns, columns)
    return Array((max(shape),) if 1 in shape else shape, values)


@dataclass(frozen=True, slots=True)
class Table:
    """A file whose names of columns are read and whose rows of cells, with their lines, are not yet."""

    path: Path
    names: tuple[str, ...]
    width: int
    rows: Iterator[tuple[int, list[str]]]

    @classmethod
    def of(cls, path: Path, limits: Limits, wanted: Sequence[str] = ()) -> Table:
        """Read as far as the first row of numbers. Raises FileError where there is none."""
        if (hint := FOREIGN.get(path.suffix.lower())) and exists(path):
            raise FileError(f"`{path}` is no text", hint=hint)
        if path.suffix.lower() == PACKED and Path(path.stem).suffix.lower() in FOREIGN:
            raise FileError(f"`{path}` is no text", hint=f"unpack it: gunzip {path}")
        comments: list[str] = []
        rows = _rows(_lines(path, limits), comments, path)
        first = next(rows, None)
        if first is None:
            raise FileError(f"`{path}` has no numbers", hint=HINT)
        second = next(rows, None)
        if second is None or not _is_header(first[1], wanted):
            names = _commented(comments, len(first[1]))
            return cls(path, names, len(first[1]), chain([first], [] if second is None else [second], rows))
        names = tuple(one.strip() for one in first[1])
        if len(second[1]) == 1:  # a name of several words
            names = (" ".join(names),)
        return cls(path, names, len(names), chain([second], rows))

    def place(self, name: str) -> int:
        """Where a column stands, by its name, or counted from 1 where there are none. Raises FileError."""
        if self.names.count(name) == 1:
            return self.names.index(name)
        if not self.names and name.isdecimal() and 0 < int(name) <= self.width:
            return int(name) - 1
        if not self.names:
            hint = f"its first line is one of numbers: choose a column from 1 to {self.width}"
            raise FileError(f"`{self.path}` has no column `{shown(name)}`", hint=hint)
        if name in self.names:
            raise FileError(f"`{self.path}` has the column `{shown(name)}` twice", hint="give each a name of its own")
        hint = did_you_mean(name, self.names) or f"it has {listed(self.names)}"
        raise FileError(f"`{self.path}` has no column `{shown(name)}`", hint=hint)

    def numbers(self, places: Sequence[int] | None, limits: Limits) -> array[float]:
        """The numbers of some columns, or of all, row by row. Raises FileError, or LimitError."""
        values = array("d")
        for line, cells in self.rows:
            if len(cells) != self.width:
                found = "1 number" if len(cells) == 1 else f"{len(cells)} numbers"
                raise FileError(f"`{self.path}`, line {line}: {found}, expected {self.width} as above", hint=HINT)
            values.extend(self._row(cells if places is None else [cells[one] for one in places], line, places, cells))
            limits.require("elements", len(values), f"`{self.path}` has more than {limits.elements:,} numbers")
        return values

    def _row(self, chosen: list[str], line: int, places: Sequence[int] | None, cells: list[str]) -> list[float]:
        """The numbers of one row, at the speed of `float`, which reads more than numbers: `1_0`, `nan`."""
        text = "".join(chosen)
        try:
            values = list(map(float, chosen)) if text.isascii() and "_" not in text else []
        except ValueError:
            values = []
        if values and all(map(isfinite, values)):
            return values
        for place, cell in zip(places or range(len(cells)), chosen, strict=True):
            if wrong := flaw(cell):
                where = f"`{self.path}`, line {line}, column {self._name(place)}"
                raise FileError(f"{where}: {wrong}", hint=self._hint(cell, cells))
        return list(map(float, chosen))

    def _name(self, place: int) -> str:
        return f"`{shown(self.names[place])}`" if self.names else str(place + 1)

    def _hint(self, cell: str, cells: Sequence[str]) -> str:
        """What to do about a cell that is no number."""
        if re.fullmatch(r"\s*[+-]?\d+,\d+\s*", cell):
            return POINT
        if not self.names:
            return HINT
        if not cell.strip() or cell.strip().lower() in NO_VALUE or flaw(cell) != f"`{shown(cell)}` is not a number":
            return FILL
        fit = [name for name, one in zip(self.names, cells, strict=True) if flaw(one) is None]
        return f"x=@{self.path}:{','.join(map(_quoted, fit))} takes the columns of numbers" if fit else HINT


def _quoted(name: str) -> str:
    """The name of a column as `apart` reads it."""
    return f'"{name}"' if "," in name else name


def _commented(comments: Sequence[str], width: int) -> tuple[str, ...]:
    """The names of columns that a comment in front has, as NumPy's `savetxt` writes them; none where there are none."""
    words = re.split(r"\s*[,;\t]\s*|\s+", comments[0]) if comments else []
    return tuple(words) if len(words) == width else ()


def _is_header(cells: Sequence[str], wanted: Sequence[str]) -> bool:
    """Are these names: no numbers, and words at least one of them? Or those that are asked for?"""
    names = [one.strip() for one in cells]
    if wanted and set(wanted) <= set(names):  # unless they count columns that have no names
        counted = all(one.isdecimal() and 0 < int(one) <= len(names) for one in wanted)
        return not counted or any(flaw(one) for one in names)
    return any(any(map(str.isalpha, one)) and one.lower() not in NO_VALUE for one in names) and not any(
        flaw(one) is None or "not a finite" in str(flaw(one)) for one in names
    )


def _rows(lines: Iterator[str], comments: list[str], path: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows of cells with the lines that they begin in, but for blank ones and `comments`, which begin with `#`."""
    number, first = 0, None
    for line in lines:
        number += 1
        if line.strip() and not line.lstrip().startswith("#"):
            first = line
            break
        if line.strip():
            comments.append(line.strip().lstrip("# "))
    if first is None:
        return
    bare = QUOTED.sub("", first)
    mark = next((mark for mark in SEPARATORS if mark in bare), None)
    rest = chain([first], lines)
    yield from _words(rest, number) if mark is None and '"' not in first else _cells(rest, number, mark or ",", path)


def _words(lines: Iterator[str], number: int) -> Iterator[tuple[int, list[str]]]:
    """Rows between whose cells there is white space."""
    for place, line in enumerate(lines, number):
        if line.strip() and not line.lstrip().startswith("#"):
            yield place, line.split()


def _cells(lines: Iterator[str], number: int, mark: str, path: Path) -> Iterator[tuple[int, list[str]]]:
    """Rows between whose cells there is a mark, outside of quotes."""
    reader = csv.reader(lines, delimiter=mark, strict=True, skipinitialspace=True)
    begin = number
    try:
        for row in reader:
            if row and not row[0].startswith("#") and (len(row) > 1 or row[0].strip()):
                yield begin, row
            begin = number + reader.line_num
    except csv.Error as error:
        says = "a quote is left open" if "unexpected end" in str(error) else str(error)
        raise FileError(f"`{path}`, line {begin}: {says}", hint=HINT) from None


def _lines(path: Path, limits: Limits) -> Iterator[str]:
    """The lines of a file, packed by gzip or not, whatever they end with."""
    longest = limits.elements * LONGEST_NUMBER
    try:
        with reading(path) as file:
            source: Any = GzipFile(fileobj=file) if path.suffix.lower() == PACKED else file
            mark = "\ufeff"
            while data := source.readline(longest + 1):
                if len(data) > longest:
                    limits.require("elements", limits.elements + 1, f"a line of `{path}` is too long")
                for line in data.splitlines():
                    yield line.decode().removeprefix(mark)
                    mark = ""
    except UnicodeDecodeError:
        raise FileError(f"`{path}` is not UTF-8 text", hint="save it as text in UTF-8") from None
    except (EOFError, zlib.error, BadGzipFile) as error:
        raise FileError(f"cannot read `{path}`: {error}") from None
