"""What Jacobians and Hessians share: closed forms, true values and autograd's as matrices, what differs, and why."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from operator import attrgetter
from typing import Any

from gradcalc.answers.matrices.records import Hessian, Jacobian, Matrix
from gradcalc.answers.verdicts import Verdict
from gradcalc.arrays.array import Array, nested
from gradcalc.arrays.shape import Shape
from gradcalc.base.words import brief, first_of
from gradcalc.render import rows, words
from gradcalc.render.document import BAD, GOOD, PLAIN, Block, Facts, Grid, Note, form
from gradcalc.render.grid import side_by_side
from gradcalc.render.json import NUMBERS, once, reason_of
from gradcalc.render.numbers import bracketed
from gradcalc.render.width import width

CLOSED_FORM = "closed form"
NARROW = 76  # columns that any terminal has
FEW = partial(first_of, most=6, shown=6)  # names of entries in front of a sentence
Names = tuple[tuple[str, ...], ...]


def quiet(result: Jacobian | Hessian) -> str:
    """The true values alone, a row on each line; autograd's where they were not looked at one by one.

    Without a point, the closed forms: each row as an array of the language.
    """
    matrix = result.matrix
    if result.at is None:
        texts = [f"[{', '.join(entry.formula or '' for entry in row)}]" for row in matrix.entries] or [
            form or "" for form in matrix.formulas.values()
        ]
        return "".join(f"{text}\n" for text in texts)
    return "".join(f"{' '.join(map(repr, row))}\n" for row in numbers(matrix))


def numbers(matrix: Matrix) -> list[list[float]]:
    """The true values, nan where there is none; autograd's where they were not looked at."""
    if matrix.entries:
        return [[float("nan") if one.symbolic is None else one.symbolic for one in row] for row in matrix.entries]
    return _rows(matrix.autograd)


def _rows(array: Array | None) -> list[list[float]]:
    """The rows of autograd's matrix."""
    if array is None:
        return []
    size = array.shape[1]
    return [array.values[start : start + size].tolist() for start in range(0, len(array.values), size or 1)]


def record(result: Jacobian | Hessian) -> dict[str, Any]:
    """The matrix as JSON: the keys of a gradient, each number a matrix; what explains it stands only where it does."""
    matrix = result.matrix
    forms = list(matrix.formulas.values())
    record: dict[str, Any] = {
        "rows": matrix.rows or None,
        "columns": matrix.columns or None,
        "formula": forms[0] if len(forms) == 1 else None,
        "formulas": matrix.formulas,
        "components": _each(matrix, "formula"),
    }
    record |= {key: _each(matrix, key) for key in NUMBERS}
    if not matrix.entries:
        record["autograd"] = matrix.autograd
    record |= {"verdict": result.verdict, "reason": reason_of(matrix.every, result.verdict)}
    details: dict[str, Any] = {key: _each(matrix, key) for key in ("left", "right", "blame", "diagnosis")}
    details |= {"verdicts": _each(matrix, "verdict"), "explanation": once(row.explanation for row in matrix.every)}
    note = "; ".join(once([matrix.note, *(row.note for row in matrix.every)]))
    return record | {key: value for key, value in {**details, "note": note}.items() if value}


def _each(matrix: Matrix, key: str) -> list[list[Any]] | None:
    """One fact of every entry as nested lists; None where there is nothing to say."""
    values = [list(map(attrgetter(key), row)) for row in matrix.entries]
    return values if any(value is not None for row in values for value in row) else None


def head(result: Jacobian | Hessian, value: str, torch: words.Pairs) -> Facts:
    """The function, the point and the value; what there is to say of torch's."""
    name = words.called(result.expression, result.function)
    return words.head(name, result, None if result.at is None else value, torch=torch)


def value_text(values: Sequence[float | None], shape: Shape, missing: str = "undefined") -> str:
    """Numbers of a shape; nan for one that does not exist; `missing` where none does."""
    if not values or all(one is None for one in values):
        return missing
    return bracketed(nested([math.nan if one is None else one for one in values], shape))


def body(matrix: Matrix, names: Names, dtype: str) -> list[Block]:
    """The matrix entry by entry, and how the entries fared."""
    if not matrix.formulas:
        return [Note("there is no variable to derive by")]
    missing = [name for name, form in matrix.formulas.items() if form is None]
    formless = not matrix.columns and missing
    notes = [Note(f"{', '.join(missing)}: there is no closed form in array terms")] if formless else []
    return [*notes, *grids(matrix, names, dtype), *verdicts(matrix, names, dtype)]


def grids(matrix: Matrix, names: Names, dtype: str) -> list[Block]:
    """The closed forms, the true values and autograd's."""
    found: list[Block] = []
    if any(entry.formula is not None for entry in matrix.every):
        forms = tuple(tuple(form(entry.formula) for entry in row) for row in matrix.entries)
        grid = Grid(matrix.columns, matrix.rows, forms, CLOSED_FORM, names)
        if None in matrix.formulas.values() or max(map(width, side_by_side(grid))) <= NARROW:
            found.append(grid)  # where it is wide, the form in array terms says it better
    if matrix.autograd is None:
        return found
    if matrix.entries:
        found.append(_numbers(matrix, "true value", _cells(matrix, repr), _cells(matrix, brief)))
    by_autograd = [[one.autograd for one in row] for row in matrix.entries] or _rows(matrix.autograd)
    full, short_ones = (
        tuple(tuple("-" if one is None else text(one) for one in row) for row in by_autograd) for text in (repr, brief)
    )
    return [*found, _numbers(matrix, f"autograd ({dtype})", full, short_ones)]


def shows_forms(blocks: Sequence[Block]) -> bool:
    """Do the blocks show closed forms as a matrix?"""
    return any(isinstance(block, Grid) and block.title == CLOSED_FORM for block in blocks)


def _numbers(matrix: Matrix, title: str, cells: Names, shorter: Names) -> Grid:
    return Grid(matrix.columns, matrix.rows, cells, title, brief=shorter)


def _cells(matrix: Matrix, text: Callable[[float], str]) -> Names:
    """The true values as texts; where there is none, what there is instead."""
    return tuple(
        tuple(str(one.verdict) if one.symbolic is None else text(one.symbolic) for one in row) for row in matrix.entries
    )


def verdicts(matrix: Matrix, names: Names, dtype: str) -> list[Block]:
    """How the entries fared, those that do not agree one by one, and a sentence for each thing to explain."""
    pairs = [pair for named, row in zip(names, matrix.entries, strict=False) for pair in zip(named, row, strict=True)]
    found: list[Block] = [Note(matrix.note)] if matrix.note is not None else []
    judged = [pair for pair in pairs if pair[1].verdict is not None]
    if matrix.autograd is not None and judged:
        agree = rows.agreeing(matrix.every)
        text = f"{agree} of {len(judged)} entries agree{rows.worst(judged)}"
        found.append(Note(text, GOOD if agree == len(judged) else BAD))
        if failing := [pair for pair in judged if pair[1].verdict is not Verdict.AGREE]:
            found.append(rows.table(failing[: rows.MOST_ROWS], dtype, formulas=False))
    said = _said(pairs, with_notes=None in matrix.formulas.values())
    return [*found, *rows.notes(said, nameless=len(pairs), listing=FEW)]


def _said(pairs: rows.Named, *, with_notes: bool) -> Iterator[tuple[str, str, str]]:
    """What explains each entry; notes on closed forms where they are missed."""
    for name, row in pairs:
        yield from rows.explained(name, row)
        if row.note is not None and with_notes:
            yield name, row.note, PLAIN
