"""Products and powers of forms, element by element: equal factors become powers, scalars and numbers go in front."""

from __future__ import annotations

from fractions import Fraction

from gradcalc.arrays.shape import Shape
from gradcalc.calculus.matrix.form import (
    UNIT,
    ZERO,
    Apply,
    Form,
    Powers,
    Product,
    Sum,
    Unreadable,
    apply,
    as_form,
    common,
    is_call,
    raw_product,
)
from gradcalc.calculus.matrix.merges import IDENTITIES, Pieces, leaned, magnitudes, unfolded, without
from gradcalc.calculus.matrix.ones import arguments, eye, is_ones, ones
from gradcalc.calculus.matrix.sums import add, factors, number, scaled, split, split_scalars, terms
from gradcalc.calculus.matrix.units import as_number, is_unit, place_of, unit
from gradcalc.functions import ARRAY_FUNCTIONS

LARGEST_EXPONENT = 40  # of a number that is multiplied out
MOST_TERMS = 32  # of a product that is multiplied out


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


def _product(powers: Powers, distribute: bool) -> Form:
    """The product of powers, none of them 0."""
    for merge in (unfolded, magnitudes, *IDENTITIES, _outers, _picks, leaned):
        changed = merge(powers)
        if changed is not None:
            forms = (raise_to(*one) if isinstance(one, tuple) else one for one in changed)
            return multiply(*forms, distribute=distribute)
    if distribute and (shorter := _multiplied_out(powers)) is not None:
        return shorter
    return as_form(powers)


# -- arrays that merge


def _outers(powers: Powers) -> Pieces | None:
    """Outer products multiply side by side, and take the vectors that broadcast to them; so does the unit matrix."""
    wide = [base for base in powers if len(base.shape) == 2]
    inside = [base for base in wide if is_call(base, "outer") and powers[base] == 1]
    level = {base: power for base, power in powers.items() if len(base.shape) == 1}
    if inside and (len(inside) > 1 or (len(wide) == 1 and level)):
        taken = level if len(wide) == len(inside) else {}
        rest = {base: power for base, power in powers.items() if base not in inside and base not in taken}
        left, right = zip(*map(arguments, inside), strict=True)
        a, b = multiply(*left), multiply(*right, as_form(taken))
        a, b = stretched(a, common(list(left))), stretched(b, common([*right, *taken]))
        return [as_form(rest), outer(a, b)]
    units = [base for base in wide if is_call(base, "eye")]
    if units and powers[units[0]] > 1:
        return [as_form(powers | {units[0]: Fraction(1)})]
    if len(wide) == 1 and units and level:
        rest = {base: power for base, power in powers.items() if base not in level and base is not units[0]}
        return [as_form(rest), diagonal_matrix(as_form(level))]
    return None


def _picks(powers: Powers) -> Pieces | None:
    """A unit vector times another is that with one element of the other in front."""
    for base, power in powers.items():
        place = place_of(base)
        if place and power > 1:
            return [as_form(powers | {base: Fraction(1)})]
        others = {one: p for one, p in powers.items() if one is not base and _covers(base, one)}
        if place and others:
            picked = (raise_to(element(one, len(base.shape), *place), p) for one, p in others.items())
            return [as_form({one: p for one, p in powers.items() if one not in others}), *picked]
    return None


def _covers(base: Form, other: Form) -> bool:
    """Is there an element of the other for each of the base?"""
    rank = len(other.shape)
    return 0 < rank <= len(base.shape) and base.shape[-rank:] == other.shape


# -- multiplying out


def _multiplied_out(powers: Powers) -> Form | None:
    """The product with one sum multiplied out, where a factor cancels by that and the text gets shorter."""
    for base, power in powers.items():
        if isinstance(base, Sum) and power == 1:
            rest = without(powers, base)
            if any(_meets(term, rest) for _, term in base.terms):
                around = as_form(rest)
                once = add(*(scaled(c, multiply(around, term)) for c, term in base.terms))
                return min(once, expand(once), as_form(powers), key=lambda form: form.weight)
    return None


def _meets(term: Form, rest: Powers) -> bool:
    """Does a term cancel against one of the other factors, in part, or take one element of them?"""
    found = factors(term)[1]
    return any(power * rest.get(base, 0) < 0 or place_of(base) for base, power in found)


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
        rest = without(powers, opened)
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


# -- arrays of one or two vectors


def stretched(vector: Form, shape: Shape) -> Form:
    """A vector of that shape: the form itself, or as many of a scalar."""
    return vector if vector.shape == shape or vector is ZERO else multiply(vector, ones(shape))


def outer(a: Form, b: Form) -> Form:
    """The outer product of two vectors, with scalars in front."""
    (s, u), (t, v) = split_scalars(a), split_scalars(b)
    if s is ZERO or t is ZERO:
        return ZERO
    return multiply(s, t, apply("outer", (u, v), (*u.shape, *v.shape)))


def diagonal_matrix(vector: Form) -> Form:
    """The matrix with a vector on its diagonal."""
    scalar, rest = split_scalars(vector)
    if scalar is ZERO:
        return ZERO
    size = rest.shape[0]
    return multiply(scalar, eye(size) if is_ones(rest) else apply("diag", (rest,), (size, size)))


# -- elements


def element(form: Form, rank: int, *places: int) -> Form:
    """One element, or one row, by places from 1, of the array with `rank` dimensions that a form broadcasts to."""
    places = places[rank - len(form.shape) :]
    if not places:
        return form
    if isinstance(form, Sum):
        return add(*(scaled(c, element(term, len(form.shape), *places)) for c, term in form.terms))
    if isinstance(form, Product):
        return multiply(*(raise_to(element(base, len(form.shape), *places), power) for base, power in form.factors))
    if isinstance(form, Apply) and (found := _call(form, places)) is not None:
        return found
    places = tuple(1 if dimension == 1 else place for place, dimension in zip(places, form.shape, strict=False))
    return apply("index", (form, *map(number, places)), form.shape[len(places) :])


def _call(form: Apply, places: tuple[int, ...]) -> Form | None:
    """The element of a call whose elements are known."""
    first, *others = places
    if form.function not in ARRAY_FUNCTIONS:
        inner = tuple(element(one, len(form.shape), *places) for one in form.arguments)
        return apply(form.function, inner, common(list(inner)))
    if is_ones(form):
        return ones(form.shape[len(places) :])
    if form.function == "eye":
        return number(int(places == (first, first))) if others else unit(form.shape[0], first)
    if form.function == "outer":
        a, b = form.arguments
        return multiply(element(a, 1, first), element(b, 1, *others))
    if form.function == "transpose" and others:
        return element(form.arguments[0], 2, *others, first)
    if form.function == "array":
        return element(form.arguments[first - 1], len(form.shape) - 1, *others)
    return _row(form, places)


def _row(form: Apply, places: tuple[int, ...]) -> Form | None:
    """An element of a row, and of a row of the unit matrix."""
    if form.function != "index":
        return None
    inner, *before = form.arguments
    if is_unit(form):
        return UNIT if as_number(before[0]) == places[0] else ZERO
    return apply("index", (inner, *before, *map(number, places)), form.shape[len(places) :])
