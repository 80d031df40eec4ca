"""The quantities whose sign decides how a function goes on: where one is 0, the function may break."""

from __future__ import annotations

from collections.abc import Iterator

from gradcalc.calculus.simplify import build, substitute
from gradcalc.functions import CATALOGUE
from gradcalc.functions.function import rule
from gradcalc.syntax.printer import to_text
from gradcalc.syntax.tree import Call, Constant, Node, free_names, postorder

COMPARISONS = frozenset({"eq", "ne", "lt", "le", "gt", "ge"})


def switches(root: Node) -> dict[str, Node]:
    """Every such quantity of a function, by its text: of the kinks, poles and edges of its parts."""
    found: dict[str, Node] = {}
    for node in postorder(root):
        if isinstance(node, Call):
            row = CATALOGUE[node.function]
            for condition in (row.kink, row.pole, row.domain):
                for quantity in () if condition is None else quantities(node, rule(condition)):
                    if free_names(postorder(quantity)):
                        found.setdefault(to_text(quantity), quantity)
    return found


def quantities(node: Call, condition: Node) -> Iterator[Node]:
    """What a condition of a call's row compares with 0, in the call's own arguments.

    What speaks of the call's own value has no such quantity: the corner of a norm is that of a cone.
    """
    bound = dict(zip(CATALOGUE[node.function].parameters, node.arguments, strict=True))
    for part in postorder(condition):
        if isinstance(part, Call) and part.function in COMPARISONS and set(free_names(postorder(part))) <= set(bound):
            yield _difference(*(substitute(side, bound) for side in part.arguments))


def _difference(left: Node, right: Node) -> Node:
    """What is 0 where two sides are equal, and changes its sign there."""
    if isinstance(right, Call) and right.function == "floor" and right.arguments == (left,):
        return build("sin", build("mul", Constant("pi"), left))  # 0 at the whole numbers
    return build("sub", left, right)
