"""Products of powers of irreducible polynomials and kernels: what rational functions are kept as."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from flint import fmpq, fmpq_mpoly

from gradcalc.syntax.tree import Node

LONGEST = 2_000  # bits of a coefficient


class TooLarge(Exception):
    """What is to be multiplied out has too many terms to be of use."""


class TooMany(Exception):
    """There are more kernels than the field has room for."""


@dataclass(eq=False, slots=True)
class Base:
    """A polynomial that has no factors, or a kernel: a generator of all polynomials.

    `scale` is what it is a multiple of, where FLINT writes it in another way: the first spelling seen stays.
    """

    poly: fmpq_mpoly
    serial: int
    kernel: Kernel | None = None
    scale: fmpq = field(default_factory=lambda: fmpq(1))


Powers: TypeAlias = Mapping[Base, int]


class Product(NamedTuple):  # made by the thousands: a frozen dataclass takes twice as long
    """A number times whole powers."""

    coefficient: fmpq
    powers: Powers

    @property
    def key(self) -> tuple[int, int, frozenset[tuple[Base, int]]]:
        """What equal products have in common; FLINT's own hash of a quotient makes one of Python's first."""
        return int(self.coefficient.p), int(self.coefficient.q), frozenset(self.powers.items())

    @property
    def is_number(self) -> bool:
        """Is there nothing but the number?"""
        return not self.powers


@dataclass(eq=False, slots=True)
class Kernel:
    """What polynomials are in: a variable, a call, a root, a power.

    A `power` is that of its first argument by its second; where `degree` is set, so high a power of the kernel is
    `whole`: a root's is what it is a root of.
    """

    function: str
    arguments: tuple[Product, ...]
    node: Node | None
    degree: int
    whole: Product
    place: int
    base: Base = field(init=False)


ONE = Product(fmpq(1), {})
ZERO = Product(fmpq(0), {})


def number(value: fmpq | int) -> Product:
    """A number as a product."""
    return Product(fmpq(value), {})


def multiply(*products: Product) -> Product:
    """The product of products."""
    coefficient = fmpq(1)
    powers: dict[Base, int] = {}
    for one in products:
        coefficient *= one.coefficient
        for base, power in one.powers.items():
            total = powers.get(base, 0) + power
            if total:
                powers[base] = total
            else:
                powers.pop(base, None)
    return Product(coefficient, powers) if coefficient != 0 else ZERO


def raised(product: Product, power: int) -> Product:
    """A whole power of a product. Raises ZeroDivisionError, and TooLarge."""
    if power == 1:
        return product
    bits = max(abs(product.coefficient.p).bit_length(), product.coefficient.q.bit_length())
    if bits * abs(power) > LONGEST:
        raise TooLarge
    powers = {base: one * power for base, one in product.powers.items()} if power else {}
    return Product(product.coefficient**power, powers)


def times(product: Product, value: fmpq | int) -> Product:
    """A multiple of a product."""
    return Product(product.coefficient * value, product.powers)


def folded(product: Product) -> Product:
    """A product in which no root has so high a power that it is none."""
    for base, power in product.powers.items():
        kernel = base.kernel
        if kernel is not None and kernel.degree and not 0 <= power < kernel.degree:
            whole, rest = divmod(power, kernel.degree)
            others = {one: times_in for one, times_in in product.powers.items() if one is not base}
            left = Product(product.coefficient, others | {base: rest} if rest else others)
            return folded(multiply(left, raised(kernel.whole, whole)))
    return product


@dataclass(slots=True)
class Pair:
    """The sine and the cosine of one angle; `sign` is 1, and -1 for the hyperbolic ones: cos² = 1 - sign·sin²."""

    sine: Base
    cosine: Base
    sign: int
    angle: Product


def merged(terms: Iterable[Product]) -> list[Product]:
    """Terms that are alike as one; those that vanish are left out."""
    found: dict[frozenset[tuple[Base, int]], Product] = {}
    for one in terms:
        if one.coefficient == 0:
            continue
        key = frozenset(one.powers.items())
        before = found.get(key)
        found[key] = one if before is None else Product(before.coefficient + one.coefficient, one.powers)
    return [one for one in found.values() if one.coefficient != 0]


def common_powers(products: Sequence[Product]) -> dict[Base, int]:
    """The powers that all the products have in common; negative ones are those of the common denominator."""
    first, *rest = products
    common = dict(first.powers)
    for one in rest:
        for base in [*common, *(base for base in one.powers if base not in common)]:
            common[base] = min(common.get(base, 0), one.powers.get(base, 0))
    return {base: power for base, power in common.items() if power}
