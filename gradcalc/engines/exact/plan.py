"""What there is to do at every point of an expression: its calls in order, each with its rules looked up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from gradcalc.engines.exact.rules import SIGNS, Rule, Rules
from gradcalc.syntax.tree import Call, Constant, Name, Node, Number, dependents, postorder

KEPT = 64  # plans


@dataclass(frozen=True, slots=True)
class Step:
    """A call: what it is worked out by, from the values with these keys.

    `derivatives` are the local ones by each argument, None by one that has none; `singular` tells kinks and poles.
    """

    node: Call
    key: int
    arguments: tuple[int, ...]
    operation: Callable[..., Any] | None  # None for a choice
    singular: Rule | None
    derivatives: tuple[Rule | None, ...]


class Plan:
    """The steps of a tree, arguments before calls."""

    def __init__(self, root: Node, rules: Rules) -> None:
        self.root = root  # its ids are good as long as it lives
        self.order = postorder(root)
        self.named = [(node.name, id(node)) for node in self.order if isinstance(node, Name)]
        self.constants = [
            (id(node), rules.compiled(node, ())) for node in self.order if isinstance(node, Number | Constant)
        ]
        self.steps = [_step(node, rules) for node in self.order if isinstance(node, Call)]
        self.branching = any(step.operation is None for step in self.steps)
        self.singular = [step for step in self.steps if step.singular is not None]
        self.comparisons = [step for step in self.steps if step.node.function in SIGNS]
        self.ways = cache(self._ways)

    def _ways(self, names: tuple[str, ...]) -> list[tuple[Step, list[int]]]:
        """The steps that a name is in, the last first, with the places of their arguments that one is in."""
        wanted = dependents(self.order, names)
        found = [(step, [place for place, key in enumerate(step.arguments) if key in wanted]) for step in self.steps]
        return [(step, places) for step, places in reversed(found) if places]


def _step(node: Call, rules: Rules) -> Step:
    keys = tuple(map(id, node.arguments))
    name = node.function
    literals = tuple(argument if isinstance(argument, Number) else None for argument in node.arguments)
    operation = None if name == "where" else rules.operation(name, literals)
    derivatives = tuple(rules.local(name, literals, place) for place in range(len(keys)))
    return Step(node, id(node), keys, operation, rules.singular(name, literals), derivatives)


def plan_of(root: Node, rules: Rules) -> Plan:
    """The plan of a tree, made once as long as others do not take its place."""
    found = rules.plans.get(id(root))
    if found is None or found.root is not root:
        if len(rules.plans) > KEPT:
            rules.plans.clear()
        found = rules.plans[id(root)] = Plan(root, rules)
    return found
