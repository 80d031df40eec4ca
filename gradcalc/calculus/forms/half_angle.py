"""Quotients of least degree in a sine and a cosine: as one of the tangent of half the angle each has one form."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from flint import fmpq, fmpq_mpoly

from gradcalc.base.effort import spend
from gradcalc.calculus.forms.field import ADDED
from gradcalc.calculus.forms.products import Base, Pair, Product, multiply, raised
from gradcalc.calculus.forms.read import Reader

MOST_TERMS = 60  # of a numerator or denominator that identities are tried on
HIGHEST = 12  # degree in sine and cosine


def least_degree(product: Product, pair: Pair, reader: Reader) -> Iterator[Product]:
    """The quotient of least degree in sine and cosine: as one of t = tan(angle/2) it has one canonical form.

    Where the degree is odd, both are multiplied by what is 0 at an angle: one at which the denominator is 0 anyway.
    """
    found = quotient_in(product, pair, reader)
    if found is None:
        return
    rest, above, below = found
    field = reader.field
    half = field.kernel("half", (pair.angle,))
    quotient = multiply(
        field.product(_by_half(above, pair, half, reader)),
        raised(field.product(_by_half(below, pair, half, reader)), -1),
    )
    square = field.product(1 + pair.sign * half.poly**2)
    quotient = multiply(quotient, raised(square, _degree(below, pair) - _degree(above, pair)))
    inside = {base: power for base, power in quotient.powers.items() if base.poly.degrees()[half.serial]}
    others = Product(quotient.coefficient, {base: p for base, p in quotient.powers.items() if base not in inside})
    new_above = field.expanded(Product(fmpq(1), {base: power for base, power in inside.items() if power > 0}))
    new_below = field.expanded(Product(fmpq(1), {base: -power for base, power in inside.items() if power < 0}))
    degree = max(new_above.degrees()[half.serial], new_below.degrees()[half.serial])
    if degree > HIGHEST:
        return
    for factor in _slack(below, pair, half) if degree % 2 else [half.poly**0]:
        top, bottom = (
            _by_whole(one * factor, degree + degree % 2, pair, half, reader) for one in (new_above, new_below)
        )
        yield multiply(rest, others, field.product(top), raised(field.product(bottom), -1))


def _degree(polynomial: fmpq_mpoly, pair: Pair) -> int:
    return max(int(powers[pair.sine.serial] + powers[pair.cosine.serial]) for powers in polynomial.monoms())


def _by_half(polynomial: fmpq_mpoly, pair: Pair, half: Base, reader: Reader) -> fmpq_mpoly:
    """A polynomial in sine and cosine as one in t, times (1 + t²) to its degree."""
    t = half.poly
    sine, cosine, square = 2 * t, 1 - pair.sign * t**2, 1 + pair.sign * t**2
    degree = _degree(polynomial, pair)
    return with_powers(polynomial, pair, lambda s, c: sine**s * cosine**c * square ** (degree - s - c), reader)


def _by_whole(polynomial: fmpq_mpoly, degree: int, pair: Pair, half: Base, reader: Reader) -> fmpq_mpoly:
    """A polynomial in t, over (1 + t²) to half the degree, as one in sine and cosine."""
    low, high, mixed = pair.sign * (1 - pair.cosine.poly), 1 + pair.cosine.poly, pair.sine.poly
    parts: dict[int, dict[tuple[int, ...], fmpq]] = {}
    for powers, coefficient in polynomial.terms():
        place = half.serial
        parts.setdefault(int(powers[place]), {})[(*powers[:place], 0, *powers[place + 1 :])] = coefficient
    return reader.field.gathered(
        (part, mixed ** (power % 2) * low ** (power // 2) * high ** ((degree - power) // 2))
        for power, part in parts.items()
    )


def _slack(below: fmpq_mpoly, pair: Pair, half: Base) -> Iterator[fmpq_mpoly]:
    """Factors that are 0 only where the denominator is."""
    t = half.poly
    if pair.sign < 0:
        yield t**0
        return
    for factor, sine, cosine in ((t**0, 0, -1), (t, 0, 1), (1 - t, 1, 0), (1 + t, -1, 0)):
        if _value(below, pair, sine, cosine).is_zero():
            yield factor


def _value(polynomial: fmpq_mpoly, pair: Pair, sine: int, cosine: int) -> fmpq_mpoly:
    names = polynomial.context().names()
    return polynomial.subs({names[pair.sine.serial]: sine, names[pair.cosine.serial]: cosine})


# -- numerator and denominator in sine and cosine


def contains(product: Product, pair: Pair) -> bool:
    return any(max(_degrees(base, pair)) > 0 for base in product.powers)


def has_powers(product: Product, pair: Pair) -> bool:
    """Has a product more of an angle than one sine or one cosine above, in which no identity would change a thing?"""
    degrees = [(power, sum(_degrees(base, pair))) for base, power in product.powers.items()]
    return any(degree and power < 0 for power, degree in degrees) or sum(p * degree for p, degree in degrees) > 1


def _degrees(base: Base, pair: Pair) -> tuple[int, int]:
    degrees = base.poly.degrees()
    return degrees[pair.sine.serial], degrees[pair.cosine.serial]


def quotient_in(product: Product, pair: Pair, reader: Reader) -> tuple[Product, fmpq_mpoly, fmpq_mpoly] | None:
    """What has nothing of an angle, and numerator and denominator of the rest."""
    inside = {base: power for base, power in product.powers.items() if max(_degrees(base, pair)) > 0}
    outside = {base: power for base, power in product.powers.items() if base not in inside}
    above = reader.field.expanded(Product(fmpq(1), {base: power for base, power in inside.items() if power > 0}))
    below = reader.field.expanded(Product(fmpq(1), {base: -power for base, power in inside.items() if power < 0}))
    if max(len(above), len(below)) > MOST_TERMS:
        return None
    spend(ADDED * (len(above) + len(below)))
    return Product(product.coefficient, outside), above, below


def with_powers(
    polynomial: fmpq_mpoly, pair: Pair, make: Callable[[int, int], fmpq_mpoly], reader: Reader
) -> fmpq_mpoly:
    """A polynomial with others for the powers of sine and cosine in its terms."""
    parts: dict[tuple[int, int], dict[tuple[int, ...], fmpq]] = {}
    first, second = pair.sine.serial, pair.cosine.serial
    for powers, coefficient in polynomial.terms():
        others = tuple(0 if place in (first, second) else power for place, power in enumerate(powers))
        parts.setdefault((int(powers[first]), int(powers[second])), {})[others] = coefficient
    return reader.field.gathered((part, make(*powers)) for powers, part in parts.items())
