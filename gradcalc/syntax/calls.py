"""What a name begins: a variable, a call, a function on a bare argument (`sin 2x`), a root."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradcalc.base.errors import GradcalcError, UnknownNameError, did_you_mean, shortened
from gradcalc.base.span import Span
from gradcalc.base.spelling import nearest
from gradcalc.syntax.grammar import ELSEWHERE, POSTFIX, POWER
from gradcalc.syntax.letters import GREEK, ROOTS
from gradcalc.syntax.tokens import RAISED, Token
from gradcalc.syntax.tree import Call, Name, Node, Number, spanned

if TYPE_CHECKING:
    from gradcalc.syntax.parser import Parser

AXIS = "axis"
SHORTEST_SLIP = 4  # letters; a shorter name before a space and a parenthesis is a factor: `tan`, but also `ran (x + 1)`
TYPED_BY_HAND = 1_000  # tokens; slips are looked for in a text of at most so many
LONGEST_PRODUCT = 40  # characters of a product that a hint spells out


def named(parser: Parser, name: Token) -> Node:
    """What the name, just read, begins. Raises UnknownNameError at a call of what is no function."""
    if name.text in ROOTS:
        return root(parser, name)
    if parser.at("("):
        if name.text in parser.vocabulary.functions:
            return call(parser, name)
        if parser.token.span.start == name.span.end or _is_slip(parser, name):
            raise not_a_function(parser, name)
    if name.text in parser.vocabulary.bare:
        return bare_call(parser, name)
    return Name(name.text, name.span)


def root(parser: Parser, sign: Token) -> Node:
    """`√x`, and `√x²`, which is the root of the square."""
    operand = parser.expression(POWER)
    parser.rewritten = True
    return Call(ROOTS[sign.text], (operand,), sign.span.join(spanned(operand)))


def call(parser: Parser, name: Token) -> Node:
    """`f(a, b)`."""
    inside = arguments(parser)
    return Call(name.text, inside, name.span.join(parser.previous.span))


def arguments(parser: Parser) -> tuple[Node, ...]:
    """What stands between the parentheses of a call; `axis=0` becomes `axis(0)`."""

    def argument() -> Node:
        name = parser.assigned_name() if parser.token.text == AXIS else None
        value = parser.expression(0)
        return value if name is None else Call(AXIS, (value,), name.span.join(spanned(value)))

    return parser.group("(", ")", argument)


def bare_call(parser: Parser, name: Token) -> Node:
    """`sin x`, `sin 2x`, `sin^2 x` or `sin^2(x)`: as written on paper."""
    exponent = _exponent(parser, name) if parser.at("**", RAISED) else None
    if parser.at("("):
        result = call(parser, name)
    elif parser.token.kind in ("number", "name") or parser.at_bar():
        argument = _bare_argument(parser, name)
        result = Call(name.text, (argument,), name.span.join(spanned(argument)))
    else:
        raise parser.fail(f"`{name.text}` is a function and needs an argument", name.span, f"write `{name.text}(x)`")
    parser.rewritten = True
    return result if exponent is None else Call("pow", (result, exponent), spanned(result))


def _exponent(parser: Parser, name: Token) -> Node:
    """The exponent of `sin^2 x`; a negative one is ambiguous and refused."""
    parser.advance()
    exponent = parser.expression(POSTFIX)
    if not isinstance(exponent, Number):
        raise parser.fail(
            f"a power of `{name.text}` itself is ambiguous",
            name.span.join(spanned(exponent)),
            f"write `{name.text}(x)**(…)`, or the name of the inverse function",
        )
    return exponent


def _bare_argument(parser: Parser, name: Token) -> Node:
    """The argument of `sin 2x y`: powers side by side, up to an operator or the next function.

    Raises where a reader could not tell its end: `sin x (y + 1)`, `sin √x y`.
    """
    simple = parser.token.text not in ROOTS and not parser.at("|")
    argument = parser.expression(POWER)
    while simple and _at_variable(parser):
        factor = parser.expression(POWER)
        argument = Call("mul", (argument, factor), spanned(argument).join(spanned(factor)))
    unclear = parser.at("(") or parser.at_bar() or parser.token.text in ROOTS
    if unclear or (not simple and (parser.token.kind == "number" or _at_variable(parser))):
        raise parser.fail(
            f"it is unclear where the argument of `{name.text}` ends",
            name.span.join(parser.token.span),
            f"write `{name.text}(…)`",
        )
    return argument


def _at_variable(parser: Parser) -> bool:
    """Is the next token a name that begins no function?"""
    token, vocabulary = parser.token, parser.vocabulary
    if token.kind != "name" or token.text in vocabulary.bare or token.text in ROOTS:
        return False
    return token.text not in vocabulary.functions or parser.tokens[parser.index + 1].text != "("


def _is_slip(parser: Parser, name: Token) -> bool:
    """Is the name, before a space and a parenthesis, a function misspelt? `sinn (x)`, not `tau (x + 1)`."""
    if len(name.text) < SHORTEST_SLIP or len(parser.tokens) > TYPED_BY_HAND or _is_variable(parser, name):
        return False
    return nearest(name.text, parser.vocabulary.functions) is not None


def _is_variable(parser: Parser, name: Token) -> bool:
    """Does the rest of the text, or custom, use the name as a variable?"""
    following = zip(parser.tokens, parser.tokens[1:], strict=False)
    elsewhere = any(token.text == name.text and after.text != "(" for token, after in following)
    return len(name.text) == 1 or name.text in GREEK or elsewhere


def not_a_function(parser: Parser, name: Token) -> GradcalcError:
    """The error for a name before a parenthesis that no function has."""
    start = parser.token.span.start
    end = _closing(parser.source, start)
    shown = shortened(name.text)
    if _is_defined(parser.source, end):
        return parser.fail("a function cannot be defined", Span(name.span.start, end), f"write `{shown} = …`")
    hint = ELSEWHERE.get(name.text)
    if hint is None and not _is_variable(parser, name):
        hint = did_you_mean(name.text, parser.vocabulary.functions)
    if hint is not None:
        return UnknownNameError(f"unknown function `{shown}`", span=name.span, source=parser.source, hint=hint)
    product = f"{name.text}*{parser.source[start:end]}"
    if len(product) > LONGEST_PRODUCT:
        product = f"{shown}*(…)"
    return UnknownNameError(
        f"`{shown}` is not a function", span=name.span, source=parser.source, hint=f"for a product write `{product}`"
    )


def _is_defined(source: str, end: int) -> bool:
    """Does a single `=` follow, as in `f(x) = x**2`?"""
    rest = source[end : end + 40].lstrip()
    return rest.startswith("=") and not rest.startswith("==")


def _closing(source: str, start: int) -> int:
    """The position behind the parenthesis that closes the one at `start`."""
    level = 0
    for position in range(start, len(source)):
        level += {"(": 1, ")": -1}.get(source[position], 0)
        if level == 0:
            return position + 1
    return len(source)
