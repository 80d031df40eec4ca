"""Numbers in formulas: `2x` at 3 is `2·3`."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from gradcalc.syntax.tree import Name, Node, number

DIGITS = 6
MOST = 4  # elements of an array that are shown
ELLIPSIS = "…"


def numeral(value: Any) -> Node:
    """A value as a tree, rounded for reading."""
    if isinstance(value, float) and math.isfinite(value):
        return number(Fraction(f"{value:.{DIGITS}g}"))
    return Name(short(value))


def short(value: Any) -> str:
    """A value rounded for reading, zero without a sign: `-8.25491`, `true`, `[1, 2.5]`."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        ends = value if len(value) <= MOST else [*value[:2], ELLIPSIS, value[-1]]
        return f"[{', '.join(one if one is ELLIPSIS else short(one) for one in ends)}]"
    return f"{value + 0.0:.{DIGITS}g}".replace("e+0", "e").replace("e+", "e")
