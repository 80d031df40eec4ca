"""What flows to the parts of an array: put together where the parts are all of it, or else each to its place."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from gradcalc.arrays.infer import Shapes, slices
from gradcalc.arrays.literals import integers
from gradcalc.arrays.shape import Dimension, Shape
from gradcalc.calculus.matrix.form import Form, apply
from gradcalc.calculus.matrix.ones import is_ones, ones
from gradcalc.calculus.matrix.structure import STRUCTURAL
from gradcalc.calculus.matrix.sums import add
from gradcalc.syntax.tree import Call, Node

PARTS = frozenset({"slice", "index"})
Piece = tuple[int, int, Form]  # the first and the last row, and what flows there


def put_together(node: Node, parts: Sequence[tuple[Call, Form]], shapes: Shapes) -> list[Form]:
    """What flows to an array by way of its parts."""
    shape = shapes[id(node)]
    found = _pieces(parts, shape) if len(parts) > 1 and len(shape) <= 2 else None  # columns: as they are written
    if found and _is_whole(found, shape[0]):
        return [_joined(found, shape)]
    return [STRUCTURAL[call.function](call, 0, flow, [], shapes) for call, flow in parts]


def _is_whole(found: Sequence[Piece], size: Dimension) -> bool:
    """Do they follow each other, from the first row to the last?"""
    firsts, lasts = [first for first, _, _ in found], [last for _, last, _ in found]
    return [1, *(last + 1 for last in lasts)] == [*firsts, size + 1 if isinstance(size, int) else size]


def _pieces(parts: Sequence[tuple[Call, Form]], shape: Shape) -> list[Piece] | None:
    """The parts as whole rows, in order; None where one is no such part. Equal ones are added up."""
    found: dict[tuple[int, int], Form] = {}
    for call, flow in parts:
        bounds = _bounds(call, shape)
        first, last = bounds[0]
        if bounds[1:] != [(1, size) for size in shape[1:]] or (call.function == "index" and len(shape) < 2):
            return None
        if not isinstance(first, int) or not isinstance(last, int):
            return None
        own = found.get((first, last))
        found[first, last] = flow if own is None else add(own, flow)
    return [(*bounds, found[bounds]) for bounds in sorted(found)]


def _bounds(call: Call, shape: Shape) -> list[tuple[Dimension, Dimension]]:
    """The first and the last place along each axis."""
    if call.function == "slice":
        found: list[tuple[Dimension, Dimension]] = [*slices(call, shape)]
    else:
        found = [(place, place) for place in integers(call.arguments[1:])]
    return [*found, *((1, size) for size in shape[len(found) :])]


def _joined(found: Sequence[Piece], shape: Shape) -> Form:
    """All that flows, row below row."""
    if all(is_ones(flow) for _, _, flow in found):
        return ones(shape)
    if all(len(flow.shape) < len(shape) for _, _, flow in found):
        return apply("array", tuple(flow for _, _, flow in found), shape)
    rows = [_as_rows(flow, shape) for _, _, flow in found]
    heights = accumulate(last - first + 1 for first, last, _ in found)
    whole = rows[0]
    for row, height in list(zip(rows, heights, strict=True))[1:]:
        whole = apply("concat", (whole, row), (height, *shape[1:]))
    return whole


def _as_rows(flow: Form, shape: Shape) -> Form:
    """A part as rows."""
    return apply("array", (flow,), (1, *flow.shape)) if len(flow.shape) < len(shape) else flow
