"""Arrays of more axes than a formula has, item by item, as papers write heads: each has a formula of its own."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import groupby
from typing import Any

from gradcalc.answers.audit.paper.bound import Bound, Taken
from gradcalc.answers.audit.paper.number import Unwritten
from gradcalc.answers.audit.paper.piece import MATRIX, Operand, Piece, without_ones
from gradcalc.answers.audit.paper.rows import ELEMENTS, SAME
from gradcalc.tracing.layout import strided, strides
from gradcalc.tracing.tape import composed

Items = Callable[[], list[tuple[Bound, list[int]]]]
MOST = 8  # items that are written out
BY_ITEMS = frozenset(  # what makes each item of the items of what it takes
    {*ELEMENTS, *SAME, "add", "sub", "mul", "div", "neg", "masked_fill", "bmm", "baddbmm", "_softmax", "_safe_softmax"}
    | {"_scaled_dot_product_flash_attention_for_cpu"}
)


def choices(given: Bound, batches: Collection[int]) -> Iterator[Items]:
    """The ways in which an operation may be written item by item: along an axis, or all of a batch along with it.

    Each gives the operation on each item, and which elements of the result these are; it raises Unwritten.
    """
    shape = tuple(given.step.outputs[0].shape)
    if given.name not in BY_ITEMS or without_ones(shape) == shape[len(shape) - MATRIX :]:
        return
    for place in range(-len(shape), -MATRIX):
        size = shape[place]
        if 1 < size <= MOST:
            yield partial(_items, given, place, [range(item, item + 1) for item in range(size)])
        for items in batches:
            count, rest = divmod(size, max(items, 1))
            if items > 1 and not rest and 1 < count <= MOST:
                yield partial(_items, given, place, [range(item, size, count) for item in range(count)])
                yield partial(_items, given, place, [range(item * items, (item + 1) * items) for item in range(count)])


def _items(given: Bound, place: int, parts: Sequence[range]) -> list[tuple[Bound, list[int]]]:
    shape = tuple(given.step.outputs[0].shape)
    return [(_item(given, place, one), _places(shape, place, one)) for one in parts]


def _item(given: Bound, place: int, items: range) -> Bound:
    """The operation on one item."""
    output = given.step.outputs[0]
    size = output.shape[place]
    shape = (*output.shape[:place], len(items), *output.shape[len(output.shape) + place + 1 :])
    step = replace(given.step, outputs=[replace(output, shape=shape)])
    return Bound(given.name, {name: _narrowed(one, place, size, items) for name, one in given.values.items()}, step)


def _narrowed(value: Any, place: int, size: int, items: range) -> Any:
    if isinstance(value, list):
        return [_narrowed(one, place, size, items) for one in value]
    if not isinstance(value, Taken) or value.tensor.dim() < -place or value.tensor.shape[place] == 1:
        return value
    shape = tuple(value.tensor.shape)
    if shape[place] != size:
        raise Unwritten
    return part(value, place, items)


def part(value: Taken, place: int, items: range) -> Taken:
    """Some items of a tensor along an axis."""
    shape = tuple(value.tensor.shape)
    inner = value.tensor[(..., slice(items.start, items.stop, items.step), *[slice(None)] * (-place - 1))]
    return Taken(replace(value.read, index=composed(value.read.index, _places(shape, place, items))), inner)


def _places(shape: Sequence[int], place: int, items: range) -> list[int]:
    """The places, row by row, of the elements of some items along an axis."""
    own = strides(shape)
    sizes = [len(items) if one == len(shape) + place else size for one, size in enumerate(shape)]
    steps = [step * items.step if one == len(shape) + place else step for one, step in enumerate(own)]
    return list(strided(sizes, steps, items.start * own[place]))


def owners(value: Taken, known: Sequence[Mapping[int, int]]) -> list[int]:
    """For each column of a tensor, which of several formulas has its first element; `known` are the places of each."""
    index = value.read.index or range(value.tensor.numel())
    owner = {one: number for number, places in enumerate(known) for one in places}
    columns = index[: value.tensor.shape[-1] if value.tensor.dim() else 0]
    if len(known) < 2 or any(one not in owner for one in columns):
        raise Unwritten
    return [owner[one] for one in columns]


def beside(value: Taken, owners: Sequence[int], read: Callable[[Taken], Operand]) -> Operand:
    """A matrix whose columns come from several formulas; `owners` tells for each which, `read` gives an operand."""
    runs = [len(list(run)) for _, run in groupby(owners)]
    if len(runs) < 2:
        raise Unwritten
    parts = [read(part(value, -1, range(sum(runs[:k]), sum(runs[: k + 1])))) for k in range(len(runs))]
    one = parts[0]
    alike = all(
        (each.places, each.piece.batch, each.apart) == (one.places, one.piece.batch, one.apart) for each in parts
    )
    if not alike or any(each.piece.sizes[:-1] != one.piece.sizes[:1] for each in parts):
        raise Unwritten
    rows, columns = one.piece.sizes[0], sum(each.piece.sizes[1] for each in parts)
    text = f"concat({', '.join(each.piece.said for each in parts)}, axis=1)"
    return replace(one, piece=Piece(text, (rows, columns), batch=one.piece.batch))


def ordered(places: Sequence[int], piece: Piece, shape: Sequence[int], inner: Collection[bool]) -> Sequence[int]:
    """The places of the elements of a formula, row by row: not in order where the batch ran faster than the rows."""
    if {*inner} != {True} or not piece.batch or not piece.sizes:
        return places
    items, rows = math.prod(piece.batch), piece.sizes[0]
    found = without_ones(shape)
    if found[:1] != (items * rows,) and found[:2] != (rows, items):
        return places
    rest = math.prod(piece.sizes[1:])
    return [
        places[(row * items + item) * rest + one]
        for item in range(items) for row in range(rows) for one in range(rest)
    ]  # fmt: skip
