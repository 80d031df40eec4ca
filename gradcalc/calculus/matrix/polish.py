"""The last touch: common factors pulled out where that makes a form shorter, and known functions recognised."""

from __future__ import annotations

from fractions import Fraction

from gradcalc.calculus.matrix.chain import chain, matmul, trace
from gradcalc.calculus.matrix.factor import chosen, content, factored
from gradcalc.calculus.matrix.form import (
    UNIT,
    Apply,
    Chain,
    Form,
    Powers,
    Product,
    Sum,
    apply,
    as_form,
    common,
    is_call,
)
from gradcalc.calculus.matrix.ones import arguments
from gradcalc.calculus.matrix.product import expand, multiply, outer, raise_to
from gradcalc.calculus.matrix.read import fold
from gradcalc.calculus.matrix.reduce import filled, total
from gradcalc.calculus.matrix.sums import add, factors, negative, scaled, split_scalars, terms, value
from gradcalc.calculus.matrix.transpose import diagonal
from gradcalc.functions import ARRAY_FUNCTIONS

INVERSE = Fraction(-1)


def polished(form: Form) -> Form:
    """The form as short as it gets. Sums that the user wrote stay as they are."""
    if isinstance(form, Sum):
        if form.written:
            return form
        whole = add(*(scaled(c, polished(term)) for c, term in form.terms))
        short = factored(whole)
        if _collects(whole):
            short = min(short, factored(expand(whole)), key=lambda one: one.weight)
        return short if short.shape else _sums_merged(short)
    if isinstance(form, Product):
        return multiply(*(raise_to(_inside(base), power) for base, power in _recognised(dict(form.factors)).items()))
    if isinstance(form, Chain):
        return chain([(_inside(base), power) for base, power in form.factors])
    return _call(form) if isinstance(form, Apply) else form


def _collects(form: Form) -> bool:
    """Has a factor that is a sum a term that stands outside too: 0.9*(p - y) + 0.1*p?"""
    outside = [dict(factors(term)[1]) for _, term in terms(form)]
    inner = {one for powers in outside for base in powers if isinstance(base, Sum) for _, one in base.terms}
    return any(one in powers for one in inner for powers in outside)


def _sums_merged(form: Form) -> Form:
    """The sum over all elements of a sum, for a sum of such sums that is longer: sum(x - y) for sum(x) - sum(y)."""
    inner: list[Form] = []
    others: list[Form] = []
    shapes = set()
    for coefficient, term in terms(form):
        whole = next((one for one, p in factors(term)[1] if p == 1 and is_call(one, "sum") and not one.shape), None)
        if whole is None:
            others.append(scaled(coefficient, term))
        else:
            (array,) = arguments(whole)
            shapes.add(array.shape)
            inner.append(scaled(coefficient, multiply(term, raise_to(whole, INVERSE), array)))
    if len(inner) < 2 or len(shapes) > 1:
        return form
    merged = add(total(_inside(add(*inner)), *shapes), *others)
    return merged if merged.weight < form.weight else form


def _inside(form: Form) -> Form:
    """A part of a larger form, polished, its common number in front."""
    return content(polished(form))


def _call(form: Apply) -> Form:
    found = tuple(map(_inside, form.arguments))
    if form.function == "outer":
        return outer(*found)
    row = ARRAY_FUNCTIONS.get(form.function)
    if row is not None and row.along and row.linear:
        scalar, array = split_scalars(found[0])
        return multiply(scalar, _row_products(form, array) or _folded(form, array))
    if form.function == "where":
        return chosen(*found)
    return form if found == form.arguments else apply(form.function, found, form.shape)


def _folded(form: Apply, array: Form) -> Form:
    """A sum or its like of an array that is shorter now; the sum of a diagonal is a trace."""
    if form.function == "sum" and isinstance(array, Product):
        if (bilinear := _bilinear(array)) is not None and form.arguments[1:] == ():
            return bilinear
        eyes = [base for base, _ in array.factors if is_call(base, "eye")]
        matrix = as_form({base: power for base, power in array.factors if base not in eyes})
        if eyes and matrix.shape == array.shape:
            return trace(matrix) if form.arguments[1:] == () else diagonal(matrix)
    axis = value(form.arguments[1]) if form.arguments[1:] else None
    return fold(form.function, filled(array, form.arguments[0].shape), None if axis is None else int(axis), form.shape)


def _bilinear(summed: Product) -> Form | None:
    """The sum of the elements of A*outer(u, v), which is u @ A @ v."""
    outers = [base for base, power in summed.factors if power == 1 and is_call(base, "outer")]
    matrix = as_form({base: power for base, power in summed.factors if base not in outers})
    if len(outers) != 1 or matrix.shape != summed.shape:
        return None
    left, right = arguments(outers[0])
    return matmul(left, matmul(matrix, right))


def _row_products(form: Apply, summed: Form) -> Form | None:
    """The sums along the rows of A*x, which are A @ x."""
    if form.function != "sum" or form.arguments[1:] != (UNIT,) or not isinstance(summed, Product):
        return None
    vectors = {base: power for base, power in summed.factors if len(base.shape) == 1}
    matrices = {base: power for base, power in summed.factors if len(base.shape) == 2}
    return matmul(as_form(matrices), as_form(vectors)) if vectors and common(list(matrices)) == summed.shape else None


def _recognised(powers: Powers) -> Powers:
    """The product with the logistic function called by its name."""
    for base, power in powers.items():
        if power == INVERSE and (named := _logistic(base, powers)):
            gone, function = named
            kept = {one: p for one, p in powers.items() if one is not base and one is not gone}
            return _recognised(kept | {function: kept.get(function, Fraction(0)) + 1})
    return powers


def _logistic(base: Form, powers: Powers) -> tuple[Form | None, Form] | None:
    """exp(x)/(1 + exp(x)) is sigmoid(x), 1/(1 + exp(x)) is sigmoid(-x)."""
    if not isinstance(base, Sum) or len(base.terms) != 2 or {c for c, _ in base.terms} != {1}:
        return None
    raised = [term for _, term in base.terms if is_call(term, "exp")]
    if len(raised) != 1 or not any(term is UNIT for _, term in base.terms):
        return None
    (exponent,) = arguments(raised[0])
    if powers.get(raised[0], 0) not in (0, 1):
        return None
    argument = exponent if raised[0] in powers else negative(exponent)
    return (raised[0] if raised[0] in powers else None), apply("sigmoid", (argument,), argument.shape)
