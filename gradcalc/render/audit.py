"""Audits for people, as JSON, and as bare numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from gradcalc.audit.formats import Formats, lost_digits
from gradcalc.audit.interval import RangeAudit, Sample, Stretch
from gradcalc.render.comparison import WORDS, derivative_name
from gradcalc.render.document import BAD, GOOD, Block, Document, Facts, Note, Table
from gradcalc.render.json import SCHEMA, comparison
from gradcalc.results import Row, Verdict

ALL = "all"


def digits(count: float | None) -> str:
    """Lost digits for a table."""
    return "-" if count is None else ALL if math.isinf(count) else f"{count:g}"


# -- several dtypes


def formats_document(result: Formats) -> Document:
    """A table for each variable: the true value and autograd's in each format."""
    blocks: list[Block] = [Facts((("f", " ".join(result.expression.split())),))]
    first = next(iter(result.comparisons.values()))
    for index, row in enumerate(first.rows):
        entries = [(dtype, one.rows[index]) for dtype, one in result.comparisons.items()]
        name = derivative_name("f", row.name, first.order, len(first.rows) > 1)
        columns = ("dtype", f"true {name}", "exact", "autograd", "lost digits", "verdict")
        tones = tuple(GOOD if one.verdict is Verdict.AGREE else BAD for _, one in entries)
        blocks.append(Table(columns, tuple(_line(dtype, one) for dtype, one in entries), tones, spill=2))
    return Document(tuple(blocks))


def _line(dtype: str, row: Row) -> tuple[str, ...]:
    verdict = "-" if row.verdict is None else WORDS[row.verdict] + (f": {row.reason}" if row.reason else "")
    true = "none" if row.symbolic is None else repr(row.symbolic)
    return dtype, true, row.exact or "-", repr(row.autograd), digits(lost_digits(row, dtype)), verdict


def formats_quiet(result: Formats) -> str:
    """The lost digits, a line for each dtype, its variables side by side."""
    lines = (
        f"{dtype} {' '.join(digits(lost_digits(row, dtype)) for row in one.rows)}"
        for dtype, one in result.comparisons.items()
    )
    return "".join(f"{line}\n" for line in lines)


def formats_record(result: Formats) -> dict[str, Any]:
    """The record of a comparison for each dtype, with the digits lost by each variable."""
    return {
        "schema": SCHEMA,
        "expression": result.expression,
        "dtypes": {
            dtype: comparison(one) | {"lost_digits": {row.name: lost_digits(row, dtype) for row in one.rows}}
            for dtype, one in result.comparisons.items()
        },
        "verdict": result.verdict,
    }


# -- a range


def range_document(result: RangeAudit) -> Document:
    """What the samples found, the worst point, and what they cannot know."""
    ends = tuple((f"{name} from", f"{low!r} to {high!r}") for name, (low, high) in result.box.items())
    blocks: list[Block] = [Facts((("f", " ".join(result.expression.split())), *ends, ("dtype", result.dtype)))]
    if result.stretches:
        rows = tuple((_span(one), str(one.count), _verdict(one)) for one in result.stretches)
        blocks.append(Table(("where", "samples", "verdict"), rows, (BAD,) * len(rows), "not in agreement"))
        blocks.extend(Note(text, BAD) for text in _explanations(result))
    else:
        blocks.append(Note("autograd agrees at every sample", GOOD))
    if result.half_lost:
        losses = tuple((_span(one), str(one.count)) for one in result.half_lost)
        blocks.append(Table(("where", "samples"), losses, (BAD,) * len(losses), "more than half of the digits lost"))
    if result.worst is not None:
        blocks.append(Note(f"worst: {digits(result.worst.lost_digits)} digits lost at {_place(result.worst.point)}"))
    blocks.append(Note(f"{result.samples} points were looked at; between them nothing is known"))
    return Document(tuple(blocks))


def _explanations(result: RangeAudit) -> list[str]:
    return list(dict.fromkeys(one.explanation for one in result.stretches if one.explanation is not None))[:3]


def _verdict(one: Stretch) -> str:
    if one.verdict is None:
        return "too hard to compute"
    return WORDS[one.verdict] + (f": {one.reason}" if one.reason else "")


def _span(one: Stretch) -> str:
    """Where a stretch is: one point, or from the first to the last."""
    first, last = _place(one.first), _place(one.last)
    return first if first == last else f"{first} to {last}"


def _place(point: Mapping[str, float]) -> str:
    return ", ".join(f"{name} = {value!r}" for name, value in point.items())


def range_quiet(result: RangeAudit) -> str:
    """The points where stretches that do not agree begin and end, a line for each."""
    return "".join(f"{one.verdict} {_numbers(one.first)} {_numbers(one.last)}\n" for one in result.stretches)


def _numbers(point: Mapping[str, float]) -> str:
    return " ".join(map(repr, point.values()))


def range_record(result: RangeAudit) -> dict[str, Any]:
    """The record of an audit over a range."""
    return {
        "schema": SCHEMA,
        "expression": result.expression,
        "range": {name: list(ends) for name, ends in result.box.items()},
        "dtype": result.dtype,
        "samples": result.samples,
        "stretches": [_stretch(one) for one in result.stretches],
        "half_lost": [_stretch(one) for one in result.half_lost],
        "worst": None if result.worst is None else _sample(result.worst),
        "verdict": result.verdict,
    }


def _stretch(one: Stretch) -> dict[str, Any]:
    return {
        "first": one.first,
        "last": one.last,
        "samples": one.count,
        "verdict": one.verdict,
        "reason": one.reason,
        "explanation": one.explanation,
    }


def _sample(one: Sample) -> dict[str, Any]:
    return {"at": one.point, "variable": one.variable, "lost_digits": one.lost_digits, "verdict": one.verdict}
