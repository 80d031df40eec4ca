"""A Jacobian, for people and as JSON."""

from __future__ import annotations

from typing import Any

from gradcalc.answers.matrices.records import Jacobian
from gradcalc.answers.verdicts import Verdict
from gradcalc.arrays.array import nested
from gradcalc.base.words import first_of
from gradcalc.render.document import Block, Document, Facts, Note, form
from gradcalc.render.json import HEAD, forward_record, picked
from gradcalc.render.pages import matrices
from gradcalc.render.rows import diagnosed, explained, notes
from gradcalc.render.words import TORCHS, Pairs, derivative_name, off, value_or_why

quiet = matrices.quiet
ROW_BY_ROW = "a matrix that is derived, or derived by, is taken row by row"


def document(result: Jacobian) -> Document:
    """The function, the matrix in array terms and entry by entry, and how the entries fared."""
    matrix = result.matrix
    partial = len(matrix.columns) > 1 or len(matrix.formulas) > 1
    names = tuple(tuple(derivative_name(row, column, 1, partial) for column in matrix.columns) for row in matrix.rows)
    forms = {name: text for name, text in matrix.formulas.items() if text is not None}
    value = matrices.value_text(result.value, result.shape, value_or_why(None, result.verdict))
    blocks: list[Block] = [matrices.head(result, value, _by_torch(result))]
    body = matrices.body(matrix, names, result.dtype)
    by_scalars = len(matrix.columns) == len(matrix.formulas)  # then a column says as much as a form for it
    if forms and not (by_scalars and matrices.shows_forms(body)):
        pairs = ((derivative_name(result.function, name, 1, partial), form(text)) for name, text in forms.items())
        blocks.append(Facts(tuple(pairs)))
        blocks += [Note(ROW_BY_ROW)] if any("kron(" in text for text in forms.values()) else []
    told = {text for row in matrix.every for _, text, _ in explained("", row)}
    values = zip(matrix.rows, result.forward, strict=False)
    said = (one for name, forward in values for one in diagnosed(name, forward) if one[1] not in told)
    return Document((*blocks, *body, *notes(said), *map(Note, result.remarks)))


def _by_torch(result: Jacobian) -> Pairs:
    """torch's values of the components, where one is not the true one."""
    pairs = zip(result.matrix.rows, result.forward, strict=False)
    wrong = [f"{name} {off(one)}" for name, one in pairs if one.verdict is Verdict.DISAGREE]
    if not wrong:
        return ()
    values = matrices.value_text([one.autograd for one in result.forward], result.shape)
    return ((TORCHS, f"{values}, {first_of(wrong)}"),)


def record(result: Jacobian) -> dict[str, Any]:
    """The record of a Jacobian. Keys may be added to it, never renamed."""
    value = nested(result.value, result.shape) if result.value else None
    forward = forward_record(result.forward, result.shape)
    head = picked(result, HEAD) | {"value": value} | picked(result, "exact_value?") | {"forward": forward}
    return head | matrices.record(result) | picked(result, "remarks?")
