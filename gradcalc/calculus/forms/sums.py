"""Sums as trees, numbers, and products put above and below a line."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import lru_cache, reduce
from math import inf

from flint import fmpq, fmpq_mpoly

from gradcalc.calculus.forms.cost import Cost
from gradcalc.calculus.forms.nodes import (
    BEHIND,
    ROOT,
    SUM,
    SUM_OF_POWERS,
    UNIT,
    VARIABLE,
    Factor,
    added,
    content_of,
    ordered,
    product_of,
)
from gradcalc.calculus.forms.products import Base, Product, TooLarge, multiply, times
from gradcalc.calculus.forms.read import Reader, fraction
from gradcalc.calculus.forms.spellings import Spelling, Spellings
from gradcalc.syntax.tree import Call, Node, Number, is_decimal

HALF = Fraction(1, 2)
HARDLY = 0.3
FEW_FACTORS = 4  # that are multiplied out for a sum
LONGER = 0.5  # by so much may a sum that is multiplied out cost more than its factors
MOST_TERMS = 12  # of a sum that is worth writing in several ways


class Sums(ABC):
    """Writes sums and numbers."""

    def __init__(self, reader: Reader, spellings: Spellings, cost: Cost, *, decimals: bool) -> None:
        self._reader = reader
        self._field = reader.field
        self._spellings = spellings
        self._cost = cost
        self._decimals = decimals
        self._sums: dict[Base, tuple[Spelling, ...]] = {}
        self._scaled = False  # has a factor that was just written a number in its sum that could stand before it?
        self._open: list[fmpq_mpoly] = []  # what is being divided by the user's sums

    @abstractmethod
    def product(self, product: Product) -> Node:
        """The product of powers as it is."""

    def shortest(self, nodes: Iterable[Node]) -> Node:
        """The node of the least cost; an earlier one where a later one is hardly cheaper."""
        best, least = None, inf
        for node in nodes:
            if (cost := self._cost.of(node)) < least - HARDLY:
                best, least = node, cost
        assert best is not None, "there is a form"
        return best

    def total(self, terms: Iterable[Product]) -> Node:
        """A sum of products, each written by itself."""
        return added(self.product(one) for one in terms)

    # -- sums

    def sum(self, base: Base) -> tuple[Spelling, ...]:
        """The ways to write a sum: as the user did, and as it is."""
        found = self._sums.get(base)
        if found is None:
            own = self._spellings.of(base)
            found = self._sums[base] = own or (
                *self._spellings.derived(base),
                *self._spelled(self._field.terms(base.poly)),
            )
        return found

    def _spelled(self, terms: Sequence[Product]) -> list[Spelling]:
        """A sum of terms, with whole numbers or as they are; grouped where that is shorter."""
        found = []
        for scale in self._scales([one.coefficient for one in terms]):
            scaled = [times(one, 1 / scale) for one in terms]
            found.append(Spelling(self._sum(scaled), scale))
        best = min(self._cost.of(one.node) for one in found)
        return [one for one in found if self._cost.of(one.node) < best + 2]

    def _sum(self, terms: Sequence[Product]) -> Node:
        if len(terms) < 3:
            return self.total(ordered(terms))
        return self.shortest([self.total(ordered(terms)), *self._in_own_sums(terms), *self._grouped(terms)])

    def _in_own_sums(self, terms: Sequence[Product]) -> Iterator[Node]:
        """The sum with a multiple of a sum of the user's taken out: x*(x**2 + y - 3) + 2."""
        polynomial = self._field.polynomial(terms)
        if polynomial in self._open:  # two sums of the user's may each be in what is left of the other
            return
        self._open.append(polynomial)
        for base in self._spellings.sums:
            quotient, rest = divmod(polynomial, base.poly)
            if not quotient.is_zero() and not rest.is_zero() and len(quotient) + len(rest) < len(terms):
                multiple = multiply(self._field.product(quotient), Product(fmpq(1), {base: 1}))
                yield self.total([multiple, self._field.product(rest)])
        self._open.pop()

    def _grouped(self, terms: Sequence[Product]) -> list[Node]:
        """The sum with a factor of some of its terms in front of those, where one is."""
        if len(terms) > MOST_TERMS:
            return []
        counts: dict[Base, int] = {}
        for one in terms:
            for base in one.powers:
                counts[base] = counts.get(base, 0) + 1
        found = []
        for base in sorted(
            (one for one, count in counts.items() if count > 1), key=lambda one: (-counts[one], one.serial)
        )[:3]:
            inside = [one for one in terms if base in one.powers]
            if any(one.powers[base] != 1 for one in inside):  # no Horner's scheme
                continue
            outside = [one for one in terms if base not in one.powers]
            factor = self._field.add(inside)
            found.append(added(self.product(one) for one in (factor, *ordered(outside))))
        return found

    def _scales(self, coefficients: Sequence[fmpq]) -> list[fmpq]:
        """What the terms of a sum may be divided by."""
        side = fmpq(-1 if all(one < 0 for one in coefficients) else 1)
        found = [side] if all(one * side > 0 for one in coefficients) else [side, -side]
        if self._decimals and any(one.q != 1 or abs(one.p) > 1000 for one in coefficients):
            found += [abs(one) * side for one in coefficients]
        content = content_of(coefficients)
        return list(dict.fromkeys([*found, *(content * one for one in found[:2] if abs(one) == 1)]))

    def _sums_to(self, power: int, alike: Sequence[Base], coefficient: fmpq, *, primitive: bool) -> list[Spelling]:
        """Sums to the same power: each by itself, or their product multiplied out where that is shorter.

        A `primitive` sum has no number in front that all its terms have, whatever then stands before it.
        """
        apart: list[Spelling] = []
        whole = coefficient
        for base in alike:
            spellings = self.sum(base)
            apart.append(self._cheapest(spellings, coefficient, power, primitive=primitive))
            if len(spellings) > 1 and any(abs(one.scale) != abs(apart[-1].scale) for one in spellings):
                self._scaled = True
            coefficient *= apart[-1].scale ** power
        if not 1 < len(alike) <= FEW_FACTORS:
            return apart
        try:
            terms = self._field.terms(self._field.expanded(Product(fmpq(1), dict.fromkeys(alike, 1))))
        except TooLarge:
            return apart
        if len(terms) > MOST_TERMS:
            return apart
        together = self._cheapest(self._spelled(terms), whole, power, primitive=primitive)
        longer = self._weight([together], whole, power) > self._weight(apart, whole, power) + LONGER
        return apart if longer else [together]

    def _weight(self, spellings: Sequence[Spelling], coefficient: fmpq, power: int) -> float:
        """What sums cost as factors, with the number in front."""
        for one in spellings:
            coefficient *= one.scale**power
        return sum(self._cost.of(one.node) + 1 for one in spellings) + self._cost.of(self._signed(coefficient))

    def _cheapest(self, spellings: Sequence[Spelling], coefficient: fmpq, power: int, *, primitive: bool) -> Spelling:
        if len(spellings) == 1:
            return spellings[0]
        if primitive:
            return min(spellings, key=lambda one: (self._cost.of(one.node), -abs(one.scale)))
        return min(spellings, key=lambda one: self._weight([one], coefficient, power))

    # -- factors

    def _sum_factor(self, node: Node, power: int = 1) -> Factor:
        """A sum as a factor: a polynomial stands before functions, (2*x + 1)*cos(x), other sums behind them."""
        return Factor(SUM_OF_POWERS if self._cost.is_polynomial(node) else SUM, node, power)

    def _root_factor(self, node: Node, power: Fraction | int = 1) -> Factor:
        """A root as a factor: that of variables stands with them, sqrt(x)*(x + 1)."""
        return Factor(VARIABLE, node, power, BEHIND) if self._cost.is_monomial(node) else Factor(ROOT, node, power)

    # -- numbers

    def _signed(self, value: fmpq) -> Node:
        size = self._number(abs(value))
        return Call("neg", (size,)) if value < 0 else size

    def _number(self, value: fmpq) -> Node:
        if value.q == 1:
            return whole(int(value.p))
        divided = Call("div", (whole(int(value.p)), whole(int(value.q))))
        if self._decimals and is_decimal(exact := fraction(value)):
            return self.shortest([Number(exact), divided])
        return divided

    def _power(self, node: Node, power: Fraction | int) -> Node:
        if power == 1:
            return node
        if power == HALF:
            return Call("sqrt", (node,))
        return Call("pow", (node, self._signed(fmpq(power.numerator, power.denominator))))

    def _written(self, coefficient: fmpq, factors: Sequence[Factor]) -> Node:
        """The product: above and below the line, numbers in front, the sign first of all."""
        size = abs(coefficient)
        front = self._number(size)
        single = isinstance(front, Number)
        above: list[Node] = (
            [] if size == 1 or (not single and size.p == 1) else [front if single else whole(int(size.p))]
        )
        below: list[Node] = [] if single else [whole(int(size.q))]
        for one in sorted(factors, key=lambda factor: (factor.rank, factor.place)):
            if one.power > 0:
                above.append(self._power(one.node, one.power))
            else:
                below.append(self._power(one.node, -one.power))
        first, *rest = above or [UNIT]
        if coefficient < 0:
            first = Call("neg", (first,))
        written = reduce(product_of, rest, first)
        return Call("div", (written, reduce(product_of, below))) if below else written


@lru_cache(maxsize=1000)
def whole(value: int) -> Node:
    """A whole number as a node; the same few come again and again."""
    return Number(Fraction(value))


def least(terms: Sequence[Product]) -> float:
    """What the sum of the terms costs at the least: their nodes and the signs between them.

    Only variables and whole powers are counted: other factors may turn out to be one.
    """
    nodes = len(terms) - 1
    for one in terms:
        if any(base.kernel is None or base.kernel.node is None for base in one.powers):
            nodes += 1
            continue
        factors = len(one.powers) + (abs(one.coefficient) != 1) or 1
        nodes += 2 * factors - 1 + 2 * sum(abs(power) != 1 for power in one.powers.values())
    return nodes
