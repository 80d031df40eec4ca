"""The formulas of what is linear: a product with the matrix of the operation, which picks, averages, interpolates."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from operator import mul
from typing import Any

from gradcalc.answers.audit.paper.bound import Bound, Taken, Writing
from gradcalc.answers.audit.paper.combined import Rows, combined
from gradcalc.answers.audit.paper.number import Unwritten
from gradcalc.answers.audit.paper.piece import Piece

MOVES, MEANS, BETWEEN = "P", "M", "U"  # what the matrices are called: of what moves, averages, interpolates
MOVED = (
    "gather scatter scatter_add scatter_reduce index index_select index_add index_copy index_put take masked_select "
    "roll flip rot90 repeat repeat_interleave cat stack constant_pad_nd reflection_pad1d reflection_pad2d "
    "replication_pad1d replication_pad2d im2col col2im pixel_shuffle pixel_unshuffle channel_shuffle diag_embed "
    "block_diag _unsafe_index slice_scatter select_scatter copy unfold_copy"
)
AVERAGED = (
    "avg_pool1d avg_pool2d avg_pool3d _adaptive_avg_pool2d _adaptive_avg_pool3d "
    "_embedding_bag _embedding_bag_forward_only"
)
INTERPOLATED = (
    "upsample_nearest1d upsample_nearest2d upsample_linear1d upsample_bilinear2d upsample_bicubic2d "
    "_upsample_nearest_exact1d _upsample_nearest_exact2d grid_sampler_2d affine_grid_generator"
)
LINEAR: Mapping[str, str] = {
    name: letter
    for letter, names in ((MOVES, MOVED), (MEANS, AVERAGED), (BETWEEN, INTERPOLATED))
    for name in names.split()
}
ORDERED = frozenset(  # what takes some of its elements, and others where their order is another
    {"sort", "topk", "kthvalue", "median", "cummax", "cummin", "max_pool2d_with_indices", "adaptive_max_pool2d"}
)
TOLD = {
    MOVES: "`{{name}}` tells where {} takes its elements: rows of 0 and 1",
    MEANS: "`{{name}}` has the weights of {}",
    BETWEEN: "`{{name}}` has the weights of {}",
}
ORDER = "`{{name}}` tells where {} takes its elements, in the order that they have here: rows of 0 and 1"
ROUNDING = 1e-9  # of what an operation makes, against what its matrix does
MOST = 400  # elements of which torch is asked what becomes of them


def linear(writer: Writing, given: Bound) -> Piece:
    """The sum of a matrix times each tensor that varies, and what does not vary; Unwritten unless one rearranges."""
    if not writer.layout.rearranges:
        raise Unwritten
    shape = tuple(given.step.outputs[0].shape)
    if given.name in ORDERED:
        return combined(writer, [_ordered(writer, given)], [], shape, (MOVES, ORDER.format(given.name)))
    if given.name not in LINEAR:
        raise Unwritten
    tensors = [one for one in _flat(given.values.values()) if isinstance(one, Taken)]
    moving = [
        place for place, one in enumerate(tensors) if one.tensor.is_floating_point() and writer.tape.varies(one.read)
    ]
    if not 0 < sum(tensors[place].tensor.numel() for place in moving) <= MOST:
        raise Unwritten
    nowhere = dict.fromkeys(moving, -1)
    rest, terms = _called(given, nowhere), []
    off = [one - least for one, least in zip(writer.numbers(_made(given)), rest, strict=True)]
    for place in moving:
        columns = [_called(given, nowhere | {place: unit}) for unit in range(tensors[place].tensor.numel())]
        rows = [[column[row] - least for column in columns] for row, least in enumerate(rest)]
        numbers = writer.numbers(tensors[place])
        off = [one - sum(map(mul, row, numbers)) for one, row in zip(off, rows, strict=True)]
        terms.append(_of_elements(writer, tensors[place], rows))
    if any(abs(one) > ROUNDING for one in off):
        raise Unwritten  # linear in each tensor by itself, or not at all
    letter = LINEAR[given.name]
    return combined(writer, terms, rest, shape, (letter, TOLD[letter].format(given.name.strip("_"))))


def _made(given: Bound) -> Taken:
    return Taken(given.step.outputs[0].read, given.step.outputs[0].tensor)


def _ordered(writer: Writing, given: Bound) -> tuple[Piece, Rows]:
    """Which elements are taken, at this point: of places in order. Raises Unwritten where two alike could be."""
    value = given.get("self")
    numbers = writer.numbers(value)
    found = []
    for sign in (1, -1):  # of what is alike first the one, then the other
        order = sorted(range(len(numbers)), key=lambda one: (numbers[one], sign * one))  # used at once
        ranks = sorted(range(len(order)), key=order.__getitem__)
        found.append([order[int(one)] for one in _called(given, {}, ranks)])
    if found[0] != found[1]:
        raise Unwritten
    return _of_elements(writer, value, [[float(one == place) for one in range(len(numbers))] for place in found[0]])


def _of_elements(writer: Writing, value: Taken, rows: Rows) -> tuple[Piece, Rows]:
    """The formula that a tensor is read of, and the rows with a number for each of its elements."""
    piece, index = writer.of(value.read)
    found = [[0.0] * math.prod(piece.whole) for _ in rows]
    for own, row in zip(found, rows, strict=True):
        for place, number in zip(index, row, strict=True):
            own[place] += number
    return piece, found


def _called(given: Bound, units: Mapping[int, int], numbers: Sequence[float] | None = None) -> list[float]:
    """What torch makes of zeros, with a 1 at the place `units` tell for a tensor; of other tensors as they are.

    With `numbers`, what it makes of these in the only tensor.
    """
    function, args, kwargs = given.step.call
    places = iter(range(len(given.step.inputs)))

    def put(value: Any) -> Any:
        if isinstance(value, list | tuple):
            return [put(one) for one in value]
        if not hasattr(value, "untyped_storage"):
            return value
        unit = units.get(next(places))
        if numbers is not None:
            return value.detach().new_tensor(numbers).reshape(value.shape).double()
        made = value.detach().clone()
        made = made.double() if made.is_floating_point() else made
        if unit is not None:
            made.zero_()
        if unit is not None and unit >= 0:
            made.reshape(-1)[unit] = 1.0  # a copy of a tensor is dense, or else as it was
        return made

    result = function(*put(args), **{name: put(value) for name, value in kwargs.items()})
    first = result[0] if isinstance(result, list | tuple) else result
    return [float(one) for one in first.reshape(-1).tolist()]


def _flat(values: Any) -> Iterator[Any]:
    """What is in lists in lists, one after the other."""
    for one in values:
        yield from _flat(one) if isinstance(one, list | tuple) else [one]
