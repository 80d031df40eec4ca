"""An array of balls, as a list or as a matrix of Arb's, whichever was asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, repeat
from typing import Any, TypeAlias

from flint import arb, arb_mat

from gradcalc.arrays.places import strided, strides
from gradcalc.arrays.shape import Shape, size
from gradcalc.base.errors import LimitError
from gradcalc.engines.exact.ball import Undecided
from gradcalc.engines.exact.values import Undefined

Missing: TypeAlias = Undefined | Undecided | LimitError  # what stands for an element without a value
Item: TypeAlias = Any  # a ball, an answer yes or no, or what stands for one that is missing


class Tensor:
    """Elements of a shape, row-major; where `missing`, some have no value. A vector is a matrix of one column."""

    __slots__ = ("_items", "_matrix", "missing", "shape")

    def __init__(
        self, shape: Shape, items: Sequence[Item] | None = None, matrix: arb_mat | None = None, *, missing: bool = False
    ) -> None:
        self.shape, self._items, self._matrix, self.missing = shape, items, matrix, missing

    @property
    def items(self) -> Sequence[Item]:
        """The elements."""
        if self._items is None:
            assert self._matrix is not None
            self._items = self._matrix.entries()
        return self._items

    @property
    def matrix(self) -> arb_mat:
        """The matrix, all of whose elements have values."""
        if self._matrix is None:
            rows, columns = (*map(int, self.shape), 1, 1)[:2]
            self._matrix = arb_mat(rows, columns, self.items)
        return self._matrix

    @property
    def marked(self) -> bool:
        """Are the elements more than balls? A matrix would forget what."""
        return self._items is not None and type(self._items[0]) is not arb

    @property
    def turned(self) -> arb_mat:
        """The transpose of the matrix; of a vector, its row."""
        return self.matrix.transpose()

    def spread(self, shape: Shape) -> Iterable[Item]:
        """The elements repeated to a shape, as NumPy does it."""
        if self.shape == shape:
            return self.items
        if len(self.items) == 1:
            return repeat(self.items[0], size(shape))
        return [self.items[place] for place in sources(self.shape, shape)]

    def reshaped(self, shape: Shape) -> Tensor:
        """The same elements in another shape."""
        return Tensor(shape, self.items, missing=self.missing)


def number(item: Item) -> Tensor:
    """A single element."""
    return Tensor((), [item], missing=is_missing(item))


def measured(shape: Shape, values: Sequence[float]) -> Tensor:
    """Floats, which are balls without error."""
    return Tensor(shape, list(map(arb, values)))


def made_of(shape: Shape, items: Sequence[Item]) -> Tensor:
    """Elements of which some may be missing."""
    return Tensor(shape, items, missing=any(map(is_missing, items)))


def transposed(a: Tensor) -> Tensor:
    """Rows as columns."""
    if len(a.shape) < 2:
        return a
    if a.missing or a.marked:
        rows, columns = map(int, a.shape)
        items = [a.items[row * columns + column] for column in range(columns) for row in range(rows)]
        return Tensor((columns, rows), items, missing=a.missing)
    return Tensor(a.shape[::-1], matrix=a.turned)


def is_missing(item: Item) -> bool:
    """Does an element have no value?"""
    return isinstance(item, Undefined | Undecided | LimitError)


def first_missing(*several: Iterable[Item]) -> Missing | None:
    """The first of these that stands for an element without a value."""
    return next(filter(is_missing, chain(*several)), None)


def sources(shape: Shape, wide: Shape) -> Sequence[int]:
    """For each place of a wider shape, where the element stands that is repeated there."""
    own = [0 if length == 1 else step for length, step in zip(shape, strides(shape), strict=True)]
    return strided(wide, [0] * (len(wide) - len(own)) + own)
