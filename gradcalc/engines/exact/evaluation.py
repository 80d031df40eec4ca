"""Value of a tree in ball arithmetic, and its gradient by the catalogue's rules in reverse."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from gradcalc.base.effort import spend
from gradcalc.base.errors import LimitError
from gradcalc.engines.exact.arithmetic import Arithmetic, primitive
from gradcalc.engines.exact.ball import ONE, ZERO, Ball
from gradcalc.engines.exact.primitives import CLOSELY, DEARER, MPMATH
from gradcalc.functions import CATALOGUE
from gradcalc.functions.function import Function, rule
from gradcalc.syntax.tree import Call, Constant, Name, Node, Number, children, dependents


@dataclass(frozen=True, slots=True)
class Undefined:
    """No real value: `node` is the call whose domain the point is outside of, `condition` what it asks for."""

    node: Node
    condition: str


@dataclass(frozen=True, slots=True)
class Flow:
    """What flows back to a node: the derivative of the result by it, and the `size` of the terms it is the sum of.

    The size is the sum of the absolute values over every path.
    """

    value: Ball
    size: Ball


NOT_DIFFERENTIABLE = "this argument is a whole number, there is no derivative by it"
Value: TypeAlias = Ball | bool | Undefined
Values: TypeAlias = dict[int, Value]
SIGNS = {
    "lt": lambda s: s < 0, "le": lambda s: s <= 0, "gt": lambda s: s > 0,
    "ge": lambda s: s >= 0, "eq": lambda s: s == 0, "ne": lambda s: s != 0,
}  # fmt: skip


class Evaluator:
    """Evaluates trees at one precision."""

    def __init__(self, precision: int, *, last: bool = False) -> None:
        self.arithmetic = Arithmetic(precision, last=last)
        a = self.arithmetic
        self.direct: dict[str, Callable[..., Ball]] = {
            "add": a.add, "sub": a.sub, "mul": a.mul, "div": a.div, "neg": a.neg, "pow": a.power,
            "abs": a.abs,
            "sign": lambda x: a.rational(Fraction(a.sign(x))),
            "floor": a.floor,
        }  # fmt: skip
        self.constants = {"pi": lambda: a.apply(lambda: +a.context.pi), "e": lambda: a.apply(lambda: +a.context.e)}

    # -- forward

    def evaluate(self, root: Node, point: Mapping[str, Value], known: Values | None = None) -> Values:
        """The value of every node that the value of `root` comes from, by id. Raises Undecided and LimitError.

        `known` are values that were found before; the others are added to them. A branch that `where` does not take is
        left out: it may be undefined, or too large to compute.
        """
        values: Values = {} if known is None else known
        stack = [root]
        while stack:
            node = stack[-1]
            missing = [child for child in self.taken(node, values) if id(child) not in values]
            if missing:
                stack.extend(reversed(missing))
                continue
            stack.pop()
            if id(node) not in values:  # a shared node may wait in the stack more than once
                values[id(node)] = self.value(node, point, values)
        return values

    def everywhere(self, order: list[Node], point: Mapping[str, Value]) -> Values:
        """The value of every node of a post-order, also in the branches that `where` does not take.

        What is too large to compute in such a branch has no value.
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
        spend(self.arithmetic.cheap)
        if isinstance(node, Number):
            return self.arithmetic.rational(node.value)
        if isinstance(node, Name):
            return point[node.name]
        if isinstance(node, Constant):
            return self.constants[node.name]()
        return self.call(node, [values[id(child)] for child in self.taken(node, values)])

    def taken(self, node: Node, values: Values) -> tuple[Node, ...]:
        """The children that a node's value comes from: of a `where`, the condition and then one branch."""
        if not isinstance(node, Call) or node.function != "where":
            return children(node)
        condition, yes, no = node.arguments
        choice = values.get(id(condition))
        if not isinstance(choice, bool):
            return (condition,)
        return condition, (yes if choice else no)

    def call(self, node: Call, arguments: list[Value]) -> Value:
        """The value of a call; of a `where`, its arguments are the condition and the branch taken."""
        for argument in arguments:
            if isinstance(argument, Undefined):
                return argument
        if node.function == "where":
            return arguments[1]
        if node.function in SIGNS:
            return bool(SIGNS[node.function](self.arithmetic.sign(self.arithmetic.sub(*arguments))))  # type: ignore[arg-type]
        return self.function(CATALOGUE[node.function], node, arguments)

    def function(self, row: Function, node: Call, arguments: list[Value]) -> Value:
        """The value of a function of the catalogue: mpmath's where it has one, else by the row's definition."""
        bound = dict(zip(row.parameters, arguments, strict=True))
        if row.domain is not None and not self.holds(row.domain, bound):
            return Undefined(node, row.domain)
        if row.name in self.direct:
            return self.direct[row.name](*arguments)
        if row.name in MPMATH:
            return self.primitive(row.name, arguments)  # type: ignore[arg-type]
        assert row.definition is not None, f"{row.name} has neither a definition nor a line of mpmath"
        value = self.rule(row.definition, bound)
        return Undefined(node, value.condition) if isinstance(value, Undefined) else value

    def primitive(self, name: str, arguments: list[Ball]) -> Ball:
        """The value of one of mpmath's functions."""
        spend(self.arithmetic.dear * DEARER.get(name, 1))
        if name in CLOSELY:
            for argument in arguments:
                self.arithmetic.require_close(argument)
        return primitive(name, tuple(arguments), self.arithmetic.precision, self.arithmetic.last)

    def rule(self, text: str, bound: Mapping[str, Value]) -> Value:
        """The value of a rule of the catalogue."""
        root = rule(text)
        return self.evaluate(root, bound)[id(root)]

    def holds(self, condition: str, bound: Mapping[str, Value]) -> bool:
        """Is a condition of the catalogue true? One that has no value is not."""
        return self.rule(condition, bound) is True

    # -- structure at the point

    def active(self, values: Values, *roots: Node) -> list[Node]:
        """The post-order of the nodes that the value of `roots` really came from: without the branches not taken."""
        seen: set[int] = set()
        order: list[Node] = []
        stack: list[tuple[Node, bool]] = [(root, False) for root in reversed(roots)]
        while stack:
            node, done = stack.pop()
            if done:
                order.append(node)
            elif id(node) not in seen:
                seen.add(id(node))
                stack.append((node, True))
                stack.extend((child, False) for child in reversed(self.taken(node, values)))
        return order

    def singular(self, order: list[Node], values: Values) -> list[Call]:
        """The calls of an active order that stand at a kink or a pole of theirs, where rules alone do not decide."""
        return [node for node in order if isinstance(node, Call) and self.at_singularity(node, values)]

    def at_singularity(self, node: Call, values: Values) -> bool:
        """Does a kink or pole condition of the node's row hold at its arguments?"""
        row = CATALOGUE[node.function]
        conditions = [condition for condition in (row.kink, row.pole) if condition is not None]
        if not conditions:
            return False
        bound = self.bound(node, values)
        return any(self.holds(condition, bound) for condition in conditions)

    def undecided_by(self, order: list[Node], values: Values, names: Sequence[str]) -> set[str]:
        """The names by which a side of a comparison has no derivative: it may have no value beside the point."""
        sides = [side for node in order if isinstance(node, Call) and node.function in SIGNS for side in node.arguments]
        partials = [self.gradient(self.active(values, side), values, names) for side in sides]
        return {name for each in partials for name, flow in each.items() if isinstance(flow, Undefined)}

    def bound(self, node: Call, values: Values) -> dict[str, Value]:
        """The values of a row's parameters, and `out`, at a node."""
        parameters = CATALOGUE[node.function].parameters
        bound = {name: values[id(child)] for name, child in zip(parameters, node.arguments, strict=True)}
        return bound | {"out": values[id(node)]}

    # -- reverse

    def gradient(self, order: list[Node], values: Values, names: Sequence[str]) -> dict[str, Flow | Undefined]:
        """The partial derivative of an active order's last node by each name; zero by a name that no node has."""
        flows = self.flows(order, values, names)
        partials: dict[str, Flow | Undefined] = dict.fromkeys(names, Flow(ZERO, ZERO))
        for node in order:
            if isinstance(node, Name) and node.name in partials and id(node) in flows:
                partials[node.name] = self.joined(partials[node.name], flows[id(node)])
        return partials

    def flows(self, order: list[Node], values: Values, names: Sequence[str]) -> dict[int, Flow | Undefined]:
        """What flows back to each node on the way to the names, by reverse accumulation."""
        wanted = dependents(order, names)
        flows: dict[int, Flow | Undefined] = {id(order[-1]): Flow(ONE, ONE)}
        for node in reversed(order):
            flow = flows.get(id(node))
            if flow is not None and id(node) in wanted and isinstance(node, Call):
                for child, local in self.locals(node, values, wanted):
                    share = self.passed(flow, local)
                    flows[id(child)] = self.joined(flows[id(child)], share) if id(child) in flows else share
        return flows

    def locals(self, node: Call, values: Values, wanted: set[int]) -> list[tuple[Node, Ball | Undefined]]:
        """The local derivative of a node by each argument that matters: its row's rule for a flow of 1."""
        if node.function == "where":
            return [(self.taken(node, values)[1], ONE)]
        bound = self.bound(node, values) | {"g": ONE}
        found: list[tuple[Node, Ball | Undefined]] = []
        for text, child in zip(CATALOGUE[node.function].vjp, node.arguments, strict=True):
            if id(child) in wanted:
                local = Undefined(node, NOT_DIFFERENTIABLE) if text is None else self.rule(text, bound)
                assert not isinstance(local, bool)
                found.append((child, Undefined(node, local.condition) if isinstance(local, Undefined) else local))
        return found

    def passed(self, flow: Flow | Undefined, local: Ball | Undefined) -> Flow | Undefined:
        """What a flow becomes behind a local derivative."""
        if isinstance(flow, Undefined):
            return flow
        if isinstance(local, Undefined):
            return local
        a = self.arithmetic
        return Flow(a.mul(flow.value, local), a.mul(flow.size, a.abs(local)))

    def joined(self, one: Flow | Undefined, two: Flow | Undefined) -> Flow | Undefined:
        """The sum of two flows; undefined if either is."""
        if isinstance(one, Undefined):
            return one
        if isinstance(two, Undefined):
            return two
        return Flow(self.arithmetic.add(one.value, two.value), self.arithmetic.add(one.size, two.size))
