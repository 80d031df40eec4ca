"""Audits for people, as JSON, and as bare numbers."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Any

from gradcalc.answers.audit.breaks import Break
from gradcalc.answers.audit.formats import Formats, lost_digits
from gradcalc.answers.audit.interval import RangeAudit, Sample, Stretch
from gradcalc.answers.audit.range import Ranges
from gradcalc.answers.records import Row, Verdict
from gradcalc.render.document import BAD, GOOD, Block, Document, Facts, Note, Table
from gradcalc.render.json import SCHEMA
from gradcalc.render.pages.comparison import WORDS, derivative_name, in_words
from gradcalc.render.pages.comparison_json import comparison

ALL = "all"
BROKEN = {
    Verdict.KINK: "kink", Verdict.INFINITE: "the slope is infinite", Verdict.UNDEFINED: "a jump or a pole",
}  # fmt: skip
BETWEEN = "between two of them a kink, a jump or a pole shows only where what causes it changes its sign"
NOT_FOLLOWED = "between them there are more changes of sign than were followed"


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
        tones = tuple(GOOD if one.verdict in (Verdict.AGREE, None) else BAD for _, one in entries)
        blocks.append(Table(columns, tuple(_line(dtype, one) for dtype, one in entries), tones, spill=2))
    return Document(tuple(blocks))


def _line(dtype: str, row: Row) -> tuple[str, ...]:
    true = "none" if row.symbolic is None else repr(row.symbolic)
    found = "-" if row.autograd is None else repr(row.autograd)
    return dtype, true, row.exact or "-", found, digits(lost_digits(row, dtype)), in_words(row)


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


def range_document(result: Ranges) -> Document:
    """What the samples found in each dtype, the worst point, and what they cannot know."""
    ends = tuple((f"{name} from", f"{low!r} to {high!r}") for name, (low, high) in result.box.items())
    pairs = (("f", " ".join(result.expression.split())), *ends)
    dtypes = [("dtype", dtype) for dtype in result.audits]
    first, *others = result.audits.values()
    blocks = [Facts((*pairs, dtypes[0])), *_range_blocks(first)]
    for pair, one in zip(dtypes[1:], others, strict=True):
        blocks += [Facts((pair,)), *_range_blocks(one)]
    return Document(tuple(blocks))


def _range_blocks(result: RangeAudit) -> list[Block]:
    """The audit in one dtype."""
    blocks: list[Block] = []
    if result.stretches:
        rows = tuple((_span(one), str(one.count), _verdict(one)) for one in result.stretches)
        blocks.append(Table(("where", "samples", "verdict"), rows, (BAD,) * len(rows), "not in agreement"))
        blocks.extend(Note(text, BAD) for text in _explanations(result))
    else:
        blocks.append(Note("autograd agrees at every sample", GOOD))
    if result.breaks:
        places = tuple((_place(one.at), f"`{one.quantity}` is 0", _break(one)) for one in result.breaks)
        blocks.append(Table(("near", "where", "verdict"), places, (BAD,) * len(places), "between samples"))
    if result.half_lost:
        losses = tuple((_span(one), str(one.count)) for one in result.half_lost)
        blocks.append(Table(("where", "samples"), losses, (BAD,) * len(losses), "more than half of the digits lost"))
    if result.worst is not None:
        lost = f"worst: {digits(result.worst.lost_digits)} digits lost at {_place(result.worst.point)}"
        blocks.append(Note(lost if result.worst.lost_digits else "no digits lost"))
    return [*blocks, Note(f"{result.samples} points were looked at; {BETWEEN if result.followed else NOT_FOLLOWED}")]


def _break(one: Break) -> str:
    """What happens at a place between samples."""
    sides = "" if one.left is None or one.right is None else f", left {one.left!r}, right {one.right!r}"
    return BROKEN[one.verdict] + sides


def _explanations(result: RangeAudit) -> list[str]:
    return list(dict.fromkeys(one.explanation for one in result.stretches if one.explanation is not None))[:3]


def _verdict(one: Stretch) -> str:
    if one.verdict is None:
        return str(one.reason or "too hard to compute")
    return WORDS[one.verdict] + (f": {one.reason}" if one.reason else "")


def _span(one: Stretch) -> str:
    """Where a stretch is: one point, or from the first to the last; the points of a box have no order."""
    first, last = _place(one.first), _place(one.last)
    if first == last:
        return first
    return f"{first} to {last}" if len(one.first) == 1 else f"such as {first}"


def _place(point: Mapping[str, float]) -> str:
    return ", ".join(f"{name} = {value!r}" for name, value in point.items())


def range_quiet(result: Ranges) -> str:
    """The points where stretches that do not agree begin and end, a line for each; of several dtypes, with its name."""
    several = len(result.audits) > 1
    return "".join(
        f"{dtype} {line}\n" if several else f"{line}\n"
        for dtype, one in result.audits.items()
        for line in _quiet_lines(one)
    )


def _quiet_lines(result: RangeAudit) -> list[str]:
    stretches = [(one.verdict, one.first, one.last) for one in result.stretches]
    places = [(one.verdict, one.at, one.at) for one in result.breaks]
    return [f"{verdict} {_numbers(first)} {_numbers(last)}" for verdict, first, last in (*stretches, *places)]


def _numbers(point: Mapping[str, float]) -> str:
    return " ".join(map(repr, point.values()))


def range_record(result: Ranges) -> dict[str, Any]:
    """The record of an audit over a range; of several dtypes, one for each."""
    records = {dtype: _range_record(one) for dtype, one in result.audits.items()}
    if len(records) == 1:
        return next(iter(records.values()))
    ends = {name: list(ends) for name, ends in result.box.items()}
    whole = {"schema": SCHEMA, "expression": result.expression, "range": ends}
    return whole | {"dtypes": records, "verdict": result.verdict}


def _range_record(result: RangeAudit) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "expression": result.expression,
        "range": {name: list(ends) for name, ends in result.box.items()},
        "dtype": result.dtype,
        "samples": result.samples,
        "stretches": [_stretch(one) for one in result.stretches],
        "breaks": [dataclasses.asdict(one) for one in result.breaks],
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
