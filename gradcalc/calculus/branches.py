"""A gradient whose choices stand outermost, so that nothing of the branch that is not taken reaches the result.

`where(c, g, 0) * log(x)` is 0 times nan where c is false and x negative; `where(c, g * log(x), 0)` is 0 there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from gradcalc.calculus.simplify import ZERO, build, rational, simplified
from gradcalc.syntax.tree import Call, Node, rebuilt_together


def branched(roots: Iterable[Node]) -> list[Node]:
    """The trees with factors drawn into branches of which one is 0, and the choices of a sum by one condition as one.

    What trees share stays shared, and the work is in proportion to their size.
    """

    def change(node: Node, arguments: tuple[Node, ...]) -> Node:
        if isinstance(node, Call) and node.function in DRAWN:
            return DRAWN[node.function](*arguments)
        return simplified(node, arguments) if isinstance(node, Call) else node

    return rebuilt_together([*roots], change)


def _choice(node: Node) -> tuple[Node, Node, Node] | None:
    """The condition and the branches of a choice of which one branch is 0."""
    if isinstance(node, Call) and node.function == "where" and ZERO in node.arguments[1:]:
        condition, yes, no = node.arguments
        return condition, yes, no
    return None


def _drawn(choice: tuple[Node, Node, Node], change: Callable[[Node], Node]) -> Node:
    """A choice with something done in the branch that is not 0."""
    condition, yes, no = choice
    return build("where", condition, *(one if one == ZERO else change(one) for one in (yes, no)))


def _mul(x: Node, y: Node) -> Node:
    if (choice := _choice(x)) is not None:
        return _drawn(choice, lambda one: _mul(one, y))
    if (choice := _choice(y)) is not None:
        return _drawn(choice, lambda one: _mul(x, one))
    if isinstance(y, Call) and y.function == "mul" and rational(y.arguments[0]) is not None and rational(x) is None:
        return _mul(build("mul", y.arguments[0], x), y.arguments[1])  # numbers in front
    return build("mul", x, y)


def _div(x: Node, y: Node) -> Node:
    if (choice := _choice(x)) is not None:
        return _drawn(choice, lambda one: _div(one, y))
    return build("div", x, y)


def _neg(x: Node) -> Node:
    if (choice := _choice(x)) is not None:
        return _drawn(choice, _neg)
    return build("neg", x)


def _add(x: Node, y: Node) -> Node:
    """A sum; two choices by one condition are one, also where other terms stand between them."""
    if isinstance(y, Call) and y.function == "where" and (merged := _merged(x, y)) is not None:
        return merged
    return build("add", x, y)


def _merged(x: Node, y: Call) -> Node | None:
    """A sum with a choice put into another one by the same condition; None where there is none."""
    above: list[Node] = []
    while isinstance(x, Call) and x.function == "add" and not _is_alike(x, y):
        left, right = x.arguments
        if _is_alike(right, y):
            x, above = right, [*above, left]
            break
        above.append(right)
        x = left
    if not _is_alike(x, y):
        return None
    assert isinstance(x, Call)
    condition, yes, no = x.arguments
    found = build("where", condition, _add(yes, y.arguments[1]), _add(no, y.arguments[2]))
    for one in reversed(above):
        found = build("add", found, one)
    return found


def _is_alike(node: Node, choice: Call) -> bool:
    return isinstance(node, Call) and node.function == "where" and node.arguments[0] == choice.arguments[0]


DRAWN: dict[str, Callable[..., Node]] = {"mul": _mul, "div": _div, "neg": _neg, "add": _add}
