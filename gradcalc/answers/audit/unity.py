"""Rows that add up to 1, of classes and of softmax: what stands beside their sums stands alone, as in textbooks."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from fractions import Fraction

from gradcalc.syntax.tree import Call, Name, Node, Number, children, rebuilt

SOFTMAX, ONE = "softmax", Number(Fraction(1))


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
        if node.function == "outer" and _is_one(arguments[0], hot) and _is_ones(arguments[1]):
            return ONE
        return children(arguments[0])[0] if _is_undone(made) else made

    return rebuilt(root, change)


def _is_undone(node: Call) -> bool:
    """Is it a + 1 - 1?"""
    if node.function != "sub" or node.arguments[1] != ONE:
        return False
    first = node.arguments[0]
    return isinstance(first, Call) and first.function == "add" and first.arguments[1] == ONE


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


def _is_ones(node: Node) -> bool:
    return isinstance(node, Call) and node.function == "ones"


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
    return isinstance(array, Name) and array.name in hot and axis in ([], [ONE])
