"""Windows on rows and on images: which elements each has, as convolutions and pooling take them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from gradcalc.arrays.literals import integers
from gradcalc.arrays.shape import Mismatch, Shape
from gradcalc.syntax.tree import Call

Item = TypeVar("Item")
NOTHING = -1  # the place of an element that is 0
ROWS, IMAGES = "expected a vector or a matrix, whose rows have windows", "expected rows that are images of {} rows each"
POSITIVE = "expected positive sizes and steps of windows, and no negative border"
FITTING = "no window of {} fits into {}"


@dataclass(frozen=True, slots=True)
class Windows:
    """Of a row of `length` elements the windows, each as places in it; NOTHING in the border of zeros around."""

    length: int
    places: Sequence[Sequence[int]]

    @property
    def size(self) -> int:
        """How many elements a window has."""
        return len(self.places[0])


def windows(node: Call, shape: Shape) -> Windows:
    """The windows that a call of `unfold` or `unfold2d` takes of rows in an array of that shape. Raises Mismatch."""
    numbers = integers(node.arguments[1:])
    if not 1 <= len(shape) <= 2 or not isinstance(shape[-1], int):
        raise Mismatch(ROWS)
    if node.function == "unfold":
        kernel, *rest = numbers
        return _windows([shape[-1]], [kernel], *rest)
    height, *kernels = numbers[:3]
    if height < 1 or shape[-1] % height:
        raise Mismatch(IMAGES.format(height))
    return _windows([height, shape[-1] // height], kernels, *numbers[3:])


def windows_back(node: Call) -> Windows:
    """The windows that a call of `fold` or `fold2d` puts back. Raises Mismatch."""
    numbers = integers(node.arguments[1:])
    axes = 1 if node.function == "fold" else 2
    return _windows(numbers[:axes], numbers[axes : 2 * axes], *numbers[2 * axes :])


def _windows(sizes: Sequence[int], kernel: Sequence[int], step: int = 1, border: int = 0, apart: int = 1) -> Windows:
    """Along each axis windows of so many elements, every `apart`-th one, `step` from window to window."""
    length, places = 1, [[0]]
    if min(step, apart, *kernel) < 1 or border < 0:
        raise Mismatch(POSITIVE)
    for size, width in zip(sizes, kernel, strict=True):
        reach = (width - 1) * apart + 1
        count = (size + 2 * border - reach) // step + 1
        if count < 1:
            raise Mismatch(FITTING.format(reach, size + 2 * border))
        starts = [k * step - border for k in range(count)]
        own = [[one if 0 <= one < size else NOTHING for one in range(start, start + reach, apart)] for start in starts]
        places = [
            [NOTHING if NOTHING in (a, b) else a * size + b for a in window for b in inner]
            for window in places for inner in own
        ]  # fmt: skip
        length *= size
    return Windows(length, places)


def unfolded_shape(node: Call, shapes: Sequence[Shape]) -> Shape:
    """A column for each window; below each other what the rows have in it. Raises Mismatch."""
    found = windows(node, shapes[0])
    rows = int(shapes[0][0]) if len(shapes[0]) > 1 else 1
    return (rows * found.size, len(found.places))


def folded_shape(node: Call, shapes: Sequence[Shape]) -> Shape:
    """The rows that the windows came from; a vector of a single one. Raises Mismatch."""
    found, shape = windows_back(node), shapes[0]
    if len(shape) != 2 or not all(isinstance(one, int) for one in shape):
        raise Mismatch("expected a matrix whose columns are windows")
    rows, rest = divmod(int(shape[0]), found.size)
    if rest or shape[1] != len(found.places):
        raise Mismatch(f"has no {len(found.places)} windows of {found.size} elements", *shape)
    return (found.length,) if rows == 1 else (rows, found.length)


def sources(found: Windows, rows: int) -> list[int]:
    """For each element of the columns, row by row, its place among those of the rows."""
    return [
        NOTHING if window[element] == NOTHING else row * found.length + window[element]
        for row in range(rows) for element in range(found.size) for window in found.places
    ]  # fmt: skip


def gathered(found: Windows, rows: int, items: Sequence[Item]) -> list[list[Item]]:
    """For each element of the rows what the columns have of it, to be added up."""
    parts: list[list[Item]] = [[] for _ in range(rows * found.length)]
    for place, item in zip(sources(found, rows), items, strict=True):
        if place != NOTHING:
            parts[place].append(item)
    return parts
