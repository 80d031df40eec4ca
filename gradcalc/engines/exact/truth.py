"""The truth: value and derivatives at a point, to as many digits as it takes, and what happens at kinks and edges."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TypeAlias

from gradcalc.base.errors import LimitError
from gradcalc.base.real import Real
from gradcalc.calculus.reverse import derivative
from gradcalc.engines.exact import jets
from gradcalc.engines.exact.arithmetic import constant, variable
from gradcalc.engines.exact.ball import Ball, Undecided, as_real, known, rational, working
from gradcalc.engines.exact.evaluation import AT_ONCE, IDENTICAL, PROVING, Evaluator
from gradcalc.engines.exact.precision import precisions, refined
from gradcalc.engines.exact.sides import hole
from gradcalc.engines.exact.singularity import at_singularity
from gradcalc.engines.exact.values import Flow, Undefined, Values
from gradcalc.engines.records import Slope, Smoothness, Truth
from gradcalc.problem.problem import Problem
from gradcalc.syntax.tree import Node, dependents, free_names, number, postorder, replaced

RELATIVE_BITS = 110  # how well a result must be known: rounded to 53 bits or 20 digits, it is then right
IDENTITY_BITS = 512
NOTHING = Real(0, 0, "0")
EXISTING = (Smoothness.SMOOTH, Smoothness.EDGE)


Point = Mapping[str, float] | Mapping[str, Fraction]


def differentiate(problem: Problem) -> Truth:
    """The function's value and its true derivatives at the problem's point, each as good as a mathematician's.

    The value comes first: where there is none, there is no derivative. Raises LimitError where an intermediate
    value is too large to compute with, or no sign of it is proven.
    """
    point = {name: Fraction(value) for name, value in problem.numbers.items()}
    result, first = at_point(problem.root, point, problem.wrt)
    if isinstance(result, Undefined):
        slope = Slope(Smoothness.UNDEFINED, blame=result.node, why=result.condition)
        holes = {name: hole(problem.root, point, name) for name in problem.wrt if name in point}
        return Truth(None, {name: dataclasses.replace(slope, limit=holes.get(name)) for name in problem.wrt})
    return Truth(result, _slopes(problem.root, point, first, problem.order))


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


Found: TypeAlias = tuple[Real | Undefined, dict[str, Slope | None]]


def at_point(root: Node, point: Mapping[str, Fraction], names: Sequence[str]) -> Found:
    """The value of a tree at a rational point, or what has none; and the slopes by names that the rules alone decide.

    A slope is None where the point is at a kink, a pole or an edge of a part.
    """

    def attempt(evaluator: Evaluator) -> tuple[Ball | Undefined, dict[str, Flow | None]]:
        values = evaluator.evaluate(root, evaluator.point(point))
        value = values[id(root)]
        assert not isinstance(value, bool)
        if isinstance(value, Undefined) or not names:
            return value, {}
        return value, _smooth_flows(evaluator, root, values, names)

    value, flows = refined(
        root,
        attempt,
        lambda found: _enough(found[0]) and all(flow is None or _enough(flow.value) for flow in found[1].values()),
    )
    slopes = {name: None if flow is None else _smooth(flow) for name, flow in flows.items()}
    return value if isinstance(value, Undefined) else as_real(value), slopes


def _smooth_flows(evaluator: Evaluator, root: Node, values: Values, names: Sequence[str]) -> dict[str, Flow | None]:
    """The derivatives by the names that no kink, pole or edge stands in the way of."""
    touched = evaluator.undecided_by(root, values, names)
    if singular := evaluator.singular(root, values):
        touched |= set(free_names(evaluator.active(values, *singular)))
    flows = evaluator.gradient(root, values, names)
    return {name: None if isinstance(flow, Undefined) or name in touched else flow for name, flow in flows.items()}


def _enough(value: object) -> bool:
    return not isinstance(value, Ball) or known(value, RELATIVE_BITS)


def evaluate(root: Node, point: Mapping[str, Fraction]) -> Real | Undefined:
    """The value of a tree at a rational point, or what has none."""
    return at_point(root, point, ())[0]


def by_rules(root: Node, point: Mapping[str, Fraction], names: Sequence[str]) -> dict[str, Slope | None]:
    """The slopes that the rules alone decide; None where there is none, or the point is special."""
    return dict.fromkeys(names) | at_point(root, point, names)[1]


def value(root: Node, point: Point) -> Real | None:
    """The value of a tree at a point; None where it has no real one."""
    found = evaluate(root, _used(point, root))
    return None if isinstance(found, Undefined) else found


def valueless(root: Node, point: Point) -> Node | None:
    """The part of a tree that has no real value at a point; None where the whole has one."""
    found = evaluate(root, _used(point, root))
    return found.node if isinstance(found, Undefined) else None


def _used(point: Point, root: Node) -> dict[str, Fraction]:
    """The numbers that a tree uses, as fractions."""
    used = set(free_names(postorder(root)))
    return {name: Fraction(number) for name, number in point.items() if name in used}


def values(roots: Sequence[Node], point: Point) -> list[Real | None]:
    """The values of several trees at a point of floats, what they share computed once; None where one has none."""
    numbers = {name: Fraction(number) for name, number in point.items()}
    found: list[Real | None] = [None] * len(roots)
    pending = list(range(len(roots)))
    for place, bits in enumerate(precisions(*roots) if roots else ()):
        with working(bits):
            evaluator, shared = Evaluator(PROVING if place else AT_ONCE), Values()
            there = evaluator.point(numbers)
            for root in tuple(pending):
                try:
                    result = evaluator.evaluate(roots[root], there, shared)[id(roots[root])]
                except Undecided:
                    continue
                if _enough(result):
                    found[root] = as_real(result) if isinstance(result, Ball) else None
                    pending.remove(root)
        if not pending:
            return found
    return [value(roots[place], point) if place in pending else one for place, one in enumerate(found)]


# -- derivatives


def _slopes(
    root: Node, point: Mapping[str, Fraction], first: Mapping[str, Slope | None], order: int
) -> dict[str, Slope]:
    """The derivative of an order by each name: by the rules, or from difference quotients where they do not decide."""
    found = _decided(root, point, first, order)
    if None in found.values() and (other := without_identities(root, point)) is not root:
        by_proof = slopes(other, point, tuple(first), order)  # not by the rules alone
        return {name: dataclasses.replace(slope, magnitude=None) for name, slope in by_proof.items()}
    return {name: slope or special(root, point, name, order) for name, slope in found.items()}


def slopes(root: Node, point: Mapping[str, Fraction], names: Sequence[str], order: int) -> dict[str, Slope]:
    """The derivative of an order by each name."""
    return _slopes(root, point, by_rules(root, point, names), order)


def _decided(
    root: Node, point: Mapping[str, Fraction], first: Mapping[str, Slope | None], order: int
) -> dict[str, Slope | None]:
    """The derivatives that the rules decide, of which the `first` are known; None at a kink, a pole or an edge."""
    if order == 1:
        return dict(first)
    return {name: slope and _by_series(root, point, name, order) for name, slope in first.items()}


def _by_series(root: Node, point: Mapping[str, Fraction], name: str, order: int) -> Slope | None:
    """The derivative of an order where no part has a kink or a pole; None where a branch changes."""
    if name not in point:
        return Slope(Smoothness.SMOOTH, NOTHING, magnitude=NOTHING)
    flow = refined(
        root,
        lambda evaluator: jets.slope(root, point, name, order, evaluator.rules),
        lambda found: isinstance(found, Undefined) or _enough(found.value),
    )
    return None if isinstance(flow, Undefined) else _smooth(flow)


def special(root: Node, point: Mapping[str, Fraction], name: str, order: int) -> Slope:
    """A derivative where the rules do not decide.

    The value at the point that the tree of a derivative has there, if any, is a convention: the derivatives below
    are looked at one by one.
    """
    if order > 1:
        before = slopes(root, point, (name,), order - 1)[name]
        if before.smoothness not in EXISTING:
            why = f"the derivative of order {order - 1} does not exist here"
            return Slope(Smoothness.UNDEFINED, blame=before.blame, why=why)
    return at_singularity(derivative(root, name, order - 1), point, name, order)


def without_identities(root: Node, point: Mapping[str, Fraction]) -> Node:
    """The tree with a number for each part that is the same all around the point: 0 for `x - x`."""
    with working(IDENTITY_BITS):
        evaluator = Evaluator(IDENTICAL)
        try:
            values = evaluator.evaluate(root, {name: variable(name, rational(one)) for name, one in point.items()})
        except (Undecided, LimitError):
            return root
    varying = dependents(postorder(root), point)
    constants = {key: constant(value) for key, value in values.items() if key in varying and isinstance(value, Ball)}
    numbers = {key: number(value) for key, value in constants.items() if value is not None}
    return replaced(root, numbers) if numbers else root


def _smooth(flow: Flow) -> Slope:
    return Slope(Smoothness.SMOOTH, as_real(flow.value), magnitude=as_real(flow.size))


# -- where the rules do not decide
