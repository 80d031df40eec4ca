"""A Jacobian, for people and as JSON."""

from __future__ import annotations

from typing import Any

from gradcalc.answers.matrices.records import Jacobian
from gradcalc.arrays.array import nested
from gradcalc.render.document import Block, Document, Facts, Note
from gradcalc.render.json import HEAD, picked
from gradcalc.render.pages import matrices
from gradcalc.render.words import derivative_name, value_or_why

quiet = matrices.quiet
ROW_BY_ROW = "a matrix that is derived, or derived by, is taken row by row"


def document(result: Jacobian) -> Document:
    """The function, the matrix in array terms and entry by entry, and how the entries fared."""
    matrix = result.matrix
    partial = len(matrix.columns) > 1 or len(matrix.formulas) > 1
    names = tuple(tuple(derivative_name(row, column, 1, partial) for column in matrix.columns) for row in matrix.rows)
    forms = {name: form for name, form in matrix.formulas.items() if form is not None}
    blocks: list[Block] = [
        matrices.head(result, matrices.value_text(result.value, result.shape, value_or_why(None, result.verdict)))
    ]
    body = matrices.body(matrix, names, result.dtype)
    by_scalars = len(matrix.columns) == len(matrix.formulas)  # then a column says as much as a form for it
    if forms and not (by_scalars and matrices.shows_forms(body)):
        pairs = ((derivative_name(result.function, name, 1, partial), form) for name, form in forms.items())
        blocks.append(Facts(tuple(pairs)))
        blocks += [Note(ROW_BY_ROW)] if any("kron(" in form for form in forms.values()) else []
    return Document((*blocks, *body))


def record(result: Jacobian) -> dict[str, Any]:
    """The record of a Jacobian. Keys may be added to it, never renamed."""
    value = nested(result.value, result.shape) if result.value else None
    return picked(result, HEAD) | {"value": value} | picked(result, "exact_value?") | matrices.record(result)
