"""Jacobians and Hessians for people: closed forms, true values and autograd's as matrices, what differs, and why."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from gradcalc.answers.matrices.records import Hessian, Jacobian, Matrix
from gradcalc.answers.records import Row, Verdict
from gradcalc.arrays.array import Array, nested
from gradcalc.arrays.shape import Shape
from gradcalc.render.document import BAD, GOOD, PLAIN, Block, Facts, Grid, Note, Table
from gradcalc.render.grid import side_by_side
from gradcalc.render.pages.arrays import MOST_ROWS, bracketed, short
from gradcalc.render.pages.comparison import heading, in_words, true_text
from gradcalc.render.width import width

CLOSED_FORM = "closed form"
NARROW = 76  # columns that any terminal has
MOST_NAMES = 6  # of entries in front of a sentence
Names = tuple[tuple[str, ...], ...]


def quiet(result: Jacobian | Hessian) -> str:
    """The true values alone, a row on each line; autograd's where they were not looked at one by one.

    Without a point, the closed forms: each row as an array of the language.
    """
    matrix = result.matrix
    if result.at is None:
        rows = [[entry.formula or "" for entry in row] for row in matrix.entries]
        texts = [f"[{', '.join(row)}]" for row in rows] or [form or "" for form in matrix.formulas.values()]
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


def head(result: Jacobian | Hessian, value: str) -> Facts:
    """The function, the point and the value."""
    pairs = [heading(result.expression, result.function)]
    if result.reading is not None:
        pairs.append(("read as", result.reading))
    if result.at is not None:
        pairs.extend((name, short(one)) for name, one in result.at.items())
        pairs.append(("value", value))
    return Facts(tuple(pairs))


def value_text(values: Sequence[float | None], shape: Shape) -> str:
    """Numbers of a shape; nan for one that does not exist."""
    if not values or all(one is None for one in values):
        return "undefined"
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
        forms = tuple(tuple(entry.formula or "-" for entry in row) for row in matrix.entries)
        grid = Grid(matrix.columns, matrix.rows, forms, CLOSED_FORM, names)
        if None in matrix.formulas.values() or max(map(width, side_by_side(grid))) <= NARROW:
            found.append(grid)  # where it is wide, the form in array terms says it better
    if matrix.autograd is None:
        return found
    if matrix.entries:
        found.append(_numbers(matrix, "true value", _cells(matrix, repr), _cells(matrix, brief)))
    rows = [[one.autograd for one in row] for row in matrix.entries] or _rows(matrix.autograd)
    full, short_ones = (
        tuple(tuple("-" if one is None else text(one) for one in row) for row in rows) for text in (repr, brief)
    )
    return [*found, _numbers(matrix, f"autograd ({dtype})", full, short_ones)]


def brief(value: float) -> str:
    """A number in six digits; zero without a sign."""
    return f"{value + 0.0:.6g}"


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
    compared = [pair for pair in pairs if pair[1].verdict is not None]
    if matrix.autograd is not None and compared:
        found.append(_counted(compared))
        failing = [pair for pair in compared if pair[1].verdict is not Verdict.AGREE]
        if failing:
            found.append(_table(failing[:MOST_ROWS], dtype))
    return [*found, *_sentences(pairs, with_notes=None in matrix.formulas.values())]


def _counted(pairs: Sequence[tuple[str, Row]]) -> Note:
    """How many entries agree, and which is the worst."""
    agreeing = sum(row.verdict is Verdict.AGREE for _, row in pairs)
    text = f"{agreeing} of {len(pairs)} entries agree"
    compared = [(row.ulps, name) for name, row in pairs if row.ulps is not None]
    if compared:
        ulps, name = max(compared, key=lambda pair: pair[0])
        text += f", the worst is {name}, {ulps:g} ulp off"
    return Note(text, GOOD if agreeing == len(pairs) else BAD)


def _table(pairs: Sequence[tuple[str, Row]], dtype: str) -> Table:
    """Entries that do not agree."""
    columns = ("", "true value", f"autograd ({dtype})", "distance", "verdict")
    rows = tuple(
        (
            name,
            true_text(row),
            "-" if row.autograd is None else repr(row.autograd),
            "-" if row.ulps is None else f"{row.ulps:g} ulp",
            in_words(row),
        )
        for name, row in pairs
    )
    return Table(columns, rows, (BAD,) * len(rows))


def _sentences(pairs: Sequence[tuple[str, Row]], *, with_notes: bool) -> list[Note]:
    """Each explanation once, with the entries that it is about; notes on closed forms where they are missed."""
    about: dict[tuple[str, str], list[str]] = {}
    for name, row in pairs:
        if row.explanation is not None:
            tone = GOOD if row.verdict in (Verdict.AGREE, None) else BAD
            about.setdefault((row.explanation, tone), []).append(name)
        if row.note is not None and with_notes:
            about.setdefault((row.note, PLAIN), []).append(name)
    return [
        Note(text if len(names) == len(pairs) else f"{_listed(names)}: {text}", tone)
        for (text, tone), names in about.items()
    ]


def _listed(names: Sequence[str]) -> str:
    """Names, of many the first ones."""
    more = len(names) - MOST_NAMES
    return ", ".join(names[:MOST_NAMES]) + (f" and {more} more" if more > 0 else "")
