"""Single elements and rows of forms, and the unit vectors that are their gradients."""

from __future__ import annotations

from gradcalc.arrays.infer import RULES
from gradcalc.arrays.shape import Dimension
from gradcalc.calculus.matrix.form import UNIT, ZERO, Apply, Form, Product, Sum, apply, common, is_call
from gradcalc.calculus.matrix.ones import arguments, eye, is_ones, ones
from gradcalc.calculus.matrix.product import as_number, multiply, raise_to
from gradcalc.calculus.matrix.sums import add, number, scaled


def unit(length: Dimension, place: int) -> Form:
    """A row of the unit matrix: 1 at a place, counted from 1, and 0 elsewhere."""
    return apply("index", (eye(length), number(place)), (length,))


def is_unit(form: Form) -> bool:
    """Is this a row of a unit matrix?"""
    return is_call(form, "index") and is_call(arguments(form)[0], "eye")


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
    if form.function not in RULES:
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
