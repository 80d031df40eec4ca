"""The way to the truth about a number that is made of arrays: its value and its gradient, at each precision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TypeAlias

from flint import ctx

from gradcalc.arrays.array import numbers_of
from gradcalc.arrays.shape import size
from gradcalc.arrays.unfold import unfolded
from gradcalc.engines.exact.arrays.climb import LADDER, RELATIVE_BITS, enough, valued
from gradcalc.engines.exact.arrays.evaluation import OWN, Evaluator, Values
from gradcalc.engines.exact.arrays.gradient import Corner, Gradient, Reverse
from gradcalc.engines.exact.arrays.reach import Flags, either, spread_back
from gradcalc.engines.exact.arrays.sizes import Sizes
from gradcalc.engines.exact.arrays.tensor import Tensor
from gradcalc.engines.exact.ball import Ball, Undecided, known, working
from gradcalc.engines.exact.rules import AT_ONCE, PROVING, Rules
from gradcalc.engines.exact.values import Undefined
from gradcalc.problem.problem import Problem
from gradcalc.syntax.tree import Name, Node, postorder

PARAMETER = "t"
Direction: TypeAlias = Mapping[str, Mapping[int, Fraction]]  # how fast components of variables move


@dataclass(frozen=True, slots=True)
class Found:
    """The value, the gradient, and the elements of each variable that rules alone do not decide."""

    value: Ball
    gradient: Gradient
    special: Mapping[str, Flags]
    values: Values

    def flagged(self, name: str, place: int) -> bool:
        """Is a component special?"""
        return has(self.special[name], place)


class Work:
    """The way to the truth about one problem."""

    def __init__(self, problem: Problem) -> None:
        assert problem.point is not None
        self.point, self.names = problem.point, problem.wrt
        self.root = unfolded(problem.root, problem.shapes, OWN)
        self.order = postorder(self.root)
        self.lengths = {name: size(problem.shapes.get(name, ())) for name in problem.wrt}
        self.way: tuple[int, Rules] = LADDER[0]  # that led to the result

    def found(self, rules: Rules) -> Found | Undefined:
        """What the rules give, at the precision that is at work. Raises Undecided and LimitError."""
        self.way = (ctx.prec, rules)
        engine = Reverse(rules)
        values = engine.evaluate(self.root, engine.point(self.point))
        (item,) = values[id(self.root)].items
        value = valued(item)
        if isinstance(value, Undefined):
            return value
        gradient = engine.gradient(self.root, values, self.names)
        return Found(value, gradient, self.reached(gradient.corners, values), values)

    def reached(self, corners: Sequence[Corner], values: Values) -> dict[str, Flags]:
        """The components of each variable that one of the corners depends on."""
        starts: dict[int, Flags] = {}
        for corner in corners:
            starts[corner.key] = either(starts.get(corner.key, False), corner.flags)
        elements = spread_back(self.order, starts, values) if starts else {}
        found: dict[str, Flags] = dict.fromkeys(self.names, False)
        for node in self.order:
            if isinstance(node, Name) and node.name in found:
                found[node.name] = either(found[node.name], elements.get(id(node), False))
        return found

    def moved(self, direction: Direction, root: Node, parameter: Mapping[str, Fraction]) -> Ball | None:
        """The value at the point moved along a direction; None where there is none. Raises Undecided and LimitError."""
        try:
            return self.moved_by(AT_ONCE, direction, parameter[PARAMETER])
        except Undecided:
            return self.moved_by(PROVING, direction, parameter[PARAMETER])

    def moved_by(self, rules: Rules, direction: Direction, step: Fraction) -> Ball | None:
        """The same with or without proofs of what is 0."""
        engine = Evaluator(rules)
        point = engine.point(self.point)
        for name, components in direction.items():
            items, numbers = list(point[name].items), numbers_of(self.point[name])
            for place, rate in components.items():
                items[place] = rules.arithmetic.number(Fraction(numbers[place]) + step * rate)
            point[name] = Tensor(point[name].shape, items)
        (item,) = engine.evaluate(self.root, point)[id(self.root)].items
        found = valued(item)
        return None if isinstance(found, Undefined) else found

    # -- sizes

    def sizes(self, name: str) -> Sequence[Ball]:
        """The size of the terms that each derivative is the sum of."""
        found = self.all_sizes.get(name)
        return [Ball(0)] * self.lengths[name] if found is None else found.items

    @cached_property
    def all_sizes(self) -> Mapping[str, Tensor]:
        """The sizes by every variable."""
        bits, rules = self.way
        with working(bits):
            engine = Sizes(rules)
            return engine.gradient(self.root, engine.evaluate(self.root, engine.point(self.point)), self.names).flows


def is_enough(found: Found | Undefined) -> bool:
    """Is every number known well that the rules decide?"""
    if isinstance(found, Undefined):
        return True
    return enough(found.value) and all(
        found.special[name] is True
        or all(known(ball, RELATIVE_BITS) or found.flagged(name, place) for place, ball in enumerate(flow.items))
        for name, flow in found.gradient.flows.items()
    )


def has(flags: Flags, place: int) -> bool:
    """Is an element among those that are flagged?"""
    return flags if isinstance(flags, bool) else bool(flags[place])
