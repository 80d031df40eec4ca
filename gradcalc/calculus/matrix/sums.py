"""Sums of forms: like terms collected, numbers and scalars in front, signs pulled out."""

from __future__ import annotations

from fractions import Fraction

from gradcalc.calculus.matrix.form import UNIT, ZERO, Form, Product, Sum, Terms, as_form, common, known, raw_sum
from gradcalc.calculus.matrix.ones import lean


def number(amount: Fraction | int) -> Form:
    """A rational number."""
    return scaled(amount, UNIT)


def value(form: Form) -> Fraction | None:
    """The number that a form is, or None."""
    coefficient, rest = split(form)
    return coefficient if rest is UNIT else None


def split(form: Form) -> tuple[Fraction, Form]:
    """A form as a number times the rest."""
    if form is ZERO:
        return Fraction(0), UNIT
    if isinstance(form, Sum) and len(form.terms) == 1:
        return form.terms[0]
    return Fraction(1), form


def scaled(amount: Fraction | int, form: Form) -> Form:
    """A number times a form; the sign of a sum goes into it."""
    own, rest = split(form)
    coefficient = own * amount
    if coefficient == 0:
        return ZERO
    if isinstance(rest, Sum):
        sign, rest = unsigned(rest)
        coefficient *= sign
        if coefficient == -1:
            return raw_sum(_negated(rest.terms), written=rest.written)
    return rest if coefficient == 1 else raw_sum(((coefficient, rest),))


def negative(form: Form) -> Form:
    """The form with its sign changed."""
    return scaled(-1, form)


def terms(form: Form) -> Terms:
    """The terms of a form: those of a sum, or the form itself with its coefficient."""
    if isinstance(form, Sum) and len(form.terms) != 1:
        return form.terms
    coefficient, rest = split(form)
    return ((coefficient, rest),) if coefficient else ()


def add(*forms: Form, written: bool = False) -> Form:
    """The sum. One that the user wrote keeps its order; others begin with what is positive and end with a number."""
    whole = {split(form)[1] for form in forms}
    if len(whole) == 1 and all(isinstance(one, Sum) and one.written for one in whole):
        return scaled(sum(split(form)[0] for form in forms), *whole)
    collected: dict[Form, Fraction] = {}
    for form in forms:
        for coefficient, term in terms(form):
            collected[term] = collected.get(term, Fraction(0)) + coefficient
    found = _leaned([(coefficient, term) for term, coefficient in collected.items() if coefficient])
    if not written:
        found.sort(key=lambda pair: (pair[0] < 0, pair[1] is UNIT))
    return scaled(*found[0]) if len(found) == 1 else raw_sum(tuple(found), written=written)


def _leaned(pairs: list[tuple[Fraction, Form]]) -> list[tuple[Fraction, Form]]:
    """The terms without the ones that only give them the shape which another term has anyway."""
    shape = common([term for _, term in pairs])
    collected = {term: coefficient for coefficient, term in pairs}
    for term in list(collected):
        lighter = lean(term)
        others = [one for one in collected if one is not term]
        if lighter is not term and common([lighter, *others]) == shape:
            coefficient = collected.pop(term)
            collected[lighter] = collected.get(lighter, Fraction(0)) + coefficient
    return [(coefficient, term) for term, coefficient in collected.items() if coefficient]


def subtract(x: Form, y: Form, *, written: bool = False) -> Form:
    """The difference."""
    return add(x, negative(y), written=written)


def unsigned(form: Sum) -> tuple[int, Sum]:
    """A sum, or its negative where that was made before, and the sign between them: 1 - s and s - 1 are alike."""
    mirrored = known.get(("sum", frozenset(_negated(form.terms))))
    if isinstance(mirrored, Sum) and mirrored.serial < form.serial:
        return -1, mirrored
    return 1, form


def _negated(found: Terms) -> Terms:
    return tuple((-coefficient, term) for coefficient, term in found)


def split_scalars(form: Form) -> tuple[Form, Form]:
    """A form as a scalar, with its coefficient, times an array."""
    coefficient, rest = split(form)
    if isinstance(rest, Sum) and rest.shape:
        sign, rest = unsigned(rest)
        coefficient *= sign
    if not isinstance(rest, Product):
        return (form, UNIT) if not form.shape else (number(coefficient), rest)
    scalars = {base: power for base, power in rest.factors if not base.shape}
    arrays = {base: power for base, power in rest.factors if base.shape}
    return scaled(coefficient, as_form(scalars)), as_form(arrays)


def factors(form: Form) -> tuple[int, tuple[tuple[Form, Fraction], ...]]:
    """A sign, and the powers that a form without a coefficient is the product of."""
    if isinstance(form, Product):
        return 1, form.factors
    if isinstance(form, Sum):
        sign, form = unsigned(form)
        return sign, ((form, Fraction(1)),)
    return 1, ((form, Fraction(1)),)
