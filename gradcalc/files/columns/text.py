"""The header and the pieces of a table of text, whoever makes columns of them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import PurePath
from typing import BinaryIO

from gradcalc.base.errors import FileError
from gradcalc.files.columns.kinds import DELIMITERS
from gradcalc.files.table import header, whole_records

SIZE = 1 << 23  # bytes of a piece: some hundred thousand rows
BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Text:
    """A table of text whose header is read: the names of its columns, and what comes behind it, from a line on."""

    path: PurePath
    kind: str
    names: tuple[str, ...]
    records: Iterator[bytes]
    position: int
    line: int

    def pieces(self, start: tuple[int, int] | None) -> Iterator[tuple[bytes, int, int]]:
        """Bytes that end with a row, the line that they begin in and the position behind them, from `start` on.

        There is a piece at least, though it be empty.
        """
        position, line, always = self.position, self.line, True
        wanted, first = start or (position, line)
        for data in self.records:
            begin, position = position, position + len(data)
            if position <= wanted:
                line = first
                continue
            if begin < wanted:
                data, line = data[wanted - begin :], first
            always = False
            yield data, line, position
            line += data.count(b"\n")
        if always:
            yield b"", line, position


def open_text(file: BinaryIO, path: PurePath, kind: str) -> Text:
    """A table of text, its header read. Raises FileError where it has none."""
    records = whole_records(file, path, SIZE, b"" if kind == "jsonl" else b'"')
    first = next(records, b"")
    body = first.removeprefix(BOM)
    blank = len(body) - len(body.lstrip(b"\r\n"))
    if not body.strip():
        raise FileError(f"`{path}` is empty", hint="the first line names the columns" if kind in DELIMITERS else None)
    begin = len(first) - len(body) + blank
    names, size, lines = _keys(body[blank:], path) if kind == "jsonl" else _header(body[blank:], path, kind)
    line = 1 + body[:blank].count(b"\n") + lines
    rest = first[begin + size :]
    return Text(path, kind, names, chain([rest] if rest else [], records), begin + size, line)


def _header(data: bytes, path: PurePath, kind: str) -> tuple[tuple[str, ...], int, int]:
    """The names of the columns, and how many bytes and lines they take."""
    end = data.find(b"\n") + 1 or len(data)
    while data.count(b'"', 0, end) % 2 and end < len(data):
        end = data.find(b"\n", end) + 1 or len(data)
    try:
        text = data[:end].decode()
    except UnicodeDecodeError:
        raise FileError(f"`{path}`, line 1: not UTF-8 text") from None
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=DELIMITERS[kind]))
    return header(rows[0], path), end, data.count(b"\n", 0, end)


def _keys(data: bytes, path: PurePath) -> tuple[tuple[str, ...], int, int]:
    """The keys of the first object of JSON Lines, which is a row itself."""
    try:
        first = json.loads(data.partition(b"\n")[0])
    except (ValueError, RecursionError):
        first = None
    if not isinstance(first, dict):
        raise FileError(f"`{path}`, line 1: not a JSON object", hint='write {"x": 3} on each line, for instance')
    return tuple(first), 0, 0
