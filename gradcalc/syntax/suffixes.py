"""What follows a value and belongs to it: `x!`, `x²`, `A.T`, `x'`, `A[1, 2]`, `x.sum()`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from gradcalc.base import ways
from gradcalc.base.errors import did_you_mean
from gradcalc.base.span import Span
from gradcalc.syntax import calls
from gradcalc.syntax.cursor import Cursor
from gradcalc.syntax.grammar import RAISED
from gradcalc.syntax.letters import TRANSPOSED
from gradcalc.syntax.tokens import PRIME
from gradcalc.syntax.tree import Call, Name, Node, Number, spanned

TRANSPOSE = ("T", "mT")
METHODS = {"t": "transpose", "mm": "matmul", "mv": "matmul", "inverse": "inv"}  # whose names mean nothing elsewhere
OWN_METHODS = frozenset({"sum", "mean", "prod", "max", "min", "norm", "dot", "trace", "det", "var", "std", "softmax"})
SLICES = "write `x[1:3]` for the first three, or the elements in brackets, `[x[1], x[3]]`"
SLICE = ":"  # of two places; the last one is 0 for the end
WHOLE = (Number(Fraction(1)), Number(Fraction(0)))


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
    return Call("raised", (operand, exponent), spanned(operand).join(mark.span))


def _prime(cursor: Cursor, operand: Node) -> Node:
    """`x'`, as Matlab has it. Raises at `f'(x)` and `(f g)'(3)`, which are derivatives."""
    mark = cursor.advance()
    derived = not _is_array(cursor, operand.name) if isinstance(operand, Name) else _at_number(cursor)
    if cursor.at(PRIME) or (cursor.at("(") and cursor.token.span.start == mark.span.end and derived):
        place = spanned(operand).join(mark.span)
        raise cursor.fail("a derivative is not part of the language", place, "write the function itself")
    return Call("prime", (operand,), spanned(operand).join(mark.span))


def _at_number(cursor: Cursor) -> bool:
    """Does a number alone stand in the parentheses that follow?"""
    inside = [token.text for token in cursor.tokens[cursor.index + 1 : cursor.index + 4]]
    first, second, *_ = inside[1:] if inside[:1] == ["-"] else [*inside, ""]
    return first[:1].isdecimal() and second == ")"


def _is_array(cursor: Cursor, name: str) -> bool:
    """Is this name, before a prime and a parenthesis, an array? In `X'(y - X*b)` a sum follows, and no argument."""
    inside = [token.text for token in cursor.tokens[cursor.index + 1 : cursor.index + 3]]
    return name in cursor.vocabulary.variables or (name[0].isupper() and inside[1:] in (["+"], ["-"]))


def _transposed(cursor: Cursor, operand: Node) -> Node:
    """`xᵀ`."""
    return Call("transpose", (operand,), spanned(operand).join(cursor.advance().span))


def _index(cursor: Cursor, operand: Node) -> Node:
    """`x[1]`, `A[1, 2]`; from 1, as in the mathematics."""

    def part() -> Node:
        first = WHOLE[0] if cursor.at(":") else place()
        if not cursor.at(":"):
            return first
        cursor.advance()
        last = WHOLE[1] if cursor.at(",", "]", ":") else place()
        if cursor.at(":"):
            raise cursor.fail("a slice takes every element between two places", hint=SLICES)
        return Call(SLICE, (first, last))

    def place() -> Node:
        found = cursor.expression(0)
        if found == ZERO or (isinstance(found, Call) and found.function == "neg"):
            raise cursor.fail("elements are counted from 1", found.span, ways.COUNTED)
        return found

    places = cursor.group("[", "]", part)
    if not places:
        raise cursor.fail("expected an index", cursor.previous.span, "write `x[1]` for the first element")
    return _taken(operand, places, spanned(operand).join(cursor.previous.span))


def _taken(operand: Node, places: Sequence[Node], span: Span) -> Node:
    """The element, or the elements between two places; `A[:, 2]` is a row of the transpose."""
    sliced = [one.arguments if isinstance(one, Call) and one.function == SLICE else None for one in places]
    if not any(sliced):
        return Call("index", (operand, *places), span)
    if len(places) == 2 and not all(sliced):
        row, column = places
        if sliced[1] is not None:
            return _part(Call("index", (operand, row), span), [sliced[1]], span)
        rows = _part(operand, [sliced[0] or (), WHOLE], span)
        return Call("index", (Call("transpose", (rows,), span), column), span)
    return _part(operand, [one or () for one in sliced], span)


def _part(operand: Node, bounds: Sequence[tuple[Node, ...]], span: Span) -> Node:
    """The elements between two places along each axis."""
    return Call("slice", (operand, *(bound for one in bounds for bound in one)), span)


def _member(cursor: Cursor, operand: Node) -> Node:
    """`A.T`, or the method form of a function: `x.sum()`, `A.mean(axis=1)`."""
    dot = cursor.advance()
    if cursor.token.kind not in ("name", "call"):
        raise cursor.fail("unexpected `.`", dot.span, ways.LEAVE_OUT)
    name = cursor.advance()
    if name.text in TRANSPOSE and not cursor.at("("):
        return Call("transpose", (operand,), spanned(operand).join(name.span))
    function = METHODS.get(name.text, name.text)
    known, foreign = cursor.vocabulary.functions, cursor.vocabulary.foreign
    if not cursor.at("(") or function not in known | foreign:
        hint = did_you_mean(name.text, [*TRANSPOSE, *known]) or "write `x.T`, or `x.sum()`"
        raise cursor.fail(f"unknown method `{name.text}`", name.span, hint)
    cursor.rewritten = cursor.rewritten or function not in OWN_METHODS
    arguments = calls.arguments(cursor)
    return Call(function, (operand, *arguments), spanned(operand).join(cursor.previous.span))


ZERO = Number(Fraction(0))
SUFFIXES: dict[str, Callable[[Cursor, Node], Node]] = {
    "!": _factorial, RAISED: _raised, PRIME: _prime, TRANSPOSED: _transposed, "[": _index, ".": _member,
}  # fmt: skip
