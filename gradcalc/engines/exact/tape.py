"""The quick way through a tree and back, where every part has a value: operations in a line, equal ones done once."""

from __future__ import annotations

import operator
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from gradcalc.base.errors import LimitError
from gradcalc.calculus.simplify import ONE
from gradcalc.engines.exact.ball import Ball, Undecided
from gradcalc.engines.exact.plan import Plan
from gradcalc.engines.exact.rules import SIGNS, Literals, NoValue, Rules, literals_of
from gradcalc.engines.exact.values import Flow, Undefined
from gradcalc.functions import CATALOGUE
from gradcalc.syntax.tree import Call, Constant, Name, Node, Number, free_names, postorder

CHOICES = frozenset({*SIGNS, "where"})
FLOW = Name("g")
WORTH_IT = 2  # uses of a tree; making a tape takes as long as two
Key = int  # of a value: the id of a node, or a number below 0
Operation = Callable[..., Any]
Entry = tuple[Operation, Key, Any, Any]  # an operation, the key of its value, those of one argument or two, or of more
Flowing = tuple[Key, Key | None]  # the keys of a derivative, and of its size where that is not its own


class Flat(NamedTuple):
    """A rule as operations in a line, each with the names and the lines that it is done on; and which is its value."""

    lines: list[tuple[Operation | Number | Constant, tuple[str | int, ...]]]
    end: str | int


class Tape:
    """Operations in their order, each on values from before it."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.constants: list[tuple[Key, Operation]] = []

    def enter(self, operation: Operation, key: Key, *arguments: Key) -> None:
        """Add an operation."""
        first, second, *others = (*arguments, None)
        self.entries.append((operation, key, None, arguments) if others[1:] else (operation, key, first, second))

    def run(self, values: dict[Key, Any]) -> bool:
        """Add the values of all operations; False where one has none, or none that is known."""
        for key, constant in self.constants:
            values[key] = constant(())
        try:
            for operation, key, first, second in self.entries:
                if second is None:
                    value = operation(values[first])
                elif first is None:
                    value = operation(*[values[one] for one in second])
                else:
                    value = operation(values[first], values[second])
                if not value.is_finite():
                    return False
                values[key] = value
        except (NoValue, Undecided, LimitError):
            return False
        return True


def forward(plan: Plan) -> Tape | None:
    """From the leaves of a plan's tree to its root; None where that depends on a comparison, and at a first use."""
    plan.uses += 1
    if plan.uses < WORTH_IT:
        return None
    if "forward" not in plan.kept:
        quick = isinstance(plan.rules.one, Ball) and not plan.branching and not plan.comparisons
        plan.kept["forward"] = _forward(plan) if quick else None
    found: Tape | None = plan.kept["forward"]
    return found


def _forward(plan: Plan) -> Tape:
    tape = Tape()
    for step in plan.steps:
        if (known := plan.same[step.key]) == step.key:
            operation = plan.rules.quick(step.node.function, step.literals)
            tape.enter(operation, step.key, *(plan.same[one] for one in step.arguments))
        else:
            tape.enter(_itself, step.key, known)
    return tape


def back(plan: Plan, names: tuple[str, ...]) -> Back | None:
    """From the root of a plan's tree to names, where there is a way forward; None where a call has no derivative."""
    if plan.kept.get("forward") is None:
        return None
    if ("back", names) not in plan.kept:
        whole = all(slope is not None for _, ways in plan.ways(names) for _, slope in ways)
        plan.kept["back", names] = Back(plan, names) if whole else None
    found: Back | None = plan.kept["back", names]
    return found


class Back(Tape):
    """The way back from the root of a plan's tree: what flows to each node on it, and to each name at its end."""

    def __init__(self, plan: Plan, names: tuple[str, ...]) -> None:
        super().__init__()
        self.rules, self.same = plan.rules, plan.same
        self.made: dict[object, Key] = {  # the keys of numbers, and of what operations make
            (
                self.rules.quick(step.node.function, step.literals),
                *(self.same[one] for one in step.arguments),
            ): self.same[step.key]
            for step in plan.steps
        }
        self.flows: dict[Key, Flowing] = {}
        arriving: defaultdict[Key, list[Flowing]] = defaultdict(list)
        arriving[id(plan.root)] = [(self._number(ONE), None)]
        for step, ways in plan.ways(names):
            flow = self.flows[step.key] = self._total(arriving[step.key])
            keys = (*(self.same[one] for one in step.arguments), self.same[step.key])
            bound = dict(zip((*CATALOGUE[step.node.function].parameters, "out"), keys, strict=True))
            for place, _ in ways:
                rules = _flat(self.rules, step.node.function, step.literals, place)
                arriving[step.arguments[place]].append(self._share(flow, bound, *rules))
        self.flows |= {key: self._total(flows) for key, flows in arriving.items() if key not in self.flows}
        ends: defaultdict[str, list[Flowing]] = defaultdict(list)
        for name, key in plan.named:
            if key in self.flows:
                ends[name].append(self.flows[key])
        self.ends = {name: self._total(flows) for name, flows in ends.items()}

    def along(self, flows: Mapping[Any, Flowing], values: Mapping[Key, Any]) -> dict[Any, Flow | Undefined]:
        """The flows, of the values along the way."""
        return {
            end: Flow(values[slope], abs(values[slope]) if size is None else values[size])
            for end, (slope, size) in flows.items()
        }

    def _share(self, flow: Flowing, bound: Mapping[str, Key], rule: Flat, local: Flat | None) -> Flowing:
        """What flows on to one argument, by the rule for a flow and the one for a flow of 1."""
        slope, size = flow
        passed = self._value(rule, {**bound, "g": slope})
        return passed, size if size is None or local is None else self._of(_size, size, self._value(local, bound))

    def _total(self, flows: Sequence[Flowing]) -> Flowing:
        """The sum of derivatives, and of their sizes."""
        (slope, size), *others = flows
        for other, rest in others:
            sizes = [self._of(abs, a) if b is None else b for a, b in ((slope, size), (other, rest))]
            slope, size = self._of(self.rules.quick("add"), slope, other), self._of(operator.add, *sizes)
        return slope, size

    def _value(self, rule: Flat, bound: Mapping[str, Key]) -> Key:
        """The key of the value of a rule whose names are `bound`."""
        keys: dict[str | int, Key] = dict(bound.items())
        for line, (operation, references) in enumerate(rule.lines):
            if isinstance(operation, Number | Constant):
                keys[line] = self._number(operation)
            else:
                keys[line] = self._of(operation, *[keys[one] for one in references])
        return keys[rule.end]

    def _number(self, node: Number | Constant) -> Key:
        if node not in self.made:
            self.made[node] = -len(self.made) - 1
            self.constants.append((self.made[node], self.rules.compiled(node, ())))
        return self.made[node]

    def _of(self, operation: Operation, *arguments: Key) -> Key:
        """The key of what an operation makes."""
        what = (operation, *arguments)
        if what not in self.made:
            self.made[what] = -len(self.made) - 1
            self.enter(operation, self.made[what], *arguments)
        return self.made[what]


@cache
def _flat(rules: Rules, name: str, literals: Literals, place: int) -> tuple[Flat, Flat | None]:
    """The rule for what passes on to an argument, and that for a flow of 1, None where all does."""
    passed, local = (rules.passing(name, literals, place, flow) for flow in (FLOW, ONE))
    assert passed is not None
    assert local is not None
    return _flattened(rules, name, passed), None if local == ONE else _flattened(rules, name, local)


def _flattened(rules: Rules, name: str, root: Node) -> Flat:
    """A rule of a function's in lines; a choice and what is in it are one line."""
    if any(isinstance(node, Call) and node.function in CHOICES for node in postorder(root)):
        names = (*CATALOGUE[name].parameters, "out", "g")
        names = tuple(one for one in names if one in free_names(postorder(root)))
        compiled = rules.compiled(root, names)
        return Flat([(lambda *values: compiled(values), names)], 0)
    found: dict[int, str | int] = {}
    lines: list[tuple[Operation | Number | Constant, tuple[str | int, ...]]] = []
    for node in postorder(root):
        found[id(node)] = node.name if isinstance(node, Name) else len(lines)
        if isinstance(node, Call):
            lines.append(
                (rules.quick(node.function, literals_of(node)), tuple(found[id(one)] for one in node.arguments))
            )
        elif not isinstance(node, Name):
            lines.append((node, ()))
    return Flat(lines, found[id(root)])


def _itself(value: Ball) -> Ball:
    return value


def _size(size: Ball, local: Ball) -> Ball:
    return abs(size * local)
