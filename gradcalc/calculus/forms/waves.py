"""Identities of sines and cosines: least degree by the half angle, doubled angles, sums of angles."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations

from flint import fmpq, fmpq_mpoly

from gradcalc.base.effort import spend
from gradcalc.calculus.forms.field import ADDED, Base, Pair, Product, TooLarge, TooMany, multiply, raised, times
from gradcalc.calculus.forms.read import Reader

MOST_TERMS = 60  # of a numerator or denominator that identities are tried on
HIGHEST = 12  # degree in sine and cosine
MULTIPLES = 4  # of an angle, that are written in its sine and cosine


def rewritten(product: Product, reader: Reader) -> Iterator[Product]:
    """Equal products by identities, one after the other; none where they do not apply."""
    if not any(_in(product, pair) for pair in reader.field.pairs):
        return
    seen = {product.key}
    for one in _chain(product, reader):
        if one.key not in seen:
            seen.add(one.key)
            yield one


def _chain(product: Product, reader: Reader) -> Iterator[Product]:
    starts = [product]
    try:
        for one in (_unified(product, reader), _halved(product, reader)):
            if one is not None:
                starts.append(one)
                yield one
        for start in starts:
            for pair in [one for one in reader.field.pairs if _in(start, one)]:
                for reduced in _least_degree(start, pair, reader):
                    yield reduced
                    yield from _doubled(reduced, pair, reader)
                yield from _doubled(start, pair, reader)
                yield from _exchanged(start, pair, reader)
            yield from _summed(start, reader)
    except (TooLarge, TooMany, ZeroDivisionError):
        return


def _in(product: Product, pair: Pair) -> bool:
    return any(max(_degrees(base, pair)) > 0 for base in product.powers)


def _degrees(base: Base, pair: Pair) -> tuple[int, int]:
    degrees = base.poly.degrees()
    return degrees[pair.sine.serial], degrees[pair.cosine.serial]


def _fraction(product: Product, pair: Pair, reader: Reader) -> tuple[Product, fmpq_mpoly, fmpq_mpoly] | None:
    """What has nothing of an angle, and numerator and denominator of the rest."""
    inside = {base: power for base, power in product.powers.items() if max(_degrees(base, pair)) > 0}
    outside = {base: power for base, power in product.powers.items() if base not in inside}
    above = reader.field.expanded(Product(fmpq(1), {base: power for base, power in inside.items() if power > 0}))
    below = reader.field.expanded(Product(fmpq(1), {base: -power for base, power in inside.items() if power < 0}))
    if max(len(above), len(below)) > MOST_TERMS:
        return None
    spend(ADDED * (len(above) + len(below)))
    return Product(product.coefficient, outside), above, below


# -- least degree


def _least_degree(product: Product, pair: Pair, reader: Reader) -> Iterator[Product]:
    """The quotient of least degree in sine and cosine: as one of t = tan(angle/2) it has one canonical form.

    Where the degree is odd, both are multiplied by what is 0 at an angle: one at which the denominator is 0 anyway.
    """
    found = _fraction(product, pair, reader)
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
    return _replaced(polynomial, pair, lambda s, c: sine**s * cosine**c * square ** (degree - s - c), reader)


def _replaced(polynomial: fmpq_mpoly, pair: Pair, make: Callable[[int, int], fmpq_mpoly], reader: Reader) -> fmpq_mpoly:
    """A polynomial with others for the powers of sine and cosine in its terms."""
    parts: dict[tuple[int, int], dict[tuple[int, ...], fmpq]] = {}
    first, second = pair.sine.serial, pair.cosine.serial
    for powers, coefficient in polynomial.terms():
        others = tuple(0 if place in (first, second) else power for place, power in enumerate(powers))
        parts.setdefault((int(powers[first]), int(powers[second])), {})[others] = coefficient
    return reader.field.gathered((part, make(*powers)) for powers, part in parts.items())


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
        if _value(below, pair, sine, cosine) == 0:
            yield factor


def _value(polynomial: fmpq_mpoly, pair: Pair, sine: int, cosine: int) -> fmpq_mpoly:
    names = polynomial.context().names()
    return polynomial.subs({names[pair.sine.serial]: sine, names[pair.cosine.serial]: cosine})


# -- multiples and sums of angles


def _doubled(product: Product, pair: Pair, reader: Reader) -> Iterator[Product]:
    """Numerator, denominator, or both in the sine and the cosine of twice the angle."""
    found = _fraction(product, pair, reader)
    if found is None:
        return
    rest, above, below = found
    double = reader.angle("sin" if pair.sign > 0 else "sinh", times(pair.angle, 2))
    new_above, new_below = (_by_double(one, pair, double, reader) for one in (above, below))
    for top, bottom in ((new_above, new_below), (new_above, None), (None, new_below)):
        if top is not None or bottom is not None:
            parts = (above if top is None else top, below if bottom is None else bottom)
            numerator, denominator = map(reader.field.product, parts)
            yield multiply(rest, numerator, raised(denominator, -1))


def _by_double(polynomial: fmpq_mpoly, pair: Pair, double: Pair, reader: Reader) -> fmpq_mpoly | None:
    """A polynomial whose terms all have even degree in sine and cosine, in those of twice the angle."""
    degrees = [int(powers[pair.sine.serial] + powers[pair.cosine.serial]) for powers in polynomial.monoms()]
    if any(one % 2 for one in degrees) or not any(degrees):
        return None
    half = fmpq(1, 2)
    low, high, mixed = (
        pair.sign * half * (1 - double.cosine.poly), half * (1 + double.cosine.poly), half * double.sine.poly
    )  # fmt: skip
    return _replaced(polynomial, pair, lambda s, c: mixed ** (s % 2) * low ** (s // 2) * high ** (c // 2), reader)


def _exchanged(product: Product, pair: Pair, reader: Reader) -> Iterator[Product]:
    """The numerator without squares of the sine, and without those of the cosine."""
    found = _fraction(product, pair, reader)
    if found is not None:
        rest, above, below = found
        for one in reader.field.exchanged(above, pair):
            yield multiply(rest, reader.field.product(one), raised(reader.field.product(below), -1))


def _unified(product: Product, reader: Reader) -> Product | None:
    """The product with multiples of an angle in the sine and cosine of that angle."""
    pairs = [pair for pair in reader.field.pairs if _in(product, pair)]
    changed = None
    for base, other in combinations(pairs, 2):
        for one, multiple in ((base, other), (other, base)):
            ratio = multiple.angle.coefficient / one.angle.coefficient
            alike = one.angle.powers == multiple.angle.powers and one.sign == multiple.sign
            if alike and ratio.q == 1 and 1 < ratio.p <= MULTIPLES:
                changed = _in_terms_of(changed or product, one, multiple, int(ratio.p), reader)
    return changed


def _halved(product: Product, reader: Reader) -> Product | None:
    """The product with sines and cosines of half an angle: of x for 2*x."""
    for pair in reader.field.pairs:
        coefficient = pair.angle.coefficient
        if coefficient.q == 1 and coefficient.p % 2 == 0 and _in(product, pair):
            half = reader.angle("sin" if pair.sign > 0 else "sinh", times(pair.angle, fmpq(1, 2)))
            return _in_terms_of(product, half, pair, 2, reader)
    return None


def _in_terms_of(product: Product, pair: Pair, multiple: Pair, count: int, reader: Reader) -> Product:
    sine, cosine = pair.sine.poly, pair.cosine.poly
    for _ in range(count - 1):
        sine, cosine = (
            sine * pair.cosine.poly + cosine * pair.sine.poly,
            cosine * pair.cosine.poly - pair.sign * sine * pair.sine.poly,
        )
    found = _fraction(product, multiple, reader)
    if found is None:
        return product
    rest, above, below = found
    top, bottom = (_replaced(one, multiple, lambda s, c: sine**s * cosine**c, reader) for one in (above, below))
    return multiply(rest, reader.field.product(top), raised(reader.field.product(bottom), -1))


def _summed(product: Product, reader: Reader) -> Iterator[Product]:
    """The numerator with sines and cosines of sums of angles: sin(x)*cos(y) + cos(x)*sin(y) is sin(x + y)."""
    field = reader.field
    above = {base: power for base, power in product.powers.items() if power > 0 and len(base.poly) > 1}
    if not above:
        return
    rest = Product(product.coefficient, {base: power for base, power in product.powers.items() if base not in above})
    terms = field.terms(field.expanded(Product(fmpq(1), above)))
    if len(terms) > MOST_TERMS:
        return
    for one, other in combinations([pair for pair in field.pairs if _in(product, pair)], 2):
        if one.sign == other.sign:
            merged = _merged(terms, one, other, reader)
            if len(merged) < len(terms):
                yield multiply(rest, field.add(merged))


def _merged(terms: list[Product], one: Pair, other: Pair, reader: Reader) -> list[Product]:
    """Terms of which two and two are one of a sum of angles."""
    left = {frozenset(term.powers.items()): term for term in terms}
    found = []
    for first, second, build in (
        ((one.sine, other.cosine), (one.cosine, other.sine), lambda pair: pair.sine),
        ((one.cosine, other.cosine), (one.sine, other.sine), lambda pair: pair.cosine),
    ):
        for term in terms:
            partner_powers = _swapped(term, first, second)
            key = frozenset(term.powers.items())
            partner = left.get(frozenset(partner_powers.items())) if partner_powers is not None else None
            if partner is None or key not in left or abs(partner.coefficient) != abs(term.coefficient):
                continue
            same = partner.coefficient == term.coefficient
            side = (1 if same else -1) * (1 if first[0] is one.sine else -one.sign)
            angle = reader.field.add([one.angle, times(other.angle, side)])
            pair = reader.angle("sin" if one.sign > 0 else "sinh", angle)
            del left[key], left[frozenset(partner.powers.items())]
            others = multiply(term, Product(fmpq(1), dict.fromkeys(first, -1)))
            found.append(multiply(others, Product(fmpq(1), {build(pair): 1})))
    return [*found, *left.values()]


def _swapped(term: Product, first: tuple[Base, Base], second: tuple[Base, Base]) -> dict[Base, int] | None:
    """The powers of a term with two of its factors exchanged for two others."""
    if any(term.powers.get(base, 0) < 1 for base in first):
        return None
    return dict(
        multiply(term, Product(fmpq(1), dict.fromkeys(first, -1)), Product(fmpq(1), dict.fromkeys(second, 1))).powers
    )
