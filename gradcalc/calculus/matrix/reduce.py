"""Sums over arrays, and the way back from broadcasting."""

from __future__ import annotations

from gradcalc.arrays.shape import Dimension, Shape
from gradcalc.calculus.matrix.form import (
    UNIT,
    ZERO,
    Chain,
    Form,
    Leaf,
    Product,
    Sum,
    Unreadable,
    apply,
    as_form,
    dimension_name,
    is_call,
)
from gradcalc.calculus.matrix.ones import arguments, is_ones, ones
from gradcalc.calculus.matrix.product import multiply, outer, raise_to
from gradcalc.calculus.matrix.sums import add, number, scaled, split, split_scalars
from gradcalc.calculus.matrix.transpose import transposed
from gradcalc.calculus.matrix.units import place_of


def size(*dimensions: Dimension) -> Form:
    """How many elements an array with these dimensions has."""
    return multiply(*(_dimension(one) for one in dimensions))


def _dimension(dimension: Dimension) -> Form:
    if isinstance(dimension, int):
        return number(dimension)
    return multiply(
        *(_dimension(int(part)) if part.isdigit() else dimension_name(part) for part in dimension.split("*"))
    )


def total(form: Form, shape: Shape) -> Form:
    """The sum of all elements of the array of that shape which the form broadcasts to."""
    coefficient, mean = split(form)
    if is_call(mean, "mean") and arguments(mean)[0].shape == shape:
        return scaled(coefficient, total(arguments(mean)[0], shape))
    scalar, rest = split_scalars(form)
    if scalar is ZERO:
        return ZERO
    return multiply(scalar, size(*_repeated(rest, shape)), _total(rest))


def _repeated(form: Form, shape: Shape) -> list[Dimension]:
    """The dimensions along which a form repeats itself to get a shape."""
    own = (1,) * (len(shape) - len(form.shape)) + form.shape
    return [dimension for dimension, mine in zip(shape, own, strict=True) if mine != dimension]


def _total(form: Form) -> Form:
    """The sum of a form's own elements."""
    if not form.shape:
        return form
    if is_ones(form) or is_call(form, "eye"):
        return size(*form.shape[: 1 if is_call(form, "eye") else 2])
    if place_of(form):
        return UNIT
    if is_call(form, "outer"):
        return multiply(*(total(one, one.shape) for one in arguments(form)))
    if is_call(form, "kron"):
        return multiply(*(total(one, one.shape) for one in arguments(form)))
    if is_call(form, "diag") and len(form.shape) == 2:
        return total(arguments(form)[0], form.shape[:1])
    if is_call(form, "softmax"):
        return _softmax_total(form)
    if isinstance(form, Leaf) and form.hot:
        return size(*form.shape[:-1])
    turned = transposed(form)
    whole = apply("sum", (turned if turned.weight < form.weight else form,), ())
    if isinstance(form, Sum):
        return _shorter(add(*(scaled(c, total(term, form.shape)) for c, term in form.terms)), whole)
    return whole


def _shorter(taken_apart: Form, whole: Form) -> Form:
    return taken_apart if taken_apart.weight < whole.weight else whole


def _softmax_total(form: Form) -> Form:
    """The sum of probabilities: 1 for each row or column."""
    axis = arguments(form)[1:]
    if not axis:
        return UNIT
    return size(form.shape[1 if axis[0] is ZERO else 0])


def column_sums(form: Form, shape: Shape) -> Form:
    """The sums down the columns of the matrix of that shape which the form broadcasts to: a vector, or what
    broadcasts to it."""
    scalar, rest = split_scalars(form)
    if scalar is ZERO:
        return ZERO
    if is_call(rest, "mean") and arguments(rest)[1:] == (ZERO,) and arguments(rest)[0].shape == shape:
        return multiply(scalar, column_sums(arguments(rest)[0], shape))
    repeated = shape[0] if len(rest.shape) < 2 or rest.shape[0] != shape[0] else 1
    return multiply(scalar, size(repeated), _column_sums(rest))


def _column_sums(form: Form) -> Form:
    if len(form.shape) < 2:
        return form
    if is_ones(form):
        return size(form.shape[0])
    if is_call(form, "eye"):
        return ones(form.shape[:1])
    if is_call(form, "outer"):
        a, b = arguments(form)
        return multiply(total(a, a.shape), b)
    if is_call(form, "diag"):
        return arguments(form)[0]
    if is_call(form, "softmax") and arguments(form)[1] is ZERO:
        return UNIT
    if is_call(form, "transpose") and _is_of_probabilities(arguments(form)[0]):
        return UNIT
    if isinstance(form, Product) and any(len(base.shape) < 2 for base, _ in form.factors):
        level = [raise_to(base, power) for base, power in form.factors if len(base.shape) < 2]
        rest = as_form({base: power for base, power in form.factors if len(base.shape) == 2})
        return multiply(*level, column_sums(rest, form.shape[:1] + rest.shape[1:]))
    if isinstance(form, Chain) and column_sums(form.factors[0][0], form.factors[0][0].shape) is ZERO:
        return ZERO  # of what is centred
    turned = transposed(form)
    shorter = turned.weight < form.weight
    whole = apply("sum", (turned, UNIT) if shorter else (form, ZERO), form.shape[1:])
    if isinstance(form, Sum):
        return _shorter(add(*(scaled(c, column_sums(term, form.shape)) for c, term in form.terms)), whole)
    return whole


def _is_of_probabilities(form: Form) -> bool:
    """Is it a matrix each of whose rows adds up to 1?"""
    by_row = is_call(form, "softmax") and arguments(form)[1:] == (UNIT,)
    return by_row or (isinstance(form, Leaf) and form.hot)


def row_sums(form: Form, shape: Shape) -> Form:
    """The sums along the rows of the matrix of that shape which the form broadcasts to."""
    return column_sums(transposed(form, shape[0]), shape[::-1])


def filled(form: Form, shape: Shape) -> Form:
    """The form with exactly that shape, by ones where it only broadcasts to it; 0 stays 0."""
    if form.shape == shape or form is ZERO:
        return form
    if len(shape) > 2:
        raise Unreadable
    if len(form.shape) == 2 and form.shape[1] != shape[1]:
        return outer(filled(row_sums(form, form.shape), shape[:1]), ones(shape[1:]))
    if len(form.shape) == 2:
        return outer(ones(shape[:1]), filled(column_sums(form, form.shape), shape[1:]))
    if not form.shape or len(shape) == 1:
        return multiply(form, ones(shape))
    return outer(ones(shape[:1]), filled(form, shape[1:]))


def narrowed(form: Form, shape: Shape, to: Shape) -> Form:
    """The gradient for an operand of shape `to` that was broadcast to `shape`: summed over what was repeated."""
    if shape == to:
        return form
    if len(shape) < 2 or not to:
        return total(form, shape)
    if len(shape) > 2:
        raise Unreadable
    if len(to) == 2 and to[0] == shape[0]:
        return outer(filled(row_sums(form, shape), shape[:1]), ones((1,)))
    sums = column_sums(form, shape)
    return sums if to[-1] == shape[1] else total(sums, shape[1:])
