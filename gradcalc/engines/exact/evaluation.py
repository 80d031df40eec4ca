"""Value of a tree in ball arithmetic, and its gradient by the catalogue's rules in reverse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from flint import ctx

from gradcalc.base.effort import spend
from gradcalc.base.errors import LimitError
from gradcalc.engines.exact.ball import Ball, Undecided
from gradcalc.engines.exact.rules import AT_ONCE, IDENTICAL, PROVING, SIGNS, NoValue, Rules
from gradcalc.syntax.tree import Call, Name, Node, Number, dependents

__all__ = ["AT_ONCE", "IDENTICAL", "PROVING", "Evaluator", "Flow", "Undefined", "Value", "Values"]


@dataclass(frozen=True, slots=True)
class Undefined:
    """No real value: `node` is the call whose domain the point is outside of, `condition` what it asks for."""

    node: Node
    condition: str


class Flow(NamedTuple):
    """What flows back to a node: the derivative of the result by it, and the `size` of the terms it is the sum of.

    The size is the sum of the absolute values over every path.
    """

    value: Ball
    size: Ball


LINEAR = frozenset({"add"})  # the flow passes as it is
NOT_DIFFERENTIABLE = "this argument is a whole number, there is no derivative by it"
Value: TypeAlias = Ball | bool | Undefined
Values: TypeAlias = dict[int, Value]


class Evaluator:
    """Evaluates trees, at the precision that is at work: with proofs of what is 0, or without and faster."""

    def __init__(self, rules: Rules = PROVING) -> None:
        self.rules, self.bits = rules, ctx.prec
        self.one, self.zero = (rules.arithmetic.number(Fraction(value)) for value in (1, 0))
        self.add, self.mul, self.abs = (rules.operation(name) for name in ("add", "mul", "abs"))

    def point(self, numbers: Mapping[str, Fraction]) -> dict[str, Value]:
        """A point in the evaluator's arithmetic."""
        return {name: self.rules.arithmetic.number(number) for name, number in numbers.items()}

    # -- forward

    def evaluate(self, root: Node, point: Mapping[str, Value], known: Values | None = None) -> Values:
        """The value of every node that the value of `root` comes from, by id, in post-order. Raises Undecided.

        `known` are values that were found before; the others are added to them. A branch that `where` does not take is
        left out: it may be undefined, or too large to compute. Raises LimitError where another is.
        """
        values: Values = {} if known is None else known
        stack: list[Node | None] = [root]  # None: the one below has its arguments
        while stack:
            node = stack.pop()
            if node is None:
                whole = stack[-1]
                assert isinstance(whole, Call)
                taken = self.taken(whole, values)
                if id(taken[-1]) in values:
                    values[id(stack.pop())] = self.call(whole, [values[id(child)] for child in taken])
                else:  # the condition of a `where` is known, not yet its branch
                    stack += (None, taken[-1])
            elif id(node) not in values:
                if isinstance(node, Call):
                    stack += (node, None, *reversed(self.taken(node, values)))
                else:
                    values[id(node)] = self.value(node, point, values)
        return values

    def everywhere(self, order: list[Node], point: Mapping[str, Value]) -> Values:
        """The value of every node of a post-order, also in the branches that `where` does not take.

        What is too large to compute in such a branch, or not decided, has no value.
        """
        values = self.evaluate(order[-1], point)
        for node in order:
            if id(node) not in values:
                try:
                    values[id(node)] = self.value(node, point, values)
                except LimitError as error:
                    values[id(node)] = Undefined(node, error.message)
        return values

    def value(self, node: Node, point: Mapping[str, Value], values: Values) -> Value:
        """The value of one node; those it comes from are known."""
        if isinstance(node, Call):
            return self.call(node, [values[id(child)] for child in self.taken(node, values)])
        if isinstance(node, Number):
            return self.rules.arithmetic.number(node.value)
        return point[node.name] if isinstance(node, Name) else self.rules.arithmetic.constants[node.name]()

    def taken(self, node: Node, values: Values) -> tuple[Node, ...]:
        """The children that a node's value comes from: of a `where`, the condition and then one branch."""
        if not isinstance(node, Call):
            return ()
        if node.function != "where":
            return node.arguments
        condition, yes, no = node.arguments
        choice = values.get(id(condition))
        if not isinstance(choice, bool):
            return (condition,)
        return condition, (yes if choice else no)

    def call(self, node: Call, arguments: Sequence[Value]) -> Value:
        """The value of a call; of a `where`, its arguments are the condition and the branch taken."""
        for argument in arguments:
            if isinstance(argument, Undefined):
                return argument
        if node.function == "where":
            return arguments[1]
        spend(self.rules.effort(node.function, self.bits))
        try:
            found: Value = self.rules.operation(node.function)(*arguments)
        except NoValue as error:
            return Undefined(node, error.condition)
        except Undecided as error:
            error.node = error.node or node
            raise
        return found

    # -- structure at the point

    def active(self, values: Values, *roots: Node) -> list[Node]:
        """The post-order of the nodes that the value of `roots` really came from: without the branches not taken."""
        seen: set[int] = set()
        order: list[Node] = []
        stack: list[Node | None] = list(reversed(roots))  # None: the one below has all its arguments in order
        while stack:
            node = stack.pop()
            if node is None:
                order.append(stack.pop())  # type: ignore[arg-type]  # a node lies below each None
            elif id(node) not in seen:
                seen.add(id(node))
                stack += (node, None, *reversed(self.taken(node, values)))
        return order

    def singular(self, order: list[Node], values: Values) -> list[Call]:
        """The calls of an active order that stand at a kink or a pole of theirs, where rules alone do not decide."""
        return [node for node in order if isinstance(node, Call) and self.at_singularity(node, values)]

    def at_singularity(self, node: Call, values: Values) -> bool:
        """Does a kink or pole condition of the node's row hold at its arguments?"""
        singular = self.rules.singular(node.function)
        try:
            return singular is not None and singular(self.bound(node, values))
        except Undecided as error:
            error.node = error.node or node
            raise

    def undecided_by(self, order: list[Node], values: Values, names: Sequence[str]) -> set[str]:
        """The names by which a side of a comparison has no derivative: it may have no value beside the point."""
        sides = [side for node in order if isinstance(node, Call) and node.function in SIGNS for side in node.arguments]
        partials = [self.gradient(self.active(values, side), values, names) for side in sides]
        return {name for each in partials for name, flow in each.items() if isinstance(flow, Undefined)}

    def bound(self, node: Call, values: Values) -> list[Value]:
        """The values of a row's parameters, and of the call itself."""
        return [*(values[id(child)] for child in node.arguments), values[id(node)]]

    # -- reverse

    def gradient(self, order: list[Node], values: Values, names: Sequence[str]) -> dict[str, Flow | Undefined]:
        """The partial derivative of an active order's last node by each name; zero by a name that no node has."""
        flows = self.flows(order, values, names)
        partials: dict[str, Flow | Undefined] = dict.fromkeys(names, Flow(self.zero, self.zero))
        for node in order:
            if isinstance(node, Name) and node.name in partials and id(node) in flows:
                partials[node.name] = self.joined(partials[node.name], flows[id(node)])
        return partials

    def flows(self, order: list[Node], values: Values, names: Sequence[str]) -> dict[int, Flow | Undefined]:
        """What flows back to each node on the way to the names, by reverse accumulation."""
        wanted = dependents(order, names)
        flows: dict[int, Flow | Undefined] = {id(order[-1]): Flow(self.one, self.one)}
        for node in reversed(order):
            flow = flows.get(id(node))
            if flow is not None and id(node) in wanted and isinstance(node, Call):
                for key, local in self.locals(node, values, wanted):
                    share = self.passed(flow, local)
                    flows[key] = self.joined(flows[key], share) if key in flows else share
        return flows

    def locals(self, node: Call, values: Values, wanted: set[int]) -> list[tuple[int, Ball | Undefined | None]]:
        """The local derivative of a node by each argument that matters, by its id; None where it is 1."""
        if node.function == "where":
            return [(id(self.taken(node, values)[1]), None)]
        if node.function in LINEAR:
            return [(id(child), None) for child in node.arguments if id(child) in wanted]
        places = [place for place, child in enumerate(node.arguments) if id(child) in wanted]
        return [(id(node.arguments[place]), self.local(node, place, values)) for place in places]

    def local(self, node: Call, index: int, values: Values) -> Ball | Undefined:
        """The local derivative of a node by one argument: its row's rule for a flow of 1."""
        derivative = self.rules.local(node.function, index)
        if derivative is None:
            return Undefined(node, NOT_DIFFERENTIABLE)
        spend(self.rules.effort(node.function, self.bits))
        try:
            found: Ball = derivative(self.bound(node, values))
        except NoValue as error:
            return Undefined(node, error.condition)
        except Undecided as error:
            error.node = error.node or node
            raise
        return found

    def passed(self, flow: Flow | Undefined, local: Ball | Undefined | None) -> Flow | Undefined:
        """What a flow becomes behind a local derivative; None is 1."""
        if isinstance(flow, Undefined) or local is None:
            return flow
        if isinstance(local, Undefined):
            return local
        return Flow(self.mul(flow.value, local), abs(flow.size * local))

    def joined(self, one: Flow | Undefined, two: Flow | Undefined) -> Flow | Undefined:
        """The sum of two flows; undefined if either is."""
        if isinstance(one, Undefined):
            return one
        if isinstance(two, Undefined):
            return two
        return Flow(self.add(one.value, two.value), one.size + two.size)
