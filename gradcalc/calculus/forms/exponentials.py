"""Exponentials in a denominator turned over: exp(-z)/(1 + exp(-z)) is 1/(exp(z) + 1)."""

from __future__ import annotations

from collections.abc import Iterator

from flint import fmpq

from gradcalc.calculus.forms.products import Base, Kernel, Product, TooLarge, TooMany, multiply, raised, times
from gradcalc.calculus.forms.read import Reader


def turned(product: Product, reader: Reader) -> Iterator[Product]:
    """The product in the reciprocal of an exponential, where that leaves no factor of it."""
    for kernel in [one for one in reader.field.kernels if one.function == "exp"]:
        sums = {base: power for base, power in product.powers.items() if len(base.poly) > 1 and _degree(base, kernel)}
        if sums and sum(_degree(base, kernel) * power for base, power in sums.items()) == -product.powers.get(
            kernel.base, 0
        ):
            try:
                yield _turned(product, sums, kernel, reader)
            except (TooLarge, TooMany):
                return


def _degree(base: Base, kernel: Kernel) -> int:
    return int(base.poly.degrees()[kernel.place])


def _turned(product: Product, sums: dict[Base, int], kernel: Kernel, reader: Reader) -> Product:
    """The product with the reciprocal in place of an exponential."""
    reciprocal = reader.field.kernel("exp", (times(kernel.arguments[0], -1),))
    parts = [
        Product(
            product.coefficient, {b: p for b, p in product.powers.items() if b not in sums and b is not kernel.base}
        )
    ]
    for base, power in sums.items():
        terms = reader.field.terms(base.poly)
        degree = _degree(base, kernel)
        reversed_terms = [
            multiply(
                one,
                Product(fmpq(1), {kernel.base: -one.powers.get(kernel.base, 0)}),
                Product(fmpq(1), {reciprocal: degree - one.powers.get(kernel.base, 0)}),
            )
            for one in terms
        ]
        parts.append(raised(reader.field.add(reversed_terms), power))
    return multiply(*parts)
