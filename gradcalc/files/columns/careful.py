"""Rows read one by one, where something is wrong among them: what, in which line and column, or without such rows."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from gradcalc.base.errors import FileError, shortened
from gradcalc.files.cells import flaw
from gradcalc.files.table import parsed

JSON_WORDS = {str: "text", bool: "true or false", list: "a list", dict: "an object", type(None): "null"}
SKIP = "leave such rows out with --on-error skip"
Flaw = tuple[int, str | None, str]  # the line, the column, and what is wrong


@dataclass(frozen=True, slots=True)
class Rows:
    """What a careful reader needs to know: the file, its columns, those that hold numbers, and whether to skip."""

    path: PurePath
    names: tuple[str, ...]
    numbers: tuple[str, ...]
    skip: bool | None

    def error(self, line: int, column: str | None, what: str) -> FileError:
        """What is wrong with a row."""
        where = "" if column is None else f", column `{shortened(column)}`"
        return FileError(f"`{self.path}`, line {line:,}{where}: {what}", hint=None if self.skip is None else SKIP)

    def kept(self, rows: Iterator[tuple[int, Any, Flaw | None]]) -> Iterator[Any]:
        """The rows without a flaw. Raises FileError at the first that has one, unless they are skipped."""
        for _, row, found in rows:
            if found is None:
                yield row
            elif not self.skip:
                raise self.error(*found)


def csv_rows(data: bytes, line: int, delimiter: str, rows: Rows) -> tuple[list[list[str]], int]:
    """The rows of a piece of CSV that begins in a line, their numbers without signs in front; how many were skipped."""
    places = [(rows.names.index(name), name) for name in rows.numbers]
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        at = line + data.count(b"\n", 0, error.start)
        raise FileError(f"`{rows.path}`, line {at:,}: not UTF-8 text") from None
    found, lines, _ = parsed(text, line, rows.path, delimiter)
    given = [(number, row) for number, row in zip(lines, found, strict=True) if row]

    def judged() -> Iterator[tuple[int, list[str], Flaw | None]]:
        for number, row in given:
            yield number, row, _csv_flaw(number, row, places, len(rows.names))

    kept = list(rows.kept(judged()))
    for row in kept:
        for place, _ in places:
            row[place] = row[place].strip().removeprefix("+")
    return kept, len(given) - len(kept)


def _csv_flaw(line: int, row: list[str], places: Sequence[tuple[int, str]], width: int) -> Flaw | None:
    if len(row) != width:
        found = "1 value" if len(row) == 1 else f"{len(row)} values"
        return line, None, f"{found}, expected {width}"
    return next(((line, name, wrong) for place, name in places if (wrong := flaw(row[place]))), None)


def csv_text(rows: Sequence[Sequence[str]], delimiter: str) -> bytes:
    """Rows as CSV."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def json_lines(data: bytes, line: int, rows: Rows) -> tuple[list[bytes], int]:
    """The lines of a piece of JSON Lines that begins in a line; how many were skipped."""
    given = [(number, text) for number, text in enumerate(data.split(b"\n"), line) if text.strip()]

    def judged() -> Iterator[tuple[int, bytes, Flaw | None]]:
        for number, text in given:
            yield number, text, _json_flaw(number, text, rows.numbers)

    kept = list(rows.kept(judged()))
    return kept, len(given) - len(kept)


def _json_flaw(line: int, text: bytes, names: Sequence[str]) -> Flaw | None:
    try:
        row = json.loads(text)
    except (ValueError, RecursionError) as error:
        what = error.msg if isinstance(error, json.JSONDecodeError) else "it cannot be read"
        return line, None, f"not JSON: {what[:1].lower()}{what[1:]}"
    if not isinstance(row, dict):
        return line, None, f"{JSON_WORDS.get(type(row), 'a number')}, expected an object"
    for name in names:
        if name not in row or row[name] is None:
            return line, name, "there is no value"
        if isinstance(row[name], bool) or not isinstance(row[name], int | float):
            return line, name, f"`{shortened(str(row[name]))}` is {JSON_WORDS[type(row[name])]}, expected a number"
        if not _finite(row[name]):
            return line, name, f"`{shortened(str(row[name]))}` is not a finite number"
    return None


def _finite(value: int | float) -> bool:
    try:
        return math.isfinite(float(value))
    except OverflowError:
        return False
