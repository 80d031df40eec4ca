"""Tensors whose elements come from formulas in an order of their own: shifted, tiled, put together of several."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from gradcalc.answers.audit.paper.bound import Taken, Writing
from gradcalc.answers.audit.paper.combined import combined
from gradcalc.answers.audit.paper.number import Unwritten
from gradcalc.answers.audit.paper.piece import Operand, Piece
from gradcalc.answers.audit.paper.reading import operand
from gradcalc.tracing.arrays import Pick

Known = Mapping[int, Sequence[tuple[Mapping[int, int], Piece]]]  # the formulas of nodes
MOST = 400  # elements of a tensor
TOLD = "`{name}` tells where elements are taken: rows of 0 and 1"


def rearranged(writer: Writing, value: Taken, known: Known) -> Operand:
    """Rows of 0 and 1 times the formulas that the elements come from, and what is constant. Raises Unwritten."""
    shape = tuple(value.tensor.shape)
    size = value.tensor.numel()
    if size > MOST:
        raise Unwritten
    index = range(size) if value.read.index is None else value.read.index
    pieces: dict[int, tuple[Piece, list[list[float]]]] = {}
    rest = [0.0] * size
    for row, place in enumerate(index):
        found = _source(writer, value.read.node, place, known)
        if isinstance(found, float):
            rest[row] = found
            continue
        piece, one = found
        whole = math.prod(piece.whole)
        pieces.setdefault(id(piece), (piece, [[0.0] * whole for _ in range(size)]))[1][row][one] = 1.0
    if not pieces:
        raise Unwritten
    made = combined(writer, list(pieces.values()), rest, shape, ("P", TOLD))
    return operand(made, None, shape)


def _source(writer: Writing, node: int, place: int, known: Known) -> tuple[Piece, int] | float:
    """The formula that an element comes from, and which one of it; a number where it is constant."""
    while True:
        for places, piece in known.get(node, ()):
            if place in places:
                return piece, places[place]
        own = writer.tape.nodes[node]
        if not own.leaves:
            return float(writer.truth.run.values[node][place])
        if not isinstance(own.rule, Pick) or own.rule.deciding:
            raise Unwritten
        source = own.rule.places[place]
        if source is None:
            return 0.0
        read = own.reads[source[0]]
        node, place = read.node, source[1] if read.index is None else read.index[source[1]]
