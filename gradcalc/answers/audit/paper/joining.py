"""Formulas joined: element by element, with axes that broadcast as torch does, and as products of matrices."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from gradcalc.answers.audit.paper.folding import folded
from gradcalc.answers.audit.paper.number import ONE, Factor, Unwritten
from gradcalc.answers.audit.paper.piece import MATRIX, Operand, Piece, number_of

SUM, DIFFERENCE = "({0} + {1})", "({0} - {1})"


# -- element by element


def elementwise(template: str, operands: Sequence[Operand], batch: tuple[int, ...] = ()) -> Piece:
    """A function of operands, broadcast as torch does; a column beside a matrix is a row beside its transpose."""
    operands = unflattened(operands)
    places = sorted({place for one in operands for place in one.places})
    apart = {place for one in operands for place in one.apart}
    batches = {one.piece.batch for one in operands if one.piece.batch}
    if len(places) > MATRIX or len(batches) > 1 or (apart - set(places)) & set(places):
        raise Unwritten
    sizes = tuple(_common(operands, place) for place in places)
    whole = next(iter(batches), batch)
    columns = [one for one in operands if len(places) == MATRIX and one.places == (places[0],)]
    rows = [one for one in operands if len(places) == MATRIX and one.places == (places[1],)]
    if not columns:
        return Piece(template.format(*(one.piece.said for one in operands)), sizes, batch=whole)
    if rows:
        width = sizes[1]
        said = [f"outer({one.piece.said}, ones({width}))" if one in columns else one.piece.said for one in operands]
        return Piece(template.format(*said), sizes, batch=whole)
    inner = template.format(
        *(one.piece.transposed if len(one.places) == MATRIX else one.piece.said for one in operands)
    )
    return Piece(f"{inner}.T", sizes, batch=whole, turned=inner)


def unflattened(operands: Sequence[Operand]) -> Sequence[Operand]:
    """The operands; where all of them are matrices in a row, alike in shape, these matrices."""
    arrays = [one for one in operands if one.places]
    if not arrays or len({None if one.piece.flat is None else one.piece.flat.sizes for one in arrays}) > 1:
        return operands
    if arrays[0].piece.flat is None:
        return operands
    places = tuple(range(-len(arrays[0].piece.flat.sizes), 0))
    return [
        one if one.piece.flat is None else Operand(replace(one.piece.flat, times=one.piece.times), places)
        for one in operands
    ]


def _common(operands: Sequence[Operand], place: int) -> int:
    sizes = {size for one in operands if (size := one.size(place)) is not None}
    if len(sizes) != 1:
        raise Unwritten
    return sizes.pop()


def times(one: Operand, other: Operand) -> Piece:
    """The product, element by element: numbers come first, a column by a row is an outer product."""
    one, other = unflattened((one, other))
    number = one.piece.times * other.piece.times
    for a, b in ((one, other), (other, one)):
        if a.piece.number and not a.piece.times.value:
            return a.piece
        if a.piece.number:
            return b.piece.negated if a.piece.times.value == -1 else replace(b.piece, times=number)
        if a.piece.below is not None and b.piece.below is None and not b.piece.number:
            below = replace(a, piece=replace(a.piece.below, times=a.piece.below.times / a.piece.times))
            return over(b, below)
    bare = [replace(each, piece=each.piece.plainly()) for each in (one, other)]
    columns = [len(each.places) == 1 for each in bare]
    if all(columns) and bare[0].places != bare[1].places and not (one.piece.batch or other.piece.batch):
        first, second = sorted(bare, key=lambda each: each.places)
        text = f"outer({first.piece.text}, {second.piece.text})"
        return Piece(text, first.piece.sizes + second.piece.sizes, number)
    made = elementwise("({0} * {1})", bare)
    return replace(made, times=number, product=(bare[0].piece.said, bare[1].piece.said))


def over(one: Operand, other: Operand) -> Piece:
    """The quotient, element by element."""
    one, other = unflattened((one, other))
    if other.piece.number:
        return replace(one.piece, times=one.piece.times / other.piece.times)
    number, bare = one.piece.times / other.piece.times, replace(other.piece.plainly(), number=False)
    if one.piece.number:
        inner = None if bare.turned is None else f"(1/{bare.turned})"
        return replace(bare, text=f"(1/{bare.text})", turned=inner, times=number, below=bare)
    sign = Factor(math.copysign(1.0, number.value))  # what else there is stands above or below: `2*x/y`, `x/(2*y)`
    up, down = Factor(abs(number.above)), Factor(abs(number.below))
    above = replace(one.piece.plainly(up), turned=one.piece.turned)
    below = replace(bare, times=down)
    return replace(elementwise("({0} / {1})", (replace(one, piece=above), replace(other, piece=below))), times=sign)


def plus(one: Operand, other: Operand, sign: int = 1) -> Piece:
    """The sum or the difference: what is added with a minus is taken away, and 0 is left out."""
    if {one.piece.over, other.piece.over} != {None}:
        return _plus_over(one.piece, other.piece, sign)
    if one.piece.number and other.piece.number:
        return number_of(one.piece.times.value + sign * other.piece.times.value)
    if not other.piece.times.value and (other.piece.number or other.places == one.places):
        return one.piece
    if not one.piece.times.value and (one.piece.number or one.places == other.places):
        return other.piece if sign > 0 else other.piece.negated
    if sign < 0 and (found := _difference_of_products(one.piece, other.piece)) is not None:
        return found
    if other.piece.times.value < 0:
        sign, other = -sign, replace(other, piece=other.piece.negated)
    made = elementwise(SUM if sign > 0 else DIFFERENCE, (one, other))
    if one.piece.times.value < 0 and not one.piece.number:
        first = replace(one, piece=one.piece.negated)
        return replace(made, minus=elementwise(DIFFERENCE if sign > 0 else SUM, (first, other)).text)
    return made


def _difference_of_products(one: Piece, other: Piece) -> Piece | None:
    """`x*(log(y) - z)`, where that was meant by `x*log(y) - x*z`."""
    if one.product is None or other.product is None or one.product[0] != other.product[0]:
        return None
    factor, log = one.product
    if not log.startswith("log(") or not one.times == other.times == ONE:
        return None
    return replace(one.plainly(), text=f"({factor} * ({log} - {other.product[1]}))", turned=None)


def _plus_over(one: Piece, other: Piece, sign: int) -> Piece:
    """Sums over one batch are the sum over it of sums."""
    if one.over != other.over or one.over is None:
        raise Unwritten
    inner = plus(Operand(replace(one, over=None)), Operand(replace(other, over=None)), sign)
    return replace(inner, over=one.over)


# -- products of matrices


def matmul(one: Operand, other: Operand) -> Piece:
    """The matrix product; of a column and a row the outer one, of two batches that of each item."""
    if one.piece.flat is not None and other.piece.flat is not None and len(one.places) == len(other.places) == 1:
        one, other = unflattened((one, other))
        return folded("sum", Operand(times(one, other), one.places), one.places)
    number = one.piece.times * other.piece.times
    left, right = (replace(each, piece=each.piece.plainly()) for each in (one, other))
    batches = {each.piece.batch for each in (left, right) if each.piece.batch}
    if len(batches) > 1 or {left.piece.over, right.piece.over} != {None}:
        raise Unwritten
    batch = next(iter(batches), ())
    if any(place < -MATRIX for each in (left, right) for place in each.places):
        return replace(_rows_times(left, right), times=number)
    inner = left.size(-1), right.size(-2)
    if inner[0] != inner[1]:
        raise Unwritten
    rows, columns = left.size(-2), right.size(-1)
    sizes = tuple(size for size in (rows, columns) if size is not None)
    if inner[0] is None:
        made = times(left, right)
        return made.plainly(number * made.times)
    return Piece(f"({left.piece.said} @ {right.piece.said})", sizes, number, batch)


def _rows_times(left: Operand, right: Operand) -> Piece:
    """The dot products of rows, in a batch of them: `sum(X*Y, axis=1)`."""
    if left.places != (-3, -1) or right.places != (-3, -2):
        raise Unwritten
    turned = replace(right, places=(-3, -1))
    return folded("sum", Operand(elementwise("({0} * {1})", (left, turned)), (-3, -1)), (-1,))
