"""Square brackets that group, as on paper: `4ε [(σ/r)¹² − (σ/r)⁶]`, a space away from the factor before."""

from __future__ import annotations

from collections.abc import Mapping

from gradcalc.syntax.foreign.words import Words, operator
from gradcalc.syntax.tokens import Token

ARITHMETIC = frozenset({"+", "-", "*", "/", "**", "^"})
OF_ARRAYS = frozenset({",", ";", ":", "separator"})


def grouping(words: Words) -> list[Token]:
    """Parentheses in place of brackets that hold a computation and are neither an element's nor an array's."""
    made = list(words.tokens)
    closings = words.closings()
    for start, end in closings.items():
        within = any(words.tokens[one].text == "[" and one < start < other for one, other in closings.items())
        if words.tokens[start].text == "[" and not within and _is_group(words, start, end, closings):
            made[start], made[end] = operator("(", made[start]), operator(")", made[end])
    return made


def _is_group(words: Words, start: int, end: int, closings: Mapping[int, int]) -> bool:
    if start == 0 or not words.ends_value(start - 1) or words.is_function(words.tokens[start - 1].text):
        return False
    inside: set[str] = set()
    index = start + 1
    while index < end:
        token = words.tokens[index]
        inside.add(token.text if token.kind == "operator" else token.kind)
        index = closings.get(index, index) + 1
    apart = words.tokens[start - 1].span.end < words.tokens[start].span.start
    return apart and bool(inside & ARITHMETIC) and not inside & OF_ARRAYS
