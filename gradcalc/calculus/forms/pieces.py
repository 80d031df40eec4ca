"""Choices in the words of the user: `relu(x)` for the `where` that it is, none beside what is 0 there anyway."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import reduce

from gradcalc.calculus.simplify import ONE, ZERO, factors_of, simplified
from gradcalc.functions import ELEMENTWISE
from gradcalc.functions.function import rule
from gradcalc.syntax.tree import Call, Node, Number, postorder, rebuilt, substitute, with_arguments

TURNED = {"ge": "gt", "gt": "ge"}  # 0 >= u is the contrary of u > 0


def chosen(written: Node) -> dict[Node, Node]:
    """The choices that calls of what the user wrote stand for, each with the call."""
    found: dict[Node, Node] = {}
    for node in postorder(written):
        row = ELEMENTWISE.get(node.function) if isinstance(node, Call) else None
        if isinstance(node, Call) and row is not None and (row.definition or "").startswith("where("):
            parts = dict(zip(row.parameters, node.arguments, strict=True))
            found[substitute(rule(row.definition or ""), parts, simplified)] = node
    return found


def dressed(root: Node, calls: Mapping[Node, Node]) -> Node:
    """The tree with `calls` for the choices that they are, and products without choices that say nothing new."""
    if not any(isinstance(node, Call) and node.function == "where" for node in postorder(root)):
        return root

    def change(node: Node, arguments: tuple[Node, ...]) -> Node:
        made = with_arguments(node, arguments)
        if not isinstance(made, Call):
            return made
        found = calls.get(made)
        return found or (DRESSED[made.function](made) if made.function in DRESSED else made)

    return rebuilt(root, change)


def _choice(node: Call) -> Node:
    """`where(u > 0, a, b)` for `where(0 >= u, b, a)`."""
    condition, yes, no = node.arguments
    if isinstance(condition, Call) and condition.function in TURNED and condition.arguments[0] == ZERO:
        return Call("where", (Call(TURNED[condition.function], condition.arguments[::-1]), no, yes))
    return node


def _product(node: Call) -> Node:
    """`relu(u)` for `relu(u)*where(u > 0, 1, 0)`, whatever else multiplies them."""
    factors = factors_of(node)
    positive = [_positive_part(one) for one in factors]
    kept = [_without_choice(one, positive) for one in factors]
    if kept == factors:
        return node
    left = [one for one in kept if one != ONE] or [ONE]
    return reduce(lambda x, y: Call("mul", (x, y)), left)


def _positive_part(node: Node) -> Node | None:
    """The u of `relu(u)`, `max(0, u)`, or of a power of one."""
    if isinstance(node, Call) and node.function == "pow" and _is_above_zero(node.arguments[1]):
        node = node.arguments[0]
    if not isinstance(node, Call) or node.function not in ("relu", "max"):
        return None
    inside = [one for one in node.arguments if one != ZERO]
    return inside[0] if len(inside) == 1 else None


def _is_above_zero(node: Node) -> bool:
    return isinstance(node, Number) and node.value > Fraction(0)


def _without_choice(node: Node, positive: Sequence[Node | None]) -> Node:
    """What a choice comes to where one of the other factors is not 0."""
    if not isinstance(node, Call) or node.function != "where" or node.arguments[2] != ZERO:
        return node
    condition, yes, _ = node.arguments
    if isinstance(condition, Call) and condition.function in TURNED and condition.arguments[1] == ZERO:
        return yes if condition.arguments[0] in positive else node
    return node


DRESSED: dict[str, Callable[[Call], Node]] = {"where": _choice, "mul": _product}
