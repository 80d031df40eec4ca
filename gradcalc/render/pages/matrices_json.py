"""The matrix of a Jacobian or a Hessian as JSON: the keys of a gradient's record, each number a matrix."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import Any

from gradcalc.answers.matrices.records import Hessian, Jacobian, Matrix
from gradcalc.answers.records import Row
from gradcalc.render.json import NUMBERS


def record(result: Jacobian | Hessian) -> dict[str, Any]:
    """The matrix, key by key; what explains the entries stands only where there is something to explain."""
    matrix = result.matrix
    forms = list(matrix.formulas.values())
    reasons = [entry.reason for entry in matrix.every if entry.verdict == result.verdict and entry.reason is not None]
    record: dict[str, Any] = {
        "rows": matrix.rows or None,
        "columns": matrix.columns or None,
        "formula": forms[0] if len(forms) == 1 else None,
        "formulas": matrix.formulas,
        "components": _nested(matrix, lambda entry: entry.formula),
    }
    record |= {key: _nested(matrix, attrgetter(key)) for key in NUMBERS}
    if not matrix.entries:
        record["autograd"] = matrix.autograd
    notes = [matrix.note, *(entry.note for entry in matrix.every)]
    details = {
        "left": _nested(matrix, lambda entry: entry.left),
        "right": _nested(matrix, lambda entry: entry.right),
        "blame": _nested(matrix, lambda entry: entry.blame),
        "verdicts": _nested(matrix, lambda entry: entry.verdict),
        "explanation": _each(entry.explanation for entry in matrix.every) or None,
        "note": "; ".join(_each(notes)) or None,
    }
    record |= {"verdict": result.verdict, "reason": reasons[0] if reasons else None}
    return record | {key: value for key, value in details.items() if value is not None}


def _each(texts: Iterable[str | None]) -> list[str]:
    """Each text once."""
    return list(dict.fromkeys(text for text in texts if text is not None))


def _nested(matrix: Matrix, pick: Callable[[Row], Any]) -> list[list[Any]] | None:
    """One fact of every entry as nested lists; None where there is nothing to say."""
    values = [[pick(entry) for entry in line] for line in matrix.entries]
    return values if any(value is not None for line in values for value in line) else None
