"""Derivatives that are asked for inside an expression: `d/dx sin(x)`, `dy/dx`, `d(x^2)/dx` are told what to write."""

from __future__ import annotations

import re

from gradcalc.base.errors import shortened
from gradcalc.base.span import Span
from gradcalc.syntax.foreign.words import CLOSING, OPENING, Words
from gradcalc.syntax.letters import GREEK
from gradcalc.syntax.tokens import Token

ASKED = ("derivative", "gradient", "slope", "Derivative", "differential")
DIFFERENTIAL = re.compile(r"[d∂δ]([^\W\d_]+)")
WORDS = "a derivative is not part of the language"


def derivatives(words: Words) -> list[Token]:
    """The tokens as they are. Raises at a derivative."""
    closed = {end: start for start, end in words.closings().items()}
    for index, token in enumerate(words.tokens):
        if token.text == "of" and words.at(index - 1).text in ASKED:
            inside = _behind(words, index)
            hint = f'write gradcalc diff "{shortened(inside)}"' if inside else "write the function itself"
            raise words.fail(WORDS, words.at(index - 1).span.join(token.span), hint)
        if token.text == "/" and (variable := _differential(words, index + 1)):
            start = _numerator(words, index - 1, closed)
            if start is not None:
                raise _refused(words, start, index + 1, variable, closed)
    return words.tokens


def _differential(words: Words, index: int) -> str | None:
    """The x of `dx`, where that is no variable of its own."""
    found = DIFFERENTIAL.fullmatch(words.at(index).text) if words.is_name(index) else None
    known = found is not None and (len(found[1]) == 1 or found[1] in GREEK) and not words.is_given(found[0])
    return found[1] if found is not None and known else None


def _numerator(words: Words, end: int, closed: dict[int, int]) -> int | None:
    """Where the `d`, `d^2`, `dy` or `d(…)` begins that ends at `end`."""
    if words.at(end).kind == "number" and words.at(end - 1).text in ("^", "**"):
        end -= 2  # d^2
    token = words.at(end)
    if end in closed and words.at(closed[end] - 1).text in ("d", "∂"):
        return closed[end] - 1
    alone = token.text in ("d", "∂") and not words.is_given(token.text)
    return end if words.is_name(end) and (alone or _differential(words, end)) else None


def _refused(words: Words, start: int, end: int, variable: str, closed: dict[int, int]) -> Exception:
    place = words.at(start).span.join(words.at(end).span)
    inside = _inside(words, start, end, closed)
    hint = f"write `{shortened(inside)}` and --wrt {variable}" if inside else "write the function itself"
    return words.fail(WORDS, place, hint)


def _inside(words: Words, start: int, end: int, closed: dict[int, int]) -> str:
    """What is to be derived: inside the parentheses of `d(…)`, or behind `d/dx`; nothing where that is unclear."""
    if words.at(start + 1).text == "(":
        last = next(close for close, opening in closed.items() if opening == start + 1)
        return _typed(words, start + 2, last)
    if words.at(start).text not in ("d", "∂"):
        return ""
    while words.at(end + 1).text in ("^", "**"):
        end += 2
    return _behind(words, end)


def _behind(words: Words, end: int) -> str:
    """All that stands behind a token; nothing where it is no whole expression."""
    last, level = end + 1, 0
    while words.at(last).kind not in ("end", "separator") and level >= 0:
        level += (words.at(last).text in OPENING) - (words.at(last).text in CLOSING)
        last += level >= 0
    whole = level == 0 and words.at(last).kind in ("end", "separator") and words.ends_value(last - 1)
    return _typed(words, end + 1, last) if whole else ""


def _typed(words: Words, start: int, end: int) -> str:
    """Tokens as they were typed."""
    if start >= end:
        return ""
    span: Span = words.tokens[start].span.join(words.tokens[end - 1].span)
    return words.source[span.start : span.end]
