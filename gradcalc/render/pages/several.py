"""Answers at many points as one table, a row for each derivative at each point."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from gradcalc.answers.check.records import Check
from gradcalc.answers.records import ArrayRow, Comparison
from gradcalc.arrays.array import Array
from gradcalc.base.errors import UsageError
from gradcalc.base.words import joined
from gradcalc.jobs.several import Several
from gradcalc.problem.problem import nameless
from gradcalc.render.document import BAD, GOOD, Document, Facts, Note, Table
from gradcalc.render.json import plain
from gradcalc.render.pages import check, comparison
from gradcalc.render.words import derivative_name, in_words, one_line

MOST = 400  # rows that are shown


def document(result: Several[Any]) -> Document:
    """The function, its closed forms, and a row for each point."""
    rows = [row for one in result.answers for row in _rows(one)]
    columns = _columns(result)
    tones = tuple(GOOD if row[-1] in ("agree", "right") else BAD for row in rows)
    title = f"the first {MOST:,} of {len(rows):,} rows (--json has all)" if len(rows) > MOST else None
    counts = Counter(str(one.verdict) for one in result.answers if one.verdict is not None)
    said = joined([f"{count:,} {verdict}" for verdict, count in counts.items()])
    note = Note(f"{len(result.answers):,} points: {said}", GOOD if counts.keys() <= {"agree", "right"} else BAD)
    table = Table(columns, tuple(rows[:MOST]), tones[:MOST], title)
    return Document((Facts((("f", one_line(result.expression)), *_formulas(result))), table, note))


def _columns(result: Several[Any]) -> tuple[str, ...]:
    first = result.answers[0]
    if isinstance(first, Check):
        return (*(first.at or ()), "", "your value", "true value", "verdict")
    return (*(first.at or ()), "f", "", "true value", f"autograd ({first.dtype})", "verdict")


def _rows(one: Comparison | Check) -> Iterator[tuple[str, ...]]:
    point = [_shown(value) for value in (one.at or {}).values()]
    name = one.function or nameless({*one.gradient, *(one.at or ())})
    partial = len(one.gradient) > 1
    if isinstance(one, Check):
        for finding in one.gradient.values():
            example = finding.counterexample
            values = ["", ""] if example is None else [str(example.proposed), str(example.true)]
            yield (*point, derivative_name(name, finding.name, 1, partial), *values, str(finding.verdict))
        return
    for variable, row in one.gradient.items():
        if isinstance(row, ArrayRow):
            raise UsageError("several points take numbers, not arrays", hint="print --json")
        derivative = derivative_name(name, variable, one.order, partial)
        numbers = [_shown(one.value), derivative, _shown(row.symbolic), _shown(row.autograd)]
        yield (*point, *numbers, in_words(row))


def _formulas(result: Several[Any]) -> Iterator[tuple[str, str]]:
    first = result.answers[0]
    name = first.function or nameless({*first.gradient, *(first.at or ())})
    for variable, row in first.gradient.items():
        if row.formula is not None:
            order = first.order if isinstance(first, Comparison) else 1
            yield derivative_name(name, variable, order, len(first.gradient) > 1), row.formula


def _shown(value: object) -> str:
    return "-" if value is None else str(value.nested()) if isinstance(value, Array) else repr(value)


def record(result: Several[Any]) -> object:
    """The record of each answer, in their order."""
    return {"expression": result.expression, "points": plain(list(result.answers)), "verdict": result.verdict}


def quiet(result: Several[Any]) -> str:
    """What each answer prints alone, on a line for each point."""
    alone = (check.quiet(one) if isinstance(one, Check) else comparison.quiet(one) for one in result.answers)
    return "".join(" ".join(text.split()) + "\n" for text in alone)
