"""A page with fewer digits, for slides: its numbers rounded, but for those that the user wrote."""

from __future__ import annotations

import re

from gradcalc.render.document import Part, respelled

NUMERAL = re.compile(r"(?<![\w.])\d+\.\d+(?:e[+-]?\d+)?(?![\w.])")


def rounded(page: Part, digits: int, expression: str) -> Part:
    """The page, whatever it is made of, with its numbers to so many significant digits.

    Decimals that stand in the expression stay as they were written there.
    """
    kept = set(NUMERAL.findall(expression))

    def brief(match: re.Match[str]) -> str:
        text = match[0]
        return text if text in kept or len(text.partition("e")[0]) <= digits + 1 else f"{float(text):#.{digits}g}"

    return respelled(page, lambda text: NUMERAL.sub(brief, text))
