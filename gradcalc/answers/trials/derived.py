"""Derivatives by the rules that proofs, pictures and tables rest on, tried at points against the function's values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeGuard

from gradcalc.answers.trials.claims import claim, unconfirmed_step
from gradcalc.answers.trials.verify import outcomes
from gradcalc.base.errors import shortened
from gradcalc.calculus.reverse import derivative, gradient
from gradcalc.calculus.simplify import build
from gradcalc.functions.printer import to_text
from gradcalc.problem.problem import Problem
from gradcalc.syntax.tree import Call, Node, free_names, number, postorder, rebuilt, with_arguments


def tried_gradient(problem: Problem, root: Node, names: Sequence[str], *, twice: bool = False) -> dict[str, Node]:
    """The partial derivatives of `root`, a function of the problem's; with `twice`, those of these are tried too.

    Raises InternalError where the function's own values refute one.
    """
    found = {name: _within_branches(one) for name, one in gradient(root, names).items()}
    _require(problem, root, [names], list(found.values()))
    if twice:
        second = [_within_branches(node) for one in found.values() for node in gradient(one, names).values()]
        _require(problem, root, [names, names], second)
    return found


def tried_derivatives(problem: Problem, root: Node, name: str, highest: int) -> list[Node]:
    """The derivatives of `root` by one name, of every order up to the highest. Raises as `tried_gradient` does."""
    found = [_within_branches(derivative(root, name, order)) for order in range(1, highest + 1)]
    for order, tree in enumerate(found, start=1):
        _require(problem, root, [[name]] * order, [tree])
    return found


def _within_branches(root: Node) -> Node:
    """A derivative in which what flows to a branch alone is worked out in that branch alone.

    `where(x > 0, 1, 0)/(2*sqrt(x))` has no value where x is below 0, `where(x > 0, 1/(2*sqrt(x)), 0)` is 0 there.
    """

    def change(node: Node, arguments: tuple[Node, ...]) -> Node:
        made = with_arguments(node, arguments)
        if isinstance(made, Call) and made.function == "neg" and _is_share(made.arguments[0]):
            condition, *flows = made.arguments[0].arguments
            return Call("where", (condition, *(build("neg", one) for one in flows)))
        if not isinstance(made, Call) or made.function not in ("mul", "div", "add", "sub"):
            return made
        if made.function in ("add", "sub"):
            return _together(made.function, *made.arguments) or made
        for place, other in ((0, 1), (1, 0)) if made.function == "mul" else ((0, 1),):
            choice = made.arguments[place]
            if _is_share(choice):
                condition, *flows = choice.arguments
                shares = (build(made.function, one, made.arguments[other]) for one in flows)  # of 0 it is 0
                return Call("where", (condition, *shares))
        return made

    return rebuilt(root, change)


def _together(function: str, one: Node, other: Node) -> Call | None:
    """The sum, or the difference, of what flows to the branches of one choice."""
    if not _is_share(one) or not _is_share(other) or one.arguments[0] != other.arguments[0]:
        return None
    pairs = zip(one.arguments[1:], other.arguments[1:], strict=True)
    return Call("where", (one.arguments[0], *(build(function, *pair) for pair in pairs)))


def _is_share(node: Node) -> TypeGuard[Call]:
    """Is this what flows to one branch of a choice, and nothing where the other is taken?"""
    return isinstance(node, Call) and node.function == "where" and number(0) in node.arguments[1:]


def _require(problem: Problem, root: Node, by: Sequence[Sequence[str]], entries: Sequence[Node]) -> None:
    """Raises InternalError where derivatives are refuted at a point of the domain that is not far away."""
    names = list(dict.fromkeys([*by[0], *free_names(postorder(root))]))
    if outcomes({"": claim([root], by, entries)}, problem, names, far=False)[""].wrong_at is not None:
        raise unconfirmed_step(*map(shortened, (to_text(root), ", ".join(map(to_text, entries)))))
