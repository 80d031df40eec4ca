"""Vectors and matrices among forms: outer products, diagonals, single elements and the unit vectors that pick them."""

from __future__ import annotations

from gradcalc.arrays.shape import Dimension, Shape
from gradcalc.calculus.matrix import product
from gradcalc.calculus.matrix.form import UNIT, ZERO, Apply, Form, Product, Sum, apply, common, is_call
from gradcalc.calculus.matrix.ones import arguments, eye, is_ones, ones
from gradcalc.calculus.matrix.sums import add, number, scaled, split, unsigned, value
from gradcalc.functions import ARRAY_FUNCTIONS


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
    return scaled(coefficient, product.as_form(scalars)), product.as_form(arrays)


def stretched(vector: Form, shape: Shape) -> Form:
    """A vector of that shape: the form itself, or as many of a scalar."""
    return vector if vector.shape == shape or vector is ZERO else product.multiply(vector, ones(shape))


def outer(a: Form, b: Form) -> Form:
    """The outer product of two vectors, with scalars in front."""
    (s, u), (t, v) = split_scalars(a), split_scalars(b)
    if s is ZERO or t is ZERO:
        return ZERO
    return product.multiply(s, t, apply("outer", (u, v), (*u.shape, *v.shape)))


def diagonal_matrix(vector: Form) -> Form:
    """The matrix with a vector on its diagonal."""
    scalar, rest = split_scalars(vector)
    if scalar is ZERO:
        return ZERO
    size = rest.shape[0]
    return product.multiply(scalar, eye(size) if is_ones(rest) else apply("diag", (rest,), (size, size)))


def diagonal(matrix: Form) -> Form:
    """The diagonal of a square matrix."""
    if len(matrix.shape) < 2:
        return matrix  # what broadcasts to the matrix broadcasts to its diagonal
    if isinstance(matrix, Sum):
        return add(*(scaled(c, diagonal(term)) for c, term in matrix.terms))
    if isinstance(matrix, Product):
        return product.multiply(*(product.raise_to(diagonal(base), power) for base, power in matrix.factors))
    if is_call(matrix, "eye"):
        return ones(matrix.shape[:1])
    if is_call(matrix, "outer"):
        return product.multiply(*arguments(matrix))
    if isinstance(matrix, Apply) and matrix.function in ("diag", "transpose"):
        inner = matrix.arguments[0]
        return inner if matrix.function == "diag" else diagonal(inner)
    return apply("diag", (matrix,), matrix.shape[:1])


# -- elements


def unit(length: Dimension, place: int) -> Form:
    """A row of the unit matrix: 1 at a place, counted from 1, and 0 elsewhere."""
    return apply("index", (eye(length), number(place)), (length,))


def is_unit(form: Form) -> bool:
    """Is this a row of a unit matrix?"""
    return is_call(form, "index") and is_call(arguments(form)[0], "eye")


def place_of(form: Form) -> tuple[int, ...]:
    """The place of the only 1 of a unit vector, or of an outer product of two; empty for any other form."""
    units = arguments(form) if is_call(form, "outer") else (form,)
    return tuple(as_number(arguments(one)[1]) or 0 for one in units) if all(map(is_unit, units)) else ()


def element(form: Form, rank: int, *places: int) -> Form:
    """One element, or one row, by places from 1, of the array with `rank` dimensions that a form broadcasts to."""
    places = places[rank - len(form.shape) :]
    if not places:
        return form
    if isinstance(form, Sum):
        return add(*(scaled(c, element(term, len(form.shape), *places)) for c, term in form.terms))
    if isinstance(form, Product):
        return product.multiply(
            *(product.raise_to(element(base, len(form.shape), *places), power) for base, power in form.factors)
        )
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
        return product.multiply(element(a, 1, first), element(b, 1, *others))
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


def as_number(form: Form) -> int | None:
    """The whole number that a form is."""
    found = value(form)
    return found.numerator if found is not None and found.denominator == 1 else None
