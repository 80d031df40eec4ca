"""Gradients that depend on literal numbers, blocks or sizes: of elements, rows, powers, Kronecker products."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from math import prod

from gradcalc.arrays.infer import Shapes, slices
from gradcalc.arrays.literals import integer, integers
from gradcalc.arrays.shape import Shape
from gradcalc.arrays.windows import POOLS
from gradcalc.calculus.matrix.chain import chain, matmul, power, trace
from gradcalc.calculus.matrix.form import Form, Sum, Unreadable, apply, is_call
from gradcalc.calculus.matrix.ones import arguments, eye, is_ones, ones
from gradcalc.calculus.matrix.product import element, multiply, outer
from gradcalc.calculus.matrix.reduce import filled, total
from gradcalc.calculus.matrix.sums import add, number, scaled, split_scalars, value
from gradcalc.calculus.matrix.transpose import transposed
from gradcalc.calculus.matrix.units import unit
from gradcalc.syntax.tree import Call

WITHOUT = ("sort", "median", "eigvalsh", "svdvals", "nuclear_norm", "spectral_norm")
FORMLESS = frozenset((*WITHOUT, "expm"))  # of which there is no formula in the language, or seldom
MOST_FACTORS = 12  # of a matrix power whose gradient is written out


def _index(node: Call, place: int, flow: Form, found: Sequence[Form], shapes: Shapes) -> Form:
    """To the array that an element or a row was taken from: zero elsewhere."""
    shape = shapes[id(node.arguments[0])]
    first, *others = integers(node.arguments[1:])
    row = unit(shape[0], first)
    if len(shape) > 2:
        raise Unreadable
    if len(shape) == 1:
        return multiply(flow, row)
    if others:
        return multiply(flow, outer(row, unit(shape[1], *others)))
    return outer(row, filled(flow, shape[1:]))


def _array(node: Call, place: int, flow: Form, found: Sequence[Form], shapes: Shapes) -> Form:
    """To one row of an array that was written out."""
    return element(flow, len(shapes[id(node)]), place + 1)


def _matrix_power(node: Call, place: int, flow: Form, found: Sequence[Form], shapes: Shapes) -> Form:
    """To A of Aᵏ: the sum of (Aᵀ)ⁱ G (Aᵀ)ʲ over i + j = k - 1; of an inverse as of A⁻¹."""
    exponent = integer(node.arguments[1])
    turned = transposed(found[0])
    scalar, rest = split_scalars(flow)
    if is_call(rest, "eye"):
        return multiply(scaled(exponent, scalar), power(turned, exponent - 1))
    if abs(exponent) > MOST_FACTORS:
        raise Unreadable
    first, sign = (0, 1) if exponent > 0 else (exponent, -1)
    powers = [(i, exponent - 1 - i) for i in range(first, first + abs(exponent))]
    return add(*(scaled(sign, chain([(turned, i), (flow, 1), (turned, j)])) for i, j in powers))


def _expm(node: Call, place: int, flow: Form, found: Sequence[Form], shapes: Shapes) -> Form:
    """To A of its exponential, where a multiple of the unit matrix flows in: of the trace it is the exponential."""
    scalar, rest = split_scalars(flow)
    if not is_call(rest, "eye"):
        raise Unreadable
    return multiply(scalar, transposed(apply("expm", tuple(found), shapes[id(node)])))


def of_multiple(node: Call, flow: Form, whole: Form, shapes: Shapes, wanted: Collection[int]) -> Form | None:
    """To t*A of its exponential, where t alone moves: A and the exponential commute; None for any other argument."""
    inner = node.arguments[0]
    if node.function != "expm" or not isinstance(inner, Call) or inner.function not in ("mul", "div"):
        return None
    moving = [shapes[id(one)] for one in inner.arguments if id(one) in wanted]
    if any(moving):
        return None
    if is_call(flow, "outer"):
        left, right = arguments(flow)
        return outer(left, matmul(whole, right))
    return matmul(flow, transposed(whole))


def _kron(node: Call, place: int, flow: Form, found: Sequence[Form], shapes: Shapes) -> Form:
    """To one side of a Kronecker product, where a Kronecker product flows in: the other sides meet in a number."""
    if isinstance(flow, Sum):
        return add(
            *(scaled(c, _kron(node, place, filled(term, shapes[id(node)]), found, shapes)) for c, term in flow.terms)
        )
    scalar, rest = split_scalars(flow)
    sides = [shapes[id(one)] for one in node.arguments]
    if is_ones(rest):
        parts = [ones(side) for side in sides]
    elif is_call(rest, "eye") and all(side[0] == side[1] for side in sides):
        parts = [eye(side[0]) for side in sides]
    elif is_call(rest, "kron") and [one.shape for one in arguments(rest)] == sides:
        parts = list(arguments(rest))
    else:
        raise Unreadable
    return multiply(scalar, parts[place], _inner(found[1 - place], parts[1 - place]))


def _inner(a: Form, b: Form) -> Form:
    """The sum of the products of the elements of two matrices."""
    return total(multiply(a, b), a.shape) if a is b or is_ones(b) else trace(matmul(transposed(a), b))


def _slice(node: Call, place: int, flow: Form, found: Sequence[Form], shapes: Shapes) -> Form:
    """To the array that elements were taken from: rows of the unit matrix put them back."""
    shape, bounds = shapes[id(node.arguments[0])], slices(node, shapes[id(node.arguments[0])])
    if len(shape) > 2:
        raise Unreadable
    for axis, (first, last) in enumerate(bounds):
        rows = apply("slice", (eye(shape[axis]), number(first), number(last)), (last - first + 1, shape[axis]))
        whole = (first, last) == (1, shape[axis])
        flow = flow if whole else matmul(transposed(rows), flow) if axis == 0 else matmul(flow, rows)
    return flow


def _concat(node: Call, place: int, flow: Form, found: Sequence[Form], shapes: Shapes) -> Form:
    """To one of the arrays that were put together: its part of the flow."""
    own, before = shapes[id(node.arguments[place])], shapes[id(node.arguments[0])]
    first = int(before[0]) if place else 0
    if is_call(flow, "slice") and len(arguments(flow)) == 3:  # of rows of rows
        flow, start, _ = arguments(flow)
        first += int(value(start) or 1) - 1
    return apply("slice", (flow, number(first + 1), number(first + int(own[0]))), own)


def _reshape(node: Call, place: int, flow: Form, found: Sequence[Form], shapes: Shapes) -> Form:
    """To the array of the first shape."""
    shape = shapes[id(node.arguments[0])]
    if not 1 <= len(shape) <= 2:
        raise Unreadable
    return apply("reshape", (flow, *map(number, map(int, shape))), shape)


def _triangle(node: Call, place: int, flow: Form, found: Sequence[Form], shapes: Shapes) -> Form:
    """To the matrix that a triangle was taken from: the same triangle."""
    return apply(node.function, (flow, *map(number, integers(node.arguments[1:]))), shapes[id(node)])


def _unfold(node: Call, place: int, flow: Form, found: Sequence[Form], shapes: Shapes) -> Form:
    """To the rows that windows were taken of: what the windows have, added up."""
    shape, numbers = shapes[id(node.arguments[0])], integers(node.arguments[1:])
    if node.function == "unfold":
        return apply("fold", (flow, *map(number, (int(shape[-1]), *numbers))), shape)
    sizes = numbers[0], int(shape[-1]) // numbers[0]
    return apply("fold2d", (flow, *map(number, (*sizes, *numbers[1:]))), shape)


def _fold(node: Call, place: int, flow: Form, found: Sequence[Form], shapes: Shapes) -> Form:
    """To the windows that were added up."""
    numbers = integers(node.arguments[1:])
    own = ("unfold", numbers[1:]) if node.function == "fold" else ("unfold2d", [numbers[0], *numbers[2:]])
    return apply(own[0], (flow, *map(number, own[1])), shapes[id(node.arguments[0])])


def _pool(node: Call, place: int, flow: Form, found: Sequence[Form], shapes: Shapes) -> Form:
    """To the rows whose windows are pooled: to the elements that are as large as the largest of their window."""
    shape, (a,), numbers = shapes[id(node.arguments[0])], found[:1], integers(node.arguments[1:])
    own, one = shapes[id(node)], node.function == "max_pool1d"
    first = [] if one else [numbers[0], int(shape[-1]) // numbers[0]]
    kernel = numbers[:1] if one else numbers[1:3]
    rest = numbers[len(kernel) + len(first) // 2 :] or kernel[:1]
    if len({*kernel}) > 1 and len(numbers) == len(kernel) + len(first) // 2:
        raise Unreadable  # steps that differ from axis to axis
    size = prod(kernel)
    columns = (size * (int(shape[0]) if len(shape) > 1 else 1), own[-1])
    names = ("unfold", "fold") if one else ("unfold2d", "fold2d")
    windows = apply(names[0], (a, *map(number, (*first[:1], *kernel, *rest))), columns)
    pooled = apply(node.function, (a, *map(number, numbers)), own)
    largest, flowing = _beside_each(pooled, own, size), _beside_each(flow, own, size)
    chosen = apply("where", (apply("eq", (windows, largest), columns), number(1), number(0)), columns)
    back = (*(first or [int(shape[-1])]), *kernel, *rest)
    return apply(names[1], (multiply(chosen, flowing), *map(number, back)), shape)


def _beside_each(form: Form, shape: Shape, size: int) -> Form:
    """What there is of a window, for each of its elements: rows are repeated."""
    if len(shape) == 1:
        return form
    return apply("kron", (form, ones((size, 1))), (size * int(shape[0]), shape[1]))


def _without_form(node: Call, place: int, flow: Form, found: Sequence[Form], shapes: Shapes) -> Form:
    """To what is ordered, or decomposed: there is no formula in the language."""
    raise Unreadable


Rule = Callable[[Call, int, Form, Sequence[Form], Shapes], Form]
STRUCTURAL: dict[str, Rule] = {
    "index": _index, "slice": _slice, "concat": _concat, "reshape": _reshape, "array": _array,
    "tril": _triangle, "triu": _triangle,
    "unfold": _unfold, "unfold2d": _unfold, "fold": _fold, "fold2d": _fold,
    **dict.fromkeys(POOLS, _pool),
    **dict.fromkeys(WITHOUT, _without_form), "matrix_power": _matrix_power, "kron": _kron, "expm": _expm,
}  # fmt: skip
