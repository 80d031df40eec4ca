"""What a computation comes to in floating point with some of its steps exact: that tells which of them spoil it.

Every operation is rounded to the digits of a format, forward and backward, and no exponent is out of bounds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce

from gradcalc.base.effort import spend
from gradcalc.base.errors import LimitError
from gradcalc.base.real import Real
from gradcalc.engines.exact.ball import Ball, Undecided, as_real, known, working
from gradcalc.engines.exact.evaluation import Evaluator
from gradcalc.engines.exact.plan import Step, first_equal, plan_of
from gradcalc.engines.exact.precision import refined
from gradcalc.engines.exact.rounded import WORKING, rounded
from gradcalc.engines.exact.rules import NoValue, Rule
from gradcalc.engines.exact.values import Flow, Undefined, Values, bound_to, branch
from gradcalc.engines.records import Kind, Part, Traced
from gradcalc.problem.problem import Problem
from gradcalc.syntax.tree import Call, Node, postorder

ENOUGH = 100  # bits of what counts as exact


@dataclass(frozen=True, slots=True)
class Exact:
    """The true values by node, local derivatives by node and argument, and what flows back to a node, or to a group."""

    values: Values
    locals: dict[tuple[int, int], Ball]
    flows: dict[int, Flow]
    meetings: dict[int, Flow]
    taken: frozenset[int]


class Replay:
    """The derivative of a scalar problem by its first name, or its value where it has none, computed again and again.

    Raises LimitError where the truth is not found.
    """

    def __init__(self, problem: Problem, native: frozenset[str]) -> None:
        self.problem, self.root = problem, problem.root
        self.point = {name: Fraction(value) for name, value in problem.numbers.items()}
        self.names = problem.wrt[:1]
        self.rules = rounded(problem.format.precision, native)
        self.order = postorder(problem.root)
        first = first_equal(self.order)
        numbers = {key: number for number, key in enumerate(dict.fromkeys(first.values()))}
        self.groups = {key: numbers[one] for key, one in first.items()}  # nodes that are equal are in one
        self.members: dict[int, list[Node]] = {}
        for node in self.order:
            self.members.setdefault(self.groups[id(node)], []).append(node)
        self.exact = refined(self.root, self._truth, _all_known, or_last=True)

    def truth(self) -> dict[int, Traced]:
        """The truth about every node, by its id; what is not known well has no value."""
        return {id(node): self._traced(id(node)) for node in self.order}

    def _traced(self, key: int) -> Traced:
        if key not in self.exact.taken:
            return Traced(None, None, taken=False)
        flow = self.exact.flows.get(key)
        return Traced(_real(self.exact.values[key]), None if flow is None else _real(flow.value), taken=True)

    def parts(self) -> list[Part]:
        """The parts in the order of evaluation: values, then the way back: what flows together, and local derivatives.

        The derivative itself is the last, where it comes by several ways.
        """
        found: dict[Part, None] = {}
        for node in self.order:
            if isinstance(node, Call) and isinstance(self.exact.values.get(id(node)), Ball | bool):
                found[Part(Kind.VALUE, self.groups[id(node)])] = None
        used: Counter[int] = Counter()
        steps = plan_of(self.root, self.rules).ways(self.names) if self.names else []
        for step, ways in steps:
            if step.key not in self.exact.taken:
                continue
            group = self.groups[step.key]
            if used[group] > 1 and step.key in self.exact.flows:
                found[Part(Kind.FLOW, group)] = None
            for place, _ in ways:
                used[self.groups[step.arguments[place]]] += 1
                if (step.key, place) in self.exact.locals:
                    found[Part(Kind.LOCAL, group, place)] = None
        ends = {self.groups[key] for name, key in plan_of(self.root, self.rules).named if name in self.names}
        return [*found, *(Part(Kind.FLOW, group) for group in ends if used[group] > 1)]

    def run(self, exact: Collection[Part] = ()) -> Real | None:
        """The result with these parts exact and all others rounded; None where a step has no value."""
        try:
            with working(WORKING):
                values = self._forward(exact)
                result = values[id(self.root)]
                if self.names:  # also where the value itself is missing, which no local derivative may need
                    result = self._backward(values, exact)
                return as_real(result) if isinstance(result, Ball) else None
        except (NoValue, Undecided, LimitError):
            return None

    def _forward(self, exact: Collection[Part]) -> Values:
        values = Values()
        for part in exact:
            if part.kind is Kind.VALUE:
                values.update({id(node): self.exact.values[id(node)] for node in self.nodes(part)})
        evaluator = Evaluator(self.rules)
        return evaluator.evaluate(self.root, evaluator.point(self.point), values)

    def _backward(self, values: Values, exact: Collection[Part]) -> Ball:
        """The derivative by reverse accumulation. Raises NoValue where a local derivative has none."""
        add, mul = (self.rules.arithmetic.operations[name] for name in ("add", "mul"))
        spend(plan_of(self.root, self.rules).effort(WORKING))
        slopes: dict[int, Ball] = {id(self.root): self.rules.one}
        flowing = {part.group for part in exact if part.kind is Kind.FLOW}
        for step, ways in plan_of(self.root, self.rules).ways(self.names):
            group = self.groups[step.key]
            slope = self._flow(step.key, group) if group in flowing else slopes.get(step.key)
            if slope is None:
                continue
            for place, derivative in ways:
                if step.operation is None:
                    if place != branch(step, values):
                        continue
                    share = slope
                elif Part(Kind.LOCAL, group, place) in exact and (step.key, place) in self.exact.locals:
                    share = mul(slope, self.exact.locals[step.key, place])
                else:
                    share = mul(slope, _local(derivative, step, values))
                key = step.arguments[place]
                slopes[key] = add(slopes[key], share) if key in slopes else share
        ends = [key for name, key in plan_of(self.root, self.rules).named if name in self.names]
        if any(self.groups[key] in flowing for key in ends):
            return self.exact.meetings[self.groups[ends[0]]].value
        found: Ball = reduce(add, (slopes[key] for key in ends if key in slopes), self.rules.zero)
        return found

    def _flow(self, key: int, group: int) -> Ball | None:
        """What flows back to a group, all of it to the first node in the order of the way back."""
        flows = [id(node) for node in self.members[group] if id(node) in self.exact.flows]
        return self.exact.meetings[group].value if flows and flows[-1] == key else None

    def meeting(self, part: Part) -> tuple[Real, Real]:
        """What truly flows back to a group all together, and the size of the terms that this is the sum of."""
        found = self.exact.meetings[part.group]
        return as_real(found.value), as_real(found.size)

    def nodes(self, part: Part) -> list[Node]:
        """The nodes that a part is of."""
        return [node for node in self.members[part.group] if id(node) in self.exact.taken]

    # -- the truth

    def _truth(self, evaluator: Evaluator) -> Exact:
        values = evaluator.evaluate(self.root, evaluator.point(self.point))
        if not isinstance(values[id(self.root)], Ball):
            return Exact(values, {}, {}, {}, frozenset())
        taken = frozenset(map(id, evaluator.active(values, self.root)))
        flows = evaluator.flows(self.root, values, self.names)
        locals_ = {
            (step.key, place): evaluator.local(step.node, place, values)
            for step, ways in plan_of(self.root, evaluator.rules).ways(self.names)
            if step.key in taken and step.operation is not None
            for place, _ in ways
        }
        known_flows = {key: flow for key, flow in flows.items() if isinstance(flow, Flow)}
        meetings: dict[int, Flow] = {}
        for node in self.order:
            if (flow := known_flows.get(id(node))) is not None:
                before = meetings.get(group := self.groups[id(node)], Flow(evaluator.zero, evaluator.zero))
                meetings[group] = Flow(before.value + flow.value, before.size + flow.size)
        known_locals = {key: local for key, local in locals_.items() if isinstance(local, Ball)}
        return Exact(values, known_locals, known_flows, meetings, taken)


def _local(derivative: Rule | None, step: Step, values: Values) -> Ball:
    if derivative is None or not values.keys() >= {*step.arguments, step.key}:  # beneath an exact part nothing is run
        raise NoValue("")
    bound = bound_to(step, values)
    if any(isinstance(value, Undefined) for value in bound):
        raise NoValue("")
    found: Ball = derivative(bound)
    return found


def _all_known(found: Exact) -> bool:
    flows = (flow.value for flow in (*found.flows.values(), *found.meetings.values()))
    balls = (*(found.values[key] for key in found.taken), *flows)
    return all(known(ball, ENOUGH) for ball in balls if isinstance(ball, Ball))


def _real(value: object) -> Real | None:
    """The number that a ball is, where it is known well; of a condition 1 or 0."""
    if isinstance(value, bool):
        return as_real(Ball(int(value)))
    return as_real(value) if isinstance(value, Ball) and known(value, ENOUGH) else None
