"""Text to tokens. Unicode spellings become the plain ones here, each keeping the span of what was typed."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from gradcalc.errors import ExpressionSyntaxError
from gradcalc.limits import Limits
from gradcalc.span import Span


@dataclass(frozen=True, slots=True)
class Token:
    """One word of the language. `kind` is `number`, `name`, `operator`, `separator` or `end`."""

    kind: str
    text: str
    span: Span


NUMBER = re.compile(r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
OPERATORS = ("**", "<=", ">=", "==", "!=", *"+-*/^()=<>,!|@[]")
SPELLINGS = {  # what people paste, and the plain operator it stands for
    "^": "**",
    "·": "*", "⋅": "*", "×": "*", "∗": "*", "∙": "*", "÷": "/", "∕": "/", "−": "-", "–": "-",
    "≤": "<=", "⩽": "<=", "≥": ">=", "⩾": ">=", "≠": "!=",
}  # fmt: skip
ROOTS = {"√": "sqrt", "∛": "cbrt"}
CONSTANT_LETTERS = {"π": "pi"}
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
SUPERSCRIPT = re.compile(r"[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
OTHER_BASES = re.compile(r"0[xXbBoO][0-9a-fA-F]")


def tokenize(source: str, limits: Limits) -> list[Token]:
    """The tokens of `source`, closed by an `end` token.

    Raises ExpressionSyntaxError at a character outside the language, LimitError when the text is too long.
    """
    limits.require("characters", len(source), f"the expression is {len(source):,} characters long")
    tokens: list[Token] = []
    position = 0
    while position < len(source):
        position = _next(source, position, tokens, limits)
        limits.require("nodes", len(tokens), "the expression has too many parts")
    tokens.append(Token("end", "", Span(len(source), len(source))))
    return tokens


def _next(source: str, start: int, tokens: list[Token], limits: Limits) -> int:
    """Append the token at `start`, if one is there; the position after it."""
    letter = source[start]
    if letter in ";\n":
        tokens.append(Token("separator", letter, Span(start, start + 1)))
        return start + 1
    if letter.isspace():
        return start + 1
    if matched := NUMBER.match(source, start):
        return _number(source, matched, tokens, limits)
    if matched := SUPERSCRIPT.match(source, start):
        return _superscript(matched, tokens)
    if is_name_start(letter):
        return _name(source, start, tokens)
    if letter in ROOTS:
        tokens.append(Token("name", letter, Span(start, start + 1)))
        return start + 1
    for operator in OPERATORS:
        if source.startswith(operator, start):
            span = Span(start, start + len(operator))
            tokens.append(Token("operator", SPELLINGS.get(operator, operator), span))
            return span.end
    if letter in SPELLINGS:
        tokens.append(Token("operator", SPELLINGS[letter], Span(start, start + 1)))
        return start + 1
    raise ExpressionSyntaxError(f"unexpected {describe(letter)}", span=Span(start, start + 1), source=source)


def describe(letter: str) -> str:
    """A character for an error message: itself in backticks, or its number where it would not show."""
    if letter.isprintable() and not letter.isspace():
        return f"`{letter}`"
    return f"character U+{ord(letter):04X}"


def is_name_start(letter: str) -> bool:
    """May a name begin with this character?"""
    return letter == "_" or letter.isalpha()


def is_name_part(letter: str) -> bool:
    """May a name go on with this character? Digits, subscript digits and combining accents may stand inside."""
    return (
        is_name_start(letter)
        or (letter.isascii() and letter.isdigit())
        or letter in "₀₁₂₃₄₅₆₇₈₉"
        or unicodedata.category(letter) == "Mn"
    )


def _number(source: str, matched: re.Match[str], tokens: list[Token], limits: Limits) -> int:
    span = Span(*matched.span())
    if OTHER_BASES.match(source, span.start):
        raise ExpressionSyntaxError(
            "numbers are decimal here",
            span=Span(span.start, span.end + 1),
            source=source,
            hint="write the number in base ten, or a product with `*`",
        )
    if source[span.end : span.end + 1] == "_":
        raise ExpressionSyntaxError("a number has no underscores", span=Span(span.start, span.end + 1), source=source)
    mantissa, _, exponent = matched.group().lower().partition("e")
    size = max(len(mantissa), abs(int(exponent[:12] or "0")))
    limits.require("digits", size, f"the number has {size:,} digits", span)
    tokens.append(Token("number", matched.group(), span))
    return span.end


def _superscript(matched: re.Match[str], tokens: list[Token]) -> int:
    """`x⁻²` as `x**(-2)`: five tokens that all point at the superscript."""
    span = Span(*matched.span())
    text = matched.group().translate(SUPERSCRIPTS)
    words = ["**", text] if text.isdigit() else ["**", "(", text[0], text[1:], ")"]
    tokens.extend(Token("number" if word.isdigit() else "operator", word, span) for word in words)
    return span.end


def _name(source: str, start: int, tokens: list[Token]) -> int:
    end = start + 1
    while end < len(source) and is_name_part(source[end]):
        end += 1
    text = unicodedata.normalize("NFKC", source[start:end])  # 𝑥 and x₁ from a PDF are x and x1
    tokens.append(Token("name", CONSTANT_LETTERS.get(text, text), Span(start, end)))
    return end
