"""What follows a value and belongs to it: `x!`, `x²`, `A.T`, `A[1, 2]`, `x.sum()`."""

from __future__ import annotations

from collections.abc import Callable

from gradcalc.base.errors import did_you_mean
from gradcalc.syntax import calls
from gradcalc.syntax.cursor import Cursor
from gradcalc.syntax.grammar import MODULES
from gradcalc.syntax.tokens import RAISED
from gradcalc.syntax.tree import Call, Name, Node, Number, spanned

TRANSPOSE = "T"


def read(cursor: Cursor, operand: Node) -> Node:
    """`operand` with everything that follows it so."""
    while cursor.at(*SUFFIXES):
        if cursor.at("[") and isinstance(operand, Number):
            break  # 2[1, 2] is a product
        operand = SUFFIXES[cursor.token.text](cursor, operand)
    return operand


def _factorial(cursor: Cursor, operand: Node) -> Node:
    """`x!`. Raises at `x!!`, which on paper is another function."""
    mark = cursor.advance()
    if cursor.at("!"):
        place = mark.span.join(cursor.token.span)
        raise cursor.fail("a double factorial is not part of the language", place, "write `(x!)!` for two factorials")
    return Call("factorial", (operand,), spanned(operand).join(mark.span))


def _raised(cursor: Cursor, operand: Node) -> Node:
    """`x²`."""
    mark = cursor.advance()
    (exponent,) = cursor.group("(", ")")
    return Call("pow", (operand, exponent), spanned(operand).join(mark.span))


def _index(cursor: Cursor, operand: Node) -> Node:
    """`x[1]`, `A[1, 2]`; from 1, as in the mathematics."""
    places = cursor.group("[", "]", cursor.item)
    if not places:
        raise cursor.fail("expected an index", cursor.previous.span, "write `x[1]` for the first element")
    return Call("index", (operand, *places), spanned(operand).join(cursor.previous.span))


def _member(cursor: Cursor, operand: Node) -> Node:
    """`A.T`, or the method form of a function: `x.sum()`, `A.mean(axis=1)`."""
    cursor.advance()
    name = cursor.advance()
    if isinstance(operand, Name) and operand.name in MODULES and cursor.at("("):
        hint = f"write `{name.text}(…)`, or give the variable another name"
        raise cursor.fail(f"`{operand.name}` is a module of another language", operand.span, hint)
    if name.text == TRANSPOSE and not cursor.at("("):
        return Call("transpose", (operand,), spanned(operand).join(name.span))
    if not cursor.at("(") or name.text not in cursor.vocabulary.functions:
        hint = did_you_mean(name.text, [TRANSPOSE, *cursor.vocabulary.functions]) or "write `x.T`, or `x.sum()`"
        raise cursor.fail(f"unknown method `{name.text}`", name.span, hint)
    arguments = calls.arguments(cursor)
    return Call(name.text, (operand, *arguments), spanned(operand).join(cursor.previous.span))


SUFFIXES: dict[str, Callable[[Cursor, Node], Node]] = {"!": _factorial, RAISED: _raised, "[": _index, ".": _member}
