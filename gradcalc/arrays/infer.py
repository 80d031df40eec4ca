"""The shape of every part of an expression, inferred before any engine runs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from gradcalc.arrays.shape import SCALAR, Dimension, Mismatch, Shape, broadcast, reduced, text, times
from gradcalc.base.errors import ShapeError
from gradcalc.functions import ARRAY_FUNCTIONS
from gradcalc.functions.array_function import ANY, AXIS, NUMBER, SIZE, ArrayFunction, Signature
from gradcalc.syntax.tree import Call, Constant, Name, Node, Number, postorder

Shapes = dict[int, Shape]


@dataclass(frozen=True, slots=True)
class Given:
    """What a shape rule may look at: the shapes of the arguments, and the arguments themselves for literal numbers."""

    shapes: tuple[Shape, ...]
    arguments: tuple[Node, ...]

    def integer(self, index: int) -> int:
        """The literal whole number that an argument is. Raises Mismatch."""
        node = self.arguments[index]
        negative = isinstance(node, Call) and node.function == "neg"
        literal = node.arguments[0] if negative and isinstance(node, Call) else node
        if not isinstance(literal, Number) or literal.value.denominator != 1:
            raise Mismatch("expected a whole number here, not a variable")
        return -literal.value.numerator if negative else literal.value.numerator

    def size(self, index: int) -> Dimension:
        """The dimension that an argument is: a whole number, or the name of one. Raises Mismatch."""
        node = self.arguments[index]
        if isinstance(node, Name) or (isinstance(node, Constant) and node.name not in ("pi", "e")):
            return node.name
        size = self.integer(index)
        if size < 1:
            raise Mismatch("a dimension is at least 1")
        return size

    @property
    def axis(self) -> int | None:
        """The axis, where the second argument gives one."""
        return self.integer(1) if len(self.arguments) > 1 else None


def infer(root: Node, variables: Mapping[str, Shape]) -> Shapes:
    """The shape of every node below `root`, by id; a variable without a shape is a scalar.

    Raises ShapeError, with both operands, where shapes do not fit.
    """
    shapes: Shapes = {}
    for node in postorder(root):
        if isinstance(node, Name):
            shapes[id(node)] = variables.get(node.name, SCALAR)
        elif isinstance(node, Call):
            shapes[id(node)] = _call(node, tuple(shapes[id(argument)] for argument in node.arguments))
        else:
            shapes[id(node)] = SCALAR
    return shapes


def _call(node: Call, shapes: tuple[Shape, ...]) -> Shape:
    row = ARRAY_FUNCTIONS.get(node.function)
    given = Given(shapes, node.arguments)
    try:
        if row is None:
            return broadcast(*shapes)
        return IRREGULAR[row.name](given) if row.name in IRREGULAR else _fitted(row, given)
    except Mismatch as reason:
        count = len(shapes) if row is None else row.signatures[0].operands
        raise _mismatch(node, shapes, count, reason) from None


def _mismatch(node: Call, shapes: tuple[Shape, ...], count: int, reason: Mismatch) -> ShapeError:
    """The error that shows the shapes of the operands, at most two, and underlines both."""
    operands = list(zip(node.arguments, shapes, strict=True))[: min(count, 2)]
    spans = [argument.span for argument, _ in operands if argument.span is not None]
    named = " and ".join(text(shape) for _, shape in operands)
    label = ("", f"shape {named}: ", f"shapes {named}: ")[len(operands)]
    where, also = spans[0] if spans else node.span, spans[1] if len(spans) > 1 else None
    error = ShapeError(f"{label}{reason}", span=where, also=also)
    error.sizes = reason.sizes
    return error


# -- by a row's signature


def taken(row: ArrayFunction, shapes: Sequence[Shape]) -> Signature:
    """The signature of a row that arguments of these shapes fit. Raises Mismatch."""
    found = [one for one in row.signatures if _counts(one, len(shapes))]
    fitting = (one for one in found if all(_ranks(one, place, shapes[place]) for place in range(one.operands)))
    if (fits := next(fitting, None)) is not None:
        return fits
    few = any(len(shapes[place]) < min(one.least(place) for one in found) for place in range(found[0].operands))
    messages = row.mismatch or (EXPECTED[found[0].arguments[0]],)
    raise Mismatch(messages[0 if few else -1])


def _counts(signature: Signature, count: int) -> bool:
    """Is that how many arguments there are? An axis may be left out."""
    return count == len(signature.arguments) or (signature.arguments[-1] == AXIS and count == signature.operands)


def _ranks(signature: Signature, place: int, shape: Shape) -> bool:
    """Has an operand as many dimensions as it should?"""
    rank = signature.rank(place)
    return len(shape) >= signature.least(place) if rank is None else len(shape) == rank


def _fitted(row: ArrayFunction, given: Given) -> Shape:
    """The shape of the result, by the row's signature. Raises Mismatch."""
    numbers = {place: given.integer(place) for place, one in enumerate(row.signatures[0].arguments) if one == NUMBER}
    fits = taken(row, given.shapes)
    if fits.result.startswith(ANY):
        left = reduced(given.shapes[0], given.axis)
        return left if AXIS in fits.result else given.shapes[0]
    sizes: dict[str, Dimension] = {}
    for place, letters in enumerate(fits.arguments):
        if letters.startswith(SIZE):
            sizes[letters[1:]] = given.size(place)
        elif not letters.startswith(ANY) and place not in numbers:
            _bind(letters, given.shapes[place], sizes)
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


def _array(given: Given) -> Shape:
    if len(set(given.shapes)) > 1:
        raise Mismatch("the rows of an array have one shape")
    return (len(given.shapes), *given.shapes[0])


def _index(given: Given) -> Shape:
    array, *_ = given.shapes
    places = [given.integer(index) for index in range(1, len(given.arguments))]
    if len(places) > len(array):
        raise Mismatch(f"takes at most {len(array)} {'index' if len(array) == 1 else 'indices'}")
    for place, dimension in zip(places, array, strict=False):
        if place < 1 or (isinstance(dimension, int) and place > dimension):
            raise Mismatch(f"has no element {place}; indices run from 1 to {dimension}")
    return array[len(places) :]


IRREGULAR: dict[str, Callable[[Given], Shape]] = {"array": _array, "index": _index}
