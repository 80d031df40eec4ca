"""The stages of a map side by side: the order of the pieces, and what happens where one of them goes wrong."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from gradcalc.files.columns.piece import Piece
from gradcalc.jobs.map.stages import read_ahead, writing_behind

PIECES = [Piece((), number, 0, 0, 0, 0) for number in range(8)]


class Slow:
    """A writer that makes the first of two pieces slower than the second, and cannot write one of them."""

    def __init__(self, wrong: int | None = None) -> None:
        self.wrong, self.written, self.closed = wrong, list[int](), False

    def prepared(self, piece: Piece, results: Sequence[Any]) -> Callable[[], int]:
        def made() -> int:
            time.sleep(0.01 * (piece.carried % 2 == 0))
            return int(piece.carried)

        return made

    def write(self, made: int) -> None:
        if made == self.wrong:
            raise OSError("no room")
        self.written.append(made)

    def close(self) -> None:
        self.closed = True


def test_pieces_are_written_in_their_order_and_noted_behind() -> None:
    writer, noted = Slow(), list[int]()
    with writing_behind(writer) as behind:
        for piece in read_ahead(iter(PIECES)):
            behind.put(piece, [], lambda: noted.append(writer.written[-1]))
    assert (writer.written, noted, writer.closed) == (list(range(8)), list(range(8)), True)


def test_what_comes_behind_a_piece_that_cannot_be_written_is_neither_written_nor_noted() -> None:
    writer, noted = Slow(wrong=3), list[int]()
    with pytest.raises(OSError, match="no room"), writing_behind(writer) as behind:
        for piece in PIECES:
            behind.put(piece, [], lambda: noted.append(writer.written[-1]))
    assert (writer.written, noted, writer.closed) == ([0, 1, 2], [0, 1, 2], False)


def test_what_goes_wrong_in_reading_is_raised_behind_the_pieces_before_it() -> None:
    def pieces() -> Iterator[int]:
        yield from (1, 2)
        raise ValueError("not a number")

    seen: list[int] = []
    with pytest.raises(ValueError, match="not a number"):
        seen.extend(read_ahead(pieces()))
    assert seen == [1, 2]


def test_nobody_waits_for_a_pipe_that_never_ends() -> None:
    release = threading.Event()

    def pieces() -> Iterator[int]:
        yield 1
        release.wait(30)

    begin = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        for _ in read_ahead(pieces()):
            raise KeyboardInterrupt
    release.set()
    assert time.monotonic() - begin < 10
