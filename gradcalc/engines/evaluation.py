"""Value of a tree in ball arithmetic, and its gradient by the catalogue's rules in reverse."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, partial
from typing import TypeAlias

from gradcalc.engines.ball import ONE, ZERO, Arithmetic, Ball
from gradcalc.engines.special import MPMATH
from gradcalc.functions import CATALOGUE
from gradcalc.functions.function import Function, rule
from gradcalc.syntax.tree import Call, Constant, Name, Node, Number, children, dependents, postorder


@dataclass(frozen=True, slots=True)
class Undefined:
    """No real value: `node` is the call whose domain the point is outside of, `condition` what it asks for."""

    node: Node
    condition: str


Value: TypeAlias = Ball | bool | Undefined
Values: TypeAlias = dict[int, Value]
SIGNS = {
    "lt": lambda s: s < 0, "le": lambda s: s <= 0, "gt": lambda s: s > 0,
    "ge": lambda s: s >= 0, "eq": lambda s: s == 0, "ne": lambda s: s != 0,
}  # fmt: skip

ANY_SIZE = frozenset({"log", "sqrt", "cbrt"})  # of a number of any size: log(1 + exp(20000)) is 20000


@cache
def rule_order(text: str) -> list[Node]:
    """A rule of the catalogue, in the order of its evaluation."""
    return postorder(rule(text))


class Evaluator:
    """Evaluates trees at one precision."""

    def __init__(self, precision: int, *, last: bool = False) -> None:
        self.arithmetic = Arithmetic(precision, last=last)
        a = self.arithmetic
        self.direct: dict[str, Callable[..., Ball]] = {
            "add": a.add, "sub": a.sub, "mul": a.mul, "div": a.div, "neg": a.neg, "pow": a.power,
            "abs": lambda x: a.neg(x) if a.sign(x) < 0 else x,
            "sign": lambda x: a.rational(Fraction(a.sign(x))),
            "floor": a.floor,
        }  # fmt: skip
        self.constants = {"pi": lambda: a.apply(lambda: +a.context.pi), "e": lambda: a.apply(lambda: +a.context.e)}

    # -- forward

    def evaluate(self, order: list[Node], point: Mapping[str, Value]) -> Values:
        """The value of every node of a post-order, by id. Raises Undecided and LimitError."""
        values: Values = {}
        for node in order:
            if isinstance(node, Number):
                values[id(node)] = self.arithmetic.rational(node.value)
            elif isinstance(node, Name):
                values[id(node)] = point[node.name]
            elif isinstance(node, Constant):
                values[id(node)] = self.constants[node.name]()
            else:
                values[id(node)] = self.call(node, [values[id(child)] for child in node.arguments])
        return values

    def call(self, node: Call, arguments: list[Value]) -> Value:
        """The value of a call. A branch that `where` does not take may be undefined."""
        if node.function == "where":
            choice = arguments[0]
            return choice if isinstance(choice, Undefined) else arguments[1] if choice else arguments[2]
        for argument in arguments:
            if isinstance(argument, Undefined):
                return argument
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
            context = self.arithmetic.context
            call = partial(MPMATH[row.name], context)
            return self.arithmetic.apply(call, *arguments, any_size=row.name in ANY_SIZE)  # type: ignore[arg-type]
        assert row.definition is not None, f"{row.name} has neither a definition nor a line of mpmath"
        value = self.rule(row.definition, bound)
        return Undefined(node, value.condition) if isinstance(value, Undefined) else value

    def rule(self, text: str, bound: Mapping[str, Value]) -> Value:
        """The value of a rule of the catalogue."""
        order = rule_order(text)
        return self.evaluate(order, bound)[id(order[-1])]

    def holds(self, condition: str, bound: Mapping[str, Value]) -> bool:
        """Is a condition of the catalogue true? One that has no value is not."""
        return self.rule(condition, bound) is True

    # -- structure at the point

    def active(self, root: Node, values: Values) -> list[Node]:
        """The post-order of the nodes that the value really came from: without the branches not taken."""
        seen: set[int] = set()
        order: list[Node] = []
        stack: list[tuple[Node, bool]] = [(root, False)]
        while stack:
            node, done = stack.pop()
            if done:
                order.append(node)
            elif id(node) not in seen:
                seen.add(id(node))
                stack.append((node, True))
                stack.extend((child, False) for child in reversed(self.taken(node, values)))
        return order

    def taken(self, node: Node, values: Values) -> tuple[Node, ...]:
        """The children that a node's value came from."""
        if isinstance(node, Call) and node.function == "where":
            return node.arguments[0], node.arguments[1 if values[id(node.arguments[0])] is True else 2]
        return children(node)

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

    def bound(self, node: Call, values: Values) -> dict[str, Value]:
        """The values of a row's parameters, and `out`, at a node."""
        parameters = CATALOGUE[node.function].parameters
        bound = {name: values[id(child)] for name, child in zip(parameters, node.arguments, strict=True)}
        return bound | {"out": values[id(node)]}

    # -- reverse

    def gradient(
        self, order: list[Node], values: Values, names: list[str], *, magnitude: bool = False
    ) -> dict[str, Ball | Undefined]:
        """The partial derivative of an active order's last node by each name; zero by a name that no node has."""
        flows = self.flows(order, values, names, magnitude=magnitude)
        partials: dict[str, Ball | Undefined] = dict.fromkeys(names, ZERO)
        for node in order:
            if isinstance(node, Name) and node.name in partials and id(node) in flows:
                partials[node.name] = self.sum(partials[node.name], flows[id(node)])
        return partials

    def flows(
        self, order: list[Node], values: Values, names: list[str], *, magnitude: bool = False
    ) -> dict[int, Ball | Undefined]:
        """What flows back to each node on the way to the names, by reverse accumulation.

        With `magnitude`, the sum of the absolute values of what flows in over every path: the size of the terms
        that make the partial.
        """
        wanted = dependents(order, names)
        flows: dict[int, Ball | Undefined] = {id(order[-1]): ONE}
        for node in reversed(order):
            flow = flows.get(id(node))
            if flow is None or id(node) not in wanted or not isinstance(node, Call):
                continue
            for child, part in self.parts(node, values, flow, wanted):
                share = self.arithmetic.abs(part) if magnitude and isinstance(part, Ball) else part
                flows[id(child)] = self.sum(flows[id(child)], share) if id(child) in flows else share
        return flows

    def parts(
        self, node: Call, values: Values, flow: Ball | Undefined, wanted: set[int]
    ) -> list[tuple[Node, Ball | Undefined]]:
        """What flows from a node to each argument that matters."""
        if node.function == "where":
            return [(self.taken(node, values)[1], flow)]
        row = CATALOGUE[node.function]
        found: list[tuple[Node, Ball | Undefined]] = []
        bound = self.bound(node, values) | {"g": flow}
        for text, child in zip(row.vjp, node.arguments, strict=True):
            if text is None or id(child) not in wanted:
                continue
            part = flow if isinstance(flow, Undefined) else self.rule(text, bound)
            assert not isinstance(part, bool)
            found.append((child, part))
        return found

    def sum(self, a: Ball | Undefined, b: Ball | Undefined) -> Ball | Undefined:
        """The sum of two flows; undefined if either is."""
        if isinstance(a, Undefined):
            return a
        return b if isinstance(b, Undefined) else self.arithmetic.add(a, b)
