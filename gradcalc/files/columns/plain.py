"""CSV and TSV with nothing but Python's own `csv` module."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, BinaryIO

from gradcalc.files.columns.careful import Rows, csv_rows, csv_text
from gradcalc.files.columns.kinds import DELIMITERS, Kind, compressor
from gradcalc.files.columns.piece import Piece, Wanted
from gradcalc.files.columns.text import Text


@dataclass(frozen=True, slots=True)
class PlainReader:
    """Rows as lists of text, the numbers as arrays of Python's."""

    text: Text

    @property
    def names(self) -> tuple[str, ...]:
        """The columns."""
        return self.text.names

    def pieces(self, wanted: Wanted) -> Iterator[Piece]:
        """The rows. Raises FileError with the line and the column at what is no finite number."""
        rows = Rows(self.text.path, self.names, wanted.numbers, wanted.skip)
        places = [self.names.index(name) for name in wanted.numbers]
        carried = self.names if wanted.carried is None else wanted.carried
        out = [self.names.index(name) for name in carried]
        for data, line, position in self.text.pieces(wanted.start):
            kept, skipped = csv_rows(data, line, DELIMITERS[self.text.kind], rows)
            numbers = tuple(array("d", (float(row[place]) for row in kept)) for place in places)
            rest = kept if wanted.carried is None else [[row[place] for place in out] for row in kept]
            yield Piece(numbers, rest, len(kept), skipped, position, line + data.count(b"\n"))


class PlainWriter:
    """Rows of text with the results behind them; numbers in the fewest digits that tell them apart, as pyarrow does."""

    def __init__(self, file: BinaryIO, kind: Kind, names: Sequence[str], *, begun: bool = False) -> None:
        self.file, self.delimiter, self.pack = file, DELIMITERS[kind.name], compressor(kind.compression)
        self.header = [] if begun else [list(names)]

    def prepared(self, piece: Piece, results: Sequence[Any]) -> Callable[[], bytes]:
        """The text of a piece and of the columns that were computed of it."""
        header, self.header = self.header, []
        return partial(self._text, piece, results, header)

    def _text(self, piece: Piece, results: Sequence[Any], header: list[list[str]]) -> bytes:
        columns = [[repr(number).removesuffix(".0") for number in one] for one in results]
        rows = [[*row, *numbers] for row, numbers in zip(piece.carried, zip(*columns, strict=True), strict=True)]
        packed: bytes = self.pack(csv_text([*header, *rows], self.delimiter))
        return packed

    def write(self, made: bytes) -> None:
        """Write the text of a piece."""
        self.file.write(made)

    def close(self) -> None:
        """No more rows come."""
