"""Chains of equations, as people work: `f'(x) = 2(x + 1) = 2x + 2` states a derivative, and the same once more."""

from __future__ import annotations

import re
from collections.abc import Collection

from gradcalc.answers.check.sides import LEFT, NAME
from gradcalc.inputs.opened import blank

EQUALS = re.compile(r"(?<![=<>!:≤≥])(?:=>|⇒|\\implies|\\Rightarrow|\\Longrightarrow|=)(?![=>])")
SEVERAL = re.compile(r"[,;\n]|\band\b|&&|\\\\")  # several partials, not one


def links(text: str, names: Collection[str]) -> list[str]:
    """What a chain states of one derivative, each with the left side, where it stood; the text alone if it is none."""
    side = LEFT.match(text.lstrip())
    start = len(text) - len(text.lstrip()) + side.end() if side else 0
    signs = list(EQUALS.finditer(text, start))
    if not side and signs and (name := re.fullmatch(rf"\s*({NAME})\s*", text[: signs[0].start()])) is not None:
        beside = any(re.search(rf"\s({NAME})\s*$", text[: sign.start()]) for sign in signs[1:])
        if name[1] not in names or beside:  # `x = 2 y = 3` lacks a comma
            return [text]
        start, signs = signs[0].end(), signs[1:]
    if not signs or not text[start : signs[0].start()].strip() or SEVERAL.search(text, start):
        return [text]
    ends = [*(found.span() for found in signs), (len(text), len(text))]
    found, begin = [], start
    for end, following in ends:
        found.append(blank(blank(text, end, len(text)), start, begin))
        begin = following
    return found
