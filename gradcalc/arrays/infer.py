"""The shape of every part of an expression, inferred before any engine runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from gradcalc.arrays.shape import (
    SCALAR,
    Dimension,
    Mismatch,
    Shape,
    broadcast,
    checked_axis,
    matmul,
    reduced,
    square,
    text,
    times,
)
from gradcalc.base.errors import ShapeError
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
        return self.integer(index)

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
    rule = RULES.get(node.function, _elementwise)
    try:
        return rule(Given(shapes, node.arguments))
    except Mismatch as reason:
        raise _mismatch(node, shapes, reason) from None


def _mismatch(node: Call, shapes: tuple[Shape, ...], reason: Mismatch) -> ShapeError:
    """The error that shows the shapes of the operands, and underlines both; whole numbers are no operands."""
    count = 0 if node.function in MADE else 1 if node.function in WITH_NUMBERS else 2
    spans = [argument.span for argument in node.arguments[:count] if argument.span is not None]
    named = " and ".join(text(shape) for shape in shapes[:count])
    label = {0: "", 1: f"shape {named}: "}.get(min(count, len(shapes)), f"shapes {named}: ")
    where, also = spans[0] if spans else node.span, spans[1] if len(spans) > 1 else None
    error = ShapeError(f"{label}{reason}", span=where, also=also)
    error.sizes = reason.sizes
    return error


def _elementwise(given: Given) -> Shape:
    return broadcast(*given.shapes)


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


def _transpose(given: Given) -> Shape:
    (array,) = given.shapes
    if len(array) > 2:
        raise Mismatch("only vectors and matrices are transposed")
    return array[::-1]


def _reduction(given: Given) -> Shape:
    return reduced(given.shapes[0], given.axis)


def _along_axis(given: Given) -> Shape:
    array = given.shapes[0]
    if not array:
        raise Mismatch("expected an array")
    if given.axis is not None:
        checked_axis(array, given.axis)
    return array


def _vector_to_scalar(given: Given) -> Shape:
    if len(given.shapes[0]) > 1:
        raise Mismatch("expected a vector")
    return SCALAR


def _to_scalar(given: Given) -> Shape:
    return SCALAR


def _square_to_scalar(given: Given) -> Shape:
    square(given.shapes[0])
    return SCALAR


def _solve(given: Given) -> Shape:
    a, b = given.shapes
    return matmul(square(a), b)


def _outer(given: Given) -> Shape:
    a, b = given.shapes
    if len(a) != 1 or len(b) != 1:
        raise Mismatch("outer takes two vectors")
    return (*a, *b)


def _kron(given: Given) -> Shape:
    a, b = given.shapes
    if len(a) != 2 or len(b) != 2:
        raise Mismatch("kron takes two matrices")
    return (times(a[0], b[0]), times(a[1], b[1]))


def _matrix_power(given: Given) -> Shape:
    given.integer(1)
    return square(given.shapes[0])


def _diag(given: Given) -> Shape:
    (array,) = given.shapes
    if len(array) == 1:
        return (array[0], array[0])
    return square(array)[:1]


def _dimensions(given: Given) -> Shape:
    sizes = tuple(given.size(index) for index in range(len(given.arguments)))
    if any(isinstance(size, int) and size < 1 for size in sizes):
        raise Mismatch("a dimension is at least 1")
    return sizes


MADE = frozenset({"eye", "ones", "zeros"})  # of whole numbers alone
WITH_NUMBERS = frozenset({  # an array first, then whole numbers
    "index", "sum", "mean", "prod", "var", "std", "amax", "amin", "logsumexp", "softmax", "cumsum", "matrix_power",
})  # fmt: skip
RULES: dict[str, Callable[[Given], Shape]] = {
    "array": _array, "index": _index, "transpose": _transpose, "matmul": lambda given: matmul(*given.shapes),
    "dot": lambda given: matmul(*given.shapes), "outer": _outer, "kron": _kron,
    "sum": _reduction, "mean": _reduction, "prod": _reduction, "var": _reduction, "std": _reduction,
    "amax": _reduction, "amin": _reduction, "logsumexp": _reduction, "softmax": _along_axis, "cumsum": _along_axis,
    "norm": _to_scalar, "norm1": _vector_to_scalar, "norminf": _vector_to_scalar,
    "trace": _square_to_scalar, "det": _square_to_scalar, "logdet": _square_to_scalar,
    "inv": lambda given: square(given.shapes[0]), "solve": _solve, "matrix_power": _matrix_power, "diag": _diag,
    "eye": lambda given: _dimensions(given) * 2, "ones": _dimensions, "zeros": _dimensions,
}  # fmt: skip
