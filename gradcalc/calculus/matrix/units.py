"""Unit vectors, the rows of a unit matrix: each picks one element of another vector."""

from __future__ import annotations

from gradcalc.arrays.shape import Dimension
from gradcalc.calculus.matrix.form import Form, apply, is_call
from gradcalc.calculus.matrix.ones import arguments, eye
from gradcalc.calculus.matrix.sums import number, value


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


def as_number(form: Form) -> int | None:
    """The whole number that a form is."""
    found = value(form)
    return found.numerator if found is not None and found.denominator == 1 else None
