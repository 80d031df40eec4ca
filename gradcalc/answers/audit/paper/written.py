"""The formula of one operation, by the row that it has."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from gradcalc.answers.audit.paper import along, elements, layers, matrices, picks, windows
from gradcalc.answers.audit.paper.bound import Bound, Writing
from gradcalc.answers.audit.paper.linear import linear
from gradcalc.answers.audit.paper.number import Unwritten
from gradcalc.answers.audit.paper.piece import Piece
from gradcalc.answers.audit.paper.rows import ONLY

ROWS: Mapping[str, Callable[[Writing, Bound], Piece | Sequence[Piece | None]]] = {
    **elements.ROWS, **along.ROWS, **matrices.ROWS, **layers.ROWS, **picks.ROWS, **windows.ROWS,
}  # fmt: skip


def written(writer: Writing, given: Bound) -> Sequence[Piece | None]:
    """The formulas of what an operation gives. Raises Unwritten where it has no row, and is not linear."""
    try:
        return _by_row(writer, given)
    except Unwritten:
        return [linear(writer, replace(given, name=given.name.rstrip("_")))]


def _by_row(writer: Writing, given: Bound) -> Sequence[Piece | None]:
    name = given.name if given.name in ROWS else given.name.rstrip("_")
    row = ROWS.get(name)
    if row is None or any(given.get(key) != value for key, value in ONLY.get(name, {}).items()):
        raise Unwritten
    found = row(writer, replace(given, name=name))
    return (found,) if isinstance(found, Piece) else found
