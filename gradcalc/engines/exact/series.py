"""Arithmetic on Taylor series, term by term: what functions make of them follows from their first derivatives."""

from __future__ import annotations

import dataclasses
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, partial, reduce

from gradcalc.engines.exact.arithmetic import Arithmetic
from gradcalc.engines.exact.ball import Ball, integer
from gradcalc.engines.exact.evaluation import NOT_DIFFERENTIABLE
from gradcalc.engines.exact.rules import NoValue, Rule, Rules
from gradcalc.functions import CATALOGUE
from gradcalc.functions.function import rule
from gradcalc.syntax.tree import Node, free_names, postorder

MULTIPLIED_OUT = 16
AT_A_BOUND = "the branch that is taken changes here"


@dataclass(frozen=True, slots=True)
class Series:
    """The first terms of a Taylor series, with the sums of the absolute values that each is made of.

    A constant has one term, as every series has that is cut there: such two meet no longer ones. One that is not
    `whole` begins at a kink or a pole of a part: its value is known, and there are no further terms.
    """

    terms: Sequence[Ball]
    sizes: Sequence[Ball]
    whole: bool = True

    def cut(self, length: int) -> Series:
        """The first terms alone."""
        return Series(self.terms[:length], self.sizes[:length])


@cache
def on_series(rules: Rules) -> Rules:
    """The rules of the catalogue for series of numbers."""
    return _Series(rules).rules


class _OnSides(Rules):
    """Rules for series, which are inside a domain where they are so at the point and on both sides of it."""

    def __init__(self, arithmetic: Arithmetic, sides: Sequence[Rules]) -> None:
        super().__init__(arithmetic)
        self.sides = sides

    def domain(self, condition: Node, names: Sequence[str]) -> Rule:
        """Does a domain hold?"""
        sides = [rules.compiled(condition, names) for rules in self.sides]
        return lambda values: all(side(values) for side in sides)


class _Series:
    """Arithmetic on series: products by Cauchy's rule, functions by integrating their derivatives."""

    def __init__(self, rules: Rules) -> None:
        self.of_numbers, self.number_rules = rules.arithmetic, rules
        self.operations = rules.arithmetic.operations
        operations = {name: self.function(name) for name in self.operations}
        self.any_power = operations["pow"]
        operations |= {"add": self.add, "sub": self.sub, "mul": self.mul, "div": self.div, "neg": self.neg}
        operations |= {"pow": self.power}
        operations = {name: self.as_far_as_known(name, operation) for name, operation in operations.items()}
        arithmetic = Arithmetic(self.number, self.constants(), operations, self.sign)
        sides = [Rules(dataclasses.replace(arithmetic, sign=partial(self.sign_on, side))) for side in (0, 1, -1)]
        self.rules = _OnSides(arithmetic, sides)

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
        if found == 0 and not (len(a.terms) == 1 and a.whole):
            raise NoValue(AT_A_BOUND)
        return found

    def sign_on(self, side: int, a: Series) -> int:
        """The sign that a series has at the point (0), or on a side of it: that of its first term that is not 0.

        Raises NoValue where no term shows it.
        """
        first = self.of_numbers.sign(a.terms[0])
        if first or side == 0:
            return first
        signs = (self.of_numbers.sign(term) * side**power for power, term in enumerate(a.terms))
        return next(filter(None, signs), 0) or self.sign(a)

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

    def as_far_as_known(self, name: str, operation: Callable[..., Series]) -> Callable[..., Series]:
        """An operation; of what has a value and no further terms, that of the values."""
        value = self.operations[name]

        def of(*arguments: Series) -> Series:
            if all(one.whole for one in arguments):
                return operation(*arguments)
            return _stump(value(*(one.terms[0] for one in arguments)))

        return of

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
                return _stump(out.terms[0])
            for known in range(1, length) if uses_itself else [length - 1] if length > 1 else ():
                cut = [one.cut(known) for one in arguments]
                slopes = self._slopes(name, arguments, [*cut, out], known)
                if not slopes.whole:
                    return _stump(out.terms[0])
                out = self._integral(out, slopes)
            return out

        return of

    def _slopes(self, name: str, arguments: Sequence[Series], bound: Sequence[Series], known: int) -> Series:
        """The derivative of a function's value along the way, to so many terms; not whole where it has none."""
        total: Series | None = None
        for place, argument in enumerate(arguments):
            if len(argument.terms) == 1:
                continue
            local = self.rules.local(name, (), place)
            if local is None:
                raise NoValue(NOT_DIFFERENTIABLE)
            slope: Series = local(bound)
            if not slope.whole:
                return slope
            share = self.mul(slope, self._derivative(argument).cut(known))
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


def _stump(value: Ball) -> Series:
    return Series([value], [abs(value)], whole=False)
