"""Equal forms of a product: its factors, its numerator multiplied out, terms of their own, and the shortest of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gradcalc.calculus.forms.cost import Cost
from gradcalc.calculus.forms.factors import Products, styles
from gradcalc.calculus.forms.nodes import (
    Factor,
    content_of,
    divided,
    numerator,
    ordered,
)
from gradcalc.calculus.forms.parts import parted
from gradcalc.calculus.forms.products import ONE, Product, TooLarge, times
from gradcalc.calculus.forms.read import Reader
from gradcalc.calculus.forms.spellings import Respelled, Spellings
from gradcalc.calculus.forms.sums import FEW_FACTORS, HARDLY, MOST_TERMS, least
from gradcalc.syntax.tree import Node


class Writer(Products):
    """Writes what one reader has read."""

    def __init__(self, reader: Reader, spellings: Spellings, cost: Cost, *, decimals: bool) -> None:
        super().__init__(reader, spellings, cost, decimals=decimals)
        self._best: dict[object, Node] = {}

    # -- the shortest form

    def best(self, product: Product) -> Node:
        """The shortest form that is found."""
        key = product.key
        found = self._best.get(key)
        if found is None:
            found = self._best[key] = self._spellings.exact(product) or self.shortest(self.forms(product))
        return found

    def forms(self, product: Product) -> list[Node]:
        """Equal forms: factors, the numerator multiplied out, terms of their own."""
        found = [self.product(product)]
        limit = self._cost.of(found[0]) - HARDLY  # what costs as much at the least is not worth writing
        above, others = numerator(product)
        if above.powers and sum(above.powers.values()) <= FEW_FACTORS:
            found += self._multiplied(above, others, limit)
            found += self._share(above, others)
            for one in self._spellings.respelled(product):
                if one.named:
                    found += self._beside(one, limit)
        return found

    def _share(self, above: Product, others: Product) -> Iterator[Node]:
        """What is over a sum of it and one more term, as 1 less the share of that one: exp(a)/(exp(a) + exp(b)) - 1."""
        if [*above.powers.values()] != [1] or [*others.powers.values()] != [-1]:
            return
        (part,), (whole,) = above.powers, others.powers
        for side in (1, -1) if len(part.poly) + 1 == len(whole.poly) else ():
            rest = part.poly - side * whole.poly
            if len(rest) == 1:
                share = self._reader.product(self._field.product(rest), others)
                yield self.total(ordered([share, Product(side * others.coefficient, {})]))

    def _beside(self, one: Respelled, limit: float) -> Iterator[Node]:
        """Sums of the user's beside a numerator multiplied out: (K - S**2/J)/(K + S + S**2/J)**2."""
        above, others = numerator(one.product)
        fractions = any(power < 0 and len(base.poly) == 1 for base, power in others.powers.items())
        if not fractions or not above.powers or sum(above.powers.values()) > FEW_FACTORS:
            return
        try:
            terms = self._field.terms(self._field.expanded(above))
        except TooLarge:
            return
        if len(terms) <= MOST_TERMS:
            named = [self._sum_factor(node, power) for node, power in one.named]
            for inside, outside in divided(others, reciprocals=self._cost.reciprocals):
                yield from self._distributed(terms, inside, outside, limit, named)

    def _multiplied(self, above: Product, others: Product, limit: float) -> list[Node]:
        """A numerator multiplied out: over the denominator, and each of its terms over it or over a part of it.

        Forms that cost more than the limit may be left out.
        """
        try:
            terms = self._field.terms(self._field.expanded(above))
        except TooLarge:
            return []
        if len(terms) > MOST_TERMS:
            return []
        whole = [self._reader.product(one, others) for one in terms]
        found = [self.total(whole)] if least(whole) < limit else []
        for inside, outside in divided(others, reciprocals=self._cost.reciprocals):
            found += self._distributed(terms, inside, outside, limit)
        if sum(above.powers.values()) > 1 and least(terms) < limit:
            found.append(self._total_with_factor(terms, others))
        return found

    def _distributed(
        self, terms: Sequence[Product], inside: Product, outside: Product, limit: float, named: Sequence[Factor] = ()
    ) -> Iterator[Node]:
        """Each term of a sum times what stands inside, the whole times what stands outside; none where it is no use."""
        each = [self._reader.product(one, inside) for one in terms]
        if least(each) >= limit:
            return
        if outside == ONE and not named:
            content = content_of([one.coefficient for one in each])
            if content == 1:
                return
            each, outside = [times(one, 1 / content) for one in each], Product(content, {})
        parts, factor = parted(outside, self._field), [*named, self._sum_factor(self.total(each))]
        for short in styles(parts):
            yield self._factors(parts, factor, short=short)

    def _total_with_factor(self, terms: Sequence[Product], others: Product) -> Node:
        """A factor times a sum that is multiplied out."""
        spelling = self._spelled(terms)[0]
        return self._factors(parted(times(others, spelling.scale), self._field), [self._sum_factor(spelling.node)])
