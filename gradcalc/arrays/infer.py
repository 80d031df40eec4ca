"""The shape of every part of an expression, inferred before any engine runs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from gradcalc.arrays.definitions import definition
from gradcalc.arrays.literals import axis, dimension, integer, integers
from gradcalc.arrays.shape import SCALAR, Dimension, Mismatch, Shape, broadcast, reduced, text, times
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
        error = ShapeError(f"{label}{reason}", span=where or node.span, also=also)
        error.sizes = reason.sizes
        if node.function == "mul" and all(shapes) and shapes[0][-1] == shapes[1][0]:
            error.hint = f"for the product of matrices write `{shortened(to_text(Call('matmul', node.arguments)))}`"
        raise error from None


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
    numbers = {place: integer(node.arguments[place]) for place in row.numbers}
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
            raise Mismatch(SQUARE if letters == 2 * letter else INNER, sizes[letter], size)


SQUARE, INNER = "expected a square matrix", "the inner dimensions differ"
EXPECTED = {"nn": SQUARE, "n": "expected a vector", "...n": "expected an array"}


# -- of the operators


def _array(node: Call, shapes: ShapesOf) -> Shape:
    if len(set(shapes)) > 1:
        raise Mismatch("the rows of an array have one shape")
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


IRREGULAR: dict[str, Callable[[Call, ShapesOf], Shape]] = {"array": _array, "index": _index}
