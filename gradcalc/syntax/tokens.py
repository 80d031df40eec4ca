"""Text to tokens. Unicode spellings become the plain ones here, each keeping the span of what was typed."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace

from gradcalc.base import ways
from gradcalc.base.errors import ExpressionSyntaxError, shortened
from gradcalc.base.limits import Limits
from gradcalc.base.span import Span
from gradcalc.syntax.beyond import INTEGRALS
from gradcalc.syntax.grammar import RAISED
from gradcalc.syntax.letters import (
    PI_BESIDE_LETTERS,
    ROOTS,
    SPELLINGS,
    TRANSPOSED,
    canonical,
    describe,
    name_end,
    superscript_end,
)


@dataclass(frozen=True, slots=True)
class Token:
    """One word of the language. `kind` is `number`, `name`, `operator`, `separator` or `end`.

    Translations make two more: `call`, a function whatever variables there are, and `parameter`, a variable of a
    function that is being defined.
    """

    kind: str
    text: str
    span: Span


NUMBER = re.compile(r"(?:[0-9]+(?:\.(?![*/^'])[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
OPERATOR = re.compile(r"\*\*|[<>=!:]=|[-=]>|\.[-+*/^']|[-+*/^()=<>,!|@\[\]%?:']|\.(?=[^\W\d_]|\()")
SUBSCRIPT = re.compile(r"\{\s*(\w+)\s*\}")
COMPLEX = "complex numbers are not part of the language"
FRACTION = "<fraction>"  # what Unicode says of ½
COMMENT, QUOTES = "#", "'\""
QUOTED = {  # functions that are given texts elsewhere
    "einsum": "write products with `@`, and sums with `sum`",
    "norm": "`norm(A)` is the Frobenius norm already, `nuclear_norm(A)` the nuclear one",
    "gelu": "write `gelu_tanh(x)` for the approximation",
}  # fmt: skip
PRIME = "'"  # directly behind a value it transposes
PRODUCT = "for a product write `{0}*{1}`"
BASES = "write the number in base ten, or a product with `*`"
NO_NUMBERS = (  # what looks like a number and is none here, with what to write
    (re.compile(r"0[xXbBoO][0-9a-fA-F]+"), "numbers are decimal here", BASES),
    (re.compile(r"(?:[0-9]*\.)?[0-9]+_[0-9_]*(?!\.)"), "a number has no underscores", "write `{digits}`"),
    (re.compile(r"[0-9.]+_[0-9_.]*"), "a number has no underscores", "write its digits side by side"),
    (re.compile(r"([0-9.]+[eE][+-]?[0-9]+)([eE][0-9]+)(?!\w)"), "a number has one exponent", PRODUCT),
    (re.compile(r"([0-9]*\.[0-9]*)[dD]([+-]?[0-9]+)(?!\w)"), "an exponent is written with e", "write `{0}e{1}`"),
    (re.compile(r"([0-9.]+(?:[eE][+-]?[0-9]+)?)([jJ])(?!\w)"), COMPLEX, PRODUCT),
    (re.compile(r"(1)(i)(?!\w)"), COMPLEX, PRODUCT),
)  # fmt: skip
HINTS = {  # at characters that people try
    ":": "a name is defined with `=`",
    "∞": "infinity is not a number here: write a large one, such as `1e6`",
    "&": "write `where(x > 0, where(y > 0, a, b), b)`",
    '"': "leave the quotes out",
    "“": "leave the quotes out",
    "”": "leave the quotes out",
    "‘": "leave the quotes out",
    "`": "leave the quotes out",
    "°": "angles are in radians: 30° is `30*pi/180`",
    "∫": INTEGRALS,
    "∂": "write the function itself, its derivative is what comes out",
    "∇": "write the function itself, its derivative is what comes out",
    "∑": "write `sum([a, b])`",
    "±": "write one expression for each sign",
    "…": "write every term out",
    "½": "write a sum: `2 + 1/2`",
    "—": "a minus is written `-`",
    "'": "leave the quotes out; behind a value, `'` transposes it",
    "′": "write the function itself, its derivative is what comes out",
}


def tokenize(source: str, limits: Limits) -> list[Token]:
    """The tokens of `source`, closed by an `end` token.

    Raises ExpressionSyntaxError at a character outside the language, LimitError when the text is too long.
    """
    limits.require("characters", len(source), f"the expression is {len(source):,} characters long")
    return [*_words(source, limits), Token("end", "", Span(len(source), len(source)))]


def _words(source: str, limits: Limits) -> list[Token]:
    tokens: list[Token] = []
    position = 0
    while position < len(source):
        position = _next(source, position, tokens, limits)
        limits.require("nodes", len(tokens), "the expression has too many parts")
    return tokens


def _next(source: str, start: int, tokens: list[Token], limits: Limits) -> int:
    """Append the token at `start`, if one is there; the position after it."""
    letter = source[start]
    if letter in ";\n":
        return _append(tokens, "separator", letter, Span(start, start + 1))
    if letter.isspace():
        return start + 1
    if letter == COMMENT:
        return min(filter(lambda end: end >= 0, (source.find("\n", start), len(source))))
    if letter in QUOTES and (hint := _quoted(tokens)):
        raise ExpressionSyntaxError(
            "texts are not part of the language", span=Span(start, start + 1), source=source, hint=hint
        )
    if matched := NUMBER.match(source, start):
        return _number(source, matched, tokens, limits)
    if (end := superscript_end(source, start)) > start:
        tokens.extend(superscript(source, Span(start, end), limits))
        return end
    if (end := name_end(source, start)) > start:
        for middle in [*(start + one.start() for one in PI_BESIDE_LETTERS.finditer(source[start:end])), end]:  # 2πr
            start = _name(source, Span(start, middle), tokens)
        return start
    if unicodedata.decomposition(letter).startswith(FRACTION) and not source[start - 1 : start].isdecimal():
        tokens.extend(_enclosed(source, Span(start, start + 1), limits))
        return start + 1
    if letter in ROOTS:
        return _append(tokens, "name", letter, Span(start, start + 1))
    if letter == PRIME and not _behind_a_value(tokens, start):
        raise _unexpected(source, start)
    if (text := operator_at(source, start)) is not None:
        return _append(tokens, "operator", SPELLINGS.get(text, text), Span(start, start + len(text)))
    if letter == "." and tokens and not source[start + 1 :].strip():
        return len(source)  # the full stop of a sentence
    raise _unexpected(source, start)


def operator_at(source: str, start: int) -> str | None:
    """The operator at `start`, as it is typed; None where there is none."""
    matched = OPERATOR.match(source, start)
    return matched.group() if matched else source[start] if source[start] in SPELLINGS else None


def _quoted(tokens: list[Token]) -> str | None:
    """What to write in place of a text that a function is given."""
    called = next((token.text for token in reversed(tokens) if token.text in QUOTED), None)
    return None if called is None else QUOTED[called]


def _behind_a_value(tokens: list[Token], start: int) -> bool:
    """Does a value end directly before this position?"""
    last = tokens[-1] if tokens else Token("end", "", Span(0, 0))
    return last.span.end == start and (last.kind in ("number", "name") or last.text in (")", "]", PRIME, TRANSPOSED))


def _append(tokens: list[Token], kind: str, text: str, span: Span) -> int:
    tokens.append(Token(kind, text, span))
    return span.end


def _unexpected(source: str, start: int) -> ExpressionSyntaxError:
    letter = source[start]
    return ExpressionSyntaxError(
        f"unexpected {describe(letter)}",
        span=Span(start, start + 1),
        source=source,
        hint=HINTS.get(letter, ways.LEAVE_OUT),
    )


def _number(source: str, matched: re.Match[str], tokens: list[Token], limits: Limits) -> int:
    span = Span(*matched.span())
    if source[span.end : span.end + 1].isalpha() or source.startswith("_", span.end):
        _require_number(source, span.start)
    mantissa, _, exponent = matched.group().lower().partition("e")
    size = len(mantissa) + int(exponent.lstrip("+-").lstrip("0")[:12] or "0")
    limits.require("digits", size, f"the number has {size:,} digits", span)
    return _append(tokens, "number", matched.group(), span)


def _require_number(source: str, start: int) -> None:
    """Raises where letters make what begins like a number none: `1j`, `0x1F`, `1e1e1`, `1_000`."""
    for shape, message, hint in NO_NUMBERS:
        if found := shape.match(source, start):
            hint = hint.format(*map(shortened, found.groups()), digits=shortened(found[0].replace("_", "")))
            raise ExpressionSyntaxError(message, span=Span(*found.span()), source=source, hint=hint)


def superscript(source: str, span: Span, limits: Limits) -> list[Token]:
    """`x⁻²` as `x` raised to `(-2)`: tokens that all point at the superscript."""
    return [Token("operator", RAISED, span), *_enclosed(source, span, limits)]


def _enclosed(source: str, span: Span, limits: Limits) -> list[Token]:
    """Characters that stand for several others, `½` or `⁻²`, in parentheses: tokens that all point at them."""
    words = _words(unicodedata.normalize("NFKC", source[span.start : span.end]), limits)
    return [replace(one, span=span) for one in (Token("operator", "(", span), *words, Token("operator", ")", span))]


def _name(source: str, span: Span, tokens: list[Token]) -> int:
    typed = source[span.start : span.end]
    text = canonical(typed)
    if text is None:
        raise _unexpected(source, span.start)
    if text.endswith("_") and source.startswith("{", span.end):
        return _subscripted(source, span, text, tokens)
    return _append(tokens, "name", text, span)


def _subscripted(source: str, span: Span, text: str, tokens: list[Token]) -> int:
    """`x_{max}`, as LaTeX has it, is `x_max`."""
    matched = SUBSCRIPT.match(source, span.end)
    name = canonical(text + matched.group(1)) if matched else None
    if matched is None or name is None:
        place = Span(span.start, span.end + 1)
        raise ExpressionSyntaxError(
            "a subscript is one word of letters and digits", span=place, source=source, hint=ways.WORD
        )
    return _append(tokens, "name", name, Span(span.start, matched.end()))
