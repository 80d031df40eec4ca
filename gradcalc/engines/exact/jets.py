"""Derivatives of any order by Taylor series: all follow from the catalogue's first derivatives, term by term."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, reduce
from math import factorial
from typing import Any

from flint import ctx

from gradcalc.base.effort import spend
from gradcalc.engines.exact.arithmetic import Arithmetic
from gradcalc.engines.exact.ball import Ball, integer
from gradcalc.engines.exact.evaluation import NOT_DIFFERENTIABLE, Evaluator
from gradcalc.engines.exact.plan import plan_of
from gradcalc.engines.exact.rules import NoValue, Rules
from gradcalc.engines.exact.values import Flow, Undefined
from gradcalc.functions import CATALOGUE
from gradcalc.functions.function import rule
from gradcalc.syntax.tree import Node, free_names, postorder

MULTIPLIED_OUT = 16
AT_A_BOUND = "the branch that is taken changes here"


@dataclass(frozen=True, slots=True)
class Series:
    """The first terms of a Taylor series, with the sums of the absolute values that each is made of.

    A constant has one term, as every series has that is cut there: such two meet no longer ones.
    """

    terms: Sequence[Ball]
    sizes: Sequence[Ball]

    def cut(self, length: int) -> Series:
        """The first terms alone."""
        return Series(self.terms[:length], self.sizes[:length])


def slope(root: Node, point: Mapping[str, Fraction], name: str, order: int, rules: Rules) -> Flow | Undefined:
    """The derivative of an order by one name, at a point where no part has a kink or a pole."""
    evaluator = Evaluator(_on_series(rules))
    moving = [point[name], Fraction(1), *[Fraction(0)] * (order - 1)]
    balls = list(map(rules.arithmetic.number, moving))
    there: dict[str, Any] = evaluator.point(point) | {name: Series(balls, list(map(abs, balls)))}
    spend(plan_of(root, rules).effort(ctx.prec) * order**2)
    value = evaluator.evaluate(root, there)[id(root)]
    if not isinstance(value, Series):
        assert isinstance(value, Undefined)
        return value
    if len(value.terms) == 1:
        return Flow(rules.zero, rules.zero)
    times = rules.arithmetic.number(Fraction(factorial(order)))
    return Flow(rules.arithmetic.operations["mul"](value.terms[order], times), value.sizes[order] * times)


def along(
    root: Node, point: Mapping[str, Fraction], direction: Mapping[str, Ball], order: int, rules: Rules
) -> Sequence[Ball]:
    """The terms up to an order of the Taylor series along a direction; of a constant the first alone.

    A direction of wide balls stands for all that are in them. Raises Undecided and NoValue.
    """
    evaluator = Evaluator(_on_series(rules))
    there: dict[str, Any] = evaluator.point(point)
    for name, part in direction.items():
        moving = [rules.arithmetic.number(point[name]), part, *[rules.zero] * (order - 1)]
        there[name] = Series(moving, list(map(abs, moving)))
    spend(plan_of(root, rules).effort(ctx.prec) * order**2)
    value: Any = evaluator.evaluate(root, there)[id(root)]
    if isinstance(value, Undefined):
        raise NoValue(value.condition)
    terms: Sequence[Ball] = value.terms
    return terms


@cache
def _on_series(rules: Rules) -> Rules:
    """The rules of the catalogue for series of numbers."""
    return _Series(rules).rules


class _Series:
    """Arithmetic on series: products by Cauchy's rule, functions by integrating their derivatives."""

    def __init__(self, rules: Rules) -> None:
        self.of_numbers, self.number_rules = rules.arithmetic, rules
        self.operations = rules.arithmetic.operations
        operations = {name: self.function(name) for name in self.operations}
        self.any_power = operations["pow"]
        operations |= {"add": self.add, "sub": self.sub, "mul": self.mul, "div": self.div, "neg": self.neg}
        operations |= {"pow": self.power}
        self.rules = Rules(Arithmetic(self.number, self.constants(), operations, self.sign))

    def number(self, value: Fraction) -> Series:
        """A constant."""
        return _constant(self.of_numbers.number(value))

    def constants(self) -> dict[str, Callable[[], Series]]:
        """The constants of the language."""

        def made(name: str) -> Callable[[], Series]:
            return lambda: _constant(self.of_numbers.constants[name]())

        return {name: made(name) for name in self.of_numbers.constants}

    def sign(self, a: Series) -> int:
        """The sign that a series has at the point and beside it. Raises NoValue where it changes."""
        found = self.of_numbers.sign(a.terms[0])
        if found == 0 and len(a.terms) > 1:
            raise NoValue(AT_A_BOUND)
        return found

    # -- arithmetic

    def add(self, a: Series, b: Series) -> Series:
        """a + b."""
        add = self.operations["add"]
        if len(a.terms) == 1 or len(b.terms) == 1:
            long, short = (a, b) if len(b.terms) == 1 else (b, a)
            first, size = add(a.terms[0], b.terms[0]), long.sizes[0] + short.sizes[0]
            return Series([first, *long.terms[1:]], [size, *long.sizes[1:]])
        sizes = [x + y for x, y in zip(a.sizes, b.sizes, strict=False)]
        return Series(list(map(add, a.terms, b.terms)), sizes)

    def neg(self, a: Series) -> Series:
        """-a."""
        return Series(list(map(self.operations["neg"], a.terms)), a.sizes)

    def sub(self, a: Series, b: Series) -> Series:
        """a - b."""
        return self.add(a, self.neg(b))

    def mul(self, a: Series, b: Series) -> Series:
        """a · b."""
        mul, add = self.operations["mul"], self.operations["add"]
        if len(a.terms) == 1 or len(b.terms) == 1:
            pairs = [(x, y) for x in range(len(a.terms)) for y in range(len(b.terms))]
            return Series([mul(a.terms[x], b.terms[y]) for x, y in pairs], [a.sizes[x] * b.sizes[y] for x, y in pairs])
        count = min(len(a.terms), len(b.terms))
        terms = [reduce(add, map(mul, a.terms[: k + 1], b.terms[k::-1])) for k in range(count)]
        sizes = [reduce(operator.add, map(operator.mul, a.sizes[: k + 1], b.sizes[k::-1])) for k in range(count)]
        return Series(terms, sizes)

    def div(self, a: Series, b: Series) -> Series:
        """a / b."""
        return self.mul(a, self.inverse(b))

    def inverse(self, b: Series) -> Series:
        """1 / b, term by term from b · (1/b) = 1."""
        mul, add = self.operations["mul"], self.operations["add"]
        first = self.operations["div"](self.of_numbers.number(Fraction(1)), b.terms[0])
        terms, sizes = [first], [abs(first)]
        for k in range(1, len(b.terms)):
            rest = reduce(add, map(mul, b.terms[1 : k + 1], terms[::-1]))
            terms.append(mul(self.operations["neg"](first), rest))
            sizes.append(reduce(operator.add, map(operator.mul, b.sizes[1 : k + 1], sizes[::-1])) * abs(first))
        return Series(terms, sizes)

    def power(self, base: Series, exponent: Series) -> Series:
        """base ** exponent; a small whole one by products, whose terms are no larger than they need to be."""
        number = exponent.terms[0]
        if len(exponent.terms) > 1 and base.terms[0] > 0:  # smooth there, also where the rules single exponents out
            functions = self.rules.arithmetic.operations
            power: Series = functions["exp"](self.mul(exponent, functions["log"](base)))
            return power
        if len(exponent.terms) > 1 or not number.is_integer() or not abs(number) < MULTIPLIED_OUT:
            return self.any_power(base, exponent)
        count = integer(number)
        product = reduce(self.mul, [base] * abs(count), self.number(Fraction(1)))
        return product if count >= 0 else self.inverse(product)

    # -- functions

    def function(self, name: str) -> Callable[..., Series]:
        """A function of the catalogue: its value, and then the integral of its derivative, as far as that is known."""
        value = self.operations[name]
        uses_itself = any(
            "out" in free_names(postorder(rule(text))) for text in CATALOGUE[name].vjp if isinstance(text, str)
        )

        singular = self.number_rules.singular(name)

        def of(*arguments: Series) -> Series:
            firsts = [one.terms[0] for one in arguments]
            out = _constant(value(*firsts))
            length = max(len(one.terms) for one in arguments)
            if length > 1 and singular is not None and singular([*firsts, out.terms[0]]):
                raise NoValue(AT_A_BOUND)
            for known in range(1, length) if uses_itself else [length - 1] if length > 1 else ():
                cut = [one.cut(known) for one in arguments]
                slopes = self._slopes(name, arguments, [*cut, out], known)
                out = self._integral(out, slopes)
            return out

        return of

    def _slopes(self, name: str, arguments: Sequence[Series], bound: Sequence[Series], known: int) -> Series:
        """The derivative of a function's value along the way, to so many terms."""
        total: Series | None = None
        for place, argument in enumerate(arguments):
            if len(argument.terms) == 1:
                continue
            local = self.rules.local(name, (), place)
            if local is None:
                raise NoValue(NOT_DIFFERENTIABLE)
            share = self.mul(local(bound), self._derivative(argument).cut(known))
            total = share if total is None else self.add(total, share)
        assert total is not None
        return total

    def _derivative(self, a: Series) -> Series:
        mul, number = self.operations["mul"], self.of_numbers.number
        terms = [mul(number(Fraction(k)), term) for k, term in enumerate(a.terms)]
        return Series(terms[1:], [size * k for k, size in enumerate(a.sizes)][1:])

    def _integral(self, out: Series, slopes: Series) -> Series:
        """The series with this first term and this derivative."""
        mul, number = self.operations["mul"], self.of_numbers.number
        terms = [mul(number(Fraction(1, k)), term) for k, term in enumerate(slopes.terms, 1)]
        return Series([out.terms[0], *terms], [out.sizes[0], *(size / k for k, size in enumerate(slopes.sizes, 1))])


def _constant(value: Ball) -> Series:
    return Series([value], [abs(value)])
