"""What flows back into a part of an array: it stands there among zeros, and beside what flows into other parts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce

from gradcalc.arrays.shape import Dimension
from gradcalc.calculus.matrix.form import ZERO, Chain, Form, is_call, raw_chain
from gradcalc.calculus.matrix.ones import arguments, ones
from gradcalc.calculus.matrix.product import multiply
from gradcalc.calculus.matrix.sums import add, scaled, split, split_scalars, terms
from gradcalc.calculus.matrix.units import as_number
from gradcalc.syntax.tree import Call, Node, number


@dataclass(frozen=True, slots=True)
class Padded:
    """A multiple of a form that stands in the places from `first` to `last` of so many, and zeros elsewhere."""

    times: Fraction
    form: Form
    axis: int
    first: int
    last: int
    size: int


def taken_apart(form: Form) -> tuple[list[Padded], Form]:
    """The terms of a form that stand among zeros, and the others."""
    parts: list[Padded] = []
    others: list[Form] = []
    for coefficient, term in terms(form):
        scalar, array = split_scalars(term)
        times, scalar = split(scalar)
        found = _padded(array)
        if found is None:
            others.append(scaled(coefficient, term))
        else:
            whole = multiply(scalar, found.form, distribute=False)
            parts.append(replace(found, times=coefficient * times, form=whole))
    return parts, add(*others)


def beside(
    parts: Sequence[Padded], write: Callable[[Form], Node], dimension: Callable[[Dimension], Node]
) -> list[tuple[Fraction, Node]]:
    """Multiples of trees that add up to parts among zeros: those that do not overlap stand beside each other."""
    layers: list[list[Padded]] = []
    for one in parts:
        fitting = (layer for layer in layers if all(_is_apart(one, other) for other in layer))
        layer = next(fitting, None)
        if layer is None:
            layers.append([one])
        else:
            layer.append(one)
    return [_joined(sorted(layer, key=lambda one: one.first), write, dimension) for layer in layers]


def is_rows_of_unit(form: Form) -> bool:
    """Is it some rows of a unit matrix of a known size?"""
    return is_call(form, "slice") and is_call(arguments(form)[0], "eye") and isinstance(form.shape[1], int)


def _is_apart(one: Padded, other: Padded) -> bool:
    along = (one.axis, one.size) == (other.axis, other.size)
    return along and (one.last < other.first or other.last < one.first)


def _placed(form: Form, rows: Form, axis: int) -> Padded:
    first, last = (as_number(one) or 0 for one in arguments(rows)[1:])
    return Padded(Fraction(1), form, axis, first, last, int(rows.shape[1]))


def _padded(term: Form) -> Padded | None:
    """A product that begins or ends with rows of a unit matrix, or their sum."""
    if is_call(term, "sum") and arguments(term)[1:] == (ZERO,) and is_rows_of_unit(arguments(term)[0]):
        rows = arguments(term)[0]
        return _placed(ones(rows.shape[:1]), rows, 0)
    if not isinstance(term, Chain) or len(term.factors) < 2:
        return None
    (head, before), *_, (tail, behind) = term.factors
    if is_call(head, "transpose") and is_rows_of_unit(arguments(head)[0]) and before == 1:
        return _placed(_chain(term.factors[1:], term), arguments(head)[0], 0)
    if is_rows_of_unit(tail) and behind == 1:
        return _placed(_chain(term.factors[:-1], term), tail, 1)
    return None


def _chain(factors: Sequence[tuple[Form, int]], whole: Form) -> Form:
    if len(factors) == 1 and factors[0][1] == 1:
        return factors[0][0]
    return raw_chain(tuple(factors), factors[0][0].shape[:-1] + factors[-1][0].shape[1:])


def _joined(
    layer: Sequence[Padded], write: Callable[[Form], Node], dimension: Callable[[Dimension], Node]
) -> tuple[Fraction, Node]:
    """One array of parts and the zeros between them, along the first axis; along the second one its transpose."""
    axis, shape = layer[0].axis, layer[0].form.shape
    front = layer[0].times if len({one.times for one in layer}) == 1 else Fraction(1)
    other = [dimension(shape[1 - axis])] if len(shape) > 1 else []
    pieces: list[Node] = []
    reached = 0
    for one in (*layer, None):
        first = layer[0].size + 1 if one is None else one.first
        if first > reached + 1:
            sizes = [number(first - reached - 1), *other]
            pieces.append(Call("zeros", tuple(sizes if axis == 0 else sizes[::-1])))
        if one is not None:
            pieces.append(write(scaled(one.times / front, one.form)))
            reached = one.last
    if axis == 0:
        return front, reduce(_concat, pieces)
    turned: list[Node] = [Call("transpose", (one,)) for one in pieces]
    return front, Call("transpose", (reduce(_concat, turned),))


def _concat(one: Node, other: Node) -> Node:
    return Call("concat", (one, other))
