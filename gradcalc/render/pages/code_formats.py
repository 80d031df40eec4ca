"""The audits of a piece of code in several number formats, side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from gradcalc.answers.audit.records import CodeAudit, CodeFormats, Finding
from gradcalc.render.document import BAD, GOOD, Block, Document, Facts, Note, Table
from gradcalc.render.pages import code_audit

COLUMNS = ("dtype", "true value", "torch", "value", "components", "verdict")


def document(result: CodeFormats) -> Document:
    """A line for each format, and what is to blame in which of them."""
    rows = tuple(_row(dtype, one) for dtype, one in result.audits.items())
    tones = tuple(GOOD if one.verdict is Finding.AGREE else BAD for one in result.audits.values())
    return Document((Facts((("audited", result.target),)), Table(COLUMNS, rows, tones), *_blocks(result)))


def _row(dtype: str, one: CodeAudit) -> tuple[str, ...]:
    numbers = code_audit.true(one.forward), code_audit.number(one.forward.autograd)
    agreeing = f"{one.counts.get(Finding.AGREE.value, 0)} of {one.total} agree"
    return dtype, *numbers, code_audit.verdict(one.forward), agreeing, one.verdict.value


def _blocks(result: CodeFormats) -> Iterator[Block]:
    """Each line to blame, with the formats in which it is."""
    drawn: dict[tuple[str, str], tuple[list[str], list[Block]]] = {}
    for dtype, one in result.audits.items():
        for blame in one.blame:
            first, *rest = code_audit.blamed(blame)
            key = str(first), blame.reason
            drawn.setdefault(key, ([], [first, *rest]))[0].append(dtype)
    for dtypes, (picture, *notes) in drawn.values():
        yield Note(f"in {', '.join(dtypes)}")
        yield picture
        yield from notes
    for dtype, one in result.audits.items():
        yield from (Note(f"{dtype}: {note}") for note in one.notes)
    for one in result.audits.values():
        yield from code_audit.formulas(one)


def record(result: CodeFormats) -> Mapping[str, Any]:
    """The record of an audit for each dtype."""
    dtypes = {dtype: code_audit.record(one) for dtype, one in result.audits.items()}
    return {"schema": 2, "target": result.target, "dtypes": dtypes, "verdict": result.verdict.value}


def quiet(result: CodeFormats) -> str:
    """The verdict for each format, a line each."""
    return "".join(f"{dtype} {one.verdict}\n" for dtype, one in result.audits.items())
