"""Values as people write them, `3` or `x=3,y=pi/4`, each an expression of its own, and the numbers they come to."""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from gradcalc.arrays.array import Array, Value
from gradcalc.arrays.components import constant
from gradcalc.arrays.infer import infer
from gradcalc.arrays.shape import SCALAR, Shape, size
from gradcalc.base import ways
from gradcalc.base.errors import GradcalcError, PointError, ShapeError, shortened
from gradcalc.base.floating import DOUBLE, Format
from gradcalc.base.limits import Limits
from gradcalc.base.span import Span
from gradcalc.calculus.simplify import rational
from gradcalc.engines import ask
from gradcalc.problem.resolve import resolve
from gradcalc.syntax.parser import Parser, Vocabulary, deep_recursion, tokens_of
from gradcalc.syntax.tree import Node, Number, Program, Statement, number


@dataclass(frozen=True, slots=True)
class Assignment:
    """`x=3`, or `3` alone, where `name` is None; `source` is the text that it stands in.

    The value is an expression, or numbers that came from a file or from Python. `place` is the one of how many that it
    has in a point without names, `(3, 4)`, which are those of the variables in their order.
    """

    name: str | None
    value: Node | Array
    source: str
    span: Span
    name_span: Span | None = None
    place: tuple[int, int] | None = None

    @property
    def shape(self) -> Shape:
        """The shape of the value; that of a number where it is none that could be worked out."""
        if isinstance(self.value, Array):
            return self.value.shape
        try:
            return infer(self.value, {})[id(self.value)]
        except ShapeError:
            return SCALAR


def parse_point(source: str, vocabulary: Vocabulary, limits: Limits) -> list[Assignment]:
    """The assignments of one `--at`, separated by commas. Raises ExpressionSyntaxError with the place in `source`."""
    try:
        parser = Parser(source, tokens_of(source, vocabulary, limits), vocabulary, limits)
        with deep_recursion(limits):
            return _assignments(parser)
    except GradcalcError as error:
        raise error.located(source) from None


def _assignments(parser: Parser) -> list[Assignment]:
    assignments = []
    while True:
        start = parser.token.span
        name = parser.assigned_name()
        value = parser.expression(0)
        span = Span(start.start, parser.previous.span.end)
        named = (None, None) if name is None else (name.text, name.span)
        assignments.append(Assignment(named[0], value, parser.source, span, named[1]))
        if parser.token.kind == "end":
            return assignments
        if not (parser.at(",") or parser.token.kind == "separator"):
            raise parser.expected(
                "`,` or the end", ways.COMMA, "separate values with a comma" if parser.at("=") else None
            )
        parser.advance()


def settled(one: Assignment, form: Format, limits: Limits) -> Value:
    """The value in numbers of the format."""
    if isinstance(one.value, Array):
        given = one.value.values
        numbers = given if form.precision == DOUBLE else array("d", map(form.rounded, given))
        return _checked(one.value.shape, numbers, one, form)
    root = _constant(one.value, one, limits)
    exact = rational(root)
    if exact is not None:
        return _checked((), [form.nearest(exact)], one, form)
    try:
        shape = tuple(map(int, infer(root, {})[id(root)]))
        limits.require("elements", size(shape), "the value has too many elements")
        found = ask.elements(root, {})
    except GradcalcError as error:
        raise error.located(one.source) from None
    computed = [value.nearest(form) for value in found if value is not None]
    if len(computed) < len(found):
        raise PointError(
            "the value is not a real number", span=one.span, source=one.source, hint="give a finite real number"
        )
    return _checked(shape, computed, one, form)


def written(one: Assignment, limits: Limits) -> tuple[Node, ...]:
    """The components of a value, each an expression without variables."""
    if isinstance(one.value, Array):
        return tuple(number(Fraction(value)) for value in one.value.values)
    root = _constant(one.value, one, limits)
    return (root,) if rational(root) is not None else tuple(constant(root, limits).nodes)


def _constant(value: Node, one: Assignment, limits: Limits) -> Node:
    """A value as an expression without variables."""
    if isinstance(value, Number):
        return value
    try:
        expression = resolve(Program(one.source, (Statement(None, value, one.span),)), limits)
    except GradcalcError as error:
        raise error.located(one.source) from None
    if expression.variables:
        raise PointError(
            f"`{shortened(expression.variables[0])}` is not a number",
            span=one.span,
            source=one.source,
            hint="give a number, or numbers in an expression: `pi/4`",
        )
    return expression.root


def _checked(shape: tuple[int, ...], numbers: Sequence[float], one: Assignment, form: Format) -> Value:
    """A number, or an array of them. Raises PointError where one is beyond the format."""
    if not all(map(math.isfinite, numbers)):
        raise PointError(
            f"the value is beyond the largest {form.name}, {form.largest:.3g}", span=one.span, source=one.source
        )
    if not shape:
        return numbers[0]
    return Array(shape, numbers if isinstance(numbers, array) else array("d", numbers))
