"""A tensor's elements found again as axes of a formula: all, transposed, a diagonal, or a piece of them."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import pairwise

from gradcalc.answers.audit.paper.number import Unwritten
from gradcalc.answers.audit.paper.piece import MATRIX, Operand, Piece
from gradcalc.tracing.layout import strided, strides

Dim = tuple[int, int, int]  # its place from the end, its size, how far apart neighbours are


def operand(piece: Piece, index: Sequence[int] | None, shape: Sequence[int], batches: Collection[int] = ()) -> Operand:
    """What a tensor of a `shape` is, whose elements are those of a formula at an `index`. Raises Unwritten.

    A dimension may run over the items of one of the `batches` and over something else.
    """
    count = math.prod(piece.whole)
    found = list(range(count)) if index is None else list(index)
    if len(found) != math.prod(shape) or not found:
        raise Unwritten
    dims = _dims(found, shape, {math.prod(piece.batch), *batches})
    ones = [place - len(shape) for place, size in enumerate(shape) if size == 1]
    whole = _joined([one for one in dims if one[1] > 1 and one[2]], piece.whole)
    return _matched(piece, _with_single(piece, whole, ones), found[0])


def _dims(found: Sequence[int], shape: Sequence[int], batches: Collection[int]) -> list[Dim]:
    """The dimensions of a tensor; one that runs over the items of a batch and over something else is two."""
    every = [(place, size) for place, size in enumerate(shape, -len(shape))]
    splits = [
        [*every[:at], *((place, one) for one in pair), *every[at + 1 :]]
        for at, (place, size) in enumerate(every)
        for items in sorted(batches)
        if 1 < items < size and not size % items
        for pair in ((size // items, items), (items, size // items))
    ]
    for sizes in (every, *splits):
        steps, reach = [], len(found)
        for _, size in sizes:
            reach //= size
            steps.append(0 if size == 1 else found[reach] - found[0])
        if found == strided([size for _, size in sizes], steps, found[0]):
            return [(*one, step) for one, step in zip(sizes, steps, strict=True)]
    raise Unwritten


def spread(one: Operand, shape: Sequence[int]) -> Sequence[int]:
    """For each element of a tensor of a `shape`, which one of a formula it is that is the same along other axes."""
    own = dict(zip((*one.apart, *one.places), strides(one.piece.whole), strict=True))
    return strided(shape, [own.get(place - len(shape), 0) for place in range(len(shape))], 0)


def _joined(dims: Sequence[Dim], sizes: Sequence[int]) -> list[Dim]:
    """The dimensions, those of an image as one where a formula has one axis for all of it."""
    found = list(dims)
    for size, step in zip(sizes, strides(sizes), strict=True):
        inner = [one for one in found if step <= one[2] < step * size]
        follow = all(one[2] == other[1] * other[2] for one, other in pairwise(inner))
        if len(inner) > 1 and follow and inner[-1][2] == step and math.prod(one[1] for one in inner) == size:
            first = found.index(inner[0])
            found[first : first + len(inner)] = [(inner[-1][0], size, step)]
    return found


def _with_single(piece: Piece, dims: list[Dim], ones: Sequence[int]) -> list[Dim]:
    """The dimensions of a batch of one too: that of size 1 before the others, or else behind them."""
    if piece.sizes[:1] != (1,) or piece.batch or not ones:
        return dims
    before = [one for one in ones if all(one < dim[0] for dim in dims)]
    column = not dims and -MATRIX in ones  # a number for each row, beside which its dimension was kept
    single = (-MATRIX if column else before[-1] if before else ones[-1], 1, math.prod(piece.sizes))
    return sorted([*dims, single])


def _matched(piece: Piece, dims: Sequence[Dim], offset: int) -> Operand:
    """The dimensions of a tensor found among the axes of a formula: all, transposed, a diagonal, or a piece of them."""
    sizes, apart = piece.whole, len(piece.batch)
    own = strides(sizes)
    if len(dims) == 1 and len(sizes) == MATRIX and not apart and dims[0][2] == sum(own) and offset == 0:
        if dims[0][1] != min(sizes) or sizes[0] != sizes[1]:
            raise Unwritten
        return Operand(Piece(f"diag({piece.text})", (dims[0][1],), piece.times), (dims[0][0],))
    groups = [(dim, _group(dim, sizes, own)) for dim in dims]
    axes = [axis for _, group in groups for axis in group]
    if len(set(axes)) < len(axes) or any(axis not in axes for axis in range(apart)):
        raise Unwritten
    kept = [axis for axis in axes if axis >= apart]
    if any(
        not set(group) <= {*range(apart)} and max(group) - apart not in range(len(piece.sizes)) for _, group in groups
    ):
        raise Unwritten
    flat = [group for _, group in groups if len([axis for axis in group if axis >= apart]) > 1]
    text = _cut(piece, dims, groups, offset)
    turned = kept != sorted(kept)
    places = {max(group): dim[0] for dim, group in groups if max(group) >= apart}
    outer = tuple(dict.fromkeys(dim[0] for dim, group in groups if min(group) < apart))
    if flat:
        if turned or any(axis < apart for group in flat for axis in group):
            raise Unwritten
        size = math.prod(piece.sizes)
        whole = piece if text == piece.text else None
        made = replace(piece.plainly(piece.times), text=f"reshape({text}, -1)", sizes=(size,), turned=None, flat=whole)
        return Operand(made, tuple(places.values()), outer)
    found = {axis: dim[1] for dim, group in groups for axis in group if axis >= apart and len(group) == 1}
    found |= {max(group): sizes[max(group)] for _, group in groups if len(group) > 1}
    order = kept
    made = replace(piece, text=text, sizes=tuple(found[axis] for axis in order))
    if text != piece.text or turned:
        made = replace(made.plainly(made.times), turned=None)
    if turned:
        made = replace(made, text=(piece.turned if text == piece.text else None) or f"{text}.T", turned=text)
    inner = bool(kept) and [axis for axis in axes if axis < apart or axis == kept[0]][:1] == kept[:1]
    return Operand(made, tuple(places[axis] for axis in order), outer, inner and bool(outer))


def _group(dim: Dim, sizes: Sequence[int], own: Sequence[int]) -> tuple[int, ...]:
    """The axes, next to each other, that a dimension of a tensor runs over. Raises Unwritten."""
    _, size, step = dim
    last = next((axis for axis, one in enumerate(own) if one == step and (sizes[axis] > 1 or size == 1)), None)
    if last is None:
        raise Unwritten
    first, reach = last, sizes[last]
    while reach < size and first > 0:
        first -= 1
        reach *= sizes[first]
    if reach < size or (reach > size and first < last):
        raise Unwritten
    return tuple(range(first, last + 1))


def _cut(piece: Piece, dims: Sequence[Dim], groups: Sequence[tuple[Dim, tuple[int, ...]]], offset: int) -> str:
    """The formula of the elements that are taken: `x[2:3]`, `x[:, 1]`, counted from 1."""
    apart, own = len(piece.batch), strides(piece.whole)
    taken = {group[0]: dim[1] for dim, group in groups if len(group) == 1}
    whole = {axis for _, group in groups if len(group) > 1 for axis in group}
    parts: list[str] = []
    for axis, size in enumerate(piece.whole):
        begin, offset = divmod(offset, own[axis])
        got = size if axis in whole else taken.get(axis)
        if axis < apart:
            if begin or got != size:
                raise Unwritten
            continue
        parts.append(":" if got == size else str(begin + 1) if got is None else f"{begin + 1}:{begin + got}")
    while parts and parts[-1] == ":":
        parts.pop()
    if not parts:
        return piece.text
    return f"{piece.text}[{', '.join(parts)}]"
