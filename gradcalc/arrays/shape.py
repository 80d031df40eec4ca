"""Shapes: what fits what, as in NumPy and torch; a dimension is a number, or a name such as `n`."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from math import prod
from typing import TypeAlias

Dimension: TypeAlias = int | str
Shape: TypeAlias = tuple[Dimension, ...]
SCALAR: Shape = ()


class Mismatch(Exception):
    """Shapes that do not fit; the message says why, as a clause. `sizes` are two dimensions that should be equal."""

    def __init__(self, message: str, *sizes: Dimension, hint: str | None = None) -> None:
        super().__init__(message)
        self.sizes = sizes
        self.hint = hint


def text(shape: Shape) -> str:
    """A shape as NumPy writes it: `(3,)`, `(2, 3)`, `()`."""
    return f"({shape[0]},)" if len(shape) == 1 else f"({', '.join(map(str, shape))})"


def named_sizes(shapes: Iterable[Shape]) -> list[str]:
    """The dimensions that have names, in order of first appearance."""
    return list(dict.fromkeys(size for shape in shapes for size in shape if isinstance(size, str)))


def index_at(place: int, shape: Shape) -> tuple[int, ...]:
    """The index, from 0, of the element at a place in row-major order."""
    index: list[int] = []
    for dimension in reversed(shape):
        place, position = divmod(place, int(dimension))
        index.insert(0, position)
    return tuple(index)


def broadcast(*shapes: Shape) -> Shape:
    """The common shape of elementwise operands. Raises Mismatch.

    Source: NumPy, "Broadcasting", General broadcasting rules: from the last dimension on, equal or one of them 1.
    """
    result: list[Dimension] = []
    for position in range(1, max(map(len, shapes), default=0) + 1):
        sizes = dict.fromkeys(shape[-position] for shape in shapes if len(shape) >= position and shape[-position] != 1)
        if len(sizes) > 1:
            raise Mismatch("do not broadcast", *islice(sizes, 2))
        result.append(next(iter(sizes), 1))
    return tuple(reversed(result))


def times(*dimensions: Dimension) -> Dimension:
    """The product of dimensions: `6`, `n*m`."""
    result: Dimension = 1
    for one in dimensions:
        if 1 in (result, one):
            result = one if result == 1 else result
        else:
            result = result * one if isinstance(result, int) and isinstance(one, int) else f"{result}*{one}"
    return result


def reduced(a: Shape, axis: int | None) -> Shape:
    """The shape that is left when one axis, or every axis, is summed over. Raises Mismatch."""
    if axis is None:
        return SCALAR
    place = checked_axis(a, axis)
    return a[:place] + a[place + 1 :]


def checked_axis(a: Shape, axis: int) -> int:
    """The axis counted from the front; -1 is the last. Raises Mismatch."""
    if not -len(a) <= axis < len(a):
        raise Mismatch(f"has no axis {axis}")
    return axis % len(a)


def size(shape: Shape) -> int:
    """How many elements an array has. Every dimension is a number."""
    return prod(int(dimension) for dimension in shape)
