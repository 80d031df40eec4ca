"""The stages of a map side by side: a piece is read while another is computed, and those before it are written.

Arrow and torch compute without Python's lock, so that threads are enough. Whatever goes wrong in one is raised where
the pieces are computed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

from gradcalc.files.columns.piece import Piece, Writer

Read = TypeVar("Read")
BEHIND = 2  # pieces that are computed and not yet written
MAKERS = 2  # threads that make text of numbers, which takes longer than all else


def read_ahead(pieces: Iterator[Read]) -> Iterator[Read]:
    """The pieces; the next one is read while one is worked at."""
    with _threads(1) as reader:
        coming = reader.submit(next, pieces, None)
        while (piece := coming.result()) is not None:
            coming = reader.submit(next, pieces, None)
            yield piece


@contextmanager
def _threads(count: int) -> Iterator[ThreadPoolExecutor]:
    """So many threads. Where something went wrong nobody waits for them: a pipe may be read that never ends."""
    pool = ThreadPoolExecutor(count)
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()


class Behind:
    """Pieces that are written in their order while others are computed; one that fails is the last."""

    def __init__(self, writer: Writer, makers: ThreadPoolExecutor, scribe: ThreadPoolExecutor) -> None:
        self.writer, self.makers, self.scribe = writer, makers, scribe
        self.under_way: deque[Future[None]] = deque()
        self.failed = False

    def put(self, piece: Piece, results: Sequence[Any], then: Callable[[], None]) -> None:
        """Have a piece written, and `then` something done; wait where BEHIND others are still under way.

        Raises what went wrong with one before.
        """
        made = self.makers.submit(self.writer.prepared(piece, results))
        self.under_way.append(self.scribe.submit(self._written, made, then))
        self._wait(BEHIND)

    def _written(self, made: Future[Any], then: Callable[[], None]) -> None:
        if self.failed:  # what is behind a gap must not be written
            return
        self.failed = True
        self.writer.write(made.result())
        then()
        self.failed = False

    def _wait(self, most: int) -> None:
        while len(self.under_way) > most:
            self.under_way.popleft().result()

    def close(self) -> None:
        """Wait until all is written. Raises what went wrong with it."""
        self._wait(0)
        self.writer.close()


@contextmanager
def writing_behind(writer: Writer) -> Iterator[Behind]:
    """Where pieces are put that are written while others are computed; in the end all of them are."""
    with _threads(1) as scribe, _threads(MAKERS) as makers:
        behind = Behind(writer, makers, scribe)
        yield behind
        behind.close()
