"""Points as people write them: `3`, `x=3,y=pi/4`, each value an expression of its own."""

from __future__ import annotations

from dataclasses import dataclass

from gradcalc.arrays.infer import infer
from gradcalc.arrays.lists import Numbers
from gradcalc.arrays.shape import SCALAR, Shape
from gradcalc.base.errors import GradcalcError, ShapeError
from gradcalc.base.limits import Limits
from gradcalc.base.span import Span
from gradcalc.syntax.parser import Parser, Vocabulary, deep_recursion, tokens_of
from gradcalc.syntax.tree import Node


@dataclass(frozen=True, slots=True)
class Assignment:
    """`x=3`, or `3` alone, where `name` is None; `source` is the text that it stands in.

    The value is an expression, or numbers that came from a file or from Python.
    """

    name: str | None
    value: Node | Numbers
    source: str
    span: Span
    name_span: Span | None = None

    @property
    def shape(self) -> Shape:
        """The shape of the value; that of a number where it is none that could be worked out."""
        if isinstance(self.value, Numbers):
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
            raise parser.expected("`,` or the end", "separate values with a comma" if parser.at("=") else None)
        parser.advance()
