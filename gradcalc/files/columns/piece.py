"""A piece of a table on its way: the numbers that are computed with, and all else that its rows hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Piece:
    """Some rows. `numbers` are columns of float64, finite all of them: arrays of Python's, or of Arrow's.

    `carried` is what the writer of the same table puts out again. So many rows were `skipped`; `position` and `line`
    are where the next piece begins, in bytes (of what was compressed: unpacked) and in lines or rows.
    """

    numbers: tuple[Any, ...]
    carried: Any
    rows: int
    skipped: int
    position: int
    line: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of a table is read: columns of numbers, and those that come out again, None for all.

    With `skip`, rows with something wrong are left out and counted; None where nobody can ask for that. `typed` says
    that what is carried goes where numbers are numbers, and not text; `start` is the position and the line to begin at,
    of a piece's.
    """

    numbers: tuple[str, ...]
    carried: tuple[str, ...] | None = None
    skip: bool | None = None
    typed: bool = False
    start: tuple[int, int] | None = None


class Reader(Protocol):
    """A table whose columns are known and whose rows are not yet."""

    @property
    def names(self) -> tuple[str, ...]:
        """The columns."""

    def pieces(self, wanted: Wanted) -> Iterator[Piece]:
        """The rows. Raises FileError with the line and the column at what is no finite number."""


class Writer(Protocol):
    """A table that is being written."""

    def prepared(self, piece: Piece, results: Sequence[Any]) -> Callable[[], Any]:
        """What makes of the rows of a piece, and of the columns that were computed of them, what is to be written.

        The pieces come in their order; what is returned may be called in any thread.
        """

    def write(self, made: Any) -> None:
        """Write what was made of a piece; the pieces come in their order."""

    def close(self) -> None:
        """No more rows come."""
