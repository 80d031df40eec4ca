"""Input as lines, taken as they come: a slow pipe is waited for, an endless line is cut."""

from __future__ import annotations

import contextlib
import os
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import TypeAlias

from gradcalc.base.errors import FileError, LimitError
from gradcalc.base.limits import variable
from gradcalc.files.streams import reason

CHUNK = 65_536  # bytes
PATIENCE = 16  # times the longest line is how far the end of one that is too long is looked for
Waitable: TypeAlias = "int | Connection"


@dataclass(frozen=True, slots=True)
class Line:
    """One line that is not blank. `number` counts from 1, blank ones too; `end` is its last byte in the input.

    `text` goes without the line's end, and no further than one byte past the longest that is allowed.
    """

    number: int
    text: bytes
    end: int


class Lines:
    """The lines of an open file or pipe. They are read in chunks, and only when `fill` is called.

    A line that is too long is cut, and its rest passed over; where that does not end either, nothing more is read.
    """

    def __init__(self, descriptor: int, name: str, longest: int) -> None:
        self.name = name
        self.longest = longest
        self.ended = False
        self.broken: LimitError | None = None  # why it ended before its end
        self.waitable, self._read = readable(descriptor)
        self._ready: deque[Line] = deque()
        self._begun = bytearray()
        self._number = 0
        self._position = 0
        self._length = 0  # bytes of the line that was begun

    @property
    def buffered(self) -> bool:
        """Is a line there without any further reading?"""
        return bool(self._ready)

    def take(self) -> Line:
        """The next line, of those that are there."""
        return self._ready.popleft()

    def fill(self) -> None:
        """Read once; waits where nothing has come. Raises FileError."""
        try:
            chunk = self._read()
        except OSError as error:
            raise FileError(f"cannot read `{self.name}`: {reason(error)}") from None
        if not chunk:
            self.ended = True
            self._finish()
            return
        *ends, rest = chunk.split(b"\n")
        for piece in ends:
            self._extend(piece)
            self._position += 1
            self._finish()
        self._extend(rest)
        if self._length > PATIENCE * self.longest:
            self._break_off()

    def _break_off(self) -> None:
        """Give up on a line that has no end: it is the last."""
        self.broken = LimitError(
            f"line {self._number + 1} of `{self.name}` has no end: over {PATIENCE} times the limit of "
            f"{self.longest:,} line bytes",
            hint=f"set {variable('line_bytes')} to raise it",
        )
        self.ended = True
        self._finish()

    def _extend(self, piece: bytes) -> None:
        self._begun += piece[: self.longest + 1 - len(self._begun)]
        self._length += len(piece)
        self._position += len(piece)

    def _finish(self) -> None:
        """The line that was begun is complete."""
        self._number += 1
        self._length = 0
        text = bytes(self._begun)
        self._begun.clear()
        if text.strip():
            self._ready.append(Line(self._number, text, self._position))


def readable(descriptor: int) -> tuple[Waitable, Callable[[], bytes]]:
    """What to wait for until there is something to read, and how to read it."""
    if hasattr(os, "fork"):
        return descriptor, lambda: os.read(descriptor, CHUNK)
    return pumped(descriptor)


def pumped(descriptor: int) -> tuple[Waitable, Callable[[], bytes]]:
    """The same for systems that cannot wait for a file: a thread reads it and hands the chunks on."""
    ours, theirs = Pipe(duplex=False)

    def pump() -> None:
        chunk = b"-"
        with theirs, contextlib.suppress(OSError):
            while chunk:
                chunk = os.read(descriptor, CHUNK)
                theirs.send_bytes(chunk)

    def read() -> bytes:
        try:
            return ours.recv_bytes()
        except EOFError:
            raise OSError("it broke off") from None

    threading.Thread(target=pump, daemon=True).start()
    return ours, read
