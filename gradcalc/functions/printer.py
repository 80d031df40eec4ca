"""Tree to text that is read back as the same tree, with no more parentheses than needed.

A number of hundreds of digits, nearly all of which are zeros or nines, is a sum of short ones: `1 - 1e-300`.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TypeAlias

from gradcalc.base.limits import Limits, current
from gradcalc.functions import ALIASES, ARRAY_FUNCTIONS, CATALOGUE, VOCABULARY
from gradcalc.syntax.decimals import decimal
from gradcalc.syntax.sparse import short
from gradcalc.syntax.tree import Call, Name, Node, Number, postorder, rebuilt, with_arguments

ATOM, FACTORIAL = 100, 50
BINARY = {  # operator, strength, strength asked of the left and of the right argument
    "eq": (" == ", 5, 6, 6), "ne": (" != ", 5, 6, 6), "lt": (" < ", 5, 6, 6),
    "le": (" <= ", 5, 6, 6), "gt": (" > ", 5, 6, 6), "ge": (" >= ", 5, 6, 6),
    "add": (" + ", 10, 10, 11), "sub": (" - ", 10, 10, 11),
    "mul": ("*", 20, 20, 21), "div": ("/", 20, 19, 21),
    "matmul": (" @ ", 19, 19, 21),  # as strong as *, but (A @ x)*y is clearer than A @ x*y
    "pow": ("**", 30, 31, 30),
}  # fmt: skip
NOTATIONS = {  # what is not settled yet
    "beside": "mul", "dotted": "mul", "crossed": "mul", "raised": "pow", "superscript": "pow", "bars": "abs",
    "vert": "abs", "prime": "transpose", "turned": "transpose", "norm2": "norm",
}  # fmt: skip
WRITABLE = frozenset({*CATALOGUE, *ALIASES, *NOTATIONS, *VOCABULARY.functions, *VOCABULARY.foreign})
FIRST = Number(Fraction(1))
END = Number(Fraction(0))  # the last place of an array
NEGATION = 25  # looser than **, tighter than *
SHORT = 100  # characters; a graph writes out thousands of such formulas, and looking up a limit takes longer

Piece: TypeAlias = "str | tuple[Node, int]"  # text, or an argument and the strength asked of it


def to_text(node: Node) -> str:
    """The tree in gradcalc's own language: `2*x*cos(x**2)`.

    Takes time in proportion to the text. Raises LimitError where the text is too long: a tree that shares its nodes
    can be small and yet endless to write.
    """
    limits: Limits | None = None
    written: list[str] = []
    length = 0
    pieces: list[Piece] = [(node, 0)]
    while pieces:
        piece = pieces.pop()
        if isinstance(piece, str):
            written.append(piece)
            length += len(piece)
            if length > SHORT:
                limits = limits or current()
                limits.require("written_characters", length, "the formula is too long to write out")
        else:
            pieces.extend(reversed(_pieces(*piece)))
    return "".join(written)


def signed_text(node: Node) -> str:
    """The text as people write it, every minus of a product or a quotient at its front: `-2*x`, not `-(2*x)`."""
    return to_text(rebuilt(node, _fronted))


def _fronted(node: Node, arguments: tuple[Node, ...]) -> Node:
    if isinstance(node, Call) and node.function == "neg":
        (inner,) = arguments
        if isinstance(inner, Call) and inner.function in ("mul", "div"):
            first = Call("neg", (inner.arguments[0],))
            return with_arguments(inner, (_fronted(first, first.arguments), *inner.arguments[1:]))
    return with_arguments(node, arguments)


def is_writable(node: Node) -> bool:
    """Is the tree made of what the language has, and not of sums over an index or other notation?"""
    return all(one.function in WRITABLE for one in postorder(node) if isinstance(one, Call))


def _pieces(node: Node, least: int) -> list[Piece]:
    """What a node is written as, in parentheses where it binds less tightly than asked."""
    pieces, strength = _written(node)
    return pieces if strength >= least else ["(", *pieces, ")"]


def _written(node: Node) -> tuple[list[Piece], int]:
    """The pieces of a node, and how tightly they hang together."""
    if isinstance(node, Number):
        sum_ = short(node.value)
        return ([decimal(node.value)], ATOM) if sum_ is None else _written(sum_)
    if not isinstance(node, Call):
        return [node.name], ATOM
    if node.function in NOTATIONS:
        node = Call(NOTATIONS[node.function], node.arguments)
    if node.function in BINARY:
        symbol, strength, left, right = BINARY[node.function]
        return [(node.arguments[0], left), symbol, (node.arguments[1], right)], strength
    if node.function == "neg":
        return ["-", (node.arguments[0], NEGATION)], NEGATION
    if node.function == "factorial":
        return [(node.arguments[0], FACTORIAL + 1), "!"], FACTORIAL
    if node.function == "transpose":
        operand: list[Piece] = [(node.arguments[0], FACTORIAL + 1)]
        if isinstance(node.arguments[0], Number):
            operand = ["(", *operand, ")"]  # 2.T is 2.0 T
        return [*operand, ".T"], ATOM
    if node.function == "index":
        if (matrix := _of_columns(node.arguments[0])) is not None and len(node.arguments) == 2:
            return [(matrix, FACTORIAL + 1), "[:, ", (node.arguments[1], 0), "]"], ATOM
        return [(node.arguments[0], FACTORIAL + 1), "[", *_listed(node.arguments[1:]), "]"], ATOM
    if node.function == "slice":
        return [(node.arguments[0], FACTORIAL + 1), "[", *_slices(node.arguments[1:]), "]"], ATOM
    if node.function == "array":
        return ["[", *_listed(node.arguments), "]"], ATOM
    if node.function == "concat":
        return ["concat(", *_listed(_end_to_end(node)), ")"], ATOM
    row = ARRAY_FUNCTIONS.get(node.function)
    if row is not None and row.along and len(node.arguments) == 2 and not isinstance(node.arguments[1], Name):
        return [node.function, "(", (node.arguments[0], 0), ", axis=", (node.arguments[1], 0), ")"], ATOM
    return [node.function, "(", *_listed(node.arguments), ")"], ATOM


def _end_to_end(node: Call) -> tuple[Node, ...]:
    """All arrays that are put together, which are read two by two from the left."""
    found, first = [*node.arguments[1:]], node.arguments[0]
    while isinstance(first, Call) and first.function == "concat":
        found, first = [*first.arguments[1:], *found], first.arguments[0]
    return (first, *found)


def _of_columns(node: Node) -> Node | None:
    """The matrix whose columns are the elements, as `X[:, 1]` is read."""
    inner = node.arguments[0] if isinstance(node, Call) and node.function == "transpose" else None
    return inner.arguments[0] if isinstance(inner, Call) and is_whole(inner) else None


def is_whole(node: Node) -> bool:
    """Is it all rows and all columns of a matrix?"""
    return isinstance(node, Call) and node.function == "slice" and node.arguments[1:] == (FIRST, END, FIRST, END)


def _slices(bounds: tuple[Node, ...]) -> list[Piece]:
    """`2:3`, or `2:` to the end, for each axis."""
    found: list[Piece] = []
    for first, last in zip(bounds[::2], bounds[1::2], strict=True):
        whole = last == END and first == FIRST
        found += [", " if found else "", *([] if whole else [(first, 0)]), ":", *([] if last == END else [(last, 0)])]
    return found


def _listed(arguments: tuple[Node, ...]) -> list[Piece]:
    """Arguments, with commas between them."""
    return [piece for argument in arguments for piece in (", ", (argument, 0))][1:]
