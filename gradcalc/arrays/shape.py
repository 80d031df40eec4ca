"""Shapes: what fits what, as in NumPy and torch; a dimension is a number, or a name such as `n`."""

from __future__ import annotations

from itertools import islice
from math import prod
from typing import TypeAlias

Dimension: TypeAlias = int | str
Shape: TypeAlias = tuple[Dimension, ...]
SCALAR: Shape = ()


class Mismatch(Exception):
    """Shapes that do not fit; the message says why, as a clause. `sizes` are two dimensions that should be equal."""

    def __init__(self, message: str, *sizes: Dimension) -> None:
        super().__init__(message)
        self.sizes = sizes


def text(shape: Shape) -> str:
    """A shape as NumPy writes it: `(3,)`, `(2, 3)`, `()`."""
    return f"({shape[0]},)" if len(shape) == 1 else f"({', '.join(map(str, shape))})"


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


def matmul(a: Shape, b: Shape) -> Shape:
    """The shape of `a @ b`; a vector counts as a row on the left and as a column on the right. Raises Mismatch."""
    if not a or not b:
        raise Mismatch("a scalar has no `@`, multiply with `*`")
    if len(a) > 2 or len(b) > 2:
        raise Mismatch("`@` takes vectors and matrices")
    if a[-1] != b[0]:
        raise Mismatch("the inner dimensions differ", a[-1], b[0])
    return a[:-1] + b[1:]


def times(a: Dimension, b: Dimension) -> Dimension:
    """The product of two dimensions: `6`, `n*m`."""
    if 1 in (a, b):
        return b if a == 1 else a
    return a * b if isinstance(a, int) and isinstance(b, int) else f"{a}*{b}"


def square(a: Shape) -> Shape:
    """The shape itself, where it is a square matrix's. Raises Mismatch."""
    if len(a) != 2 or a[0] != a[1]:
        raise Mismatch("expected a square matrix", *(a if len(a) == 2 else ()))
    return a


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
