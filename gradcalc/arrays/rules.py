"""The rules of array functions, brought to the axis and the sizes at hand."""

from __future__ import annotations

from collections.abc import Sequence

from gradcalc.arrays.shape import Dimension, times
from gradcalc.functions.array_function import AXIS
from gradcalc.functions.function import rule, substitute
from gradcalc.syntax.tree import Constant, Name, Node, number, rebuilt, with_arguments


def settled(text: str, axis: int | None, folded: Sequence[Dimension]) -> Node:
    """The tree of a rule with its axis put in, or left out for None; `n` is the product of the `folded` dimensions."""
    count = times(*folded)
    root = substitute(rule(text), {"n": number(count) if isinstance(count, int) else Constant(count)})
    if axis is not None:
        return substitute(root, {AXIS: number(axis)})
    whole = Name(AXIS)
    return rebuilt(root, lambda node, arguments: with_arguments(node, tuple(one for one in arguments if one != whole)))
