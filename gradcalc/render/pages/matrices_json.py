"""Jacobians and Hessians as records: the keys of a gradient's record, each number a matrix."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gradcalc.answers.matrices.records import Hessian, Jacobian, Matrix
from gradcalc.answers.records import ArrayRow, Row
from gradcalc.arrays.array import Array, nested
from gradcalc.render.json import SCHEMA
from gradcalc.render.pages.comparison_json import array_row, row

NUMBERS = ("symbolic", "exact", "autograd", "error", "ulps")
DETAILS = ("left", "right", "blame")  # where any entry has them


def jacobian(result: Jacobian) -> dict[str, Any]:
    """The record of a Jacobian. Keys may be added to it, never renamed."""
    shape = result.shape if result.value else ()
    return _opening(result) | {"value": nested(result.value, shape) if result.value else None} | _matrix(result)


def hessian(result: Hessian) -> dict[str, Any]:
    """The record of a Hessian. Keys may be added to it, never renamed."""
    gradient = {
        name: array_row(one) if isinstance(one, ArrayRow) else row(one) for name, one in result.gradient.items()
    }
    judgement = {
        "gradient": gradient,
        "symmetric": result.symmetric,
        "eigenvalues": None if result.eigenvalues is None else list(result.eigenvalues),
        "definiteness": result.definiteness,
        "critical": result.critical,
        "near": result.near,
    }
    remarks = {"remarks": list(result.remarks)} if result.remarks else {}
    return _opening(result) | {"value": result.value} | _matrix(result) | judgement | remarks


def _opening(result: Jacobian | Hessian) -> dict[str, Any]:
    """What was asked."""
    at = result.at
    return {
        "schema": SCHEMA,
        "expression": result.expression,
        **({} if result.reading is None else {"reading": result.reading}),
        "at": None
        if at is None
        else {name: one.nested() if isinstance(one, Array) else one for name, one in at.items()},
        "dtype": result.dtype,
    }


def _matrix(result: Jacobian | Hessian) -> dict[str, Any]:
    """The matrix, key by key."""
    matrix = result.matrix
    forms = list(matrix.formulas.values())
    reasons = [entry.reason for entry in matrix.every if entry.verdict == result.verdict and entry.reason is not None]
    record: dict[str, Any] = {
        "rows": list(matrix.rows) or None,
        "columns": list(matrix.columns) or None,
        "formula": forms[0] if len(forms) == 1 else None,
        "formulas": dict(matrix.formulas),
        "components": _nested(matrix, lambda entry: entry.formula),
    }
    cells = [[row(entry) for entry in line] for line in matrix.entries]
    record |= {key: _filled([[cell.get(key) for cell in line] for line in cells]) for key in NUMBERS}
    if not matrix.entries and matrix.autograd is not None:
        record["autograd"] = matrix.autograd.nested()
    record |= {"verdict": result.verdict, "reason": reasons[0] if reasons else None}
    return record | _details(matrix, cells)


def _details(matrix: Matrix, cells: list[list[dict[str, Any]]]) -> dict[str, Any]:
    """What explains the entries, where there is something to explain."""
    details: dict[str, Any] = {key: _filled([[cell.get(key) for cell in line] for line in cells]) for key in DETAILS}
    explanations = list(dict.fromkeys(entry.explanation for entry in matrix.every if entry.explanation is not None))
    notes = [matrix.note, *(entry.note for entry in matrix.every)]
    details |= {
        "verdicts": _nested(matrix, lambda entry: entry.verdict),
        "explanation": explanations or None,
        "note": "; ".join(dict.fromkeys(note for note in notes if note is not None)) or None,
    }
    return {key: value for key, value in details.items() if value is not None}


def _nested(matrix: Matrix, pick: Callable[[Row], Any]) -> Any:
    """One fact of every entry as nested lists; None where there is nothing to say."""
    return _filled([[pick(entry) for entry in line] for line in matrix.entries])


def _filled(values: list[list[Any]]) -> list[list[Any]] | None:
    """The values, unless there is none."""
    return values if any(value is not None for line in values for value in line) else None
