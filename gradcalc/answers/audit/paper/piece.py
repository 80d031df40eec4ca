"""Formulas of arrays as they are put together, with a number in front of each, and as operations read them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from gradcalc.answers.audit.paper.number import ONE, Factor, Unwritten, decimal

Axes = tuple[tuple[int, ...], tuple[int, ...]]  # of the batch, and of one item
MATRIX = 2  # axes of an array that a formula may have


@dataclass(frozen=True, slots=True)
class Over:
    """A formula of one item of a batch, and what is made of all of them: the `sum` or the `mean`."""

    kind: str
    batch: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A formula, with a number in front of it; axes of size 1 are left out of it, as on paper.

    `sizes` are those of its axes, `batch` those of leading ones that it leaves out: it is the formula of one item.
    `turned` is its transpose where that is the shorter text, `minus` what it is with the other sign, `below` what it
    is one over, `product` its two factors, `summed` the matrix, with its rows, whose sum it is, `flat` the matrix whose
    elements it has in a row, `masked` where it is minus infinity, which no formula holds: softmax alone takes it.
    """

    text: str
    sizes: tuple[int, ...] = ()
    times: Factor = ONE
    batch: tuple[int, ...] = ()
    turned: str | None = None
    product: tuple[str, str] | None = None
    minus: str | None = None
    below: Piece | None = None
    summed: Operand | None = None
    flat: Piece | None = None
    masked: str | None = None
    over: Over | None = None
    number: bool = False

    def plainly(self, times: Factor = ONE) -> Piece:
        """The formula with a number in front, and nothing known of what it is made of."""
        return replace(self, times=times, product=None, minus=None, below=None, summed=None, flat=None)

    @property
    def negated(self) -> Piece:
        """The formula with the other sign."""
        if self.minus is not None:
            return replace(self.plainly(self.times), text=self.minus, turned=None, minus=self.text)
        return replace(self, times=-self.times)

    @property
    def whole(self) -> tuple[int, ...]:
        """All axes, of the batch too."""
        return self.batch + self.sizes

    @property
    def said(self) -> str:
        """The formula with its number in front, fit to stand in another one."""
        if self.over is not None or self.masked is not None:
            raise Unwritten
        return self._number if self.number else self.times.of(self.text)

    @property
    def _number(self) -> str:
        text = decimal(self.times.value)
        return f"({text})" if "-" in text or "/" in text else text

    @property
    def transposed(self) -> str:
        """The formula of the transpose."""
        return self.times.of(self.turned or f"{self.text}.T")


@dataclass(frozen=True, slots=True)
class Operand:
    """A formula as an operation reads it: the place of each axis in the tensor, from the end, and of the batch."""

    piece: Piece
    places: tuple[int, ...] = ()
    apart: tuple[int, ...] = field(default=())  # where the axes of the batch stand
    inner: bool = False  # does the batch run faster than the first axis of an item?

    def size(self, place: int) -> int | None:
        """The size of the axis at a place, where it has one there."""
        return self.piece.sizes[self.places.index(place)] if place in self.places else None


def number_of(value: float) -> Piece:
    """A number as a formula."""
    if not math.isfinite(value):
        raise Unwritten
    return Piece("1", times=Factor(value), number=True)


def bare(text: str) -> str:
    """Without parentheses around all of it."""
    return text[1:-1] if text.startswith("(") and closes(text) == len(text) - 1 else text


def closes(text: str) -> int:
    """Where the first parenthesis of a text is closed."""
    depth = 0
    for place, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if depth == 0 and letter == ")":
            return place
    return len(text)


def axes_of(shape: Sequence[int], single: bool = False) -> Axes:
    """The axes of an array of the user's that a formula leaves out as a batch, and those that it has.

    Axes of size 1 are left out, but for a `single` row that is a batch of one.
    """
    if single and len(shape) == MATRIX and shape[0] == 1 < shape[1]:
        return (), (*shape,)
    whole = tuple(size for size in shape if size != 1)
    return whole[:-MATRIX], whole[-MATRIX:]


def without_ones(shape: Sequence[int]) -> tuple[int, ...]:
    """The sizes that a formula has axes for."""
    return tuple(size for size in shape if size != 1)


def images_of(shape: Sequence[int], filters: bool) -> Axes:
    """The axes of images, and of their `filters`, as matrices: a row for each channel, behind the batch."""
    if not filters and len(shape) == MATRIX + 1:
        return axes_of(shape)
    apart = 0 if filters else 1
    rows = without_ones((*shape[apart : apart + 1], math.prod(shape[apart + 1 :])))
    return without_ones(shape[:apart]), rows


def batched(axes: Axes, batch: tuple[int, ...]) -> Axes:
    """The axes where the first one is that of the batch, if it has its size."""
    own, sizes = axes
    return (sizes[:1], sizes[1:]) if not own and batch and sizes[:1] == batch else axes


def in_rows(batch: tuple[int, ...], sizes: tuple[int, ...]) -> Axes:
    """The axes where each item of a batch is a row."""
    return ((), (batch[0], math.prod((*batch[1:], *sizes)))) if batch else (batch, sizes)


def batch_first(batch: tuple[int, ...], sizes: tuple[int, ...]) -> list[int]:
    """For each element of a batch of matrices its place in an array whose second axis is that of the batch."""
    (items,), (rows, columns) = batch, sizes
    return [
        (row * items + item) * columns + column
        for item in range(items) for row in range(rows) for column in range(columns)
    ]  # fmt: skip


def pieces(batch: tuple[int, ...], numbers: Sequence[float]) -> Iterator[Sequence[float]]:
    """The numbers of each item of a batch."""
    each = len(numbers) // math.prod(batch)
    return (numbers[place * each : (place + 1) * each] for place in range(math.prod(batch)))
