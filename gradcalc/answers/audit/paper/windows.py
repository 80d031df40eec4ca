"""The formulas of convolutions and pooling: products with, and reductions of, the windows of rows and images."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from gradcalc.answers.audit.paper.bound import Bound, Writing
from gradcalc.answers.audit.paper.combined import constant_matrix
from gradcalc.answers.audit.paper.frame import PLAIN, Frame
from gradcalc.answers.audit.paper.joining import matmul
from gradcalc.answers.audit.paper.number import ONE, Unwritten
from gradcalc.answers.audit.paper.piece import MATRIX, Operand, Piece, without_ones

WINDOWS, BACK = {1: "unfold", 2: "unfold2d"}, {1: "fold", 2: "fold2d"}  # by the axes of an image
LAID_OUT = "images and filters stand as rows, one for each channel; `{name}` has the windows of an image as columns"
POOLS = {1: "max_pool1d", 2: "max_pool2d"}
POOLED = "images stand as rows, one for each channel; `{name}` has the largest of each window"
PUT_BACK = "images and filters stand as rows, one for each channel; `{name}` adds up what columns are windows of"
WINDOWED = "`{name}` tells where windows take their elements: rows of 0 and 1"


def _convolution(writer: Writing, given: Bound) -> Piece:
    """`w @ unfold(x, k)`, and a bias for each row; of several groups one below the other."""
    value, weight, groups = given.get("input"), given.get("weight"), given.get("groups")
    shape, (channels, *sizes) = tuple(weight.tensor.shape), value.tensor.shape[-weight.tensor.dim() + 1 :]
    filters = _placed(_filters(writer, weight, without_ones((shape[0], math.prod(shape[1:])))), shape[0])
    image = _images(writer.operand(value), channels, math.prod(sizes))
    turned = given.get("transposed")
    made = tuple(given.step.outputs[0].shape[-len(sizes) :]) if turned else tuple(sizes)
    frame, of_group = Frame.of(given, made, shape[2:]), _put_back if turned else _product
    each = [(_rows(filters, shape[0], groups, one), _rows(image, channels, groups, one)) for one in range(groups)]
    parts = [of_group(writer, *one, frame, channels // groups) for one in each]
    product = _below_each_other(parts, math.prod(made) if turned else frame.count)
    return product if given.get("bias") is None else _biased(writer, given, product)


def _filters(writer: Writing, weight: Any, sizes: tuple[int, ...]) -> Piece:
    """A row for each filter; constant ones have it too."""
    if not writer.tape.varies(weight.read):
        return writer.constant(writer.name_of(weight), writer.numbers(weight), ((), sizes))
    found = writer.operand(weight).piece
    if found.sizes != sizes or found.batch or not sizes:
        raise Unwritten
    return found


def _placed(piece: Piece, rows: int) -> Operand:
    """A matrix, or what is left of one with a single row or column."""
    return Operand(piece, (-2, -1) if len(piece.sizes) == MATRIX else (-2,) if rows > 1 else (-1,))


def _images(one: Operand, channels: int, size: int) -> Operand:
    """A row for each channel."""
    if one.piece.sizes != without_ones((channels, size)):
        raise Unwritten
    return replace(_placed(one.piece, channels), apart=(-3,) if one.piece.batch else ())


def _rows(one: Operand, rows: int, groups: int, group: int) -> Operand:
    """The rows of one group, as a matrix or as what is left of one."""
    if groups == 1:
        return one
    each = rows // groups
    first, last = group * each + 1, (group + 1) * each
    text = f"{one.piece.said}[{first}:{last}]" if each > 1 else f"{one.piece.said}[{first}]"
    sizes = one.piece.sizes[1:] if each == 1 else (each, *one.piece.sizes[1:])
    piece = replace(one.piece.plainly(), text=text, sizes=sizes, turned=None)
    return replace(_placed(piece, each), apart=one.apart)


def _product(writer: Writing, filters: Operand, image: Operand, frame: Frame, channels: int) -> Piece:
    return matmul(filters, _unfolded(writer, image, frame, channels))


def _put_back(writer: Writing, filters: Operand, image: Operand, frame: Frame, channels: int) -> Piece:
    """What each filter makes of an element, added up where it lies: the transpose of a convolution."""
    turned = replace(filters.piece, text=filters.piece.transposed, times=ONE, sizes=filters.piece.sizes[::-1])
    if len(turned.sizes) < MATRIX:
        turned = filters.piece
    places = tuple(sorted(-3 - place for place in filters.places))
    product = matmul(Operand(turned, places), image)
    if len(product.sizes) < MATRIX or len(frame.kernel) not in BACK:
        raise Unwritten
    name, size = BACK[len(frame.kernel)], math.prod(frame.sizes)
    rows = product.sizes[0] // math.prod(frame.kernel)
    text = f"{name}({product.said}, {frame.numbers(frame.sizes)})"
    writer.remarks.append(PUT_BACK.format(name=name))
    return Piece(text, without_ones((rows, size)), batch=product.batch)


def _below_each_other(parts: Sequence[Piece], count: int) -> Piece:
    """The rows of all groups."""
    one = parts[0]
    if len(parts) == 1:
        return one
    said = ", ".join(part.said for part in parts)
    if len(one.sizes) == MATRIX:
        return Piece(f"concat({said})", (sum(part.sizes[0] for part in parts), *one.sizes[1:]), batch=one.batch)
    if one.sizes != (count,):
        raise Unwritten
    return Piece(f"[{said}]", (len(parts), count), batch=one.batch)


def _biased(writer: Writing, given: Bound, product: Piece) -> Piece:
    """A number more for each row."""
    bias = writer.operand(given.get("bias")).piece
    if len(product.sizes) < MATRIX:
        return Piece(f"({product.said} + {bias.said})", product.sizes, batch=product.batch)
    text = f"({product.said} + outer({bias.said}, ones({product.sizes[1]})))"
    return Piece(text, product.sizes, batch=product.batch)


def _unfolded(writer: Writing, one: Operand, frame: Frame, channels: int) -> Operand:
    """The windows of images as columns."""
    rows = channels * math.prod(frame.kernel)
    if {*frame.kernel, *frame.step} == {1} and not any(frame.border):
        return one
    try:
        name = WINDOWS.get(len(frame.kernel), "")
        text = f"{name}({one.piece.said}, {frame.numbers(frame.sizes[:-1])})"
        writer.remarks.append(LAID_OUT.format(name=name))
    except Unwritten:
        text = _picked(writer, one, frame, channels)
    if frame.count == 1:
        return Operand(Piece(f"reshape({text}, -1)", (rows,), batch=one.piece.batch), (-2,), one.apart)
    return Operand(Piece(text, (rows, frame.count), batch=one.piece.batch), (-2, -1), one.apart)


def _picked(writer: Writing, one: Operand, frame: Frame, channels: int) -> str:
    """The same where `unfold` has no such windows: each row times rows of 0 and 1."""
    size, places = math.prod(frame.sizes), frame.places
    columns = [(window[element]) for element in range(math.prod(frame.kernel)) for window in places]
    rows = [[float(place == column) for column in columns] for place in range(size)]
    text = f"{one.piece.said} @ {constant_matrix(writer, rows, ('P', WINDOWED))}"
    return f"reshape({text}, {channels * math.prod(frame.kernel)}, {frame.count})"


def _greatest(writer: Writing, given: Bound) -> Sequence[Piece | None]:
    """The greatest element of each window of each channel: `max_pool2d(x, h, k, k)`."""
    image, frame, channels = _pool(writer, given)
    border = any(frame.border) or channels > 1
    if not border:
        return _folded("amax", _unfolded(writer, image, frame, channels).piece), None
    name, rest = POOLS.get(len(frame.kernel)), [frame.step, frame.border, frame.apart]
    if name is None or any(len({*one}) > 1 for one in rest) or image.piece.sizes == (channels,):
        raise Unwritten
    numbers = [frame.step[0], frame.border[0], frame.apart[0]]
    while numbers and numbers[-1] == (frame.kernel[-1] if len(numbers) == 1 else PLAIN[len(numbers) - 1]):
        numbers.pop()
    if not numbers and len({*frame.kernel}) > 1:
        numbers = [frame.step[0]]
    said = ", ".join(map(str, (*frame.sizes[:-1], *frame.kernel, *numbers)))
    writer.remarks.append(POOLED.format(name=name))
    sizes = without_ones((channels, frame.count))
    return Piece(f"{name}({image.piece.said}, {said})", sizes, batch=image.piece.batch), None


def _averages(writer: Writing, given: Bound) -> Piece:
    """The mean of each window of one channel."""
    image, frame, channels = _pool(writer, given)
    if channels > 1 or any(frame.border):
        raise Unwritten
    return _folded("mean", _unfolded(writer, image, frame, channels).piece)


def _pool(writer: Writing, given: Bound) -> tuple[Operand, Frame, int]:
    """The images that are pooled, and the windows."""
    value, kernel = given.get("self"), given.get("kernel_size")
    kernel = kernel * (value.tensor.dim() - 2) if len(kernel) == 1 else kernel
    odd = given.get("ceil_mode") or given.get("divisor_override") is not None
    if odd or value.tensor.dim() < len(kernel) + 2:
        raise Unwritten
    channels, *sizes = value.tensor.shape[-len(kernel) - 1 :]
    image = _images(writer.operand(value), channels, math.prod(sizes))
    if len(kernel) == MATRIX and sizes[0] == kernel[0] == 1:  # rows, which torch has as images of one row
        border, step, apart = (given.get(one, [])[-1:] for one in ("padding", "stride", "dilation"))
        given = replace(given, values={**given.values, "padding": border, "stride": step, "dilation": apart})
        sizes, kernel = sizes[1:], kernel[1:]
    return image, Frame.of(given, sizes, kernel), channels


def _folded(fold: str, columns: Piece) -> Piece:
    """What becomes of each window of a channel."""
    if len(columns.sizes) < MATRIX:
        raise Unwritten
    return Piece(f"{fold}({columns.text}, axis=0)", columns.sizes[1:], batch=columns.batch)


def _columns(writer: Writing, given: Bound) -> Piece:
    """The windows themselves."""
    value, kernel = given.get("self"), given.get("kernel_size")
    channels, *sizes = value.tensor.shape[-len(kernel) - 1 :]
    image = _images(writer.operand(value), channels, math.prod(sizes))
    return _unfolded(writer, image, Frame.of(given, sizes, kernel), channels).piece


ROWS: Mapping[str, Callable[[Writing, Bound], Piece | Sequence[Piece | None]]] = {
    "convolution": _convolution, "im2col": _columns,
    "max_pool2d_with_indices": _greatest, "avg_pool2d": _averages,
}  # fmt: skip
