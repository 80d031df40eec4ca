"""Arrays of ones and unit matrices, and how a form goes without them: it broadcasts."""

from __future__ import annotations

from gradcalc.arrays.shape import Dimension, Shape
from gradcalc.calculus.matrix.form import UNIT, ZERO, Apply, Form, Product, Unreadable, apply, is_call, raw_product


def ones(shape: Shape) -> Form:
    """An array of ones; a matrix of them is the outer product of two vectors."""
    if len(shape) > 2:
        raise Unreadable
    if len(shape) == 2:
        return apply("outer", (ones(shape[:1]), ones(shape[1:])), shape)
    return apply("ones", (), shape) if shape else UNIT


def eye(size: Dimension) -> Form:
    """The unit matrix."""
    return apply("eye", (), (size, size))


def zeros(shape: Shape) -> Form:
    """An array of zeros, where its shape matters; 0 alone broadcasts to any."""
    return apply("zeros", (), shape) if shape else ZERO


def is_ones(form: Form) -> bool:
    """Is this a vector or a matrix of ones?"""
    if is_call(form, "outer"):
        return all(map(is_ones, arguments(form)))
    return is_call(form, "ones")


def arguments(form: Form) -> tuple[Form, ...]:
    """The arguments of a call."""
    assert isinstance(form, Apply)
    return form.arguments


def lean(form: Form) -> Form:
    """The form without ones: what broadcasts to it."""
    if is_ones(form):
        return UNIT
    if is_call(form, "outer") and is_ones(arguments(form)[0]):
        return arguments(form)[1]
    if isinstance(form, Product):
        kept = tuple((base, power) for base, power in form.factors if not is_ones(base))
        if len(kept) < len(form.factors):
            return kept[0][0] if len(kept) == 1 and kept[0][1] == 1 else raw_product(kept)
    return form
