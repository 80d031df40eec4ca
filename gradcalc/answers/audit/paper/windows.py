"""The formulas of convolutions and pooling: products with, and reductions of, the windows of rows and images."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from gradcalc.answers.audit.paper.bound import Bound, Writing
from gradcalc.answers.audit.paper.joining import matmul
from gradcalc.answers.audit.paper.number import Unwritten
from gradcalc.answers.audit.paper.piece import MATRIX, Operand, Piece, without_ones

WINDOWS = {1: "unfold", 2: "unfold2d"}  # by the axes of an image
LAID_OUT = "images and filters stand as rows, one for each channel; `{name}` has the windows of an image as columns"


def _convolution(writer: Writing, given: Bound) -> Piece:
    """`w @ unfold(x, k)`, and a bias for each row."""
    dilated = any(one != 1 for one in given.get("dilation"))
    if dilated or given.get("transposed") or given.get("groups") != 1:
        raise Unwritten
    value, weight = given.get("input"), given.get("weight")
    shape = tuple(weight.tensor.shape)
    filters = _filters(writer, weight, without_ones((shape[0], math.prod(shape[1:]))))
    places = (-2, -1)[-len(filters.sizes) :]
    product = matmul(Operand(filters, places), _unfolded(writer, given, value, shape[2:]))
    return product if given.get("bias") is None else _biased(writer, given, product)


def _filters(writer: Writing, weight: Any, sizes: tuple[int, ...]) -> Piece:
    """A row for each filter; constant ones have it too."""
    if not writer.tape.varies(weight.read):
        return writer.constant(writer.name_of(weight), writer.numbers(weight), ((), sizes))
    found = writer.operand(weight).piece
    if found.sizes != sizes or found.batch or not sizes:
        raise Unwritten
    return found


def _biased(writer: Writing, given: Bound, product: Piece) -> Piece:
    """A number more for each row."""
    bias = writer.operand(given.get("bias")).piece
    if len(product.sizes) < MATRIX:
        return Piece(f"({product.said} + {bias.said})", product.sizes, batch=product.batch)
    text = f"({product.said} + outer({bias.said}, ones({product.sizes[1]})))"
    return Piece(text, product.sizes, batch=product.batch)


def _unfolded(writer: Writing, given: Bound, value: Any, kernel: Sequence[int]) -> Operand:
    """The windows of images as columns."""
    one, (channels, *sizes) = writer.operand(value), value.tensor.shape[-len(kernel) - 1 :]
    steps, borders = {*given.get("stride")}, {*given.get("padding")}
    whole = without_ones((channels, math.prod(sizes)))
    if len(kernel) not in WINDOWS or one.piece.sizes != whole or len(steps) > 1 or len(borders) > 1:
        raise Unwritten
    (step,), (border,) = steps, borders
    name, numbers = WINDOWS[len(kernel)], [*sizes[: len(kernel) - 1], *kernel, step, border]
    while len(numbers) > 2 * len(kernel) - 1 and numbers[-1] == (1, 0)[len(numbers) - 2 * len(kernel)]:
        numbers.pop()
    count = math.prod((size + 2 * border - width) // step + 1 for size, width in zip(sizes, kernel, strict=True))
    text = f"{name}({one.piece.said}, {', '.join(map(str, numbers))})"
    writer.remarks.append(LAID_OUT.format(name=name))
    if count == 1:
        column = Piece(f"reshape({text}, -1)", (channels * math.prod(kernel),), batch=one.piece.batch)
        return Operand(column, (-2,), one.apart)
    return Operand(Piece(text, (channels * math.prod(kernel), count), batch=one.piece.batch), (-2, -1), one.apart)


def _pooled(fold: str) -> Callable[[Writing, Bound], Sequence[Piece | None]]:
    """The greatest element, or the mean, of each window of each channel."""

    def row(writer: Writing, given: Bound) -> Sequence[Piece | None]:
        value, kernel = given.get("self"), given.get("kernel_size")
        kernel = kernel * (value.tensor.dim() - 2) if len(kernel) == 1 else kernel
        odd = given.get("ceil_mode") or any(given.get("padding")) or any(one != 1 for one in given.get("dilation", [1]))
        if odd or given.get("divisor_override") is not None or value.tensor.dim() < len(kernel) + 2:
            raise Unwritten
        stride = given.get("stride") or kernel
        columns = _unfolded(writer, replace(given, values={**given.values, "stride": stride}), value, kernel)
        return _folded(fold, columns.piece, value.tensor.shape[1], math.prod(kernel)), None

    return row


def _folded(fold: str, columns: Piece, channels: int, size: int) -> Piece:
    """What becomes of each window; of several channels each has rows of its own."""
    if len(columns.sizes) < MATRIX:
        raise Unwritten
    count = columns.sizes[1]
    if channels == 1:
        return Piece(f"{fold}({columns.text}, axis=0)", (count,), batch=columns.batch)
    rows = f"reshape({columns.text}.T, -1, {size})"
    text = f"reshape({fold}({rows}, axis=1), -1, {channels}).T"
    return Piece(text, (channels, count), batch=columns.batch, turned=text.removesuffix(".T"))


ROWS: Mapping[str, Callable[[Writing, Bound], Piece | Sequence[Piece | None]]] = {
    "convolution": _convolution, "max_pool2d_with_indices": _pooled("amax"),
    **dict.fromkeys(("avg_pool1d", "avg_pool2d"), _pooled("mean")),
}  # fmt: skip
