"""The whole numbers that stand among the arguments of a call: places, exponents, axes, sizes."""

from __future__ import annotations

from collections.abc import Iterable

from gradcalc.arrays.shape import Dimension, Mismatch
from gradcalc.functions import ARRAY_FUNCTIONS
from gradcalc.functions.turned import whole_number
from gradcalc.syntax.tree import Call, Constant, Name, Node

NUMBERS = frozenset({"pi", "e"})  # constants; the others are sizes


def integer(node: Node) -> int:
    """The literal whole number that an argument is. Raises Mismatch."""
    found = whole_number(node)
    if found is None:
        raise Mismatch("expected a whole number here, not a variable", hint="write the number itself, as in `x[1]`")
    return found


def integers(nodes: Iterable[Node]) -> list[int]:
    """The literal whole numbers that arguments are. Raises Mismatch."""
    return [integer(node) for node in nodes]


def dimension(node: Node) -> Dimension:
    """The dimension that an argument is: a whole number, or the name of one. Raises Mismatch."""
    if isinstance(node, Name) or (isinstance(node, Constant) and node.name not in NUMBERS):
        return node.name
    size = integer(node)
    if size < 1:
        raise Mismatch("a dimension is at least 1")
    return size


def axis(call: Call) -> int | None:
    """The axis that a call runs along, by name or by custom; None for all elements. Raises Mismatch."""
    return integer(call.arguments[1]) if len(call.arguments) > 1 else ARRAY_FUNCTIONS[call.function].axis
