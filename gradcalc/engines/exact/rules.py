"""The catalogue's rules as functions on numbers: each text is read once, and then only calculated with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from operator import itemgetter
from typing import Any

from gradcalc.calculus.simplify import ONE, simplified
from gradcalc.engines.exact.arithmetic import AT_POINT, BESIDE, PLAIN, Arithmetic
from gradcalc.engines.exact.primitives import COST
from gradcalc.functions import CATALOGUE
from gradcalc.functions.function import rule
from gradcalc.syntax.tree import Call, Constant, Name, Node, Number, postorder, substitute

QUICK = frozenset({"add", "sub", "mul", "div", "neg", "abs", "sign", "floor", "sqrt", "hypot", "where"})
CHEAP, PROOF = 10, 15  # steps of an operation, and of the proof beside it
MORE = 15  # times as many, for the proof about a function
LONG = 300  # bits that an operation takes a step for
VERY_LONG, GROWTH = 470, 1.75  # those of a function; of twice as many bits it takes 2**GROWTH times the steps
DEARER = 8  # of COST, which counts what a function takes at the highest precision
Rule = Callable[[Sequence[Any]], Any]  # of the values of a row's parameters, in their order, and of `out`
SIGNS: dict[str, Callable[[int], bool]] = {
    "lt": lambda s: s < 0, "le": lambda s: s <= 0, "gt": lambda s: s > 0,
    "ge": lambda s: s >= 0, "eq": lambda s: s == 0, "ne": lambda s: s != 0,
}  # fmt: skip


class NoValue(Exception):
    """The arguments are outside the domain: `condition` is what it asks for."""

    def __init__(self, condition: str) -> None:
        super().__init__(condition)
        self.condition = condition


class Rules:
    """The rules of the catalogue in one arithmetic. What they make raises NoValue, Undecided and LimitError."""

    def __init__(self, arithmetic: Arithmetic) -> None:
        self.arithmetic = arithmetic
        self.operation = cache(self._operation)
        self.singular = cache(self._singular)
        self.local = cache(self._local)
        self.effort = cache(self._effort)

    def _operation(self, name: str) -> Callable[..., Any]:
        """A function of the catalogue: Arb's own where it has one, else by the row's definition, inside its domain."""
        if name in SIGNS:
            return self._comparison(name)
        row = CATALOGUE[name]
        value = self.arithmetic.operations.get(name)
        if value is None:
            assert row.definition is not None, f"{name} has neither a definition nor a line of Arb"
            defined = self.compiled(rule(row.definition), row.parameters)
            value = lambda *arguments: defined(arguments)  # noqa: E731  # one of three spellings of the same
        if row.domain is None:
            return value
        return _inside(row.domain, self.compiled(rule(row.domain), row.parameters), value)

    def _comparison(self, name: str) -> Callable[..., bool]:
        holds, sign, difference = SIGNS[name], self.arithmetic.sign, self.arithmetic.operations["sub"]
        return lambda left, right: holds(sign(difference(left, right)))

    def _singular(self, name: str) -> Rule | None:
        """Does a kink or a pole of the row lie at the arguments? None for a row without such."""
        row = CATALOGUE[name]
        parts = [self.compiled(rule(text), (*row.parameters, "out")) for text in (row.kink, row.pole) if text]
        return (lambda values: any(_holds(part, values) for part in parts)) if parts else None

    def _local(self, name: str, index: int) -> Rule | None:
        """The derivative by an argument; None for one by which there is none."""
        row = CATALOGUE[name]
        text = row.rule_to(index)
        if text is None:
            return None
        return self.compiled(substitute(rule(text), {"g": ONE}, simplified), (*row.parameters, "out"))

    def _effort(self, name: str, bits: int) -> float:
        """About how many steps a function of the catalogue takes at a precision."""
        proof = 0 if self.arithmetic is PLAIN else PROOF
        if name in QUICK or name in SIGNS:
            return CHEAP + bits / LONG + proof
        definition = CATALOGUE[name].definition
        if name not in self.arithmetic.operations and definition is not None:
            calls = (node for node in postorder(rule(definition)) if isinstance(node, Call))
            return sum(self.effort(call.function, bits) for call in calls)
        growth: float = (bits / VERY_LONG) ** GROWTH
        return CHEAP + (1 + COST.get(name, 0) / DEARER) * growth + proof * MORE

    def compiled(self, node: Node, names: Sequence[str]) -> Rule:
        """The function of the values of `names` that a tree stands for."""
        if isinstance(node, Name):
            return itemgetter(names.index(node.name))
        if isinstance(node, Number):
            return self._number(node)
        if isinstance(node, Constant):
            constant = self.arithmetic.constants[node.name]
            return lambda values: constant()
        parts = [self.compiled(argument, names) for argument in node.arguments]
        if node.function == "where":
            condition, yes, no = parts
            return lambda values: yes(values) if condition(values) else no(values)
        operation = self.operation(node.function)
        if len(parts) == 1:
            (part,) = parts
            return lambda values: operation(part(values))
        if len(parts) == 2:
            first, second = parts
            return lambda values: operation(first(values), second(values))
        return lambda values: operation(*(part(values) for part in parts))

    def _number(self, node: Number) -> Rule:
        number = self.arithmetic.number(node.value)
        if number.is_exact():
            return lambda values: number
        return lambda values: self.arithmetic.number(node.value)


def _inside(condition: str, domain: Rule, value: Callable[..., Any]) -> Callable[..., Any]:
    """The function, restricted to a domain."""

    def restricted(*arguments: Any) -> Any:
        if not _holds(domain, arguments):
            raise NoValue(condition)
        return value(*arguments)

    return restricted


def _holds(condition: Rule, values: Sequence[Any]) -> bool:
    """Is a condition true? One that has no value is not."""
    try:
        return bool(condition(values))
    except NoValue:
        return False


AT_ONCE, PROVING, IDENTICAL = Rules(PLAIN), Rules(AT_POINT), Rules(BESIDE)
