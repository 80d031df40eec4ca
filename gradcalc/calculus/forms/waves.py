"""Identities of sines and cosines: least degree by the half angle, doubled angles, sums of angles."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from flint import fmpq, fmpq_mpoly

from gradcalc.calculus.forms.half_angle import MOST_TERMS, contains, has_powers, least_degree, quotient_in, with_powers
from gradcalc.calculus.forms.products import Base, Pair, Product, TooLarge, TooMany, multiply, raised, times
from gradcalc.calculus.forms.read import Reader

MULTIPLES = 4  # of an angle, that are written in its sine and cosine


def rewritten(product: Product, reader: Reader) -> Iterator[Product]:
    """Equal products by identities, one after the other; none where they do not apply."""
    if not any(contains(product, pair) for pair in reader.field.pairs):
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
            for pair in [one for one in reader.field.pairs if has_powers(start, one)]:
                for reduced in least_degree(start, pair, reader):
                    yield reduced
                    yield from _doubled(reduced, pair, reader)
                yield from _doubled(start, pair, reader)
                yield from _exchanged(start, pair, reader)
            yield from _summed(start, reader)
    except (TooLarge, TooMany, ZeroDivisionError):
        return


# -- multiples and sums of angles


def _doubled(product: Product, pair: Pair, reader: Reader) -> Iterator[Product]:
    """Numerator, denominator, or both in the sine and the cosine of twice the angle."""
    found = quotient_in(product, pair, reader)
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
    return with_powers(polynomial, pair, lambda s, c: mixed ** (s % 2) * low ** (s // 2) * high ** (c // 2), reader)


def _exchanged(product: Product, pair: Pair, reader: Reader) -> Iterator[Product]:
    """The numerator without squares of the sine, and without those of the cosine."""
    found = quotient_in(product, pair, reader)
    if found is not None:
        rest, above, below = found
        for one in reader.field.exchanged(above, pair):
            yield multiply(rest, reader.field.product(one), raised(reader.field.product(below), -1))


def _unified(product: Product, reader: Reader) -> Product | None:
    """The product with multiples of an angle in the sine and cosine of that angle."""
    pairs = [pair for pair in reader.field.pairs if contains(product, pair)]
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
        if coefficient.q == 1 and coefficient.p % 2 == 0 and contains(product, pair):
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
    found = quotient_in(product, multiple, reader)
    if found is None:
        return product
    rest, above, below = found
    top, bottom = (with_powers(one, multiple, lambda s, c: sine**s * cosine**c, reader) for one in (above, below))
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
    for one, other in combinations([pair for pair in field.pairs if contains(product, pair)], 2):
        if one.sign == other.sign:
            merged = _merged(terms, one, other, reader)
            if len(merged) < len(terms):
                yield multiply(rest, field.add(merged))


def _merged(terms: list[Product], one: Pair, other: Pair, reader: Reader) -> list[Product]:
    """Terms of which two and two are one of a sum of angles."""
    left = {frozenset(term.powers.items()): term for term in terms}
    found = []
    for first, second, made in (
        ((one.sine, other.cosine), (one.cosine, other.sine), "sine"),
        ((one.cosine, other.cosine), (one.sine, other.sine), "cosine"),
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
            found.append(multiply(others, Product(fmpq(1), {pair.sine if made == "sine" else pair.cosine: 1})))
    return [*found, *left.values()]


def _swapped(term: Product, first: tuple[Base, Base], second: tuple[Base, Base]) -> dict[Base, int] | None:
    """The powers of a term with two of its factors exchanged for two others."""
    if any(term.powers.get(base, 0) < 1 for base in first):
        return None
    return dict(
        multiply(term, Product(fmpq(1), dict.fromkeys(first, -1)), Product(fmpq(1), dict.fromkeys(second, 1))).powers
    )
