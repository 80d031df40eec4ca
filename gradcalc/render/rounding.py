"""A page with fewer digits, for slides: its numbers rounded, but for those that the user wrote."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

NUMERAL = re.compile(r"(?<![\w.])\d+\.\d+(?:e[+-]?\d+)?(?![\w.])")
Page = TypeVar("Page")


def rounded(page: Page, digits: int, expression: str) -> Page:
    """The page, whatever it is made of, with its numbers to so many significant digits.

    Decimals that stand in the expression stay as they were written there.
    """
    kept = set(NUMERAL.findall(expression))

    def brief(match: re.Match[str]) -> str:
        text = match[0]
        return text if text in kept or len(text.partition("e")[0]) <= digits + 1 else f"{float(text):#.{digits}g}"

    def changed(value: Any) -> Any:
        if isinstance(value, str):
            return NUMERAL.sub(brief, value)
        if isinstance(value, tuple):
            return tuple(map(changed, value))
        if is_dataclass(value) and not isinstance(value, type):
            return replace(value, **{one.name: changed(getattr(value, one.name)) for one in fields(value)})
        return value

    found: Page = changed(page)
    return found
