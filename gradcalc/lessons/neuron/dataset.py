"""The rows that a neuron learns from or predicts: read once from a file, checked, and set aside in blocks."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gradcalc.base.errors import FileError, UsageError, did_you_mean
from gradcalc.base.floating import Format
from gradcalc.base.words import listed
from gradcalc.files.cells import flaw
from gradcalc.files.spool import Spool
from gradcalc.files.table import Block, Table, open_table

LEAVE_OUT = "--features iq,cgpa names the columns to learn from"
LABELS = frozenset({0.0, 1.0})
LABEL = "a label is 0 or 1"
BLOCK_ROWS = 1 << 16  # rows that are in memory at once, and that are shuffled among each other


@dataclass(frozen=True, slots=True)
class Dataset:
    """Columns of numbers, of a file or typed: the features, and the label last where there is one."""

    path: Path | None
    features: tuple[str, ...]
    label: str | None
    spool: Spool

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return self.spool.rows


def read_dataset(
    path: Path, features: Sequence[str] | None, label: str, form: Format, batch_size: int | None = None
) -> Dataset:
    """The rows of a file, every one checked: numbers that the format holds, labels 0 or 1.

    Without `features`, every column but the label is one. Raises FileError with line and column.
    """
    with open_table(path) as table:
        table.place(label)
        chosen = tuple(name for name in table.names if name != label) if features is None else tuple(features)
        if not chosen:
            raise FileError(f"`{path}`, line 1: no column besides the label `{label}`")
        spool = Spool(len(chosen) + 1, block_rows(batch_size))
        hints = {label: LABEL} | (dict.fromkeys(chosen, LEAVE_OUT) if features is None else {})
        _fill(spool, table, (*chosen, label), label, form, hints)
    spool.close()
    return Dataset(path, chosen, label, spool)


def new_rows(path: Path | None, rows: Sequence[str], features: Sequence[str], form: Format) -> Dataset | None:
    """The rows to predict: those of a file, then those written out as `iq=9,cgpa=7`; None where there are none.

    Raises FileError with line and column, UsageError at a row that does not name every feature once.
    """
    if path is None and not rows:
        return None
    spool = Spool(len(features), BLOCK_ROWS)
    if path is not None:
        with open_table(path) as table:
            _fill(spool, table, features, None, form)
    for text in rows:
        values = named_numbers(text, "--predict-row", features)
        if missing := [name for name in features if name not in values]:
            raise UsageError(f"--predict-row `{text}` has no value for {listed(missing)}")
        if beyond := [name for name in features if abs(values[name]) > form.largest]:
            raise UsageError(f"--predict-row: `{beyond[0]}` is beyond the largest {form.name}, {form.largest:.3g}")
        spool.append([array("d", [values[name]]) for name in features])
    spool.close()
    return Dataset(path, tuple(features), None, spool)


def named_numbers(text: str, option: str, names: Sequence[str]) -> dict[str, float]:
    """`iq=9,cgpa=7` as numbers by name. Raises UsageError at anything else, an unknown name, or a name twice."""
    found: dict[str, float] = {}
    for part in text.split(","):
        name, _, value = (piece.strip() for piece in part.rpartition("="))
        if not name or flaw(value):
            raise UsageError(f"{option} is `{text}`, expected name=number", hint=f"write {option} {names[0]}=1")
        if name not in names:
            raise UsageError(
                f"{option}: `{name}` is not a feature",
                hint=did_you_mean(name, names) or f"the features are {listed(names)}",
            )
        if name in found:
            raise UsageError(f"{option}: `{name}` is given twice")
        found[name] = float(value)
    return found


def block_rows(batch_size: int | None) -> int:
    """A block is a whole number of batches, so that only the last batch of the file is short."""
    return BLOCK_ROWS if batch_size is None else max(1, BLOCK_ROWS // batch_size) * batch_size


def _fill(
    spool: Spool,
    table: Table,
    names: Sequence[str],
    label: str | None,
    form: Format,
    hints: Mapping[str, str] | None = None,
) -> None:
    """Set the rows of a table aside. Raises FileError where it has none."""
    for block in table.blocks(names, hints):
        _check(table, names, label, block, form)
        spool.append(block.columns)
    if spool.rows == 0:
        raise FileError(f"`{table.path}` has no rows below its header")


def _check(table: Table, names: Sequence[str], label: str | None, block: Block, form: Format) -> None:
    """Raises FileError at a number beyond the format's largest, or a label that is neither 0 nor 1."""
    narrow = form.largest < sys.float_info.max
    for name, column in zip(names, block.columns, strict=True):
        if narrow and (max(column) > form.largest or min(column) < -form.largest):
            row = next(row for row, value in enumerate(column) if abs(value) > form.largest)
            what = f"{column[row]!r} is beyond the largest {form.name}, {form.largest:.3g}"
            raise table.error(block.lines[row], name, what)
    if label is not None and not LABELS.issuperset(block.columns[-1]):
        raise _wrong_label(table, label, block.columns[-1], block.lines)


def _wrong_label(table: Table, label: str, column: array[float], lines: Sequence[int]) -> FileError:
    row = next(row for row, value in enumerate(column) if value not in LABELS)
    return table.error(lines[row], label, f"the label is {column[row]!r}, expected 0 or 1")
