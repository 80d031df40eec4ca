"""Rows of numbers set aside in blocks and read back as often as it takes: in memory while few, then on disk."""

from __future__ import annotations

import mmap
import tempfile
from array import array
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import BinaryIO

from gradcalc.files.streams import telling

IN_MEMORY = 1 << 26  # bytes; beyond, the rows wait in a file without a name that goes with the process
WIDTH = 8  # bytes of a float64


class Spool:
    """Blocks of `size` rows, the last one shorter; within a block the numbers lie column by column, as float64."""

    def __init__(self, columns: int, size: int) -> None:
        self.columns = columns
        self.size = size
        self.rows = 0
        self._pending = [array("d") for _ in range(columns)]
        self._held = bytearray()
        self._file: BinaryIO | None = None  # opened when the rows no longer fit in memory
        self._memory: bytearray | mmap.mmap = self._held  # where it all is, once it is closed

    def append(self, columns: Sequence[array[float]]) -> None:
        """Set some rows aside. Raises FileError where the disk is full."""
        for pending, column in zip(self._pending, columns, strict=True):
            pending.extend(column)
        self.rows += len(columns[0])
        while len(self._pending[0]) >= self.size:
            self._write()

    def close(self) -> None:
        """No more rows come; from here on they can be read."""
        if self._pending[0]:
            self._write()
        if self._file is not None:
            with _disk(), self._file as file:
                file.flush()
                self._memory = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)

    def __len__(self) -> int:
        """How many blocks there are."""
        return -(-self.rows // self.size)

    def block(self, index: int) -> tuple[bytearray | mmap.mmap, int, int]:
        """Where a block lies: the memory, the offset in bytes, and the number of rows."""
        rows = min(self.size, self.rows - index * self.size)
        return self._memory, index * self.size * self.columns * WIDTH, rows

    def _write(self) -> None:
        data = b"".join(pending[: self.size].tobytes() for pending in self._pending)
        for pending in self._pending:
            del pending[: self.size]
        if self._file is None and len(self._held) + len(data) <= IN_MEMORY:
            self._held += data
            return
        with _disk():
            if self._file is None:
                self._file = tempfile.TemporaryFile()  # noqa: SIM115  # it stays open until the last row has come
                self._file.write(self._held)
                self._held = bytearray()
            self._file.write(data)


def _disk() -> AbstractContextManager[None]:
    """Raises FileError where the disk does not take what it is given."""
    return telling("cannot set rows aside on disk")
