"""Products and powers of forms, element by element: equal factors become powers, scalars and numbers go in front."""

from __future__ import annotations

from fractions import Fraction

from gradcalc.calculus.matrix import merges as identities
from gradcalc.calculus.matrix import vectors
from gradcalc.calculus.matrix.form import (
    UNIT,
    ZERO,
    Form,
    Product,
    Sum,
    Unreadable,
    apply,
    common,
    is_call,
    raw_product,
)
from gradcalc.calculus.matrix.ones import arguments, is_ones, lean
from gradcalc.calculus.matrix.sums import add, scaled, split, terms, unsigned

Powers = dict[Form, Fraction]
LARGEST_EXPONENT = 40  # of a number that is multiplied out
MOST_TERMS = 32  # of a product that is multiplied out
IDENTITIES = (identities.named_powers, identities.quotients, identities.softmaxes, identities.hinges)


def multiply(*forms: Form, distribute: bool = True) -> Form:
    """The product. It is multiplied out where a factor then cancels and the result is shorter."""
    coefficient = Fraction(1)
    powers: Powers = {}
    for form in forms:
        own, rest = split(form)
        sign, found = factors(rest)
        coefficient *= own * sign
        for base, power in found:
            powers[base] = powers.get(base, Fraction(0)) + power
    if not coefficient:
        return ZERO
    return scaled(coefficient, _product({base: power for base, power in powers.items() if power}, distribute))


def factors(form: Form) -> tuple[int, tuple[tuple[Form, Fraction], ...]]:
    """A sign, and the powers that a form without a coefficient is the product of."""
    if isinstance(form, Product):
        return 1, form.factors
    if isinstance(form, Sum):
        sign, form = unsigned(form)
        return sign, ((form, Fraction(1)),)
    return 1, ((form, Fraction(1)),)


def _product(powers: Powers, distribute: bool) -> Form:
    """The product of powers, none of them 0."""
    for merge in (_unfolded, _magnitudes, *IDENTITIES, _outers, _picks, _leaned):
        changed = merge(powers)
        if changed is not None:
            return multiply(*changed, distribute=distribute)
    if distribute and (shorter := _multiplied_out(powers)) is not None:
        return shorter
    return as_form(powers)


def as_form(powers: Powers) -> Form:
    """The product of powers, as they are."""
    if len(powers) == 1:
        ((base, power),) = powers.items()
        if power == 1:
            return base
    return raw_product(tuple(powers.items()))


# -- what merges


def _unfolded(powers: Powers) -> list[Form] | None:
    """Whole powers of products, and of multiples, as products of powers."""
    if not any(power.denominator == 1 and _is_composite(base) for base, power in powers.items()):
        return None
    return [raise_to(base, power) for base, power in powers.items()]


def _is_composite(base: Form) -> bool:
    return isinstance(base, Product) or (isinstance(base, Sum) and len(base.terms) < 2)


def _magnitudes(powers: Powers) -> list[Form] | None:
    """abs(x)**2 is x**2, sign(x)*abs(x) is x, sign(x)/abs(x) is 1/x."""
    for base, power in powers.items():
        if is_call(base, "abs") and power.denominator == 1:
            (inner,) = arguments(base)
            sign = apply("sign", (inner,), inner.shape)
            if power % 2 == 0 or sign in powers:
                rest = {one: p for one, p in powers.items() if one is not base and one is not sign}
                turned = powers.get(sign, Fraction(0)) + (power if power % 2 else 0)
                return [as_form(rest), raise_to(inner, power), *([sign] if turned % 2 else [])]
        if is_call(base, "sign") and power != 1:
            return [as_form(powers | {base: power % 2}) if power % 2 else as_form(_without(powers, base))]
    return None


def _outers(powers: Powers) -> list[Form] | None:
    """Outer products multiply side by side, and take the vectors that broadcast to them; so does the unit matrix."""
    wide = [base for base in powers if len(base.shape) == 2]
    inside = [base for base in wide if is_call(base, "outer") and powers[base] == 1]
    level = {base: power for base, power in powers.items() if len(base.shape) == 1}
    if inside and (len(inside) > 1 or (len(wide) == 1 and level)):
        taken = level if len(wide) == len(inside) else {}
        rest = {base: power for base, power in powers.items() if base not in inside and base not in taken}
        left, right = zip(*map(arguments, inside), strict=True)
        a, b = multiply(*left), multiply(*right, as_form(taken))
        a, b = vectors.stretched(a, common(list(left))), vectors.stretched(b, common([*right, *taken]))
        return [as_form(rest), vectors.outer(a, b)]
    units = [base for base in wide if is_call(base, "eye")]
    if units and powers[units[0]] > 1:
        return [as_form(powers | {units[0]: Fraction(1)})]
    if len(wide) == 1 and units and level:
        rest = {base: power for base, power in powers.items() if base not in level and base is not units[0]}
        return [as_form(rest), vectors.diagonal_matrix(as_form(level))]
    return None


def _picks(powers: Powers) -> list[Form] | None:
    """A unit vector times another is that with one element of the other in front."""
    for base, power in powers.items():
        place = vectors.place_of(base)
        if place and power > 1:
            return [as_form(powers | {base: Fraction(1)})]
        others = {one: p for one, p in powers.items() if one is not base and _covers(base, one)}
        if place and others:
            picked = (raise_to(vectors.element(one, len(base.shape), *place), p) for one, p in others.items())
            return [as_form({one: p for one, p in powers.items() if one not in others}), *picked]
    return None


def _covers(base: Form, other: Form) -> bool:
    """Is there an element of the other for each of the base?"""
    rank = len(other.shape)
    return 0 < rank <= len(base.shape) and base.shape[-rank:] == other.shape


def _leaned(powers: Powers) -> list[Form] | None:
    """The factors without ones that another factor makes unnecessary."""
    shape = common(list(powers))
    for base, power in powers.items():
        lighter = lean(base)
        if lighter is not base and common([lighter, *(one for one in powers if one is not base)]) == shape:
            return [raise_to(lighter, power), as_form(_without(powers, base))]
        if is_ones(base) and power != 1:
            return [base, as_form(_without(powers, base))]
    return None


def _without(powers: Powers, base: Form) -> Powers:
    return {one: power for one, power in powers.items() if one is not base}


# -- multiplying out


def _multiplied_out(powers: Powers) -> Form | None:
    """The product with one sum multiplied out, where a factor cancels by that and the text gets shorter."""
    for base, power in powers.items():
        if isinstance(base, Sum) and power == 1:
            rest = _without(powers, base)
            if any(_meets(term, rest) for _, term in base.terms):
                around = as_form(rest)
                once = add(*(scaled(c, multiply(around, term)) for c, term in base.terms))
                return min(once, expand(once), as_form(powers), key=lambda form: form.weight)
    return None


def _meets(term: Form, rest: Powers) -> bool:
    """Does a term cancel against one of the other factors, in part, or take one element of them?"""
    found = factors(term)[1]
    return any(power * rest.get(base, 0) < 0 or vectors.place_of(base) for base, power in found)


def expand(form: Form) -> Form:
    """The form with its products multiplied out, where that makes few terms."""
    pending = list(terms(form))
    done: list[Form] = []
    while pending:
        coefficient, term = pending.pop()
        powers: Powers = dict(factors(term)[1]) if isinstance(term, Product) else {term: Fraction(1)}
        opened = next((one for one in powers if isinstance(one, Sum) and powers[one] in (1, 2, 3)), None)
        if opened is None or len(pending) + len(done) > MOST_TERMS:
            done.append(scaled(coefficient, term))
            continue
        left = powers[opened] - 1
        rest = _without(powers, opened)
        around = multiply(as_form(rest), raise_to(opened, left), distribute=False)
        for c, inner in opened.terms:
            pending.extend(terms(scaled(coefficient * c, multiply(around, inner, distribute=False))))
    return add(*done)


# -- powers


def raise_to(base: Form, power: Fraction) -> Form:
    """A rational power. Only whole powers go into products: sqrt(x**2) is not x."""
    if power in (0, 1):
        return base if power else UNIT
    coefficient, rest = split(base)
    if power.denominator != 1:
        return UNIT if base is UNIT else raw_product(((base, power),))
    if not coefficient:
        if power < 0:
            raise Unreadable
        return ZERO
    if abs(coefficient) != 1 and abs(power) > LARGEST_EXPONENT:
        raise Unreadable
    sign, found = factors(rest)
    scale = (coefficient * sign) ** power.numerator
    return scaled(scale, multiply(*(_power(one, own * power) for one, own in found)))


def _power(base: Form, power: Fraction) -> Form:
    if power == 1:
        return base
    if isinstance(base, Product) or not power:
        return raise_to(base, power)
    return raw_product(((base, power),))
