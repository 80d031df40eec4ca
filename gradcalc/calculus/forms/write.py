"""Products of kernels as trees: numbers first, what divides below, sums as the user spelled them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from math import gcd, isqrt, lcm

from flint import fmpq

from gradcalc.calculus.forms.cost import Cost
from gradcalc.calculus.forms.field import ONE, Base, Kernel, Product, TooLarge, multiply, raised, times
from gradcalc.calculus.forms.parts import Parts, parted
from gradcalc.calculus.forms.read import Reader, fraction
from gradcalc.calculus.forms.spellings import Spelling, Spellings
from gradcalc.syntax.tree import Call, Constant, Name, Node, Number, is_decimal

HALF = Fraction(1, 2)
UNIT = Number(Fraction(1))
FEW_FACTORS = 4  # that are multiplied out for a sum
MOST_TERMS = 12  # of a sum that is worth writing in several ways


@dataclass(frozen=True, slots=True)
class Factor:
    """A part of a written product: `rank` is its place among the others, a negative power goes below."""

    rank: int
    node: Node
    power: Fraction = Fraction(1)


class Writer:
    """Writes what one reader has read."""

    def __init__(self, reader: Reader, spellings: Spellings, cost: Cost, *, decimals: bool) -> None:
        self._reader = reader
        self._field = reader.field
        self._spellings = spellings
        self._cost = cost
        self._decimals = decimals
        self._best: dict[object, Node] = {}
        self._sums: dict[Base, tuple[Spelling, ...]] = {}

    # -- the shortest form

    def best(self, product: Product) -> Node:
        """The shortest form that is found."""
        key = product.key
        found = self._best.get(key)
        if found is None:
            found = self._best[key] = self._spellings.exact(product) or self.shortest(self.forms(product))
        return found

    def shortest(self, nodes: Iterable[Node]) -> Node:
        """The node of the least cost; the first one of several."""
        return min(nodes, key=self._cost.of)

    def forms(self, product: Product) -> list[Node]:
        """Equal forms: factors, the numerator multiplied out, terms of their own."""
        found = [self.product(product)]
        sums = [(base, power) for base, power in product.powers.items() if len(base.poly) > 1]
        above = {base: power for base, power in sums if power > 0}
        if not above:
            return found
        others = Product(product.coefficient, {b: p for b, p in product.powers.items() if b not in above})
        if sum(above.values()) <= FEW_FACTORS:
            found += self._multiplied(Product(fmpq(1), above), others)
        return found

    def _multiplied(self, above: Product, others: Product) -> list[Node]:
        """A numerator multiplied out: over the denominator, and each of its terms over it or over a part of it."""
        try:
            terms = self._field.terms(self._field.expanded(above))
        except TooLarge:
            return []
        if len(terms) > MOST_TERMS:
            return []
        found = [self._distributed(terms, inside, outside) for inside, outside in _divided(others)]
        if sum(above.powers.values()) > 1:
            found.append(self._total_with_factor(terms, others))
        return found

    def _distributed(self, terms: Sequence[Product], inside: Product, outside: Product) -> Node:
        """Each term of a sum times what stands inside, the whole times what stands outside."""
        each = [self._reader.product(one, inside) for one in terms]
        if outside == ONE:
            content = _content([one.coefficient for one in each])
            if content == 1:
                return self.total(each)
            each, outside = [times(one, 1 / content) for one in each], Product(content, {})
        return self._factors(parted(outside, self._field), [Factor(8, self.total(each))])

    def _total_with_factor(self, terms: Sequence[Product], others: Product) -> Node:
        """A factor times a sum that is multiplied out."""
        spelling = self._spelled(terms)[0]
        return self._factors(parted(times(others, spelling.scale), self._field), [Factor(8, spelling.node)])

    def total(self, terms: Iterable[Product]) -> Node:
        """A sum of products, each written by itself."""
        return added(self.product(one) for one in terms)

    # -- products

    def product(self, product: Product) -> Node:
        """The product of powers as it is."""
        if product.is_number:
            return self._signed(product.coefficient)
        return min(self._products(product), key=self._cost.of)

    def _products(self, product: Product) -> Iterator[Node]:
        for one in self._spellings.respelled(product):
            named = [Factor(8, node, Fraction(power)) for node, power in one.named]
            for shift in (0, *_shifts(one.product)):
                parts = parted(one.product, self._field, shift)
                for style in (True, False) if parts.waves else (False,):
                    yield self._factors(parts, named, short=style)

    def _factors(self, parts: Parts, named: Sequence[Factor], *, short: bool = False) -> Node:
        """A product from its parts; with `short` names for the tangent and the reciprocals."""
        factors = [
            *named,
            *self._plain(parts),
            *self._absolutes(parts),
            *self._waves(parts, short=short),
            *self._exponentials(parts),
        ]
        coefficient = parts.coefficient
        for power in sorted(set(parts.sums.values())):
            alike = [base for base, one in parts.sums.items() if one == power]
            for spelling in self._sums_to(power, alike, coefficient):
                coefficient *= spelling.scale**power
                factors.append(Factor(8, spelling.node, Fraction(power)))
        roots, coefficient = self._roots(parts, coefficient)
        return self._written(coefficient, [*factors, *roots])

    def _sums_to(self, power: int, alike: Sequence[Base], coefficient: fmpq) -> list[Spelling]:
        """Sums to the same power: each by itself, or their product multiplied out where that is shorter."""
        apart: list[Spelling] = []
        whole = coefficient
        for base in alike:
            apart.append(self._cheapest(self.sum(base), coefficient, power))
            coefficient *= apart[-1].scale ** power
        if not 1 < len(alike) <= FEW_FACTORS:
            return apart
        try:
            terms = self._field.terms(self._field.expanded(Product(fmpq(1), dict.fromkeys(alike, 1))))
        except TooLarge:
            return apart
        if len(terms) > MOST_TERMS:
            return apart
        together = self._cheapest(self._spelled(terms), whole, power)
        return min([[together], apart], key=lambda ones: self._weight(ones, whole, power))

    def _weight(self, spellings: Sequence[Spelling], coefficient: fmpq, power: int) -> float:
        """What sums cost as factors, with the number in front."""
        for one in spellings:
            coefficient *= one.scale**power
        return sum(self._cost.of(one.node) + 1 for one in spellings) + self._cost.of(self._signed(coefficient))

    def _cheapest(self, spellings: Sequence[Spelling], coefficient: fmpq, power: int) -> Spelling:
        if len(spellings) == 1:
            return spellings[0]
        return min(spellings, key=lambda one: self._weight([one], coefficient, power))

    def _plain(self, parts: Parts) -> list[Factor]:
        return [Factor(_rank(kernel), self.kernel(kernel), Fraction(power)) for kernel, power in parts.plain]

    def kernel(self, kernel: Kernel) -> Node:
        """A kernel by itself."""
        if kernel.node is not None:
            return kernel.node
        if kernel.function == "sum":
            return self.total(kernel.arguments)
        if kernel.function == "root":
            return self._power(self.best(kernel.whole), Fraction(1, kernel.degree))
        function = "pow" if kernel.function == "power" else kernel.function
        return Call(function, tuple(self.best(one) for one in kernel.arguments))

    def _absolutes(self, parts: Parts) -> list[Factor]:
        return [Factor(6, Call("abs", (self.best(one),)), Fraction(power)) for one, power in parts.absolutes]

    def _waves(self, parts: Parts, *, short: bool) -> list[Factor]:
        """Powers of sines and cosines."""
        found = []
        for pair, sine, cosine in parts.waves:
            names = WAVES if pair.sign > 0 else HYPERBOLIC
            angle = self.best(pair.angle)
            for name, power in _named(sine, cosine, short=short):
                found.append(Factor(5, Call(names[name], (angle,)), Fraction(power)))
        return found

    def _exponentials(self, parts: Parts) -> list[Factor]:
        """All the exponentials as one."""
        if not parts.exponents:
            return []
        total = self._field.add(parts.exponents)
        if total.is_number and total.coefficient == 0:
            return []
        turned = times(total, -1)
        if self._spellings.exact(turned) is not None and self._spellings.exact(total) is None and total.coefficient < 0:
            return [Factor(9, Call("exp", (self.best(turned),)), Fraction(-1))]
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
                    found.append(Factor(7, written.node, fraction(exponent.coefficient)))
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
            return [*found, Factor(7, self._root(multiply(above, raised(below, -1))))], coefficient
        for side, constant in ((True, above), (False, below)):
            first, *others = roots[side] or [ONE]
            for one in (multiply(constant, first), *others):
                if one != ONE:
                    found.append(Factor(7, self._root(one), Fraction(1 if side else -1)))
        return found, coefficient

    def _root(self, radicand: Product) -> Node:
        return Call("sqrt", (self.best(radicand),))

    def _raised(self, base: Product, exponent: Product) -> Factor:
        if exponent.is_number:
            return Factor(7, self.best(base), fraction(exponent.coefficient))
        if exponent.coefficient < 0:
            return Factor(4, Call("pow", (self.best(base), self.best(times(exponent, -1)))), Fraction(-1))
        return Factor(4, Call("pow", (self.best(base), self.best(exponent))))

    # -- sums

    def sum(self, base: Base) -> tuple[Spelling, ...]:
        """The ways to write a sum: as the user did, and as it is."""
        found = self._sums.get(base)
        if found is None:
            own = self._spellings.of(base)
            found = self._sums[base] = own or tuple(self._spelled(self._field.terms(base.poly)))
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
            return self.total(_ordered(terms))
        return self.shortest([self.total(_ordered(terms)), *self._in_own_sums(terms), *self._grouped(terms)])

    def _in_own_sums(self, terms: Sequence[Product]) -> Iterator[Node]:
        """The sum with a multiple of a sum of the user's taken out: x*(x**2 + y - 3) + 2."""
        polynomial = self._field.polynomial(terms)
        for base in self._spellings.sums:
            quotient, rest = divmod(polynomial, base.poly)
            if quotient != 0 and rest != 0 and len(quotient) + len(rest) < len(terms):
                multiple = multiply(self._field.product(quotient), Product(fmpq(1), {base: 1}))
                yield self.total([multiple, self._field.product(rest)])

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
            found.append(added(self.product(one) for one in (factor, *_ordered(outside))))
        return found

    def _scales(self, coefficients: Sequence[fmpq]) -> list[fmpq]:
        """What the terms of a sum may be divided by."""
        side = fmpq(-1 if all(one < 0 for one in coefficients) else 1)
        found = [side] if all(one * side > 0 for one in coefficients) else [side, -side]
        if self._decimals and any(one.q != 1 or abs(one.p) > 1000 for one in coefficients):
            found += [abs(one) * side for one in coefficients]
        content = _content(coefficients)
        return list(dict.fromkeys([*found, *(content * one for one in found[:2] if abs(one) == 1)]))

    # -- numbers

    def _signed(self, value: fmpq) -> Node:
        size = self._number(abs(value))
        return Call("neg", (size,)) if value < 0 else size

    def _number(self, value: fmpq) -> Node:
        exact = fraction(value)
        if exact.denominator == 1:
            return Number(exact)
        divided = Call("div", (Number(Fraction(exact.numerator)), Number(Fraction(exact.denominator))))
        if self._decimals and is_decimal(exact):
            return self.shortest([Number(exact), divided])
        return divided

    def _power(self, node: Node, power: Fraction) -> Node:
        if power == 1:
            return node
        if power == HALF:
            return Call("sqrt", (node,))
        return Call("pow", (node, self._signed(fmpq(power.numerator, power.denominator))))

    def _written(self, coefficient: fmpq, factors: Sequence[Factor]) -> Node:
        """The product: above and below the line, numbers in front, the sign first of all."""
        size = abs(coefficient)
        front = self._number(size)
        whole = isinstance(front, Number)
        above = [] if size == 1 or (not whole and size.p == 1) else [front if whole else Number(Fraction(int(size.p)))]
        below = [] if whole else [Number(Fraction(int(size.q)))]
        for one in sorted(factors, key=lambda factor: factor.rank):
            (above if one.power > 0 else below).append(self._power(one.node, abs(one.power)))
        first, *rest = above or [UNIT]
        if coefficient < 0:
            first = Call("neg", (first,))
        written = reduce(_times, rest, first)
        return Call("div", (written, reduce(_times, below))) if below else written


WAVES = {"sine": "sin", "cosine": "cos", "tangent": "tan", "cotangent": "cot", "secant": "sec", "cosecant": "csc"}
HYPERBOLIC = {
    "sine": "sinh",
    "cosine": "cosh",
    "tangent": "tanh",
    "cotangent": "coth",
    "secant": "sech",
    "cosecant": "csch",
}


def _named(sine: int, cosine: int, *, short: bool) -> list[tuple[str, int]]:
    """Powers of sine and cosine by name: with `short` names, none of a sine or a cosine is negative."""
    found = [("sine", sine), ("cosine", cosine)]
    if short:
        tangent = min(max(sine, 0), max(-cosine, 0))
        cotangent = min(max(-sine, 0), max(cosine, 0))
        sine, cosine = sine - tangent + cotangent, cosine + tangent - cotangent
        found = [("tangent", tangent), ("cotangent", cotangent)]
        found += [
            ("sine", sine) if sine > 0 else ("cosecant", -sine),
            ("cosine", cosine) if cosine > 0 else ("secant", -cosine),
        ]
    return [(name, power) for name, power in found if power]


def added(terms: Iterable[Node]) -> Node:
    """The sum of nodes, one with a minus sign subtracted; the first with none is put in front."""
    signed = [_unsigned(one) for one in terms]
    if signed[0][0]:
        signed.sort(key=lambda one: one[0])
    (negative, written), *rest = signed
    if negative:
        written = negated(written)
    for negative, term in rest:
        written = Call("sub" if negative else "add", (written, term))
    return written


def _unsigned(node: Node) -> tuple[bool, Node]:
    """Does a node begin with a minus sign? And the node without it."""
    if isinstance(node, Call):
        if node.function == "neg":
            return True, node.arguments[0]
        if node.function in ("mul", "div"):
            negative, first = _unsigned(node.arguments[0])
            if negative:
                written = Call(node.function, (first, *node.arguments[1:]))
                return True, node.arguments[1] if node.function == "mul" and first == UNIT else written
    return False, node


def negated(node: Node) -> Node:
    """The negative, its sign in front of the first factor."""
    if isinstance(node, Call) and node.function in ("mul", "div"):
        first, *rest = node.arguments
        return Call(node.function, (negated(first), *rest))
    return Call("neg", (node,))


def _divided(others: Product) -> Iterator[tuple[Product, Product]]:
    """What the terms of a numerator may be multiplied by, and what then stands outside: everything inside first."""
    yield others, ONE
    below = {base: power for base, power in others.powers.items() if power < 0}
    rest = Product(others.coefficient, {base: power for base, power in others.powers.items() if power > 0})
    if below and rest != ONE:
        yield Product(fmpq(1), below), rest
    for base, power in below.items() if len(below) > 1 else ():
        part = Product(fmpq(1), {base: power})
        yield part, multiply(others, raised(part, -1))


def _shifts(product: Product) -> Iterator[int]:
    """The powers of a radicand of several factors that may go to its root: sqrt(g*h)/h is g/sqrt(g*h)."""
    for base in product.powers:
        if base.kernel is not None and base.kernel.function == "root":
            inside = base.kernel.whole.powers
            powers = [product.powers.get(one, 0) * side for one, side in inside.items()]
            if len(inside) > 1 and any(powers):
                yield -1 if min(powers) < 0 else 1


def _times(x: Node, y: Node) -> Node:
    return Call("mul", (x, y))


def _ordered(terms: Sequence[Product]) -> list[Product]:
    """The terms by falling degree; by rising degree, or another in front, where the first would be negative."""
    found = list(terms)
    if found[0].coefficient > 0:
        return found
    degrees = [sum(one.powers.values()) for one in found]
    if found[-1].coefficient > 0 and len(set(degrees)) == len(found):
        return found[::-1]
    return sorted(found, key=lambda one: one.coefficient < 0)


def square_root(value: fmpq) -> fmpq | None:
    """The root of a positive number, where that is rational."""
    above, below = isqrt(int(value.p)), isqrt(int(value.q))
    return fmpq(above, below) if (above**2, below**2) == (value.p, value.q) else None


def _content(values: Sequence[fmpq]) -> fmpq:
    """The greatest number that all are whole multiples of."""
    return fmpq(gcd(*(int(one.p) for one in values)), lcm(*(int(one.q) for one in values)))


def _rank(kernel: Kernel) -> int:
    """The place of a kernel in a product: constants, variables, functions."""
    if isinstance(kernel.node, Constant):
        return 1
    return 2 if isinstance(kernel.node, Name) else 6
