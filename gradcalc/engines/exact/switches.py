"""The quantities whose sign decides how a function goes on: where one is 0, the function may break."""

from __future__ import annotations

from collections.abc import Iterator

from gradcalc.calculus.simplify import build, simplified
from gradcalc.functions import CATALOGUE
from gradcalc.functions.function import rule
from gradcalc.functions.printer import to_text
from gradcalc.syntax.tree import Call, Constant, Node, free_names, postorder, substitute

COMPARISONS = frozenset({"eq", "ne", "lt", "le", "gt", "ge"})


def switches(root: Node) -> dict[str, Node]:
    """Every such quantity of a function, by its text: of the kinks, poles and edges of its parts."""
    found: dict[str, Node] = {}
    for node in postorder(root):
        if isinstance(node, Call):
            row = CATALOGUE[node.function]
            for condition in (row.kink, row.pole, row.domain):
                for shown, quantity in () if condition is None else quantities(node, rule(condition)):
                    if free_names(postorder(quantity)):
                        found.setdefault(to_text(shown), quantity)
    return found


def quantities(node: Call, condition: Node) -> Iterator[tuple[Node, Node]]:
    """What a condition of a call's row compares with 0, in the call's own arguments, and what has its zeros and a sign.

    What speaks of the call's own value has no such quantity: the corner of a norm is that of a cone.
    """
    bound = dict(zip(CATALOGUE[node.function].parameters, node.arguments, strict=True))
    for part in postorder(condition):
        if isinstance(part, Call) and part.function in COMPARISONS and set(free_names(postorder(part))) <= set(bound):
            left, right = (substitute(side, bound, simplified) for side in part.arguments)
            difference = build("sub", left, right)
            yield difference, _of_both_signs(left) if _is_floor(right, left) else difference


def _is_floor(node: Node, of: Node) -> bool:
    return isinstance(node, Call) and node.function == "floor" and node.arguments == (of,)


def _of_both_signs(node: Node) -> Node:
    """What is 0 at the whole numbers, as x - floor(x) is, but changes its sign there."""
    return build("sin", build("mul", Constant("pi"), node))
