"""The Jacobian of an array expression in closed form, in array terms: `diag(cos(x))` for `sin(x)`."""

from __future__ import annotations

from collections.abc import Mapping

from gradcalc.arrays.infer import infer
from gradcalc.arrays.shape import Shape, times
from gradcalc.calculus.matrix.closed import SIZE, closed_form, has_decimals, is_small, marked_sizes, write
from gradcalc.calculus.matrix.form import ZERO, Form, Unreadable, leaf
from gradcalc.calculus.matrix.gradient import gradient
from gradcalc.calculus.matrix.linear import Linear
from gradcalc.calculus.matrix.polish import polished
from gradcalc.calculus.matrix.transpose import transposed
from gradcalc.syntax.tree import Call, Name, Node, free_names, postorder

ABOVE = "#g"  # what multiplies the function; no name has the sign


def jacobian_form(
    root: Node, name: str, shapes: Mapping[str, Shape], symmetric: frozenset[str] = frozenset()
) -> Node | None:
    """The derivative of `root` by the variable `name` in array terms; None where there is none to read.

    Of a vector by a vector it is the matrix of the partial derivatives, by a scalar a vector; a matrix is taken row by
    row where it is derived, or derived by, unless the other side is a scalar: then the derivative has its shape.
    `shapes` and `symmetric` are as for gradients. Raises ShapeError where shapes do not fit.
    """
    order = postorder(root)
    if not is_small(order) or name in symmetric:
        return None
    result = infer(root, shapes)[id(root)]
    if not result:
        return closed_form(root, name, shapes, symmetric)
    marked = marked_sizes(shapes, free_names(order))
    above = marked_sizes({ABOVE: result}, free_names(order))
    try:
        found, _parts = gradient(_scalar(root, result), name, {**marked, **above}, symmetric)
        form = _taken_apart(found, leaf(Name(ABOVE), above[ABOVE]), marked.get(name, ()))
        written = _written(form, _shape(above[ABOVE], marked.get(name, ())), has_decimals(order))
    except Unreadable:
        return None
    parts = postorder(written)
    return None if any(SIZE in used for used in free_names(parts)) or any(map(_is_row_of_unit, parts)) else written


def _written(form: Form, shape: Shape, decimals: bool) -> Node:
    """The tree of a form: an array written out where it is small and has single elements, else as short as it gets."""
    plain = write(form, shape, decimals=decimals)
    if isinstance(plain, Call) and plain.function == "array":
        return plain
    return write(polished(form), shape, decimals=decimals)


def _is_row_of_unit(node: Node) -> bool:
    """Is this a row of the unit matrix? It stands for an array that would have to be written out."""
    row = node.arguments[0] if isinstance(node, Call) and node.function == "index" else None
    return isinstance(row, Call) and row.function == "eye"


def _scalar(root: Node, result: Shape) -> Node:
    """The sum of the function's components, each with a weight of its own."""
    if len(result) == 1:
        return Call("matmul", (Name(ABOVE), root))
    return Call("sum", (Call("mul", (Name(ABOVE), root)),))


def _taken_apart(found: Form, above: Form, by: Shape) -> Form:
    """The Jacobian, from the gradient of the weighted sum."""
    linear = Linear(above)
    if found is ZERO:
        return ZERO
    match len(above.shape), len(by):
        case 1, 0:
            return linear.row(found)
        case 1, 1:
            return transposed(linear.matrix(found, by[0]))
        case 1, 2:
            return linear.by_matrix(found)
        case 2, 0:
            return linear.weights(found)
        case 2, 2:
            return linear.between(found)
    raise Unreadable


def _shape(result: Shape, by: Shape) -> Shape:
    """The shape of the Jacobian."""
    return (times(*result), times(*by)) if by else result
