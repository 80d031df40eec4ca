"""Rational functions of kernels: sums, and the factors of polynomials, by FLINT's arithmetic."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from math import comb, prod

from flint import Ordering, fmpq, fmpq_mpoly, fmpq_mpoly_ctx

from gradcalc.base.effort import spend
from gradcalc.calculus.forms.factoring import factored
from gradcalc.calculus.forms.products import (
    ONE,
    ZERO,
    Base,
    Kernel,
    Pair,
    Powers,
    Product,
    TooLarge,
    TooMany,
    common_powers,
    folded,
    merged,
    multiply,
    raised,
)
from gradcalc.syntax.tree import Node

MOST_TERMS = 300  # of a sum that is multiplied out
ADDED, FACTORED = 8, 60  # steps for each term


class Field:
    """The kernels found so far, the irreducible polynomials in them, and sums, which find these."""

    def __init__(self, size: int) -> None:
        self._context = fmpq_mpoly_ctx.get(("x", size), Ordering.degrevlex)
        self._generators = self._context.gens()
        self._zero = (0,) * size
        self.kernels: list[Kernel] = []
        self.pairs: list[Pair] = []
        self._found: dict[object, Kernel] = {}
        self._known: dict[str, Base] = {}
        self._factored: dict[str, Product] = {}

    def kernel(
        self,
        function: str,
        arguments: tuple[Product, ...] = (),
        node: Node | None = None,
        degree: int = 0,
        whole: Product = ONE,
    ) -> Base:
        """The generator for a kernel: the same for the same one. Raises TooMany."""
        key = (function, tuple(one.key for one in arguments), node, degree)
        found = self._found.get(key)
        if found is None:
            if len(self.kernels) == len(self._generators):
                raise TooMany
            found = Kernel(function, arguments, node, degree, whole, len(self.kernels))
            found.base = Base(self._generators[found.place], found.place, found)
            self.kernels.append(found)
            self._found[key] = found
        return found.base

    def known(self, function: str, arguments: tuple[Product, ...]) -> Base | None:
        """The generator for a kernel that was met before."""
        found = self._found.get((function, tuple(one.key for one in arguments), None, 0))
        return found.base if found is not None else None

    def fork(self) -> Field:
        """A field that goes on from here by itself."""
        other = copy(self)
        other.kernels, other.pairs = list(self.kernels), list(self.pairs)
        other._found, other._known, other._factored = dict(self._found), dict(self._known), dict(self._factored)
        return other

    # -- sums

    def add(self, terms: Iterable[Product]) -> Product:
        """The sum, as a product of what it has for factors; one too large to be multiplied out is a kernel."""
        unlike = merged(terms)
        if len(unlike) < 2:
            return unlike[0] if unlike else ZERO
        common = common_powers(unlike)
        polynomial = self._context.constant(0)
        try:
            for one in unlike:
                polynomial += self.expanded(one, common)
            return folded(multiply(Product(fmpq(1), common), self.product(polynomial)))
        except TooLarge:
            return Product(fmpq(1), {self.kernel("sum", tuple(unlike)): 1})

    def expanded(self, product: Product, without: Powers | None = None) -> fmpq_mpoly:
        """A product multiplied out, but for the powers in `without`. Raises TooLarge."""
        left = without or {}
        result = self._context.constant(product.coefficient)
        powers = [(base, power - left.get(base, 0)) for base, power in product.powers.items()]
        powers += [(base, -power) for base, power in left.items() if base not in product.powers and power]
        terms = prod(comb(power + len(base.poly) - 1, power) for base, power in powers if len(base.poly) > 1)
        if terms > MOST_TERMS:
            raise TooLarge
        spend(ADDED * terms)
        for base, power in powers:
            if power:
                result *= base.poly if power == 1 else base.poly**power
        return result

    def product(self, polynomial: fmpq_mpoly) -> Product:
        """A polynomial as a product of powers of what has no factors, identities applied where that is shorter."""
        polynomial = self._related(polynomial)
        for kernel, degree in zip(self.kernels, polynomial.degrees(), strict=False):
            if kernel.degree and degree >= kernel.degree:
                return self._rooted(polynomial, kernel)
        return self._with_root(polynomial) or self.factors(polynomial)

    def _with_root(self, polynomial: fmpq_mpoly) -> Product | None:
        """The factors of a polynomial in which a root is taken out of its power: x*r + x**2 + 1 as r*(x + r)."""
        if len(polynomial) < 3:
            return None
        for kernel, degree in zip(self.kernels, polynomial.degrees(), strict=False):
            whole = kernel.whole.powers
            if kernel.degree and degree and any(len(base.poly) > 1 for base in whole) and min(whole.values()) > 0:
                quotient, rest = divmod(polynomial, self.expanded(kernel.whole))
                if not quotient.is_zero():
                    changed = rest + quotient * kernel.base.poly**kernel.degree
                    if len(changed) < len(polynomial):
                        found = self.factors(changed)
                        if all(one.poly.degrees()[kernel.place] < kernel.degree for one in found.powers):
                            return found
        return None

    def _rooted(self, polynomial: fmpq_mpoly, kernel: Kernel) -> Product:
        """A polynomial in which a kernel has high powers that are what it is a root of."""
        parts: dict[int, dict[tuple[int, ...], fmpq]] = {}
        for powers, coefficient in polynomial.terms():
            times_in, rest = divmod(powers[kernel.place], kernel.degree)
            place = (*powers[: kernel.place], rest, *powers[kernel.place + 1 :])
            parts.setdefault(times_in, {})[place] = coefficient
        return self.add(
            multiply(self.factors(self._context.from_dict(part)), raised(kernel.whole, power))
            for power, part in parts.items()
        )

    def _related(self, polynomial: fmpq_mpoly) -> fmpq_mpoly:
        """The shortest of a polynomial's forms by sin² + cos² = 1, angle by angle."""
        if not self.pairs:
            return polynomial
        degrees = polynomial.degrees()
        for pair in self.pairs:
            if max(degrees[pair.sine.serial], degrees[pair.cosine.serial]) > 1:
                polynomial = min((polynomial, *self.exchanged(polynomial, pair)), key=len)
        return polynomial

    def exchanged(self, polynomial: fmpq_mpoly, pair: Pair) -> tuple[fmpq_mpoly, fmpq_mpoly]:
        """A polynomial without squares of the sine, and without those of the cosine."""
        square = pair.cosine.poly**2
        no_sine = self._replaced(polynomial, pair.sine.serial, pair.sign * (1 - square))
        no_cosine = self._replaced(polynomial, pair.cosine.serial, 1 - pair.sign * pair.sine.poly**2)
        return no_sine, no_cosine

    def _replaced(self, polynomial: fmpq_mpoly, place: int, square: fmpq_mpoly) -> fmpq_mpoly:
        """A polynomial with another one for the square of a generator. Raises TooLarge."""
        parts: dict[int, dict[tuple[int, ...], fmpq]] = {}
        for powers, coefficient in polynomial.terms():
            squares, rest = divmod(powers[place], 2)
            parts.setdefault(squares, {})[(*powers[:place], rest, *powers[place + 1 :])] = coefficient
        if len(parts) == 1 and 0 in parts:
            return polynomial
        if len(polynomial) * max(parts) > MOST_TERMS:
            raise TooLarge
        spend(ADDED * len(polynomial))
        result = self._context.constant(0)
        for squares, part in parts.items():
            result += self._context.from_dict(part) * square**squares
        return result

    def factors(self, polynomial: fmpq_mpoly) -> Product:
        """The factors of a polynomial as it is, powers of roots left as they are."""
        key = str(polynomial)
        found = self._factored.get(key)
        if found is None:
            found = self._factored[key] = self._factored_now(polynomial)
        return found

    def _factored_now(self, polynomial: fmpq_mpoly) -> Product:
        if len(polynomial) < 2:
            return self._monomial(polynomial)
        if len(polynomial) > MOST_TERMS:
            raise TooLarge
        spend(FACTORED * len(polynomial))
        constant, factors = factored(polynomial)
        sums = [(one, power) for one, power in factors if len(one) > 1]
        if len(sums) == 1 and sums[0][1] == 1:
            self._introduce(sums[0][0], constant)
        coefficient = fmpq(constant)
        powers: dict[Base, int] = {}
        for one, power in factors:
            base = self._base(one)
            coefficient *= base.scale**-power
            powers[base] = int(power)
        return Product(coefficient, powers)

    def _monomial(self, polynomial: fmpq_mpoly) -> Product:
        for exponents, coefficient in polynomial.terms():
            return Product(coefficient, {self.kernels[i].base: int(e) for i, e in enumerate(exponents) if e})
        return ZERO

    def _introduce(self, factor: fmpq_mpoly, scale: fmpq) -> None:
        """Remember a sum as it is when it is first met: `1 - x`, not `x - 1`; with 1e-5, not with 100000."""
        key = str(factor)
        if key not in self._known:
            self._known[key] = Base(factor * scale, len(self._generators) + len(self._known), scale=fmpq(scale))

    def _base(self, factor: fmpq_mpoly) -> Base:
        if len(factor) == 1:
            return self.kernels[max(range(len(self._zero)), key=factor.degrees().__getitem__)].base
        self._introduce(factor, fmpq(1))
        return self._known[str(factor)]

    def terms(self, polynomial: fmpq_mpoly) -> list[Product]:
        """The terms of a polynomial, by falling degree."""
        return [
            Product(coefficient, {self.kernels[i].base: int(e) for i, e in enumerate(exponents) if e})
            for exponents, coefficient in polynomial.terms()
        ]

    def polynomial(self, terms: Iterable[Product]) -> fmpq_mpoly:
        """The polynomial with these terms."""
        result = self._context.constant(0)
        for one in terms:
            result += self.expanded(one)
        return result

    def gathered(self, parts: Iterable[tuple[Mapping[tuple[int, ...], fmpq], fmpq_mpoly]]) -> fmpq_mpoly:
        """The sum of products of polynomials, the first factor of each by its terms."""
        result = self._context.constant(0)
        for part, factor in parts:
            spend(ADDED * len(part) * len(factor))
            result += self._context.from_dict(dict(part)) * factor
        return result
