"""One derivative in several number formats, side by side."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gradcalc.answers.audit.formats import Formats, lost_digits
from gradcalc.answers.records import Forward, Row
from gradcalc.answers.verdicts import Verdict
from gradcalc.render.document import BAD, GOOD, Block, Document, Facts, Table
from gradcalc.render.json import whole
from gradcalc.render.numbers import either
from gradcalc.render.rows import diagnosed, explained, not_told, notes, tone, true_text
from gradcalc.render.words import TORCHS, derivative_name, in_words, lost_text, off, one_line


def document(result: Formats) -> Document:
    """A table for each variable: the true value and autograd's in each format."""
    first = next(iter(result.comparisons.values()))
    name, function = ("f", "f") if first.implicit is None else ("equation", first.implicit.of)
    blocks: list[Block] = [Facts(((name, one_line(result.expression)),))]
    for index, row in enumerate(first.rows):
        entries = [(dtype, one.rows[index]) for dtype, one in result.comparisons.items()]
        name = derivative_name(function, row.name, first.order, len(first.rows) > 1)
        columns = ("dtype", f"true {name}", "exact", "autograd", "lost digits", "verdict")
        lines = tuple(_line(dtype, one) for dtype, one in entries)
        blocks.append(Table(columns, lines, tuple(tone(one) for _, one in entries), spill=2))
    return Document((*blocks, *_values(result), *notes(_said(result))))


def _said(result: Formats) -> Iterator[tuple[str, str, str]]:
    """The cause and the cure of each disagreement, by dtype; of one dtype, each thing once."""
    for dtype, one in result.comparisons.items():
        wrong = [row for row in one.rows if row.verdict is Verdict.DISAGREE]
        said = [text for row in wrong for text in explained(dtype, row)]
        yield from dict.fromkeys([*said, *not_told(diagnosed(dtype, one.forward), said)])


def _values(result: Formats) -> Iterator[Table]:
    """The function's value in each format, where torch has a wrong one."""
    found = result.comparisons.items()
    if any(one.forward.verdict is Verdict.DISAGREE for _, one in found):
        lines = tuple((dtype, either(one.value, "undefined"), *_by_torch(one.forward)) for dtype, one in found)
        tones = tuple(BAD if one.forward.verdict is Verdict.DISAGREE else GOOD for _, one in found)
        yield Table(("dtype", "true f", TORCHS, "verdict"), lines, tones)


def _by_torch(forward: Forward) -> tuple[str, str]:
    """torch's value, and what it is worth."""
    verdict = off(forward) if forward.verdict is Verdict.DISAGREE else str(forward.verdict or forward.reason)
    return either(forward.autograd, "-"), verdict


def _line(dtype: str, row: Row) -> tuple[str, ...]:
    lost = lost_text(lost_digits(row, dtype))
    return dtype, true_text(row), row.exact or "-", either(row.autograd, "-"), lost, in_words(row)


def quiet(result: Formats) -> str:
    """The lost digits, a line for each dtype, its variables side by side."""
    lines = (
        f"{dtype} {' '.join(lost_text(lost_digits(row, dtype)) for row in one.rows)}"
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
