"""What follows a value and belongs to it: `x!`, `x²`, `A.T`, `A[1, 2]`, `x.sum()`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from gradcalc.base.errors import did_you_mean
from gradcalc.syntax import calls
from gradcalc.syntax.grammar import MODULES
from gradcalc.syntax.tokens import RAISED
from gradcalc.syntax.tree import Call, Name, Node, Number, spanned

if TYPE_CHECKING:
    from gradcalc.syntax.parser import Parser

TRANSPOSE = "T"


def read(parser: Parser, operand: Node) -> Node:
    """`operand` with everything that follows it so."""
    while parser.at(*SUFFIXES):
        if parser.at("[") and isinstance(operand, Number):
            break  # 2[1, 2] is a product
        operand = SUFFIXES[parser.token.text](parser, operand)
    return operand


def _factorial(parser: Parser, operand: Node) -> Node:
    """`x!`. Raises at `x!!`, which on paper is another function."""
    mark = parser.advance()
    if parser.at("!"):
        place = mark.span.join(parser.token.span)
        raise parser.fail("a double factorial is not part of the language", place, "write `(x!)!` for two factorials")
    return Call("factorial", (operand,), spanned(operand).join(mark.span))


def _raised(parser: Parser, operand: Node) -> Node:
    """`x²`."""
    mark = parser.advance()
    (exponent,) = parser.group("(", ")")
    return Call("pow", (operand, exponent), spanned(operand).join(mark.span))


def _index(parser: Parser, operand: Node) -> Node:
    """`x[1]`, `A[1, 2]`; from 1, as in the mathematics."""
    places = parser.group("[", "]", parser.item)
    if not places:
        raise parser.fail("expected an index", parser.previous.span, "write `x[1]` for the first element")
    return Call("index", (operand, *places), spanned(operand).join(parser.previous.span))


def _member(parser: Parser, operand: Node) -> Node:
    """`A.T`, or the method form of a function: `x.sum()`, `A.mean(axis=1)`."""
    parser.advance()
    name = parser.advance()
    if isinstance(operand, Name) and operand.name in MODULES and parser.at("("):
        hint = f"write `{name.text}(…)`, or give the variable another name"
        raise parser.fail(f"`{operand.name}` is a module of another language", operand.span, hint)
    if name.text == TRANSPOSE and not parser.at("("):
        return Call("transpose", (operand,), spanned(operand).join(name.span))
    if not parser.at("(") or name.text not in parser.vocabulary.functions:
        hint = did_you_mean(name.text, [TRANSPOSE, *parser.vocabulary.functions]) or "write `x.T`, or `x.sum()`"
        raise parser.fail(f"unknown method `{name.text}`", name.span, hint)
    arguments = calls.arguments(parser)
    return Call(name.text, (operand, *arguments), spanned(operand).join(parser.previous.span))


SUFFIXES: dict[str, Callable[[Parser, Node], Node]] = {"!": _factorial, RAISED: _raised, "[": _index, ".": _member}
