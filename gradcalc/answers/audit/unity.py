"""Rows that add up to 1, of classes and of softmax: what stands beside their sums stands alone, as in textbooks."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from fractions import Fraction

from gradcalc.syntax.tree import Call, Name, Node, Number, rebuilt

SOFTMAX = "softmax"


def alone(root: Node, hot: Collection[str]) -> Node:
    """The formula without sums that are 1: those of rows in `hot`, which have one 1 and else 0, and of softmax."""

    def change(node: Node, arguments: tuple[Node, ...]) -> Node:
        if not isinstance(node, Call):
            return node
        made = replace(node, arguments=arguments)
        if node.function == "matmul":
            return _product(made, hot)
        if node.function == "mul":
            one, other = arguments
            return other if _is_one(one, hot) else one if _is_one(other, hot) else made
        return made

    return rebuilt(root, change)


def _product(node: Call, hot: Collection[str]) -> Node:
    """`diag(ones) @ A` is A, with the number that stands in front."""
    left, right = node.arguments
    if _is_unit(left, hot):
        return right
    if _is_unit(right, hot):
        return left
    if isinstance(left, Call) and left.function == "mul" and _is_unit(left.arguments[1], hot):
        return Call("mul", (left.arguments[0], right))
    return node


def _is_unit(node: Node, hot: Collection[str]) -> bool:
    """Is it a diagonal matrix of ones?"""
    return isinstance(node, Call) and node.function == "diag" and _is_one(node.arguments[0], hot)


def _is_one(node: Node, hot: Collection[str]) -> bool:
    """Is it the sum of rows that add up to 1?"""
    if not isinstance(node, Call) or node.function != "sum":
        return False
    array, *axis = node.arguments
    if isinstance(array, Call):
        return array.function == SOFTMAX and array.arguments[1:] == tuple(axis)
    return isinstance(array, Name) and array.name in hot and axis in ([], [Number(Fraction(1))])
