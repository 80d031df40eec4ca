"""Columns of numbers out of a CSV or TSV file, block by block, in bounded memory; an error names line and column."""

from __future__ import annotations

import csv
import gc
import io
import math
from array import array
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path, PurePath
from typing import BinaryIO

from gradcalc.base.errors import FileError, did_you_mean
from gradcalc.files.access import reading
from gradcalc.files.cells import flaw, shown

BLOCK = 1 << 16  # bytes read at once: a few thousand rows, which stay in the processor's cache
LONGEST_RECORD = 1 << 24  # bytes; a quote that is never closed would otherwise take in the whole file
DELIMITERS = {".tsv": "\t", ".tab": "\t"}
Records = tuple[list[list[str]], Sequence[int]]


@dataclass(frozen=True, slots=True)
class Block:
    """Some rows of a table: one array of float64 for each column asked for, and the line that each row begins in."""

    columns: tuple[array[float], ...]
    lines: Sequence[int]


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose header is read and whose rows are not yet."""

    path: Path
    names: tuple[str, ...]
    records: Iterator[Records]

    def blocks(self, names: Sequence[str], hints: Mapping[str, str] | None = None) -> Iterator[Block]:
        """The columns of those names, in that order.

        Raises FileError at what is missing or no finite number; `hints` say what to do about such a column.
        """
        places = [self.place(name) for name in names]
        for rows, lines in self.records:
            if rows:
                yield Block(tuple(self._columns(rows, lines, places, hints or {})), lines)

    def place(self, name: str) -> int:
        """Where a column stands. Raises FileError where there is none, or two."""
        if self.names.count(name) == 1:
            return self.names.index(name)
        if name in self.names:
            raise FileError(f"`{self.path}`, line 1: column `{name}` comes twice")
        hint = did_you_mean(name, self.names) or f"its columns are {', '.join(shown(one) for one in self.names)}"
        raise FileError(f"`{self.path}`, line 1: no column `{name}`", hint=hint)

    def error(self, line: int, name: str, what: str, hint: str | None = None) -> FileError:
        """What is wrong with one cell."""
        return FileError(f"`{self.path}`, line {line}, column `{name}`: {what}", hint=hint)

    def _columns(
        self, rows: list[list[str]], lines: Sequence[int], places: list[int], hints: Mapping[str, str]
    ) -> Iterator[array[float]]:
        try:
            columns = list(zip(*rows, strict=True))
        except ValueError:
            columns = []
        if len(columns) != len(self.names):
            raise self._ragged(rows, lines)
        for place in places:
            name = self.names[place]
            yield self._numbers(columns[place], lines, name, hints.get(name))

    def _ragged(self, rows: list[list[str]], lines: Sequence[int]) -> FileError:
        expected = len(self.names)
        line, found = next((line, len(row)) for row, line in zip(rows, lines, strict=True) if len(row) != expected)
        values = "1 value" if found == 1 else f"{found} values"
        return FileError(f"`{self.path}`, line {line}: {values}, expected {expected}")

    def _numbers(self, cells: Sequence[str], lines: Sequence[int], name: str, hint: str | None) -> array[float]:
        """The cells of one column as numbers, at the speed of `float`, which reads more than numbers: `1_0`, `nan`."""
        text = "".join(cells)
        try:
            numbers = array("d", map(float, cells)) if text.isascii() and "_" not in text else None
        except ValueError:
            numbers = None
        if numbers is not None and math.isfinite(sum(numbers)):
            return numbers
        careful = array("d")
        for cell, line in zip(cells, lines, strict=True):
            if wrong := flaw(cell):
                raise self.error(line, name, wrong, hint)
            careful.append(float(cell))
        return careful


@contextmanager
def open_table(path: Path) -> Iterator[Table]:
    """A table, with its header read. Raises FileError where there is no file, no text in it, or no header."""
    with reading(path) as file, _no_collection():
        records = _records(file, path, DELIMITERS.get(path.suffix.lower(), ","))
        rows, lines = next(((rows, lines) for rows, lines in records if rows), ([], ()))
        if not rows:
            raise FileError(f"`{path}` is empty", hint="the first line names the columns")
        yield Table(path, header(rows[0], path), chain([(rows[1:], lines[1:])], records))


def header(cells: Sequence[str], path: PurePath) -> tuple[str, ...]:
    """The names of the columns. Raises FileError where they are none, or not between commas."""
    names = tuple(name.strip() for name in cells)
    if len(names) == 1 and (mark := next((mark for mark in ";\t|" if mark in names[0]), None)):
        other = "a tab" if mark == "\t" else f"`{mark}`"
        raise FileError(
            f"`{path}`, line 1: {other} between the columns, expected `,`",
            hint="write commas and decimal points, or tabs in a file named .tsv",
        )
    if unreadable := [name for name in names if not name.isprintable()]:
        raise FileError(f"`{path}`, line 1: `{shown(unreadable[0])}` is not the name of a column")
    return names


@contextmanager
def _no_collection() -> Iterator[None]:
    """The garbage collector rests: rows come and go by the thousand, none in a cycle, and it would walk all else."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _records(file: BinaryIO, path: Path, delimiter: str) -> Iterator[Records]:
    """The rows of a file without its blank lines, block by block, and the line that each row begins in."""
    line = 1
    for data in whole_records(file, path):
        try:
            text = data.decode("utf-8-sig" if line == 1 else "utf-8")
            rows, lines, count = parsed(text, line, path, delimiter)
        except UnicodeDecodeError as error:
            where = line + data.count(b"\n", 0, error.start)
            raise FileError(f"`{path}`, line {where}: not UTF-8 text") from None
        yield rows, lines
        line += count


def whole_records(file: BinaryIO, path: PurePath, size: int = 0, quote: bytes = b'"') -> Iterator[bytes]:
    """The bytes of a file in pieces of about `size`, BLOCK if 0, that end with a line where no quote is open."""
    rest, size = b"", size or BLOCK
    while more := file.read(size):
        rest += more
        end = rest.rfind(b"\n") + 1
        if end and (not quote or rest.count(quote, 0, end) % 2 == 0):
            yield rest[:end]
            rest = rest[end:]
        elif len(rest) > max(LONGEST_RECORD, 2 * size):
            raise FileError(f"`{path}` has a row of more than {LONGEST_RECORD:,} bytes", hint="is a quote left open?")
    if rest:
        yield rest


def parsed(text: str, line: int, path: PurePath, delimiter: str) -> tuple[list[list[str]], Sequence[int], int]:
    """Rows, their lines and the number of lines. A row may take several lines; a line may be blank."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        rows = list(reader)
    except csv.Error as error:
        raise FileError(f"`{path}`, line {line + reader.line_num - 1}: {error}") from None
    if reader.line_num == len(rows) and [] not in rows:
        return rows, range(line, line + len(rows)), len(rows)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows, lines, before = [], [], 0
    for row in reader:
        if row:
            rows.append(row)
            lines.append(line + before)
        before = reader.line_num
    return rows, lines, before
