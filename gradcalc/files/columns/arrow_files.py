"""Parquet and Arrow files, read batch by batch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from gradcalc.base.errors import FileError, shortened
from gradcalc.files.columns.arrow_text import NUMBER, numeric
from gradcalc.files.columns.careful import SKIP
from gradcalc.files.columns.kinds import Kind
from gradcalc.files.columns.piece import Piece, Wanted

ROWS = 1 << 18  # of a batch


@dataclass(frozen=True, slots=True)
class ArrowFileReader:
    """A file whose columns have types; its rows are counted from 1."""

    path: PurePath
    kind: Kind
    source: Any
    schema: Any
    threads: int = 1

    @property
    def names(self) -> tuple[str, ...]:
        """The columns."""
        return tuple(self.schema.names)

    def pieces(self, wanted: Wanted) -> Iterator[Piece]:
        """The rows. Raises FileError with the row and the column at what is no finite number."""
        carried = list(self.names if wanted.carried is None else wanted.carried)
        used = [name for name in self.names if name in {*carried, *wanted.numbers}]
        for name in wanted.numbers:
            require_numbers(self.schema.field(name), f"`{self.path}`")
        first, done = (wanted.start or (0, 1))[0], 0
        for batch in self._batches(used):
            begin, done = done, done + batch.num_rows
            if done <= first and batch.num_rows:
                continue
            rest = batch.slice(max(0, first - begin))
            kept = clean(rest, wanted, f"`{self.path}`", done - rest.num_rows + 1)
            numbers = tuple(numeric(kept.column(name)) for name in wanted.numbers)
            yield Piece(
                numbers, kept.select(carried) if carried else None, kept.num_rows,
                rest.num_rows - kept.num_rows, done, done + 1,
            )  # fmt: skip

    def _batches(self, used: list[str]) -> Iterator[Any]:
        found = False
        try:
            for batch in self._read(used):
                found = True
                yield batch
        except (pa.ArrowInvalid, OSError) as error:
            raise _unreadable(self.path, error) from None
        if not found:  # the columns have types all the same
            yield pa.RecordBatch.from_pylist([], self.schema).select(used)

    def _read(self, used: list[str]) -> Iterator[Any]:
        if self.kind.name == "parquet":
            yield from self.source.iter_batches(ROWS, columns=used, use_threads=self.threads > 1)
            return
        for number in range(self.source.num_record_batches):
            batch = self.source.get_batch(number).select(used)
            for begin in range(0, batch.num_rows, ROWS):
                yield batch.slice(begin, ROWS)


def open_arrow(file: BinaryIO, path: PurePath, kind: Kind, threads: int = 1) -> ArrowFileReader:
    """A Parquet or an Arrow file. Raises FileError where it is none."""
    try:
        if kind.name == "parquet":
            source = pq.ParquetFile(file)
            return ArrowFileReader(path, kind, source, source.schema_arrow, threads)
        source = pa.ipc.open_file(file)
        return ArrowFileReader(path, kind, source, source.schema, threads)
    except (pa.ArrowInvalid, OSError) as error:
        raise _unreadable(path, error) from None


def _unreadable(path: PurePath, error: Exception) -> FileError:
    return FileError(f"`{path}` cannot be read: {shortened(str(error).splitlines()[0], 200).rstrip('.')}")


def require_numbers(field: Any, where: str) -> None:
    """Raises FileError unless a column holds numbers."""
    kind = field.type
    if not (pa.types.is_floating(kind) or pa.types.is_integer(kind) or pa.types.is_decimal(kind)):
        raise FileError(f"{where}: column `{shortened(field.name)}` is of type {kind}, expected numbers")


def clean(batch: Any, wanted: Wanted, where: str, first: int) -> Any:
    """A batch without the rows in which a number is missing, or not finite; its first row has the number `first`.

    Raises FileError at the first such row, unless they are skipped.
    """
    good = None
    for name in wanted.numbers:
        column = batch.column(name)
        try:
            numeric(column)
        except pa.ArrowInvalid:
            fine = pc.fill_null(pc.is_finite(pc.cast(column, NUMBER, safe=False)), False)
            if not wanted.skip:
                place = pc.index(fine, False).as_py()
                value = column[place].as_py()
                what = "there is no value" if value is None else f"`{value}` is not a finite number"
                raise FileError(
                    f"{where}, row {first + place:,}, column `{shortened(name)}`: {what}",
                    hint=None if wanted.skip is None else SKIP,
                ) from None
            good = fine if good is None else pc.and_(good, fine)
    return batch if good is None else batch.filter(good)
