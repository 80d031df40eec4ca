"""One derivative in several number formats, side by side."""

from __future__ import annotations

import math
from typing import Any

from gradcalc.answers.audit.formats import Formats, lost_digits
from gradcalc.answers.records import Row
from gradcalc.render.document import Block, Document, Facts, Table
from gradcalc.render.json import whole
from gradcalc.render.numbers import either
from gradcalc.render.rows import tone, true_text
from gradcalc.render.words import derivative_name, in_words, one_line

ALL = "all"


def document(result: Formats) -> Document:
    """A table for each variable: the true value and autograd's in each format."""
    blocks: list[Block] = [Facts((("f", one_line(result.expression)),))]
    first = next(iter(result.comparisons.values()))
    for index, row in enumerate(first.rows):
        entries = [(dtype, one.rows[index]) for dtype, one in result.comparisons.items()]
        name = derivative_name("f", row.name, first.order, len(first.rows) > 1)
        columns = ("dtype", f"true {name}", "exact", "autograd", "lost digits", "verdict")
        lines = tuple(_line(dtype, one) for dtype, one in entries)
        blocks.append(Table(columns, lines, tuple(tone(one) for _, one in entries), spill=2))
    return Document(tuple(blocks))


def _line(dtype: str, row: Row) -> tuple[str, ...]:
    lost = digits(lost_digits(row, dtype))
    return dtype, true_text(row), row.exact or "-", either(row.autograd, "-"), lost, in_words(row)


def quiet(result: Formats) -> str:
    """The lost digits, a line for each dtype, its variables side by side."""
    lines = (
        f"{dtype} {' '.join(digits(lost_digits(row, dtype)) for row in one.rows)}"
        for dtype, one in result.comparisons.items()
    )
    return "".join(f"{line}\n" for line in lines)


def record(result: Formats) -> dict[str, Any]:
    """The record of a comparison for each dtype, with the digits lost by each variable."""
    dtypes = {
        dtype: whole(one) | {"lost_digits": {row.name: lost_digits(row, dtype) for row in one.rows}}
        for dtype, one in result.comparisons.items()
    }
    return {"expression": result.expression, "dtypes": dtypes, "verdict": result.verdict}


def digits(count: float | None) -> str:
    """Lost digits for a table."""
    return "-" if count is None else ALL if math.isinf(count) else f"{count:g}"
