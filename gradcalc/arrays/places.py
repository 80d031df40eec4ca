"""Functions that only move elements: where each element of the result stands among those of the arguments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate
from operator import mul
from typing import TypeAlias

from gradcalc.arrays.literals import axis, integers
from gradcalc.arrays.shape import Shape, checked_axis, size
from gradcalc.arrays.windows import NOTHING, sources, windows
from gradcalc.syntax.tree import Call

Places: TypeAlias = "Sequence[int]"  # among the elements of all arrays in turn, row-major
Moves: TypeAlias = Callable[[Call, Sequence[Shape]], Places]


def strides(shape: Shape) -> list[int]:
    """How far apart neighbours are along each axis, row-major."""
    sizes = accumulate((int(length) for length in reversed(shape)), mul, initial=1)
    return list(sizes)[-2::-1] if shape else []


def strided(shape: Shape, steps: Sequence[int], offset: int = 0) -> Places:
    """The places from `offset` on that are these steps apart, for an array of a shape."""
    found = [offset]
    for length, step in zip(shape, steps, strict=True):
        found = [place + step * k for place in found for k in range(int(length))]
    return found


def lines(shape: Shape, axis: int | None) -> list[range]:
    """The places of the elements that lie along an axis, line by line; of all elements, for none."""
    sizes = [int(length) for length in shape]
    count = size(shape)
    inner = 1 if axis is None else size(shape[axis + 1 :])
    block = count if axis is None else sizes[axis] * inner
    return [
        range(start, first + block, inner) for first in range(0, count, block) for start in range(first, first + inner)
    ]


def _transpose(node: Call, shapes: Sequence[Shape]) -> Places:
    """Rows as columns; a vector stays as it is."""
    (shape,) = shapes
    return strided(shape[::-1], strides(shape)[::-1])


def _index(node: Call, shapes: Sequence[Shape]) -> Places:
    """One element, or one row."""
    shape = shapes[0]
    steps, chosen = strides(shape), [place - 1 for place in integers(node.arguments[1:])]
    return strided(shape[len(chosen) :], steps[len(chosen) :], sum(map(mul, chosen, steps)))


def _diag(node: Call, shapes: Sequence[Shape]) -> Places:
    """The diagonal of a matrix, or the matrix with a diagonal."""
    (shape,) = shapes
    n = int(shape[0])
    if len(shape) == 2:
        return range(0, n * n, n + 1)
    return [place // n if place % (n + 1) == 0 else NOTHING for place in range(n * n)]


def _slice(node: Call, shapes: Sequence[Shape]) -> Places:
    """The elements between two places along each axis, these with them."""
    steps = strides(shapes[0])
    firsts = [place - 1 for place in integers(node.arguments[1:])[::2]]
    return strided(_slice_shape(node, shapes), steps, sum(map(mul, firsts, steps)))


def _slice_shape(node: Call, shapes: Sequence[Shape]) -> Shape:
    shape, numbers = shapes[0], integers(node.arguments[1:])
    bounds = list(zip(numbers[::2], numbers[1::2], strict=True))
    lengths = [(last or int(length)) - first + 1 for length, (first, last) in zip(shape, bounds, strict=False)]
    return (*lengths, *shape[len(bounds) :])


def _flip(node: Call, shapes: Sequence[Shape]) -> Places:
    """The elements in the opposite order, along an axis or all of them."""
    shape, named = shapes[0], axis(node)
    if named is None:
        return range(size(shape) - 1, -1, -1)
    steps, along = strides(shape), checked_axis(shape, named)
    start = steps[along] * (int(shape[along]) - 1)
    return strided(shape, [-step if place == along else step for place, step in enumerate(steps)], start)


def _triangle(below: bool) -> Moves:
    """The elements on a diagonal, the main one or the k-th above it, and on one side of that, zeros elsewhere."""

    def places(node: Call, shapes: Sequence[Shape]) -> Places:
        rows, columns = map(int, shapes[0])
        last = next(iter(integers(node.arguments[1:])), 0)
        found = ((row, column) for row in range(rows) for column in range(columns))
        return [
            row * columns + column if (beyond := column - row - last) == 0 or (beyond < 0) is below else NOTHING
            for row, column in found
        ]

    return places


def _in_order(node: Call, shapes: Sequence[Shape]) -> Places:
    """All elements, one array after the other."""
    return range(sum(map(size, shapes)))


def _unfold(node: Call, shapes: Sequence[Shape]) -> Places:
    """The elements of each window, zeros around."""
    return sources(windows(node, shapes[0]), int(shapes[0][0]) if len(shapes[0]) > 1 else 1)


MOVES: dict[str, Moves] = {
    "array": _in_order, "concat": _in_order, "reshape": _in_order, "slice": _slice, "flip": _flip,
    "tril": _triangle(True), "triu": _triangle(False),
    "unfold": _unfold, "unfold2d": _unfold,
    "index": _index, "transpose": _transpose, "diag": _diag,
}  # fmt: skip
