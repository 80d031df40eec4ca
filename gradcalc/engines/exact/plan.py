"""What there is to do at every point of an expression: its calls in order, each with its rules looked up."""

from __future__ import annotations

from collections.abc import Callable, Container, Hashable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

from gradcalc.engines.exact.rules import SIGNS, Literals, Rule, Rules, literals_of
from gradcalc.syntax.tree import Call, Constant, Name, Node, Number, dependents, postorder

KEPT = 64  # plans


@dataclass(frozen=True, slots=True)
class Step:
    """A call: what it is worked out by, from the values with these keys; `singular` tells kinks and poles."""

    node: Call
    key: int
    arguments: tuple[int, ...]
    literals: Literals
    operation: Callable[..., Any] | None  # None for a choice
    singular: Rule | None


Way = tuple[int, Rule | None]  # the place of an argument, and the derivative by it, None where there is none


Root: TypeAlias = Node | tuple[Node, ...]  # a tree, or several that are worked out together


class Plan:
    """The steps of a tree, or of several, arguments before calls."""

    def __init__(self, root: Root, rules: Rules) -> None:
        self.rules = rules
        self.root = root  # its ids are good as long as it lives
        self.order = postorder(*root) if isinstance(root, tuple) else postorder(root)
        self.named = [(node.name, id(node)) for node in self.order if isinstance(node, Name)]
        self.constants = [
            (id(node), rules.compiled(node, ())) for node in self.order if isinstance(node, Number | Constant)
        ]
        self.steps = [step_of(node, rules) for node in self.order if isinstance(node, Call)]
        self.branching = any(step.operation is None for step in self.steps)
        self.singular = [step for step in self.steps if step.singular is not None]
        self.comparisons = [step for step in self.steps if step.node.function in SIGNS]
        self.uses = 0
        self.kept: dict[Hashable, Any] = {}  # functools.cache would take longer to make than all the rest

    @cached_property
    def same(self) -> dict[int, int]:
        """The first of the nodes that are equal to each, by id."""
        return first_equal(self.order)

    def effort(self, bits: int) -> float:
        """About how many steps of work its calls take at a precision."""
        if bits not in self.kept:
            self.kept[bits] = sum(self.rules.effort(step.node.function, bits) for step in self.steps)
        found: float = self.kept[bits]
        return found

    def ways(self, names: tuple[str, ...]) -> list[tuple[Step, list[Way]]]:
        """The steps that a name is in, the last first, with the ways to it."""
        if ("ways", names) not in self.kept:
            self.kept["ways", names] = self._ways(names)
        found: list[tuple[Step, list[Way]]] = self.kept["ways", names]
        return found

    def part_left(self, known: Container[int]) -> float:
        """The part of the calls whose values are not known."""
        return sum(step.key not in known for step in self.steps) / len(self.steps) if known and self.steps else 1.0

    def singular_by(self, names: tuple[str, ...]) -> list[Step]:
        """The steps with kinks or poles that a name is in."""
        if not self.singular:
            return []
        if ("singular", names) not in self.kept:
            self.kept["singular", names] = self._singular_by(names)
        found: list[Step] = self.kept["singular", names]
        return found

    def _singular_by(self, names: tuple[str, ...]) -> list[Step]:
        reached = {step.key for step, _ in self.ways(names)}
        return [step for step in self.singular if step.key in reached]

    def _ways(self, names: tuple[str, ...]) -> list[tuple[Step, list[Way]]]:
        wanted = dependents(self.order, names)
        found = []
        for step in reversed(self.steps):
            places = [place for place, key in enumerate(step.arguments) if key in wanted]
            if places:
                found.append((step, [(place, derivative(step, place, self.rules)) for place in places]))
        return found


def first_equal(order: Iterable[Node]) -> dict[int, int]:
    """The first of the nodes that are equal to each of a post-order, by id."""
    first: dict[object, int] = {}
    found: dict[int, int] = {}
    for node in order:
        key = (node.function, *(found[id(each)] for each in node.arguments)) if isinstance(node, Call) else node
        found[id(node)] = first.setdefault(key, id(node))
    return found


def derivative(step: Step, place: int, rules: Rules) -> Rule | None:
    """The derivative of a step by one argument; None where there is none."""
    return rules.local(step.node.function, step.literals, place)


def step_of(node: Call, rules: Rules) -> Step:
    """The step of a single call."""
    name = node.function
    literals = literals_of(node)
    operation = None if name == "where" else rules.operation(name, literals)
    singular = rules.singular(name, literals)
    return Step(node, id(node), tuple(map(id, node.arguments)), literals, operation, singular)


def plan_of(root: Root, rules: Rules) -> Plan:
    """The plan of a tree, or of several, made once as long as others do not take its place."""
    found = rules.plans.get(id(root))
    if found is None or found.root is not root:
        if len(rules.plans) > KEPT:
            rules.plans.clear()
        found = rules.plans[id(root)] = Plan(root, rules)
    return found
