"""Tables written by pyarrow: text piece by piece, Parquet and Arrow in groups of rows."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from gradcalc.files.columns.arrow_text import LINE
from gradcalc.files.columns.careful import csv_text
from gradcalc.files.columns.kinds import DELIMITERS, Kind, compressor
from gradcalc.files.columns.piece import Piece

TYPES = {"d": pa.float64(), "f": pa.float32()}
SPECIAL = '[\\x00-\\x1f"\\\\]'  # what JSON escapes


def columns_of(results: Sequence[Any]) -> list[Any]:
    """Columns of Arrow that lie where the results do: memory of float64 or float32."""
    found = [memoryview(one) for one in results]
    return [pa.Array.from_buffers(TYPES[one.format], len(one), [None, pa.py_buffer(one)]) for one in found]


def joined(carried: Any, names: Sequence[str], results: Sequence[Any]) -> Any:
    """A batch of the columns that are carried and of those that were computed."""
    before = [] if carried is None else carried.columns
    kept = [] if carried is None else carried.schema.names
    return pa.RecordBatch.from_arrays([*before, *columns_of(results)], names=[*kept, *names])


class ArrowTextWriter:
    """CSV, TSV or JSON Lines; what is written at once can be read by itself, also where it is compressed."""

    def __init__(self, file: BinaryIO, kind: Kind, names: Sequence[str], results: Sequence[str], begun: bool) -> None:
        self.file, self.kind, self.results = file, kind, results
        self.pack = compressor(kind.compression)
        self.header = b"" if begun or kind.name not in DELIMITERS else csv_text([names], DELIMITERS[kind.name])

    def prepared(self, piece: Piece, results: Sequence[Any]) -> Callable[[], Any]:
        """The text of a piece and of the columns that were computed of it."""
        header, self.header = self.header, b""
        return partial(self._text, joined(piece.carried, self.results, results), header)

    def _text(self, batch: Any, header: bytes) -> Any:
        text = csv_bytes(batch, DELIMITERS[self.kind.name]) if self.kind.name in DELIMITERS else json_bytes(batch)
        return self.pack(header + bytes(text) if header else text)

    def write(self, made: Any) -> None:
        """Write the text of a piece."""
        self.file.write(made)

    def close(self) -> None:
        """No more rows come."""


class ArrowWriter:
    """Parquet, or Arrow's own file format; the schema is that of the first rows."""

    def __init__(self, file: BinaryIO, kind: Kind, results: Sequence[str]) -> None:
        self.file, self.kind, self.results = file, kind, results
        self.writer: Any = None

    def prepared(self, piece: Piece, results: Sequence[Any]) -> Callable[[], Any]:
        """The rows of a piece with the columns that were computed of them."""
        return partial(joined, piece.carried, self.results, results)

    def write(self, made: Any) -> None:
        """Write the rows of a piece."""
        if self.writer is None:
            opened = pq.ParquetWriter if self.kind.name == "parquet" else pa.ipc.new_file
            self.writer = opened(self.file, made.schema)
        self.writer.write_batch(made)

    def close(self) -> None:
        """No more rows come: what tells where the rows are is written behind them."""
        if self.writer is not None:
            self.writer.close()


def csv_bytes(batch: Any, delimiter: str) -> Any:
    """Rows as CSV without a header; texts in quotes where they need them."""
    sink = pa.BufferOutputStream()
    try:
        pacsv.write_csv(
            batch, sink, pacsv.WriteOptions(include_header=False, delimiter=delimiter, quoting_style="none")
        )
    except pa.ArrowInvalid:  # a text needs quotes; Arrow would put all of them in quotes
        columns = [_quoted(column, delimiter) for column in batch.columns]
        ends = pa.scalar("\n")
        return _text(pc.binary_join_element_wise(pc.binary_join_element_wise(*columns, delimiter), ends, ""))
    return sink.getvalue()


def _quoted(column: Any, delimiter: str) -> Any:
    """A column as the texts of CSV; what is missing is empty."""
    if not pa.types.is_string(column.type):
        return pc.fill_null(pc.cast(column, pa.string()), "")
    special = pc.match_substring_regex(column, f'[\r\n"{delimiter}]')
    inside = pc.replace_substring(column, '"', '""')
    return pc.fill_null(pc.if_else(special, pc.binary_join_element_wise('"', inside, '"', ""), column), "")


def json_bytes(batch: Any) -> Any:
    """Rows as JSON Lines; lines that are carried whole keep every letter."""
    parts: list[Any] = []
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        if name == LINE:
            trimmed = pc.cast(pc.ascii_rtrim_whitespace(pc.cast(column, pa.string())), pa.binary())
            parts.append(pc.cast(pc.binary_slice(trimmed, 0, -1), pa.string()))
        else:
            parts += [f"{', ' if parts else '{'}{json.dumps(name, ensure_ascii=False)}: ", _values(column)]
    return _text(pc.binary_join_element_wise(*parts, "}\n", ""))


def _text(lines: Any) -> Any:
    """Texts one behind the other, as they lie in memory."""
    _, offsets, data = lines.buffers()
    if data is None or not len(lines):
        return b""
    first, last = (memoryview(offsets).cast("i")[lines.offset + place] for place in (0, len(lines)))
    return data[first:last]


def _values(column: Any) -> Any:
    """A column as the texts of JSON."""
    kind = column.type
    if pa.types.is_floating(kind):
        text = pc.cast(column, pa.string())
        if not pc.all(pc.is_finite(column)).as_py():
            word = pc.if_else(pc.greater(column, 0), '"Infinity"', '"-Infinity"')
            text = pc.if_else(pc.is_finite(column), text, pc.if_else(pc.is_nan(column), '"NaN"', word))
        return pc.fill_null(text, "null")
    if pa.types.is_integer(kind) or pa.types.is_boolean(kind):
        return pc.fill_null(pc.cast(column, pa.string()), "null")
    if pa.types.is_string(kind) and not pc.any(pc.match_substring_regex(column, SPECIAL)).as_py():
        return pc.fill_null(pc.binary_join_element_wise('"', column, '"', ""), "null")
    values = column.to_pylist()
    return pa.array([json.dumps(value, ensure_ascii=False, default=str) for value in values], pa.string())
