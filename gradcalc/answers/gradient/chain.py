"""The chain rule through a program: the links with their values at the point, and the ways along them."""

from __future__ import annotations

from collections.abc import Sequence

from gradcalc.answers.beside import Link
from gradcalc.answers.trials.claims import claim
from gradcalc.answers.trials.verify import outcomes
from gradcalc.base.real import nearest
from gradcalc.calculus.links import Local
from gradcalc.calculus.links import links as local_links
from gradcalc.engines import ask
from gradcalc.functions.printer import to_text
from gradcalc.problem.problem import Problem
from gradcalc.syntax.tree import Node, free_names, postorder, substitute

MOST_WAYS = 8
MOST_LINKED = 60  # statements of a program whose chain rule is spelled out, link by link


def ways(links: Sequence[Link], end: str, variable: str) -> tuple[tuple[Link, ...], ...]:
    """The products of links that add up to the derivative of `end` by `variable`; at most MOST_WAYS."""
    found: list[tuple[Link, ...]] = []
    stack: list[tuple[Link, ...]] = [(link,) for link in links if link.of == end]
    while stack and len(found) < MOST_WAYS:
        way = stack.pop(0)
        if way[-1].by == variable:
            found.append(way)
        stack[:0] = [(*way, link) for link in links if link.of == way[-1].by]
    return tuple(found)


def links(problem: Problem) -> list[Link]:
    """The links of the chain rule, where the expression is a program; none where one of them turns out wrong."""
    found: list[Link] = []
    bodies = {one.name: one.body for one in problem.definitions}
    for local in local_links(problem.definitions, problem.wrt):
        if not _holds(local, bodies.get(local.of, problem.definitions[-1].body), problem):
            return []
        value = None if problem.point is None else ask.value(local.whole, problem.numbers)
        found.append(Link(local.of, local.by, to_text(local.formula), nearest(value, problem.format)))
    return found


def _holds(local: Local, body: Node, problem: Problem) -> bool:
    """Is a link right, as far as its definition's own values tell?"""
    formula = substitute(local.formula, {local.of: body})  # it may speak of what is derived by its name
    link = claim([body], [[local.by]], [formula])
    return outcomes({local.by: link}, problem, free_names(postorder(body)))[local.by].wrong_at is None
