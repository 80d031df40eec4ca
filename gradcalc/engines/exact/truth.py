"""The truth: value and derivatives at a point, to as many digits as it takes, and what happens at kinks and edges."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from fractions import Fraction
from functools import partial
from typing import TypeVar

from gradcalc.base.errors import LimitError
from gradcalc.engines.exact.arithmetic import constant, variable
from gradcalc.engines.exact.at_point import at_point, by_rules, by_series, value
from gradcalc.engines.exact.ball import Ball, Undecided, rational, working
from gradcalc.engines.exact.evaluation import IDENTICAL, Evaluator
from gradcalc.engines.exact.holes import removable
from gradcalc.engines.exact.precision import Unproven
from gradcalc.engines.exact.singularity import at_singularity
from gradcalc.engines.exact.values import Undefined, Values
from gradcalc.engines.records import Slope, Smoothness, Truth
from gradcalc.problem.problem import Problem
from gradcalc.syntax.tree import Call, Node, dependents, number, postorder, replaced

IDENTITY_BITS = 512
EXISTING = (Smoothness.SMOOTH, Smoothness.EDGE)


Found = TypeVar("Found")


def differentiate(problem: Problem) -> Truth:
    """The function's value and its true derivatives at the problem's point, each as good as a mathematician's.

    The value comes first: where there is none, there is no derivative. What no precision decides is undecided. Raises
    LimitError where an intermediate value is too large to compute with.
    """
    point = {name: Fraction(value) for name, value in problem.numbers.items()}
    try:
        result, first = at_point(problem.root, point, problem.wrt)
    except Unproven:
        return _in_part(problem, point)
    if isinstance(result, Undefined):
        limit = removable(problem.root, point, result.node)
        slope = Slope(Smoothness.UNDEFINED, blame=result.node, why=result.condition, limit=limit)
        return Truth(None, dict.fromkeys(problem.wrt, slope))
    return Truth(result, _slopes(problem.root, point, first, problem.order))


def _in_part(problem: Problem, point: Mapping[str, Fraction]) -> Truth:
    """The truth where not all of it is decided: the value and each slope by itself."""
    try:
        found = value(problem.root, point)
    except Unproven as error:
        return Truth(None, dict.fromkeys(problem.wrt, _undecided(error)))
    return Truth(found, slopes(problem.root, point, problem.wrt, problem.order))


def _undecided(error: Unproven) -> Slope:
    """The slope of which the error says why it is not known."""
    return Slope(Smoothness.UNDECIDED, blame=error.node, why=f"{error.message}; {error.hint}")


def _settled(find: Callable[[], Found]) -> Found | Slope:
    """What is found; an undecided slope where no precision decides it."""
    try:
        return find()
    except Unproven as error:
        return _undecided(error)


def regular(problem: Problem) -> dict[str, Slope] | None:
    """The true derivatives at the problem's point, where the rules decide every one; None where one is special.

    A point is special outside the domain, and at a kink, a pole or an edge of a part. Raises as `differentiate` does.
    """
    point = {name: Fraction(value) for name, value in problem.numbers.items()}
    result, first = at_point(problem.root, point, problem.wrt)
    if isinstance(result, Undefined):
        return None
    found = _decided(problem.root, point, first, problem.order)
    sure = {name: slope for name, slope in found.items() if slope is not None}
    return sure if len(sure) == len(found) else None


# -- derivatives


def _slopes(
    root: Node, point: Mapping[str, Fraction], first: Mapping[str, Slope | None], order: int
) -> dict[str, Slope]:
    """The derivative of an order by each name: by the rules, or from difference quotients where they do not decide."""
    found = _decided(root, point, first, order)
    return {
        name: _settled(partial(special, root, point, name, order)) if slope is None else slope
        for name, slope in found.items()
    }


def slopes(root: Node, point: Mapping[str, Fraction], names: Sequence[str], order: int) -> dict[str, Slope]:
    """The derivative of an order by each name."""
    try:
        first = by_rules(root, point, names)
    except Unproven:
        first = {name: _settled(partial(_by_rules, root, point, name)) for name in names}
    return _slopes(root, point, first, order)


def _by_rules(root: Node, point: Mapping[str, Fraction], name: str) -> Slope | None:
    """The slope by one name, where the rules alone decide it."""
    return by_rules(root, point, (name,))[name]


def _decided(
    root: Node, point: Mapping[str, Fraction], first: Mapping[str, Slope | None], order: int
) -> dict[str, Slope | None]:
    """The derivatives that the rules decide, of which the `first` are known; None at a kink, a pole or an edge."""
    if order == 1:
        return dict(first)
    return {
        name: _settled(partial(by_series, root, point, name, order)) if slope and slope.value else slope
        for name, slope in first.items()
    }


def special(root: Node, point: Mapping[str, Fraction], name: str, order: int) -> Slope:
    """A derivative where the rules do not decide.

    The value at the point that the tree of a derivative has there, if any, is a convention: the derivatives below
    are looked at one by one.
    """
    if (other := without_identities(root, point, name)) is not root:
        return dataclasses.replace(slopes(other, point, (name,), order)[name], magnitude=None)  # not by the rules alone
    if order > 1:
        before = slopes(root, point, (name,), order - 1)[name]
        if before.smoothness is Smoothness.UNDECIDED:
            return before
        if before.smoothness not in EXISTING:
            why = f"the derivative of order {order - 1} does not exist here"
            return Slope(Smoothness.UNDEFINED, blame=before.blame, why=why)
        if before.smoothness is Smoothness.EDGE:
            return _at_edge_too(at_singularity(root, point, name, order), before)
    return at_singularity(root, point, name, order)


def _at_edge_too(found: Slope, before: Slope) -> Slope:
    """The next derivative where the domain ends: its tree may be a constant that is beyond the edge as well."""
    if found.smoothness is not Smoothness.SMOOTH:
        return found
    left, right = (None if side is None else found.value for side in (before.left, before.right))
    return dataclasses.replace(found, smoothness=Smoothness.EDGE, left=left, right=right, blame=before.blame)


def without_identities(root: Node, point: Mapping[str, Fraction], name: str) -> Node:
    """The tree with a number for each part that stays the same as `name` moves: 0 for `x - x`, and for `0*x`.

    A choice that stays the same is what it chooses; of two that are the same, the first is the larger and the smaller
    one: x for `max(x, x)`.
    """
    order = postorder(root)
    varying = dependents(order, [name])
    with working(IDENTITY_BITS):
        evaluator = Evaluator(IDENTICAL)
        there = evaluator.point(point) | {name: variable(name, rational(point[name]))}
        values = Values()
        with suppress(Undecided, LimitError):  # what was found before the part that is not decided will do
            evaluator.evaluate(root, there, values)
        known = {key: constant(value) for key, value in values.items() if key in varying and isinstance(value, Ball)}
        chosen = {id(node): _chosen(node, values, evaluator) for node in order if id(node) in varying}
    simpler = {key: node for key, node in chosen.items() if node is not None}
    simpler |= {key: number(value) for key, value in known.items() if value is not None}
    return replaced(root, simpler) if simpler else root


def _chosen(node: Node, values: Values, evaluator: Evaluator) -> Node | None:
    """The part of a choice that is its value, all around the point."""
    if not isinstance(node, Call) or node.function not in ("max", "min", "where"):
        return None
    first, second, *third = (values.get(id(argument)) for argument in node.arguments)
    if third:
        return node.arguments[1 if first else 2] if isinstance(first, bool) else None
    difference = evaluator.rules.arithmetic.operations["sub"]
    same = isinstance(first, Ball) and isinstance(second, Ball) and constant(difference(first, second)) == 0
    return node.arguments[0] if same else None
