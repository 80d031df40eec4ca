"""CSV, TSV and JSON Lines by pyarrow, a piece at a time; a piece that it cannot read is looked at row by row."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.json as pajson

from gradcalc.base.errors import FileError
from gradcalc.files.columns.careful import Rows, csv_rows, csv_text, json_lines
from gradcalc.files.columns.kinds import DELIMITERS
from gradcalc.files.columns.piece import Piece, Wanted
from gradcalc.files.columns.text import Text

NUMBER = pa.float64()
LINE = "\x00line"  # the column of JSON Lines as they stand
Refused = (pa.ArrowInvalid, pa.ArrowNotImplementedError)


@dataclass(slots=True)
class ArrowTextReader:
    """Rows as batches of Arrow: carried as text where text comes out, else with the types of the first piece."""

    text: Text
    threads: int = 1
    schema: Any = field(default=None, init=False)

    @property
    def names(self) -> tuple[str, ...]:
        """The columns."""
        return self.text.names

    def pieces(self, wanted: Wanted) -> Iterator[Piece]:
        """The rows. Raises FileError with the line and the column at what is no finite number."""
        rows = Rows(self.text.path, self.names, wanted.numbers, wanted.skip)
        batch_of = self._json if self.text.kind == "jsonl" else self._csv
        for data, line, position in self.text.pieces(wanted.start):
            after, skipped = line + data.count(b"\n"), 0
            try:
                numbers, carried = batch_of(data, wanted)
            except Refused:
                data, skipped = self._cleaned(data, line, rows)
                numbers, carried = self._again(batch_of, data, line, wanted)
            yield Piece(numbers, carried, len(numbers[0]), skipped, position, after)

    def _cleaned(self, data: bytes, line: int, rows: Rows) -> tuple[bytes, int]:
        """A piece without the rows that have a flaw. Raises FileError at the first, unless they are skipped."""
        if self.text.kind == "jsonl":
            lines, skipped = json_lines(data, line, rows)
            return b"\n".join(lines), skipped
        kept, skipped = csv_rows(data, line, DELIMITERS[self.text.kind], rows)
        return csv_text(kept, DELIMITERS[self.text.kind]), skipped

    def _again(self, batch_of: Any, data: bytes, line: int, wanted: Wanted) -> Any:
        """What pyarrow makes of a piece whose numbers are right. Raises FileError where another column is at fault."""
        try:
            return batch_of(data, wanted)
        except Refused as error:
            what = str(error).splitlines()[0]
            raise FileError(
                f"`{self.text.path}`, from line {line:,} on: {what[:1].lower()}{what[1:]}",
                hint="leave that column out with --carry, or write CSV, where all is text",
            ) from None

    def _csv(self, data: bytes, wanted: Wanted) -> tuple[tuple[Any, ...], Any]:
        """The numbers of a piece, and what is carried."""
        carried = list(self.names if wanted.carried is None else wanted.carried)
        used = [name for name in self.names if name in {*carried, *wanted.numbers}]
        types = dict.fromkeys(wanted.numbers, NUMBER)
        if not wanted.typed:
            types |= dict.fromkeys(carried, pa.string())
        elif self.schema is not None:
            types |= {one.name: one.type for one in self.schema if one.name not in types}
        if not data or data.isspace():
            return self._parted(pa.schema([(one, types.get(one, pa.string())) for one in used]).empty_table(), wanted)
        table = pacsv.read_csv(
            pa.BufferReader(data),
            pacsv.ReadOptions(column_names=self.names, use_threads=self.threads > 1, block_size=len(data) + 1),
            pacsv.ParseOptions(delimiter=DELIMITERS[self.text.kind], newlines_in_values=b'"' in data),
            pacsv.ConvertOptions(include_columns=used, column_types=types, strings_can_be_null=wanted.typed),
        )
        self.schema = self.schema or table.schema
        return self._parted(table, wanted)

    def _json(self, data: bytes, wanted: Wanted) -> tuple[tuple[Any, ...], Any]:
        """The numbers of a piece, and what is carried: the very lines where all of it is, and text comes out."""
        whole = wanted.carried is None and not wanted.typed
        fixed = dict.fromkeys(wanted.numbers, NUMBER)
        if not whole and self.schema is not None:
            fixed |= {one.name: one.type for one in self.schema if one.name not in fixed}
        learning = not whole and self.schema is None
        lines = [one for one in data.split(b"\n") if one.strip()]
        schema = pa.schema(list(fixed.items()))
        table = schema.empty_table()
        if lines:
            parsing = pajson.ParseOptions(
                explicit_schema=schema, unexpected_field_behavior="infer" if learning else "ignore"
            )
            reading = pajson.ReadOptions(use_threads=False, block_size=len(data) + 1)
            table = pajson.read_json(pa.BufferReader(data), reading, parsing)
        if learning:
            self.schema = table.schema
        if not whole:
            return self._parted(table, wanted)
        if table.num_rows != len(lines):
            raise pa.ArrowInvalid("a line holds several objects")
        numbers, _ = self._parted(table, Wanted(wanted.numbers, ()))
        return numbers, pa.record_batch({LINE: pa.array(lines, pa.binary())})

    def _parted(self, table: Any, wanted: Wanted) -> tuple[tuple[Any, ...], Any]:
        """The numbers of a table, and a batch of what is carried. Raises ArrowInvalid at what is no finite number."""
        numbers = tuple(numeric(table.column(name)) for name in wanted.numbers)
        carried = table.column_names if wanted.carried is None else list(wanted.carried)
        return numbers, one_batch(table.select(carried)) if carried else None


def one_batch(table: Any) -> Any:
    """A table as one batch."""
    batches = table.combine_chunks().to_batches()
    return batches[0] if batches else pa.RecordBatch.from_pylist([], table.schema)


def numeric(column: Any) -> Any:
    """A column as one array of float64. Raises ArrowInvalid unless every number is there, and finite."""
    found = pc.cast(column, NUMBER, safe=False) if column.type != NUMBER else column
    whole = found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found
    if whole.null_count or not _all_finite(whole):
        raise pa.ArrowInvalid("a number is missing, or not finite")
    return whole


def _all_finite(column: Any) -> bool:
    """Are all numbers finite? The sum says so, unless it overflows itself."""
    total = pc.sum(column).as_py()
    return total is None or math.isfinite(total) or bool(pc.all(pc.is_finite(column)).as_py())
