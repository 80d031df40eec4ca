"""The quantities whose sign decides how a function goes on: where one is 0, the function may break."""

from __future__ import annotations

from collections.abc import Iterator

from gradcalc.calculus.simplify import build, simplified
from gradcalc.engines.exact.at_point import value
from gradcalc.engines.exact.rules import SIGNS, truth
from gradcalc.functions import CATALOGUE
from gradcalc.functions.function import rule
from gradcalc.functions.printer import to_text
from gradcalc.syntax.tree import Call, Constant, Node, free_names, postorder, substitute


def switches(root: Node, *, cones: bool = False) -> dict[str, Node]:
    """Every such quantity of a function, by its text: of the kinks, poles and edges of its parts.

    With `cones` also those that have one sign on all sides of their zeros: a distance from a point.
    """
    found: dict[str, Node] = {}
    for node in postorder(root):
        if isinstance(node, Call):
            row = CATALOGUE[node.function]
            for condition in (row.kink, row.pole, row.domain):
                for shown, quantity in () if condition is None else quantities(node, rule(condition), cones):
                    found.setdefault(to_text(shown), quantity)
    return found


def quantities(node: Call, condition: Node, cones: bool = False) -> Iterator[tuple[Node, Node]]:
    """What a condition of a call's row compares with 0, in the call's own arguments, and what has its zeros and a sign.

    What speaks of the call's own value has no such quantity: the corner of a norm is that of a cone.
    """
    bound = dict(zip(CATALOGUE[node.function].parameters, node.arguments, strict=True))
    if cones:
        bound["out"] = node
    if set(free_names(postorder(condition))) <= set(bound):
        for part in _undecided(substitute(condition, bound, simplified)):
            left, right = part.arguments
            difference = build("sub", left, right)
            yield difference, _of_both_signs(left) if _is_floor(right, left) else difference


def _undecided(condition: Node) -> Iterator[Call]:
    """The comparisons on which it depends whether a condition holds."""
    if not isinstance(condition, Call) or truth(condition) is not None:
        return
    if condition.function in SIGNS:
        if free_names(postorder(condition)):
            yield condition
        return
    choice, yes, no = condition.arguments
    if free_names(postorder(choice)):
        yield from _undecided(choice)
    for branch, taken in ((yes, True), (no, False)):
        if free_names(postorder(choice)) or _holds(choice) is taken:
            yield from _undecided(branch)


def _holds(condition: Node) -> bool | None:
    """Is a comparison without variables true?"""
    assert isinstance(condition, Call)
    left, right = condition.arguments
    difference = value(build("sub", left, right), {})
    if difference is None:
        return None
    return SIGNS[condition.function]((difference.mantissa > 0) - (difference.mantissa < 0))


def _is_floor(node: Node, of: Node) -> bool:
    return isinstance(node, Call) and node.function == "floor" and node.arguments == (of,)


def _of_both_signs(node: Node) -> Node:
    """What is 0 at the whole numbers, as x - floor(x) is, but changes its sign there."""
    return build("sin", build("mul", Constant("pi"), node))
