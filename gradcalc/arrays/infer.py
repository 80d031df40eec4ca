"""The shape of every part of an expression, inferred before any engine runs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from math import prod
from typing import TypeAlias

from gradcalc.arrays.definitions import definition
from gradcalc.arrays.literals import axis, dimension, integer, integers
from gradcalc.arrays.shape import SCALAR, Dimension, Mismatch, Shape, broadcast, reduced, text, times
from gradcalc.arrays.windows import POOLS, folded_shape, pooled_shape, unfolded_shape
from gradcalc.base.errors import ShapeError, shortened
from gradcalc.functions import ARRAY_FUNCTIONS
from gradcalc.functions.array_function import ANY, AXIS, SIZE, ArrayFunction, Signature
from gradcalc.functions.function import Rule
from gradcalc.functions.printer import to_text
from gradcalc.syntax.tree import Call, Name, Node, postorder

Shapes: TypeAlias = dict[int, Shape]
ShapesOf: TypeAlias = Sequence[Shape]


def infer(root: Node, variables: Mapping[str, Shape]) -> Shapes:
    """The shape of every node below `root`, by id; a variable without a shape is a scalar.

    Raises ShapeError, with both operands, where shapes do not fit.
    """
    return _shapes(root, variables, _told)


def _shapes(root: Node, variables: Mapping[str, Shape], of_call: Callable[[Call, ShapesOf], Shape]) -> Shapes:
    """The shapes of all nodes, those of calls by a rule of their own."""
    shapes: Shapes = {}
    for node in postorder(root):
        if isinstance(node, Call):
            shapes[id(node)] = of_call(node, [shapes[id(argument)] for argument in node.arguments])
        else:
            shapes[id(node)] = variables.get(node.name, SCALAR) if isinstance(node, Name) else SCALAR
    return shapes


def _told(node: Call, shapes: ShapesOf) -> Shape:
    """The shape of a call; where it has none, the error shows the operands, at most two, and underlines them."""
    try:
        return _call(node, shapes)
    except Mismatch as reason:
        row = ARRAY_FUNCTIONS.get(node.function)
        operands = (node.arguments if row is None else row.parted(node.arguments)[0])[:2]
        named = " and ".join(text(shape) for shape in shapes[: len(operands)])
        label = ("", f"shape {named}: ", f"shapes {named}: ")[len(operands)]
        where, also = (*(one.span for one in operands if one.span is not None), None, None)[:2]
        error = ShapeError(f"{label}{reason}", span=where or node.span, also=also, hint=reason.hint)
        error.sizes = reason.sizes
        if (product := _product_meant(node, shapes)) is not None:
            error.hint = f"for the product of matrices write `{shortened(to_text(Call('matmul', product.arguments)))}`"
        raise error from None


def _product_meant(node: Call, shapes: ShapesOf) -> Call | None:
    """The product element by element that is meant as one of matrices: `A*x`, or that in `A*x - b`; None for none."""
    if node.function == "mul" and all(shapes) and shapes[0][-1] == shapes[1][0]:
        return node
    for one, shape in zip(node.arguments, shapes, strict=True):
        vectors = [other for other in shapes if len(other) == 1]
        if isinstance(one, Call) and one.function == "mul" and len(shape) == 2 and vectors == [shape[:1]]:
            return one
    return None


def _call(node: Call, shapes: ShapesOf) -> Shape:
    """The shape of a call. Raises Mismatch."""
    row = ARRAY_FUNCTIONS.get(node.function)
    if row is None:
        return broadcast(*shapes)
    if row.name in IRREGULAR:
        return IRREGULAR[row.name](node, shapes)
    if row.shape:
        return _signed(row, node, shapes)
    body = definition(node, shapes)
    return _shapes(body, dict(zip(row.parameters, shapes, strict=False)), _call)[id(body)]


# -- by a row's signature


def taken(row: ArrayFunction, shapes: ShapesOf) -> Signature:
    """The signature of a row that arguments of these shapes fit. Raises Mismatch."""
    found = [one for one in row.signatures if _counts(one, len(shapes))]
    fitting = (one for one in found if all(_ranks(one, place, shapes[place]) for place in range(one.operands)))
    if (fits := next(fitting, None)) is not None:
        return fits
    few = any(len(shapes[place]) < min(one.least(place) for one in found) for place in range(found[0].operands))
    messages = row.mismatch or (EXPECTED[found[0].arguments[0]],)
    raise Mismatch(messages[0 if few else -1])


def rules(row: ArrayFunction, shapes: ShapesOf) -> tuple[Rule, ...]:
    """The rules for arguments of these shapes."""
    return row.others.get(taken(row, shapes).text, row.vjp) if row.others else row.vjp


def _counts(signature: Signature, count: int) -> bool:
    """Is that how many arguments there are? An axis may be left out."""
    return count == len(signature.arguments) or (signature.arguments[-1] == AXIS and count == signature.operands)


def _ranks(signature: Signature, place: int, shape: Shape) -> bool:
    """Has an operand as many dimensions as it should?"""
    rank = signature.rank(place)
    return len(shape) >= signature.least(place) if rank is None else len(shape) == rank


def _signed(row: ArrayFunction, node: Call, shapes: ShapesOf) -> Shape:
    """The shape of the result, by the row's signature. Raises Mismatch."""
    numbers = {place: integer(node.arguments[place]) for place in row.numbers if place < len(shapes)}
    fits = taken(row, shapes)
    if fits.result.startswith(ANY):
        left = reduced(shapes[0], axis(node))
        return left if AXIS in fits.result else shapes[0]
    sizes: dict[str, Dimension] = {}
    for place, letters in enumerate(fits.arguments):
        if letters.startswith(SIZE):
            sizes[letters[1:]] = dimension(node.arguments[place])
        elif not letters.startswith(ANY) and place not in numbers:
            _bind(letters, shapes[place], sizes)
    parts = re.findall(r"\w+(?=\))|\w", fits.result)
    return tuple(times(*(sizes[letter] for letter in part)) for part in parts)


def _bind(letters: str, shape: Shape, sizes: dict[str, Dimension]) -> None:
    """Note the size that each letter stands for. Raises Mismatch where it has stood for another."""
    for letter, size in zip(letters, shape, strict=True):
        if sizes.setdefault(letter, size) != size:
            square = letters == 2 * letter
            raise Mismatch(SQUARE if square else INNER, sizes[letter], size, hint=None if square else PRODUCT)


SQUARE, INNER = "expected a square matrix", "the inner dimensions differ"
PRODUCT = "in `a @ b` the last dimension of a is the first one of b"
EXPECTED = {"nn": SQUARE, "mn": "expected a matrix", "n": "expected a vector", "...n": "expected an array"}


# -- of the operators


def _array(node: Call, shapes: ShapesOf) -> Shape:
    if len(set(shapes)) > 1:
        raise Mismatch("the rows of an array have one shape", hint="give each row as many elements")
    return (len(shapes), *shapes[0])


def _index(node: Call, shapes: ShapesOf) -> Shape:
    array, *_ = shapes
    places = integers(node.arguments[1:])
    if len(places) > len(array):
        raise Mismatch(f"takes at most {len(array)} {'index' if len(array) == 1 else 'indices'}")
    for place, size in zip(places, array, strict=False):
        if place < 1 or (isinstance(size, int) and place > size):
            raise Mismatch(f"has no element {place}; indices run from 1 to {size}")
    return array[len(places) :]


def _slice(node: Call, shapes: ShapesOf) -> Shape:
    array, *_ = shapes
    bounds = slices(node, array)
    return (*(last - first + 1 for first, last in bounds), *array[len(bounds) :])


def slices(node: Call, array: Shape) -> list[tuple[int, int]]:
    """The first and the last place that are taken along each axis, from 1; 0 stands for the end. Raises Mismatch."""
    numbers = integers(node.arguments[1:])
    found = []
    if len(numbers) > 2 * len(array):
        raise Mismatch(f"takes at most {len(array)} {'slice' if len(array) == 1 else 'slices'}")
    for size, first, last in zip(array, numbers[::2], numbers[1::2], strict=False):
        if not isinstance(size, int):
            raise Mismatch(f"a slice needs a number for its size, found `{size}`")
        if not 1 <= first <= (last or size) <= size:
            raise Mismatch(f"has no elements {first}:{last or size}; indices run from 1 to {size}")
        found.append((first, last or size))
    return found


def _reshape(node: Call, shapes: ShapesOf) -> Shape:
    sizes = integers(node.arguments[1:])
    elements = times(*shapes[0])
    if not isinstance(elements, int):
        raise Mismatch("reshape needs sizes that are numbers")
    rest = prod(size for size in sizes if size != -1)
    whole = [elements // rest if size == -1 and rest > 0 else size for size in sizes]
    if min(whole) < 1 or prod(whole) != elements:
        raise Mismatch(f"has {elements} elements, which do not fill {text(tuple(whole))}")
    return tuple(whole)


def _concat(node: Call, shapes: ShapesOf) -> Shape:
    one, other = shapes
    if not one or len(one) != len(other) or one[1:] != other[1:]:
        raise Mismatch("arrays are put together along the first axis, and the others are alike")
    if not isinstance(one[0], int) or not isinstance(other[0], int):
        raise Mismatch("concat needs sizes that are numbers")
    return (one[0] + other[0], *one[1:])


def _diff(node: Call, shapes: ShapesOf) -> Shape:
    (shape,) = shapes
    if not 1 <= len(shape) <= 2 or not isinstance(shape[-1], int) or shape[-1] < 2:
        raise Mismatch(ARRAY_FUNCTIONS["diff"].mismatch[0])
    return (*shape[:-1], shape[-1] - 1)


def _svdvals(node: Call, shapes: ShapesOf) -> Shape:
    (shape,) = shapes
    if len(shape) != 2:
        raise Mismatch(EXPECTED["mn"])
    one, other = shape
    if isinstance(one, int) and isinstance(other, int):
        return (min(one, other),)
    if one != other:
        raise Mismatch("svdvals needs sizes that are numbers")
    return (one,)


def _cross(node: Call, shapes: ShapesOf) -> Shape:
    wrong = next((shape for shape in shapes if shape != (3,)), None)
    if wrong is not None:
        raise Mismatch(ARRAY_FUNCTIONS["cross"].mismatch[0], *((*wrong, 3) if len(wrong) == 1 else ()))
    return (3,)


IRREGULAR: dict[str, Callable[[Call, ShapesOf], Shape]] = {
    "array": _array, "index": _index, "slice": _slice, "reshape": _reshape, "concat": _concat,
    "diff": _diff, "cross": _cross, "svdvals": _svdvals,
    **dict.fromkeys(("unfold", "unfold2d"), unfolded_shape), **dict.fromkeys(("fold", "fold2d"), folded_shape),
    **dict.fromkeys(POOLS, pooled_shape),
}  # fmt: skip
