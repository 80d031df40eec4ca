"""The slope at a kink, a pole or an edge, where the rules do not decide: from difference quotients on either side."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from gradcalc.engines.exact.branches import at_kink
from gradcalc.engines.exact.evaluation import Evaluator
from gradcalc.engines.exact.precision import refined
from gradcalc.engines.exact.sides import Side, one_sided
from gradcalc.engines.exact.values import Undefined
from gradcalc.engines.records import Slope, Smoothness
from gradcalc.syntax.tree import Node

JUMPS = "the value jumps here"


def at_singularity(root: Node, point: Mapping[str, Fraction], name: str, order: int) -> Slope:
    """The derivative of an order along one variable: from the branches beside a kink, else from difference quotients.

    The value of a derivative at the point itself is left out of account.
    """
    blame = suspect(root, point, name)
    if (found := at_kink(root, point, name, order, blame)) is not None:
        return found
    along = {name: Fraction(1)}
    left, right = (one_sided(root, point, along, direction, order) for direction in (-1, 1))
    return from_sides(left, right, blame)


def from_sides(left: Side, right: Side, blame: Node | None) -> Slope:
    """The slope that two sides make together."""
    if left.undefined and right.undefined:
        return Slope(Smoothness.UNDEFINED, blame=blame, why="neither side of the point is in the domain")
    if left.jump or right.jump:
        return Slope(Smoothness.UNDEFINED, blame=blame, why=JUMPS)
    if left.restless or right.restless:
        return Slope(Smoothness.UNDEFINED, blame=blame, why="the slope has no limit here")
    if left.undefined or right.undefined:
        return _at_edge(left, right, blame)
    return _between(left, right, blame)


def _at_edge(left: Side, right: Side, blame: Node | None) -> Slope:
    """Only one side is in the domain."""
    there = right if left.undefined else left
    value = there.slope
    assert value is not None
    smoothness = Smoothness.INFINITE if value.infinite else Smoothness.EDGE
    return Slope(smoothness, value, left=left.slope, right=right.slope, blame=blame)


def _between(left: Side, right: Side, blame: Node | None) -> Slope:
    """Both one-sided slopes exist."""
    below, above = left.slope, right.slope
    assert below is not None
    assert above is not None
    if below.infinite and above.infinite:
        value = below if below == above else None
        return Slope(Smoothness.INFINITE, value, left=below, right=above, blame=blame)
    if below.infinite or above.infinite or not left.equals(right):
        return Slope(Smoothness.KINK, left=below, right=above, blame=blame)
    return Slope(Smoothness.SMOOTH, above)


def suspect(root: Node, point: Mapping[str, Fraction], name: str) -> Node | None:
    """The innermost call that stands at a kink or pole of its own, or has no derivative, on the way to the variable."""

    def attempt(evaluator: Evaluator) -> Node | None:
        values = evaluator.evaluate(root, evaluator.point(point))
        if isinstance(missing := values[id(root)], Undefined):
            return missing.node
        found: list[Node] = [*evaluator.singular(root, values, [name])]
        flow = evaluator.gradient(root, values, [name])[name]
        found += [flow.node] if isinstance(flow, Undefined) else []
        return found[0] if found else None

    return refined(root, attempt, lambda node: True)
