"""Derivatives by the rules that proofs, pictures and tables rest on, tried at points against the function's values."""

from __future__ import annotations

from collections.abc import Sequence

from gradcalc.answers.trials.claims import claim, unconfirmed_step
from gradcalc.answers.trials.verify import outcomes
from gradcalc.base.errors import shortened
from gradcalc.calculus.reverse import derivative, gradient
from gradcalc.functions.printer import to_text
from gradcalc.problem.problem import Problem
from gradcalc.syntax.tree import Node, free_names, postorder


def tried_gradient(problem: Problem, root: Node, names: Sequence[str], *, twice: bool = False) -> dict[str, Node]:
    """The partial derivatives of `root`, a function of the problem's; with `twice`, those of these are tried too.

    Raises InternalError where the function's own values refute one.
    """
    found = gradient(root, names)
    _require(problem, root, [names], list(found.values()))
    if twice:
        second = [node for one in found.values() for node in gradient(one, names).values()]
        _require(problem, root, [names, names], second)
    return found


def tried_derivatives(problem: Problem, root: Node, name: str, highest: int) -> list[Node]:
    """The derivatives of `root` by one name, of every order up to the highest. Raises as `tried_gradient` does."""
    found = [derivative(root, name, order) for order in range(1, highest + 1)]
    for order, tree in enumerate(found, start=1):
        _require(problem, root, [[name]] * order, [tree])
    return found


def _require(problem: Problem, root: Node, by: Sequence[Sequence[str]], entries: Sequence[Node]) -> None:
    """Raises InternalError where derivatives are refuted at a point of the domain that is not far away."""
    names = list(dict.fromkeys([*by[0], *free_names(postorder(root))]))
    if outcomes({"": claim([root], by, entries)}, problem, names, far=False)[""].wrong_at is not None:
        raise unconfirmed_step(*map(shortened, (to_text(root), ", ".join(map(to_text, entries)))))
