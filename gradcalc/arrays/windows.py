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
POOLS = ("max_pool1d", "max_pool2d")
POSITIVE = "expected positive sizes and steps of windows, and no negative border"
NARROW = "expected a border of at most half a window"
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
    """The windows that a call takes of rows in an array of that shape, those of pools side by side. Raises Mismatch."""
    numbers = integers(node.arguments[1:])
    if not 1 <= len(shape) <= 2 or not isinstance(shape[-1], int):
        raise Mismatch(ROWS)
    if node.function in ("unfold", "max_pool1d"):
        sizes, kernel, rest = [shape[-1]], numbers[:1], numbers[1:]
    else:
        if numbers[0] < 1 or shape[-1] % numbers[0]:
            raise Mismatch(IMAGES.format(numbers[0]))
        sizes, kernel, rest = [numbers[0], shape[-1] // numbers[0]], numbers[1:3], numbers[3:]
    if node.function in POOLS and not rest:
        return _windows(sizes, kernel, kernel)
    if node.function in POOLS and len(rest) > 1 and 2 * rest[1] > min(kernel):
        raise Mismatch(NARROW)
    return _windows(sizes, kernel, rest[:1] * len(sizes) or [1] * len(sizes), *rest[1:])


def windows_back(node: Call) -> Windows:
    """The windows that a call of `fold` or `fold2d` puts back. Raises Mismatch."""
    numbers = integers(node.arguments[1:])
    axes = 1 if node.function == "fold" else 2
    rest = numbers[2 * axes :] or [1]
    return _windows(numbers[:axes], numbers[axes : 2 * axes], rest[:1] * axes, *rest[1:])


def _windows(
    sizes: Sequence[int], kernel: Sequence[int], steps: Sequence[int], border: int = 0, apart: int = 1
) -> Windows:
    """Along each axis windows of so many elements, every `apart`-th one, a step from window to window."""
    length, places = 1, [[0]]
    if min(apart, *steps, *kernel) < 1 or border < 0:
        raise Mismatch(POSITIVE)
    for size, width, step in zip(sizes, kernel, steps, strict=True):
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


def pooled_shape(node: Call, shapes: Sequence[Shape]) -> Shape:
    """A number for each window of each row. Raises Mismatch."""
    return (*shapes[0][:-1], len(windows(node, shapes[0]).places))


def pools(node: Call, shape: Shape) -> list[list[int]]:
    """For each window of each row the places of its elements, among those of all rows."""
    found = windows(node, shape)
    rows = int(shape[0]) if len(shape) > 1 else 1
    return [
        [row * found.length + place for place in window if place != NOTHING]
        for row in range(rows) for window in found.places
    ]  # fmt: skip


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
