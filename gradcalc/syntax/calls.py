"""What a name begins: a variable, a call, a function on a bare argument (`sin 2x`), a root."""

from __future__ import annotations

import re
from itertools import pairwise

from gradcalc.base import ways
from gradcalc.base.errors import GradcalcError, UnknownNameError, did_you_mean, shortened
from gradcalc.base.span import Span
from gradcalc.base.spelling import nearest
from gradcalc.syntax.apart import USUAL
from gradcalc.syntax.cursor import Cursor
from gradcalc.syntax.grammar import INFIX, POSTFIX, POWER, RAISED, SUPERSCRIPT, WORDS
from gradcalc.syntax.letters import GREEK, ROOTS
from gradcalc.syntax.tokens import Token
from gradcalc.syntax.tree import Call, Name, Node, Number, spanned, substitute

SHORTEST_SLIP = 4  # letters; a shorter name before a space and a parenthesis is a factor: `tan`, but also `ran (x + 1)`
TYPED_BY_HAND = 1_000  # tokens; slips are looked for in a text of at most so many
OPERATORS = frozenset(function for function, _ in INFIX.values())
LOGARITHM = re.compile(r"log_?\d+")  # to a base: `log_3 x`
SUMMED = r"write `sum((x - y)**2)` of vectors, or `\sum_i (x_i - y_i)^2`"
SIGN = re.compile(r"\W+")  # that a call is written with: `⟨x, y⟩`, `||x||`
TIME = "t"  # what quantities depend on in related rates: x(t)
LONGEST_PRODUCT = 40  # characters of a product that a hint spells out


def named(cursor: Cursor, name: Token) -> Node:
    """What the name, just read, begins. Raises UnknownNameError at a call of what is no function."""
    if name.text in ROOTS:
        return root(cursor, name)
    is_adjacent = cursor.token.span.start == name.span.end
    if cursor.at("("):
        if name.text in cursor.defined:
            return applied(cursor, name)
        if name.text in cursor.vocabulary.values:
            return _value(cursor, name)
        if name.text in cursor.vocabulary.functions or (is_adjacent and name.text in cursor.vocabulary.foreign):
            return call(cursor, name)
        if not _is_transposition(cursor, name) and (is_adjacent or _is_slip(cursor, name)):
            raise not_a_function(cursor, name)
    if name.text in cursor.vocabulary.bare:
        return bare_call(cursor, name)
    return Name(name.text, name.span)


def _value(cursor: Cursor, name: Token) -> Node:
    """A name for a value: `s` of `s(1 - s)`, which is a product, and all of `s(z)`."""
    inside, closing = cursor.tokens[cursor.index + 1 : cursor.index + 3]
    if inside.kind != "name" or closing.text != ")":
        return Name(name.text, name.span)
    (argument,) = arguments(cursor)
    cursor.rewritten = True
    return Name(name.text, name.span.join(spanned(argument)))


def _is_transposition(cursor: Cursor, name: Token) -> bool:
    """Is this the sign of `A^T (x + y)`, behind which a product goes on?"""
    return name.text == "T" and cursor.index > 1 and cursor.tokens[cursor.index - 2].text in ("^", "**")


def root(cursor: Cursor, sign: Token) -> Node:
    """`√x`, and `√x²`, which is the root of the square."""
    operand = cursor.expression(POWER)
    cursor.rewritten = True
    return Call(ROOTS[sign.text], (operand,), sign.span.join(spanned(operand)))


def call(cursor: Cursor, name: Token) -> Node:
    """`f(a, b)`."""
    by_name = name.text != "where" and not SIGN.fullmatch(cursor.typed(name))  # in where, x=0 is a slip for x == 0
    inside = arguments(cursor, by_name=by_name)
    cursor.rewritten = cursor.rewritten or name.text not in cursor.vocabulary.functions
    return _whole(cursor, Call(name.text, inside, name.span.join(cursor.previous.span)))


def _whole(cursor: Cursor, made: Call) -> Call:
    """The call. Raises where it has no argument, or an operator's own function, `pow` or `mul`, lacks an operand."""
    if made.function in OPERATORS and len(made.arguments) < 2:
        message = f"`{made.function}` takes 2 arguments, found {len(made.arguments)}"
        raise cursor.fail(message, spanned(made), f"write `{made.function}(x, y)`")
    if not made.arguments and made.function not in cursor.vocabulary.functions:
        raise cursor.fail("expected a value, found nothing", spanned(made), ways.MISSING)
    return made


def applied(cursor: Cursor, name: Token) -> Node:
    """`f(2*x)`, of a function that the program defines: its body, with the argument in place of the parameter."""
    parameters, body = cursor.defined[name.text]
    inside = arguments(cursor)
    span = name.span.join(cursor.previous.span)
    if len(inside) != len(parameters):
        hint = f"write `{shortened(name.text)}({', '.join(map(shortened, parameters))})`"
        raise cursor.fail(f"`{shortened(name.text)}` takes {len(parameters)}, found {len(inside)}", span, hint)
    if [one.name if isinstance(one, Name) else None for one in inside] == [*parameters]:
        return Name(name.text, span)
    cursor.rewritten = True
    return substitute(body, dict(zip(parameters, inside, strict=True)))


def arguments(cursor: Cursor, *, by_name: bool = True) -> tuple[Node, ...]:
    """What stands between the parentheses of a call; an argument by name, `axis=0`, becomes `axis=(0)`."""

    def argument() -> Node:
        name = cursor.assigned_name() if by_name else None
        value = cursor.expression(0)
        return value if name is None else Call(f"{name.text}=", (value,), name.span.join(spanned(value)))

    return cursor.group("(", ")", argument)


def bare_call(cursor: Cursor, name: Token) -> Node:
    """`sin x`, `sin 2x`, `sin^2 x` or `sin^2(x)`: as written on paper."""
    exponent = _exponent(cursor, name) if cursor.at("**", "^", RAISED, SUPERSCRIPT) else None
    if cursor.at("("):
        result = call(cursor, name)
    elif cursor.token.kind in ("number", "name", "call") or cursor.at_bar():
        argument = _bare_argument(cursor, name)
        result = _whole(cursor, Call(name.text, (argument,), name.span.join(spanned(argument))))
    else:
        raise cursor.fail(f"`{name.text}` is a function and needs an argument", name.span, f"write `{name.text}(x)`")
    cursor.rewritten = True
    return result if exponent is None else Call("raised", (result, exponent), spanned(result))


def _exponent(cursor: Cursor, name: Token) -> Node:
    """The exponent of `sin^2 x`; a negative one is ambiguous and refused."""
    cursor.advance()
    exponent = cursor.expression(POSTFIX)
    if not isinstance(exponent, Number):
        raise cursor.fail(
            f"a power of `{name.text}` itself is ambiguous",
            name.span.join(spanned(exponent)),
            f"write `{name.text}(x)**(…)`, or the name of the inverse function",
        )
    return exponent


def _bare_argument(cursor: Cursor, name: Token) -> Node:
    """The argument of `sin 2x y`: powers side by side, up to an operator or the next function.

    Raises where a reader could not tell its end: `sin x (y + 1)`, `sin √x y`.
    """
    cursor.require_no_word(cursor.token)
    simple = cursor.token.text not in ROOTS and not cursor.at("|")
    argument = cursor.expression(POWER)
    while simple and _at_variable(cursor):
        factor = cursor.expression(POWER)
        argument = Call("mul", (argument, factor), spanned(argument).join(spanned(factor)))
    unclear = cursor.at("(") or cursor.at_bar() or cursor.token.text in ROOTS
    if unclear or (not simple and (cursor.token.kind == "number" or _at_variable(cursor))):
        raise cursor.fail(
            f"it is unclear where the argument of `{name.text}` ends",
            name.span.join(cursor.token.span),
            f"write `{name.text}(…)`",
        )
    return argument


def _at_variable(cursor: Cursor) -> bool:
    """Is the next token a name that begins no function?"""
    token, vocabulary = cursor.token, cursor.vocabulary
    if token.kind != "name" or token.text in vocabulary.bare or token.text in ROOTS:
        return False
    return token.text not in vocabulary.functions or cursor.tokens[cursor.index + 1].text != "("


def _product_before(cursor: Cursor, name: Token, start: int, end: int) -> str | None:
    """The hint at `xcos(x)`: a variable's letter, and a function behind it."""
    letter, function = name.text[0], name.text[1:]
    if letter not in USUAL or function not in cursor.vocabulary.bare or end - start > LONGEST_PRODUCT:
        return None
    return f"write `{letter}*{function}{cursor.source[start:end]}`"


def _is_slip(cursor: Cursor, name: Token) -> bool:
    """Is the name, before a space and a parenthesis, a function misspelt? `sinn (x)`, not `tau (x + 1)`."""
    if len(name.text) < SHORTEST_SLIP or len(cursor.tokens) > TYPED_BY_HAND or _is_variable(cursor, name):
        return False
    return nearest(name.text, cursor.vocabulary.functions) is not None


def _is_variable(cursor: Cursor, name: Token) -> bool:
    """Does the rest of the text, or custom, use the name as a variable?"""
    following = zip(cursor.tokens, cursor.tokens[1:], strict=False)
    elsewhere = any(token.text == name.text and after.text != "(" for token, after in following)
    return len(name.text) == 1 or name.text in GREEK or elsewhere


def not_a_function(cursor: Cursor, name: Token) -> GradcalcError:
    """The error for a name before a parenthesis that no function has; raises what is wrong inside of it first."""
    shown, start = shortened(cursor.typed(name)), cursor.token.span.start
    inside = arguments(cursor)
    end = cursor.previous.span.end
    if cursor.at("="):
        place = Span(name.span.start, end)
        return cursor.fail("a function is defined with names in its parentheses", place, f"write `{shown}(x) = …`")
    hint = (
        WORDS.get(name.text) or (SUMMED if name.text[0] in "Σ∑" else None) or _product_before(cursor, name, start, end)
    )
    if hint is None and not _is_variable(cursor, name):
        same = name.text.lower() if name.text.lower() in cursor.vocabulary.foreign else None
        hint = f"did you mean `{same}`?" if same else did_you_mean(name.text, cursor.vocabulary.functions)
    if hint is not None or "." in shown:
        return UnknownNameError(
            f"unknown function `{shown}`", span=name.span, source=cursor.source, hint=hint or ways.FUNCTIONS
        )
    product = f"{name.text}*{cursor.source[start:end]}"
    if len(product) > LONGEST_PRODUCT:
        product = f"{shown}*(…)"
    parameters = ", ".join(one.name if isinstance(one, Name) else "…" for one in inside) or "x"
    written = "=" not in cursor.source[start:end]
    several = f"define it before: `{shown}({shortened(parameters)}) = …`"
    hint = f"for a product write `{product}`" if len(inside) == 1 and written else several
    if inside == (Name(TIME),):
        hint += f"; what changes with {TIME} is written alone, and its rate with --direction {shown}=…"
    return UnknownNameError(f"`{shown}` is not a function", span=name.span, source=cursor.source, hint=hint)


def require_own(cursor: Cursor, before: Token, both: Span) -> None:
    """Raises where a function of other libraries stands before a value: `tg x`, `lg 5`; `both` is their place."""
    name, vocabulary = before.text, cursor.vocabulary
    known = LOGARITHM.fullmatch(name) or name in vocabulary.foreign - vocabulary.functions
    if before.kind != "name" or not known or name in vocabulary.variables:
        return
    if len(name) == 1 or any(one.text == name and other.text == "=" for one, other in pairwise(cursor.tokens)):
        return
    if name in vocabulary.told:
        raise cursor.fail(f"`{name}` is not part of the language", before.span, vocabulary.told[name])
    shown = shortened(cursor.typed(before))
    raise cursor.fail(f"`{name}` is a function elsewhere", both, f"write `{shown}(…)`, or `{shown}*…` for a product")
