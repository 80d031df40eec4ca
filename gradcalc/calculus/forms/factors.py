"""Products of kernels as trees: numbers first, what divides below, sums as the user spelled them."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from fractions import Fraction

from flint import fmpq

from gradcalc.calculus.forms.cost import Cost
from gradcalc.calculus.forms.nodes import (
    HYPERBOLIC,
    WAVES,
    Factor,
    named_waves,
    rank,
    shifts,
    square_root,
    unsigned,
)
from gradcalc.calculus.forms.parts import NO_CONSTANTS, Parts, parted
from gradcalc.calculus.forms.products import ONE, Kernel, Product, multiply, raised, times
from gradcalc.calculus.forms.read import Reader, fraction
from gradcalc.calculus.forms.spellings import Spellings
from gradcalc.calculus.forms.sums import Sums
from gradcalc.syntax.tree import Call, Node


class Products(Sums):
    """Writes products as they are."""

    def __init__(self, reader: Reader, spellings: Spellings, cost: Cost, *, decimals: bool) -> None:
        super().__init__(reader, spellings, cost, decimals=decimals)
        self._written_products: dict[object, Node] = {}

    @abstractmethod
    def best(self, product: Product) -> Node:
        """The shortest form that is found."""

    def product(self, product: Product) -> Node:
        """The product of powers as it is."""
        if product.is_number:
            return self._signed(product.coefficient)
        key = product.key
        found = self._written_products.get(key)
        if found is None:
            found = self._written_products[key] = self._monomial(product) or self._cheapest_product(product)
        return found

    def _monomial(self, product: Product) -> Node | None:
        """A product of variables and constants, which there is one way to write; None where there is more in it."""
        factors = []
        for base, power in product.powers.items():
            kernel = base.kernel
            if kernel is None or kernel.node is None:
                return None
            factors.append(Factor(rank(kernel), kernel.node, power, self._spellings.place(kernel)))
        return self._written(product.coefficient, factors)

    def _cheapest_product(self, product: Product) -> Node:
        first, *others = self._products(product)
        return min((first, *others), key=self._cost.of) if others else first

    def _products(self, product: Product) -> Iterator[Node]:
        for one in self._spellings.respelled(product):
            named = [self._sum_factor(node, power) for node, power in one.named]
            for shift in (0, *shifts(one.product)):
                parts = parted(one.product, self._field, shift)
                before, self._scaled = self._scaled, False
                found = [self._factors(parts, named, short=short) for short in styles(parts)]
                scaled, self._scaled = self._scaled, before
                if scaled and len({power > 0 for power in parts.sums.values()}) == 2:
                    yield self._factors(parts, named, primitive=True)  # numbers above and below may cancel
                yield from found

    def _factors(self, parts: Parts, named: Sequence[Factor], *, short: bool = False, primitive: bool = False) -> Node:
        """A product from its parts; with `short` names for the tangent and the reciprocals, or `primitive` sums."""
        factors = [*named, *self._plain(parts)]
        if parts.absolutes:
            factors += self._absolutes(parts)
        if parts.waves:
            factors += self._waves(parts, short=short)
        if parts.exponents:
            factors += self._exponentials(parts)
        coefficient = parts.coefficient
        for power in sorted(set(parts.sums.values())):
            alike = [base for base, one in parts.sums.items() if one == power]
            for spelling in self._sums_to(power, alike, coefficient, primitive=primitive):
                coefficient *= spelling.scale**power
                factors.append(self._sum_factor(spelling.node, power))
        if parts.raised or parts.constants != NO_CONSTANTS:
            roots, coefficient = self._roots(parts, coefficient)
            factors += roots
        return self._written(coefficient, factors)

    def _plain(self, parts: Parts) -> list[Factor]:
        return [
            Factor(rank(kernel), self.kernel(kernel), power, self._spellings.place(kernel))
            for kernel, power in parts.plain
        ]

    def kernel(self, kernel: Kernel) -> Node:
        """A kernel by itself."""
        if kernel.node is not None:
            return kernel.node
        if kernel.function == "sum":
            return self.total(kernel.arguments)
        if kernel.function == "root":
            return self._power(self.best(kernel.whole), Fraction(1, kernel.degree))
        own = self._spellings.exact(Product(fmpq(1), {kernel.base: 1})) if kernel.function == "gamma" else None
        if own is not None:  # k!, where that was written
            return own
        function = "pow" if kernel.function == "power" else kernel.function
        return Call(function, tuple(self.best(one) for one in kernel.arguments))

    def _absolutes(self, parts: Parts) -> list[Factor]:
        return [Factor(6, Call("abs", (self.best(one),)), power) for one, power in parts.absolutes]

    def _waves(self, parts: Parts, *, short: bool) -> list[Factor]:
        """Powers of sines and cosines."""
        found = []
        for pair, sine, cosine in parts.waves:
            names = WAVES if pair.sign > 0 else HYPERBOLIC
            angle = self.best(pair.angle)
            for name, power in named_waves(sine, cosine, short=short):
                found.append(Factor(5, Call(names[name], (angle,)), power))
        return found

    def _exponentials(self, parts: Parts) -> list[Factor]:
        """All the exponentials as one."""
        total = self._field.add(parts.exponents)
        if total.is_number and total.coefficient == 0:
            return []
        turned = times(total, -1)
        if self._spellings.exact(turned) is not None and self._spellings.exact(total) is None and total.coefficient < 0:
            return [Factor(9, Call("exp", (self.best(turned),)), -1)]
        return [Factor(9, Call("exp", (self.best(total),)))]

    # -- roots and powers

    def _roots(self, parts: Parts, coefficient: fmpq) -> tuple[list[Factor], fmpq]:
        """Roots and powers of other exponents; square roots of numbers under one root with others."""
        found: list[Factor] = []
        above, below = parts.constants
        roots: dict[bool, list[Product]] = {True: [], False: []}
        for base, exponent in parts.raised:
            written = self._spellings.under_root(base) if exponent.is_number and exponent.coefficient.q == 2 else None
            if written is not None:
                square = above.coefficient * written.scale ** int(exponent.coefficient.p)
                if (size := square_root(square)) is not None:
                    coefficient, above = coefficient * size, times(above, 1 / above.coefficient)
                    found.append(self._root_factor(written.node, fraction(exponent.coefficient)))
                    continue
            if exponent.is_number and abs(exponent.coefficient) == fmpq(1, 2):
                roots[exponent.coefficient > 0].append(base)
            else:
                found.append(self._raised(base, exponent))
        size = above.coefficient
        if size != 1 and (
            coefficient.q % size.p == 0
            or (not above.powers and not roots[True] and roots[False] and coefficient.q != 1)
        ):
            coefficient, above, below = coefficient * size, times(above, 1 / size), times(below, size)
        if above != ONE and below != ONE and not roots[True] and not roots[False]:
            return [*found, self._root_factor(self._root(multiply(above, raised(below, -1))))], coefficient
        for side, constant in ((True, above), (False, below)):
            first, *others = roots[side] or [ONE]
            for one in (multiply(constant, first), *others):
                if one != ONE:
                    found.append(self._root_factor(self._root(one), 1 if side else -1))
        return found, coefficient

    def _root(self, radicand: Product) -> Node:
        return Call("sqrt", (self.best(radicand),))

    def _raised(self, base: Product, exponent: Product) -> Factor:
        if exponent.is_number:
            return self._root_factor(self.best(base), fraction(exponent.coefficient))
        negative, size = unsigned(self.best(exponent))
        return Factor(4, Call("pow", (self.best(base), size)), -1 if negative else 1)


def styles(parts: Parts) -> tuple[bool, ...]:
    """Whether short names for the tangent and the reciprocals may be used: both ways where they make a difference."""
    return (True, False) if any(min(powers) < 0 for _, *powers in parts.waves) else (False,)
