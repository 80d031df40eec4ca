"""Open files that say themselves what went wrong with them, so that no error of theirs is taken for another's."""

from __future__ import annotations

import contextlib
import io
import os
import select
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from gradcalc.base.errors import FileError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

STANDARD = range(3)  # stdin, stdout and stderr, by their numbers


class Source(io.FileIO):
    """A file to read from; what goes wrong with it is a FileError that begins with `failure`."""

    def __init__(self, path: Path, failure: str) -> None:
        self.failure = failure
        with telling(failure):
            super().__init__(path)

    def readinto(self, buffer: WriteableBuffer) -> int | None:
        """Fill a buffer; how many bytes there were."""
        with telling(self.failure):
            return super().readinto(buffer)


class Target(io.BufferedWriter):
    """A file or an open descriptor to write to; what goes wrong with it is a FileError that begins with `failure`.

    A pipe that nobody reads is no error of that kind. A descriptor that does not block is waited for, as a terminal's
    may be that a program in the same shell has left so.
    """

    def __init__(self, file: Path | int, failure: str) -> None:
        self.failure = failure
        with telling(failure):
            super().__init__(
                io.FileIO(file, "wb" if isinstance(file, int) else "xb", closefd=not isinstance(file, int))
            )

    def write(self, data: ReadableBuffer) -> int:
        """Take all of the bytes; how many they are."""
        rest = whole = memoryview(data).cast("B")
        with telling(self.failure):
            while True:
                try:
                    super().write(rest)
                    return len(whole)
                except BlockingIOError as full:
                    rest = rest[full.characters_written :]
                    select.select([], [self], [])

    def flush(self) -> None:
        """Write what was taken."""
        with telling(self.failure):
            while True:
                try:
                    return super().flush()
                except BlockingIOError:
                    select.select([], [self], [])


class Unheard(Target):
    """A descriptor for remarks: whether anybody can read them changes nothing."""

    def write(self, data: ReadableBuffer) -> int:
        """Write what can be written."""
        with contextlib.suppress(OSError, FileError):
            return super().write(data)
        return memoryview(data).nbytes

    def flush(self) -> None:
        """Write what can be written."""
        with contextlib.suppress(OSError, FileError):
            super().flush()


@contextlib.contextmanager
def telling(failure: str) -> Iterator[None]:
    """Raises FileError, beginning with `failure`, at what the system says of a file in the body."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise FileError(f"{failure}: {reason(error)}") from None


def reason(error: OSError) -> str:
    """What the system says, as a clause."""
    return (error.strerror or str(error)).lower()


def as_text(file: Target) -> io.TextIOWrapper:
    """The file to write text to in UTF-8, a line at a time where somebody watches."""
    live = isinstance(file, Unheard) or file.isatty()
    return io.TextIOWrapper(file, encoding="utf-8", errors="backslashreplace", line_buffering=live)


def occupy_standard() -> None:
    """Put nothing in the place of every standard stream that is closed, or the next file to be opened would take it."""
    for descriptor in STANDARD:
        try:
            os.fstat(descriptor)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # the lowest that is free: this one
