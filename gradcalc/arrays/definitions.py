"""The rules and the definition of an array function, brought to the axis and the sizes at hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gradcalc.arrays.literals import axis
from gradcalc.arrays.shape import Dimension, Shape, checked_axis, times
from gradcalc.functions import CATALOGUE
from gradcalc.functions.array_function import AXIS, ArrayFunction
from gradcalc.functions.function import rule
from gradcalc.syntax.tree import Call, Constant, Name, Node, number, rebuilt, substitute, with_arguments

DOWN = {AXIS: number(0)}  # the columns


def settled(text: str, folded: Sequence[Dimension], numbers: Mapping[str, Node]) -> Node:
    """The tree of a rule with whole numbers put in; `n` is the product of the `folded` dimensions.

    Without a number for the axis, the axis is left out.
    """
    count = times(*folded)
    size = number(count) if isinstance(count, int) else Constant(count)
    root = substitute(rule(text), {"n": size, **numbers})
    whole = Name(AXIS)
    return rebuilt(root, lambda node, arguments: with_arguments(node, tuple(one for one in arguments if one != whole)))


def definition(call: Call, shapes: Sequence[Shape]) -> Node:
    """What a function stands for, in its parameters, for arguments of these shapes. Raises Mismatch.

    Definitions run down the columns: along its rows a matrix is turned, and the result turned back.
    """
    row = CATALOGUE[call.function]
    assert row.definition is not None, f"{row.name} has neither a definition nor a line of its own"
    if not isinstance(row, ArrayFunction):
        return rule(row.definition)
    array = shapes[0]
    if not row.along:
        numbers = dict(zip(row.parted(row.parameters)[1], row.parted(call.arguments)[1], strict=False))
        return settled(row.definition, array[:1], numbers)
    named = axis(call)
    along = None if named is None else checked_axis(array, named)
    if along is None or len(array) < 2:
        return settled(row.definition, array, {})
    turned = len(array) == 2 and along == 1
    root = settled(row.definition, (array[along],), {AXIS: number(0 if turned else along)})
    if not turned:
        return root
    columns = {row.parameters[0]: _turned(Name(row.parameters[0]))}
    return _turned(substitute(root, columns))


def _turned(node: Node) -> Node:
    return Call("transpose", (node,))
