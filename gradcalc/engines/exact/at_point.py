"""What the rules alone decide at a rational point: values, and slopes where no part has a kink, a pole or an edge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TypeAlias

from gradcalc.base.digits import needed_bits
from gradcalc.base.real import Real
from gradcalc.engines.exact import jets
from gradcalc.engines.exact.ball import Ball, Undecided, as_real, known, working
from gradcalc.engines.exact.evaluation import AT_ONCE, PROVING, Evaluator
from gradcalc.engines.exact.precision import precisions, refined
from gradcalc.engines.exact.values import Flow, Undefined, Values
from gradcalc.engines.records import Slope, Smoothness
from gradcalc.syntax.tree import Node, free_names, postorder

Point: TypeAlias = Mapping[str, float] | Mapping[str, Fraction]
NOTHING = Real(0, 0)
Result: TypeAlias = tuple[Real | Undefined, dict[str, Slope | None]]


def at_point(root: Node, point: Mapping[str, Fraction], names: Sequence[str]) -> Result:
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
        lambda found: enough(found[0]) and all(flow is None or enough(flow.value) for flow in found[1].values()),
    )
    slopes = {name: None if flow is None else smooth(flow) for name, flow in flows.items()}
    return value if isinstance(value, Undefined) else as_real(value), slopes


def _smooth_flows(evaluator: Evaluator, root: Node, values: Values, names: Sequence[str]) -> dict[str, Flow | None]:
    """The derivatives by the names that no kink, pole or edge stands in the way of."""
    touched = evaluator.undecided_by(root, values, names)
    if singular := evaluator.singular(root, values, names):
        touched |= set(free_names(evaluator.active(values, *singular)))
    flows = evaluator.gradient(root, values, names)
    return {name: None if isinstance(flow, Undefined) or name in touched else flow for name, flow in flows.items()}


def enough(value: object) -> bool:
    """Is a number known well enough to be rounded?"""
    return not isinstance(value, Ball) or known(value, needed_bits())


def evaluate(root: Node, point: Mapping[str, Fraction]) -> Real | Undefined:
    """The value of a tree at a rational point, or what has none."""
    return at_point(root, point, ())[0]


def by_rules(root: Node, point: Mapping[str, Fraction], names: Sequence[str]) -> dict[str, Slope | None]:
    """The slopes that the rules alone decide; None where there is none, or the point is special."""
    return dict.fromkeys(names) | at_point(root, point, names)[1]


def by_series(root: Node, point: Mapping[str, Fraction], name: str, order: int) -> Slope | None:
    """The derivative of an order where no part has a kink or a pole; None where a branch changes."""
    if name not in point:
        return Slope(Smoothness.SMOOTH, NOTHING, magnitude=NOTHING)
    flow = refined(
        root,
        lambda evaluator: jets.slope(root, point, name, order, evaluator.rules),
        lambda found: isinstance(found, Undefined) or enough(found.value),
    )
    return None if isinstance(flow, Undefined) else smooth(flow)


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
            evaluator = Evaluator(PROVING if place else AT_ONCE)
            shared = evaluator.together(tuple(roots[root] for root in pending), evaluator.point(numbers))
            for root in tuple(pending):
                try:
                    result = shared.value_of(roots[root])
                except Undecided:
                    continue
                if enough(result):
                    found[root] = as_real(result) if isinstance(result, Ball) else None
                    pending.remove(root)
        if not pending:
            return found
    return [value(roots[place], point) if place in pending else one for place, one in enumerate(found)]


def smooth(flow: Flow) -> Slope:
    """The slope that a flow is."""
    return Slope(Smoothness.SMOOTH, as_real(flow.value), magnitude=as_real(flow.size))
