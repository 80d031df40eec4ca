"""Windows on arrays: convolution and pooling."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from gradcalc.tracing.layout import strided, strides
from gradcalc.tracing.lowering.layers import along_channels, extreme
from gradcalc.tracing.lowering.pointwise import Lowering
from gradcalc.tracing.terms import Term, constant, joined, picked


def _windows(x: Term, kernel: Sequence[int], stride: Sequence[int], padding: Sequence[int], dilation: Sequence[int]):  # type: ignore[no-untyped-def]  # a pair
    """The places that each window of a (batch, channels, ...) array takes, None in the padding; and the sizes."""
    sizes = x.shape[2:]
    out = [
        (size + 2 * pad - gap * (k - 1) - 1) // step + 1
        for size, k, step, pad, gap in zip(sizes, kernel, stride, padding, dilation, strict=True)
    ]
    steps = strides(sizes)
    places: list[list[int | None]] = [[0]]
    for size, k, step, pad, gap, count, jump in zip(sizes, kernel, stride, padding, dilation, out, steps, strict=True):
        along = [[i * step + j * gap - pad for j in range(k)] for i in range(count)]
        places = [
            [None if one is None or not 0 <= other < size else one + other * jump for one in row for other in window]
            for row in places
            for window in along
        ]
    return places, out


def _wide(value: Any, count: int) -> list[int]:
    numbers = [value] if isinstance(value, int) else list(value)
    return numbers * count if len(numbers) == 1 else numbers


def convolution(
    x: Term, weight: Term, bias: Any, stride: Any, padding: Any, dilation: Any, transposed: bool, *rest: Any
) -> Term:
    """A convolution as a product of matrices: of the weights with the windows."""
    output_padding, groups = rest
    count = x.rank - 2
    stride, padding, dilation = (_wide(one, count) for one in (stride, padding, dilation))
    if transposed:
        x, weight, stride, padding = _spread(x, weight, stride, padding, dilation, _wide(output_padding, count), groups)
    kernel = weight.shape[2:]
    batch, channels = x.shape[:2]
    each, out_each = channels // groups, weight.shape[0] // groups
    places, sizes = _windows(x, kernel, stride, padding, dilation)
    area = math.prod(x.shape[2:])
    picks: list[tuple[int, int] | None] = []
    for sample in range(batch):
        for group in range(groups):
            for channel in range(group * each, (group + 1) * each):
                base = (sample * channels + channel) * area
                columns = zip(*places, strict=True)
                picks += [None if one is None else (0, base + one) for column in columns for one in column]
    patches = picked([x], picks, (batch, groups, each * math.prod(kernel), len(places)))
    filters = weight.reshape(1, groups, out_each, each * math.prod(kernel))
    found = filters.matmul(patches).reshape(batch, weight.shape[0], *sizes)
    return found if bias is None else found + along_channels(bias, x.rank)


def _spread(  # type: ignore[no-untyped-def]  # a tuple of four
    x: Term, weight: Term, stride: list[int], padding: list[int], dilation: list[int], extra: list[int], groups: int
):
    """A transposed convolution as an ordinary one: of the input with zeros between, by the weights turned round."""
    kernel, count = weight.shape[2:], x.rank - 2
    low = [gap * (k - 1) - pad for gap, k, pad in zip(dilation, kernel, padding, strict=True)]
    sizes = [
        step * (size - 1) + 1 + 2 * a + more
        for step, size, a, more in zip(stride, x.shape[2:], low, extra, strict=True)
    ]
    area = math.prod(sizes)
    picks: list[tuple[int, int] | None] = [None] * (x.shape[0] * x.shape[1] * area)
    inner = strided(x.shape[2:], [a * b for a, b in zip(strides(sizes), stride, strict=True)],
                    sum(a * b for a, b in zip(strides(sizes), low, strict=True)))  # fmt: skip
    for block in range(x.shape[0] * x.shape[1]):
        for place, target in enumerate(inner):
            picks[block * area + target] = (0, block * len(inner) + place)
    wide = picked([x], picks, (*x.shape[:2], *sizes))
    turned = weight
    for dim in range(2, weight.rank):
        turned = turned.narrow(dim, range(weight.shape[dim] - 1, -1, -1))
    each, out = weight.shape[0] // groups, weight.shape[1]
    split = turned.reshape(groups, each, out, *kernel)
    order = (0, 2, 1, *range(3, 3 + count))
    return wide, split.permute(*order).reshape(groups * out, each, *kernel), [1] * count, [0] * count


def _pool_rows(
    x: Term, kernel: Any, stride: Any, padding: Any, dilation: Any, fill: float
) -> tuple[Term, list[int], list[int]]:
    """The windows of every channel as rows, what lies outside filled; the sizes, and how many places each holds."""
    count = x.rank - (1 if x.rank <= 3 and len(_wide(kernel, 1)) == x.rank - 1 else 2)
    kernel, padding, dilation = (_wide(one, count) for one in (kernel, padding, dilation))
    stride = _wide(stride, count) if stride not in (None, [], ()) else kernel
    flat = x.reshape(1, -1, *x.shape[x.rank - count :])
    places, sizes = _windows(flat, kernel, stride, padding, dilation)
    area = math.prod(flat.shape[2:])
    outside = constant(x.tape, [fill], (1,))
    picks = [
        (1, 0) if one is None else (0, channel * area + one)
        for channel in range(flat.shape[1]) for row in places for one in row
    ]  # fmt: skip
    rows = picked([flat, outside], picks, (flat.shape[1] * len(places), len(places[0])))
    held = [sum(one is not None for one in row) for row in places] * flat.shape[1]
    return rows, [*x.shape[: x.rank - count], *sizes], held


def max_pool(
    x: Term, kernel: Any, stride: Any = None, padding: Any = 0, dilation: Any = 1, ceil: bool = False
) -> tuple[Term, None]:
    """The largest of each window."""
    rows, shape, _ = _pool_rows(x, kernel, stride, padding, dilation, -math.inf)
    return extreme(rows, 1).reshape(*shape), None


def average_pool(
    x: Term, kernel: Any, stride: Any = None, padding: Any = 0, ceil: bool = False, include: bool = True, *_: Any
) -> Term:
    """The mean of each window."""
    rows, shape, held = _pool_rows(x, kernel, stride, padding, 1, 0.0)
    counts: Any = [rows.shape[1]] * len(held) if include else held
    return (rows.sum(1) / constant(x.tape, counts, (len(held),))).reshape(*shape)


def adaptive_average_pool(x: Term, size: Sequence[int]) -> Term:
    """Means over windows that come out as an array of a size."""
    found = x
    for dim, count in enumerate(size, x.rank - len(size)):
        length = x.shape[dim]
        parts = [range(i * length // count, -(-(i + 1) * length // count)) for i in range(count)]
        means = [found.narrow(dim, part).mean(dim, True) for part in parts]
        found = joined(means, dim)
    return found


ROWS: dict[str, Lowering] = {
    "convolution": convolution,
    "max_pool2d_with_indices": max_pool,
    "max_pool3d_with_indices": max_pool,
    "avg_pool1d": average_pool,
    "avg_pool2d": average_pool,
    "avg_pool3d": average_pool,
    "_adaptive_avg_pool2d": adaptive_average_pool,
    "_adaptive_avg_pool3d": adaptive_average_pool,
}
