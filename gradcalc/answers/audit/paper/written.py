"""The formula of one operation, by the row that it has."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from gradcalc.answers.audit.paper import along, backwards, elements, layers, matrices, picks, windows
from gradcalc.answers.audit.paper.bound import Bound, Taken, Writing
from gradcalc.answers.audit.paper.linear import linear
from gradcalc.answers.audit.paper.number import Unwritten
from gradcalc.answers.audit.paper.piece import Operand, Piece
from gradcalc.answers.audit.paper.rows import ONLY

ROWS: Mapping[str, Callable[[Writing, Bound], Piece | Operand | Sequence[Piece | None]]] = {
    **elements.ROWS, **along.ROWS, **matrices.ROWS, **layers.ROWS, **picks.ROWS, **windows.ROWS,
    **backwards.ROWS,
}  # fmt: skip


BROADCAST = frozenset({*elements.ROWS, *backwards.ROWS})


def written(writer: Writing, given: Bound) -> Sequence[Piece | Operand | None]:
    """The formulas of what an operation gives, an operand where one is the same along some axes.

    Raises Unwritten where it has no row, and is not linear.
    """
    try:
        return _by_row(writer, given)
    except Unwritten:
        return [linear(writer, replace(given, name=given.name.rstrip("_")))]


def _by_row(writer: Writing, given: Bound) -> Sequence[Piece | Operand | None]:
    name = given.name if given.name in ROWS else given.name.rstrip("_")
    row = ROWS.get(name)
    if row is None or any(given.get(key) != value for key, value in ONLY.get(name, {}).items()):
        raise Unwritten
    found = row(writer, replace(given, name=name))
    if isinstance(found, Piece) and name in BROADCAST:
        found = _broadcast(writer, given, found)
    return (found,) if isinstance(found, Piece | Operand) else found


def _broadcast(writer: Writing, given: Bound, found: Piece) -> Piece | Operand:
    """A formula that lacks axes along which it is the same, as the product with ones has."""
    shape = given.step.outputs[0].shape if given.step.outputs else ()
    if math.prod(found.whole) == math.prod(shape) or found.over is not None:
        return found
    read = [writer.operand(one) for one in given.values.values() if isinstance(one, Taken)]
    places = tuple(sorted({place for one in read for place in one.places}))
    apart = tuple(sorted({place for one in read for place in one.apart}))
    return Operand(found, places, apart) if len(places) == len(found.sizes) else found
