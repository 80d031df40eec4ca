"""Where in the user's source an operation ran: file, line, and the columns of the very sub-expression."""

from __future__ import annotations

import dis
import linecache
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import CodeType, FrameType

ROOT = str(Path(__file__).parents[1])
LIBRARIES = (ROOT, sysconfig.get_paths()["stdlib"], "<")  # whose own lines are nobody's fault
Positions = tuple[int | None, int | None, int | None, int | None]


@dataclass(frozen=True, slots=True)
class Place:
    """A piece of a line of source; `span` is half-open and in characters, `whole` the source of the expression."""

    file: str
    line: int
    span: tuple[int, int]
    source: str
    whole: str = ""


_outside: list[tuple[CodeType, Place | None]] = []  # beyond a frame of this code nothing belongs to what is run


@contextmanager
def bounded(code: CodeType, place: Place | None) -> Iterator[None]:
    """Lets what is run below `code` without a line of the user's stand at a place, not at a line that is above it."""
    _outside.append((code, place))
    try:
        yield
    finally:
        _outside.pop()


_known: dict[tuple[str, CodeType, int], Place] = {}  # codes of two files may be equal


def here(foreign: tuple[str, ...]) -> Place | None:
    """The place that the innermost frame of the user's is at; `foreign` are folders of libraries."""
    frame: FrameType | None = sys._getframe(1)
    strangers = (*LIBRARIES, *foreign)
    while frame is not None and frame.f_code.co_filename.startswith(strangers):
        if _outside and frame.f_code is _outside[-1][0]:
            return _outside[-1][1]
        frame = frame.f_back
    return None if frame is None else place_at(frame.f_code, frame.f_lasti)


def place_at(code: CodeType, instruction: int) -> Place:
    """The place of an instruction, by its offset in the code."""
    key = code.co_filename, code, instruction
    if key not in _known:
        positions = next(islice(code.co_positions(), instruction // 2, None))
        _known[key] = placed(code.co_filename, positions, positions[0] or code.co_firstlineno)
    return _known[key]


def result_of(code: CodeType) -> Place | None:
    """Where a function says what it returns: its last `return`, or all of a lambda."""
    found, before = None, None
    for one in dis.get_instructions(code):
        if one.opname.startswith("RETURN"):
            empty = one.positions is None or one.positions.col_offset == one.positions.end_col_offset
            found = before if empty else one.positions
        before = one.positions
    if found is None:
        return None
    positions = found.lineno, found.end_lineno, found.col_offset, found.end_col_offset
    return placed(code.co_filename, positions, code.co_firstlineno)


def placed(file: str, positions: Positions, number: int) -> Place:
    """The place at positions that Python counts in bytes of UTF-8."""
    line, last, begin, end = positions
    source = linecache.getline(file, line or number).rstrip("\n")
    if line is None or last is None or begin is None or end is None:
        return Place(file, number, (0, len(source)), source)
    lines = [linecache.getline(file, one).rstrip("\n").encode() for one in range(line, last + 1)]
    first, until = lines[0], lines[-1]
    whole = [*lines[:-1], until[:end]]
    whole[0] = whole[0][begin:]
    start = len(first[:begin].decode(errors="replace"))
    stop = len(first[:end].decode(errors="replace")) if line == last else len(source)
    return Place(file, line, (start, stop), source, b"\n".join(whole).decode(errors="replace"))
