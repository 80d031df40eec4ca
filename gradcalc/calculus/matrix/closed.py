"""The closed form: the gradient, made short, and written as a tree."""

from __future__ import annotations

from collections.abc import Mapping

from gradcalc.arrays.shape import Dimension, Shape, size
from gradcalc.calculus.matrix.form import ZERO, Form, Unreadable
from gradcalc.calculus.matrix.gradient import gradient
from gradcalc.calculus.matrix.ones import zeros
from gradcalc.calculus.matrix.polish import polished
from gradcalc.calculus.matrix.reduce import filled
from gradcalc.calculus.matrix.sums import add, scaled, split_scalars, terms
from gradcalc.calculus.matrix.units import place_of
from gradcalc.calculus.matrix.write import Writer
from gradcalc.syntax.tree import Call, Node, Number, depth, free_names, postorder

MOST_ELEMENTS = 12  # of a gradient that is written out
LARGEST = 1_500  # nodes of an expression whose gradient has a closed form that is worth a look
DEEPEST = 100  # levels
SIZE = "#"  # no name has it


def closed_form(
    root: Node,
    name: str,
    shapes: Mapping[str, Shape],
    symmetric: frozenset[str] = frozenset(),
    hot: frozenset[str] = frozenset(),
) -> Node | None:
    """The gradient of the scalar `root` by the variable `name`, in array terms; None where there is none to read.

    `shapes` gives the variables their shapes, a dimension being a number or a name; a variable that it lacks is a
    scalar. The gradient has the shape of its variable. The matrices named in `symmetric` equal their transposes;
    derived by one, both triangles of it change together. The rows of those in `hot` have one 1 each, and else 0.
    Raises ShapeError where shapes do not fit.
    """
    order = postorder(root)
    if not is_small(order):
        return None
    marked = marked_sizes(shapes, free_names(order))
    try:
        found, _parts = gradient(root, name, marked, symmetric, hot)
        written = as_tree(found, marked.get(name, ()), decimals=has_decimals(order))
    except Unreadable:
        return None
    return None if any(SIZE in used for used in free_names(postorder(written))) else written


def as_tree(form: Form, shape: Shape, *, decimals: bool) -> Node:
    """The tree of a form as short as it gets; of single elements, each of them."""
    elements = {place: polished(one) for place, one in _elements(form, shape).items()}
    if elements:
        return _literal(elements, shape, Writer(decimals))
    return write(polished(form), shape, decimals=decimals)


def is_small(order: list[Node]) -> bool:
    """Is an expression small enough for its closed form to be worth a look?"""
    return len(order) <= LARGEST and depth(order) <= DEEPEST


def write(form: Form, shape: Shape, *, decimals: bool) -> Node:
    """The tree of a form as an array of that shape."""
    writer = Writer(decimals)
    elements = _elements(form, shape)
    if elements:
        return _literal(elements, shape, writer)
    return writer.node(zeros(shape) if form is ZERO else filled(form, shape))


def _elements(form: Form, shape: Shape) -> dict[tuple[int, ...], Form]:
    """The elements of a small array that has only single ones; empty for any other."""
    if not shape or len(shape) > 2 or any(isinstance(one, str) for one in shape) or size(shape) > MOST_ELEMENTS:
        return {}
    found: dict[tuple[int, ...], Form] = {}
    for coefficient, term in terms(form):
        scalar, rest = split_scalars(scaled(coefficient, term))
        place = place_of(rest)
        if rest.shape != shape or not place:
            return {}
        found[place] = add(found.get(place, ZERO), scalar)
    return found


def _literal(elements: dict[tuple[int, ...], Form], shape: Shape, writer: Writer) -> Node:
    """An array written out: `[2*x[1], 0, 0]`."""

    def build(place: tuple[int, ...]) -> Node:
        if len(place) == len(shape):
            return writer.node(elements.get(place, ZERO))
        return Call("array", tuple(build((*place, k + 1)) for k in range(int(shape[len(place)]))))

    return build(())


def has_decimals(order: list[Node]) -> bool:
    """Did the user write decimals? Then numbers are decimals in the result too."""
    return any(isinstance(node, Number) and node.value.denominator != 1 for node in order)


def marked_sizes(shapes: Mapping[str, Shape], variables: list[str]) -> dict[str, Shape]:
    """The shapes, a mark on each size that is called like a variable: in a result they could not be told apart."""

    def mark(size: Dimension) -> Dimension:
        return f"{size}{SIZE}" if size in variables else size

    return {name: tuple(map(mark, shape)) for name, shape in shapes.items()}
