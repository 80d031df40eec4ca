"""The value of one assignment: a constant expression, or numbers that came from a file or from Python."""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from fractions import Fraction

from gradcalc.arrays.array import Array, Value
from gradcalc.arrays.components import constant
from gradcalc.arrays.lists import Numbers
from gradcalc.base.errors import GradcalcError, PointError, shortened
from gradcalc.base.floating import DOUBLE, Format
from gradcalc.base.limits import Limits
from gradcalc.calculus.simplify import rational
from gradcalc.engines import ask
from gradcalc.inputs.assignment import Assignment
from gradcalc.problem.resolve import resolve
from gradcalc.syntax.tree import Node, Program, Statement, number


def settled(one: Assignment, form: Format, limits: Limits) -> Value:
    """The value in numbers of the format."""
    if isinstance(one.value, Numbers):
        given = one.value.values
        numbers = given if form.precision == DOUBLE else array("d", map(form.rounded, given))
        return _checked(one.value.shape, numbers, one, form)
    root = _constant(one.value, one, limits)
    exact = rational(root)
    if exact is not None:
        return _checked((), [form.nearest(exact)], one, form)
    try:
        components = constant(root, limits)
    except GradcalcError as error:
        raise error.located(one.source) from None
    computed = [_computed(node, one, form) for node in components.nodes]
    return _checked(tuple(map(int, components.shape)), computed, one, form)


def written(one: Assignment, limits: Limits) -> tuple[Node, ...]:
    """The components of a value, each an expression without variables."""
    if isinstance(one.value, Numbers):
        return tuple(number(Fraction(value)) for value in one.value.values)
    root = _constant(one.value, one, limits)
    return (root,) if rational(root) is not None else tuple(constant(root, limits).nodes)


def _constant(value: Node, one: Assignment, limits: Limits) -> Node:
    """A value as an expression without variables."""
    try:
        expression = resolve(Program(one.source, (Statement(None, value, one.span),)), limits)
    except GradcalcError as error:
        raise error.located(one.source) from None
    if expression.variables:
        raise PointError(
            f"`{shortened(expression.variables[0])}` is not a number",
            span=one.span,
            source=one.source,
            hint="a value is a constant expression",
        )
    return expression.root


def _computed(root: Node, one: Assignment, form: Format) -> float:
    """A constant expression as the nearest number of the format."""
    exact = rational(root)
    if exact is not None:
        return form.nearest(exact)
    value = ask.value(root, {})
    if value is None:
        raise PointError("the value is not a real number", span=one.span, source=one.source)
    return float(value.nearest(form))


def _checked(shape: tuple[int, ...], numbers: Sequence[float], one: Assignment, form: Format) -> Value:
    """A number, or an array of them. Raises PointError where one is beyond the format."""
    if not all(map(math.isfinite, numbers)):
        raise PointError(
            f"the value is beyond the largest {form.name}, {form.largest:.3g}", span=one.span, source=one.source
        )
    if not shape:
        return numbers[0]
    return Array(shape, numbers if isinstance(numbers, array) else array("d", numbers))
