"""Rational functions on a curve: what its equation says put in, so that x**2 + y**2 is 25 on the circle."""

from __future__ import annotations

from collections.abc import Iterator

from flint import fmpq, fmpq_mpoly

from gradcalc.base.effort import spend
from gradcalc.calculus.forms.field import ADDED, Field
from gradcalc.calculus.forms.products import Product, multiply, raised


def reduced(product: Product, equation: Product, field: Field) -> Iterator[Product]:
    """Products that are the same where the equation is 0: each sum without multiples of it, then the numerator so.

    Raises TooLarge.
    """
    sums = {base: 1 for base, power in equation.powers.items() if power > 0}
    if not sums:
        return
    zero = _in_roots(field.expanded(Product(fmpq(1), sums)), field)
    parts = [Product(product.coefficient, {})]
    for base, power in product.powers.items():
        found = _shortened(base.poly, zero, field)
        if found.coefficient == 0 and power < 0:
            return
        parts.append(raised(found, power))
    yield multiply(*parts)
    above = {base: power for base, power in product.powers.items() if power > 0}
    below = {base: power for base, power in product.powers.items() if power < 0}
    rest = _remainder(_in_roots(field.expanded(Product(product.coefficient, above)), field), zero)
    yield multiply(field.product(rest), Product(fmpq(1), below))


def _shortened(polynomial: fmpq_mpoly, zero: fmpq_mpoly, field: Field) -> Product:
    """A polynomial, each sum among its factors without multiples of another one."""
    constant, factors = _in_roots(polynomial, field).factor()
    parts = [
        raised(field.product(_remainder(one, zero) if len(one) > 1 else one), int(power)) for one, power in factors
    ]
    return multiply(Product(fmpq(constant), {}), *parts)


def _remainder(polynomial: fmpq_mpoly, zero: fmpq_mpoly) -> fmpq_mpoly:
    """What is left of a polynomial when multiples of another one are taken off."""
    spend(ADDED * len(polynomial) * len(zero))
    return divmod(polynomial, zero)[1]


def _in_roots(polynomial: fmpq_mpoly, field: Field) -> fmpq_mpoly:
    """A polynomial with the square of the root of x in place of x, where there is such a root."""
    for root in field.kernels:
        inside = [base.kernel for base in root.whole.powers]
        if root.degree and len(inside) == 1 and inside[0] is not None and root.whole.powers[inside[0].base] == 1:
            polynomial = _moved(polynomial, inside[0].place, root.place, root.degree, root.whole.coefficient)
    return polynomial


def _moved(polynomial: fmpq_mpoly, place: int, root: int, degree: int, scale: fmpq) -> fmpq_mpoly:
    """A polynomial in which what is `scale` times one generator is a power of another one."""
    parts: dict[tuple[int, ...], fmpq] = {}
    for powers, coefficient in polynomial.terms():
        power = int(powers[place])
        moved = [*powers]
        moved[root], moved[place] = powers[root] + degree * power, 0
        parts[tuple(moved)] = parts.get(tuple(moved), fmpq(0)) + coefficient / scale**power
    found: fmpq_mpoly = polynomial.context().from_dict(parts)
    return found
