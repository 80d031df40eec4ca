"""Input as lines: what counts as one, how far it is read, and what a pipe does."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from gradcalc.base.errors import FileError
from gradcalc.files import lines as module
from gradcalc.files.lines import Line, Lines


def all_of(data: bytes, longest: int = 100) -> list[Line]:
    """The lines of a pipe into which `data` was written at once."""
    reading, writing = os.pipe()
    os.write(writing, data)
    os.close(writing)
    return taken(Lines(reading, "data", longest))


def taken(lines: Lines) -> list[Line]:
    """Every line, to the end."""
    found = []
    while lines.buffered or not lines.ended:
        if lines.buffered:
            found.append(lines.take())
        else:
            lines.fill()
    return found


INPUTS = {
    "nothing": (b"", []),
    "one line": (b"a\n", [Line(1, b"a", 2)]),
    "a last line without an end": (b"a\nb", [Line(1, b"a", 2), Line(2, b"b", 3)]),
    "blank lines are counted and left out": (b"\n \na\n\t\r\nb\n", [Line(3, b"a", 5), Line(5, b"b", 10)]),
    "the end of a line on Windows is white space": (b"a\r\nb\r\n", [Line(1, b"a\r", 3), Line(2, b"b\r", 6)]),
    "other separators are part of a line": ("a\u2028b\x0bc\n".encode(), [Line(1, b"a\xe2\x80\xa8b\x0bc", 8)]),
    "NUL is a byte like any other": (b"\0\n", [Line(1, b"\0", 2)]),
}


@pytest.mark.parametrize(("data", "lines"), INPUTS.values(), ids=INPUTS)
def test_lines(data: bytes, lines: list[Line]) -> None:
    assert all_of(data) == lines


def test_a_long_line_is_cut_one_byte_past_the_longest() -> None:
    assert all_of(b"12345678\nab\n", longest=3) == [Line(1, b"1234", 9), Line(2, b"ab", 12)]


def test_a_line_may_come_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CHUNK", 2)
    assert all_of(b"abcde\nf\n\ngh") == [Line(1, b"abcde", 6), Line(2, b"f", 8), Line(4, b"gh", 11)]


def test_a_long_line_in_pieces_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CHUNK", 5)
    assert all_of(b"x" * 1000 + b"\ny", longest=70) == [Line(1, b"x" * 71, 1001), Line(2, b"y", 1002)]


def test_a_line_without_an_end_is_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CHUNK", 5)
    reading, writing = os.pipe()
    os.write(writing, b"a\n" + b"x" * 100)
    lines = Lines(reading, "data", 4)
    assert taken(lines) == [Line(1, b"a", 2), Line(2, b"x" * 5, 70)]
    assert lines.broken is not None
    assert lines.broken.message == "line 2 of `data` has no end: over 16 times the limit of 4 line bytes"
    assert lines.broken.hint == "set GRADCALC_MAX_LINE_BYTES to raise it"


def test_a_line_is_there_before_the_pipe_is_closed() -> None:
    reading, writing = os.pipe()
    lines = Lines(reading, "data", 100)
    os.write(writing, b"a\nb")
    lines.fill()
    assert (lines.take(), lines.buffered, lines.ended) == (Line(1, b"a", 2), False, False)
    os.write(writing, b"c\n")
    lines.fill()
    assert lines.take() == Line(2, b"bc", 5)
    os.close(writing)
    os.close(reading)


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    folder = os.open(tmp_path, os.O_RDONLY)
    with pytest.raises(FileError) as caught:
        Lines(folder, "jobs", 100).fill()
    os.close(folder)
    assert caught.value.message == "cannot read `jobs`: is a directory"


def test_a_thread_reads_where_the_system_cannot_wait_for_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "readable", module.pumped)
    assert all_of(b"a\nb\n") == [Line(1, b"a", 2), Line(2, b"b", 4)]


def test_the_thread_hands_on_what_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "readable", module.pumped)
    reading, writing = os.pipe()
    lines = Lines(reading, "data", 100)
    threading.Timer(0.1, os.write, (writing, b"a\n")).start()
    begin = time.monotonic()
    lines.fill()
    assert lines.take() == Line(1, b"a", 2)
    assert time.monotonic() - begin < 5
    os.close(writing)
    assert taken(lines) == []


def test_the_thread_tells_what_cannot_be_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(module, "readable", module.pumped)
    folder = os.open(tmp_path, os.O_RDONLY)
    with pytest.raises(FileError, match="cannot read `jobs`: it broke off"):
        Lines(folder, "jobs", 100).fill()
    os.close(folder)
