"""The formulas of convolutions and pooling: products with, and reductions of, the windows of rows and images."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product as products
from operator import mul
from typing import Any

from gradcalc.answers.audit.paper.bound import Bound, Writing
from gradcalc.answers.audit.paper.combined import constant_matrix
from gradcalc.answers.audit.paper.joining import matmul
from gradcalc.answers.audit.paper.number import ONE, Unwritten
from gradcalc.answers.audit.paper.piece import MATRIX, Operand, Piece, without_ones
from gradcalc.tracing.layout import strides

WINDOWS, BACK = {1: "unfold", 2: "unfold2d"}, {1: "fold", 2: "fold2d"}  # by the axes of an image
LAID_OUT = "images and filters stand as rows, one for each channel; `{name}` has the windows of an image as columns"
PUT_BACK = "images and filters stand as rows, one for each channel; `{name}` adds up what columns are windows of"
WINDOWED = "`{name}` tells where windows take their elements: rows of 0 and 1"
PLAIN = (1, 0, 1)  # a step of one, no border, neighbouring elements


@dataclass(frozen=True, slots=True)
class Frame:
    """How windows of a `kernel` lie in images of `sizes`: their step, the border around, how far elements are apart."""

    sizes: tuple[int, ...]
    kernel: tuple[int, ...]
    step: tuple[int, ...]
    border: tuple[int, ...]
    apart: tuple[int, ...]

    @classmethod
    def of(cls, given: Bound, sizes: Sequence[int], kernel: Sequence[int]) -> Frame:
        """That of an operation, whose options have a number for each axis or one for all."""
        options = [given.get("stride") or kernel, given.get("padding") or [0], given.get("dilation") or [1]]
        spread = [tuple(one) * len(kernel) if len(one) == 1 else tuple(one) for one in options]
        return cls(tuple(sizes), tuple(kernel), *spread)

    @property
    def counts(self) -> tuple[int, ...]:
        """How many windows there are along each axis."""
        axes = zip(self.sizes, self.kernel, self.step, self.border, self.apart, strict=True)
        return tuple((size + 2 * border - (k - 1) * d - 1) // s + 1 for size, k, s, border, d in axes)

    @property
    def places(self) -> list[list[int | None]]:
        """Of each window the elements that it has, row by row; None in the border."""
        found: list[list[int | None]] = []
        for window in products(*map(range, self.counts)):
            own: list[int | None] = []
            for element in products(*map(range, self.kernel)):
                axes = zip(window, element, self.step, self.border, self.apart, strict=True)
                at = [w * s - border + e * d for w, e, s, border, d in axes]
                inside = all(0 <= one < size for one, size in zip(at, self.sizes, strict=True))
                own.append(sum(map(mul, at, strides(self.sizes))) if inside else None)
            found.append(own)
        return found

    @property
    def count(self) -> int:
        """How many windows there are."""
        return math.prod(self.counts)

    def numbers(self, first: Sequence[int]) -> str:
        """The numbers of `unfold` and its kin behind the `first` ones, as few as it takes. Raises Unwritten."""
        options = [{*one} for one in (self.step, self.border, self.apart)]
        if len(self.kernel) not in WINDOWS or any(len(one) > 1 for one in options):
            raise Unwritten
        last = [one.pop() for one in options]
        while last and last[-1] == PLAIN[len(last) - 1]:
            last.pop()
        return ", ".join(map(str, (*first, *self.kernel, *last)))


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


def _pooled(fold: str) -> Callable[[Writing, Bound], Sequence[Piece | None]]:
    """The greatest element, or the mean, of each window of each channel."""

    def row(writer: Writing, given: Bound) -> Sequence[Piece | None]:
        value, kernel = given.get("self"), given.get("kernel_size")
        kernel = kernel * (value.tensor.dim() - 2) if len(kernel) == 1 else kernel
        channels, *sizes = value.tensor.shape[-len(kernel) - 1 :]
        odd = given.get("ceil_mode") or (fold == "mean" and (channels > 1 or any(given.get("padding"))))
        if odd or given.get("divisor_override") is not None or value.tensor.dim() < len(kernel) + 2:
            raise Unwritten
        image = _images(writer.operand(value), channels, math.prod(sizes))
        columns = _unfolded(writer, image, Frame.of(given, sizes, kernel), channels)
        return _folded(fold, columns.piece, channels, math.prod(kernel)), None

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


def _columns(writer: Writing, given: Bound) -> Piece:
    """The windows themselves."""
    value, kernel = given.get("self"), given.get("kernel_size")
    channels, *sizes = value.tensor.shape[-len(kernel) - 1 :]
    image = _images(writer.operand(value), channels, math.prod(sizes))
    return _unfolded(writer, image, Frame.of(given, sizes, kernel), channels).piece


ROWS: Mapping[str, Callable[[Writing, Bound], Piece | Sequence[Piece | None]]] = {
    "convolution": _convolution, "im2col": _columns,
    "max_pool2d_with_indices": _pooled("amax"), "avg_pool2d": _pooled("mean"),
}  # fmt: skip
