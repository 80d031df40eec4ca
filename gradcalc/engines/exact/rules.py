"""The catalogue's rules as functions on numbers: each text is read once, and then only calculated with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cache
from operator import itemgetter
from typing import Any

from gradcalc.calculus.simplify import ONE, ZERO, simplified
from gradcalc.engines.exact.arithmetic import AT_POINT, BESIDE, PLAIN, Arithmetic
from gradcalc.engines.exact.ball import ONE as UNITY
from gradcalc.engines.exact.primitives import COST
from gradcalc.functions import CATALOGUE
from gradcalc.functions.function import Function, rule
from gradcalc.syntax.tree import Call, Constant, Name, Node, Number, postorder, substitute

QUICK = frozenset({"add", "sub", "mul", "div", "neg", "abs", "sign", "floor", "sqrt", "hypot", "where"})
CHEAP, PROOF = 10, 15  # steps of an operation, and of the proof beside it
MORE = 15  # times as many, for the proof about a function
LONG = 300  # bits that an operation takes a step for
VERY_LONG, GROWTH = 470, 1.75  # those of a function; of twice as many bits it takes 2**GROWTH times the steps
DEARER = 8  # of COST, which counts what a function takes at the highest precision
Rule = Callable[[Sequence[Any]], Any]  # of the values of a row's parameters, in their order, and of `out`
Literals = tuple[Number | None, ...]  # the arguments that are numbers
SIGNS: dict[str, Callable[[int], bool]] = {
    "lt": lambda s: s < 0, "le": lambda s: s <= 0, "gt": lambda s: s > 0,
    "ge": lambda s: s >= 0, "eq": lambda s: s == 0, "ne": lambda s: s != 0,
}  # fmt: skip


def UNIT(values: Sequence[Any]) -> Any:  # noqa: N802  # a rule that is known by itself
    """The local derivative of a sum."""
    return UNITY


class NoValue(Exception):
    """The arguments are outside the domain: `condition` is what it asks for."""

    def __init__(self, condition: str) -> None:
        super().__init__(condition)
        self.condition = condition


class Rules:
    """The rules of the catalogue in one arithmetic. What they make raises NoValue, Undecided and LimitError."""

    def __init__(self, arithmetic: Arithmetic) -> None:
        self.arithmetic = arithmetic
        self.one, self.zero = arithmetic.number(Fraction(1)), arithmetic.number(Fraction(0))
        self.plans: dict[int, Any] = {}  # of plan.py, by the ids of trees
        self.operation = cache(self._operation)
        self.quick = cache(self._quick)
        self.singular = cache(self._singular)
        self.local = cache(self._local)
        self.effort = cache(self._effort)

    def _operation(self, name: str, literals: Literals = ()) -> Callable[..., Any]:
        """A function of the catalogue: Arb's own where it has one, else by the row's definition, inside its domain."""
        if name in SIGNS:
            return self._comparison(name)
        row = CATALOGUE[name]
        value = self.arithmetic.operations.get(name)
        if value is None:
            assert row.definition is not None, f"{name} has neither a definition nor a line of Arb"
            defined = self.compiled(rule(row.definition), row.parameters)
            value = lambda *arguments: defined(arguments)  # noqa: E731  # one of three spellings of the same
        if row.domain is None or truth(domain := _special(row, row.domain, literals)):
            return value
        return _inside(row.domain, self.domain(domain, row.parameters), value)

    def domain(self, condition: Node, names: Sequence[str]) -> Rule:
        """Does a domain hold, for the values of `names`?"""
        return self.compiled(condition, names)

    def _quick(self, name: str, literals: Literals = ()) -> Callable[..., Any]:
        """The same, which may give a number that is not finite outside the domain instead of raising NoValue."""
        return self.arithmetic.quick.get(name) or self.operation(name, literals)

    def _comparison(self, name: str) -> Callable[..., bool]:
        holds, sign, difference = SIGNS[name], self.arithmetic.sign, self.arithmetic.operations["sub"]
        return lambda left, right: holds(sign(difference(left, right)))

    def _singular(self, name: str, literals: Literals = ()) -> Rule | None:
        """Does a kink or a pole of the row lie at the arguments? None for a row without such."""
        row = CATALOGUE[name]
        trees = [_special(row, text, literals) for text in (row.kink, row.pole) if text]
        parts = [self.compiled(tree, (*row.parameters, "out")) for tree in trees if truth(tree) is not False]
        return (lambda values: any(_holds(part, values) for part in parts)) if parts else None

    def _local(self, name: str, literals: Literals, index: int) -> Rule | None:
        """The derivative by an argument; None for one by which there is none."""
        derivative = self.passing(name, literals, index, ONE)
        if derivative is None:
            return None
        return UNIT if derivative == ONE else self.compiled(derivative, (*CATALOGUE[name].parameters, "out"))

    def passing(self, name: str, literals: Literals, index: int, flow: Node) -> Node | None:
        """The tree of what passes on to an argument of a flow from above; None where nothing does."""
        text = self.text(name, index)
        return None if text is None else _special(CATALOGUE[name], text, literals, flow)

    def text(self, name: str, index: int) -> str | None:
        """The rule for what flows to an argument."""
        return CATALOGUE[name].rule_to(index)

    def _effort(self, name: str, bits: int) -> float:
        """About how many steps a function of the catalogue takes at a precision."""
        proof = PROOF if self.arithmetic.proves else 0
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
        if node.function in SIGNS and node.arguments[1] == ZERO:
            (left, _), holds, sign = parts, SIGNS[node.function], self.arithmetic.sign
            return lambda values: holds(sign(left(values)))
        if node.function == "where":
            condition, yes, no = parts
            return lambda values: yes(values) if condition(values) else no(values)
        operation = self.operation(node.function, literals_of(node))
        if len(parts) == 1:
            (part,) = parts
            return lambda values: operation(part(values))
        if len(parts) == 2:
            first, second = parts
            return lambda values: operation(first(values), second(values))
        return lambda values: operation(*(part(values) for part in parts))

    def _number(self, node: Number) -> Rule:
        number, denominator = self.arithmetic.number(node.value), node.value.denominator
        if denominator & (denominator - 1) == 0:  # without error at any precision
            return lambda values: number
        return lambda values: self.arithmetic.number(node.value)


def literals_of(node: Call) -> Literals:
    """The arguments of a call that are numbers; none, which is quick to look up, where there are none."""
    found = tuple(argument if isinstance(argument, Number) else None for argument in node.arguments)
    return found if any(found) else ()


def _special(row: Function, text: str, literals: Literals, flow: Node = ONE) -> Node:
    """A rule for a flow, with the numbers that stand in place of parameters."""
    known = {name: number for name, number in zip(row.parameters, literals, strict=False) if number is not None}
    return substitute(rule(text), {"g": flow, **known}, simplified)


def truth(condition: Node) -> bool | None:
    """Is a condition true whatever the parameters are, or false? None where that depends."""
    if not isinstance(condition, Call):
        return None
    if condition.function == "where":
        _, yes, no = condition.arguments
        return truth(yes) if truth(yes) is truth(no) else None
    left, right = condition.arguments
    if not isinstance(left, Number) or not isinstance(right, Number):
        return None
    return SIGNS[condition.function](int(left.value > right.value) - int(left.value < right.value))


def _inside(condition: str, domain: Rule, value: Callable[..., Any]) -> Callable[..., Any]:
    """The function, restricted to a domain."""

    def restricted(*arguments: Any) -> Any:
        try:
            inside = domain(arguments)
        except NoValue:
            inside = False
        if not inside:
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
