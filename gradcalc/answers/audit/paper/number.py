"""Numbers in formulas of code: as a person writes them, in front of a formula or below it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

LARGEST_WHOLE, LARGEST_ROOT = 1e15, 1e6  # numbers that are written as whole ones, and as roots of such
LOG = math.log(2 * math.pi)
MOST_LOGS = 1000  # of 2 pi, in the density of so many dimensions
SHORT = 7  # characters of a decimal that stays one
ROUNDING = 4e-16  # relative, of a number that code works out


class Unwritten(Exception):
    """Something has no row here."""


@dataclass(frozen=True, slots=True)
class Factor:
    """A number in front of a formula, and one below it."""

    above: float = 1.0
    below: float = 1.0

    @property
    def value(self) -> float:
        """The one number that they are."""
        return self.above / self.below

    def __mul__(self, other: Factor) -> Factor:
        return Factor(self.above * other.above, self.below * other.below)

    def __truediv__(self, other: Factor) -> Factor:
        return self * other.inverse

    def __neg__(self) -> Factor:
        return replace(self, above=-self.above)

    @property
    def inverse(self) -> Factor:
        """One over it."""
        return Factor(self.below, self.above)

    def of(self, text: str) -> str:
        """A formula with the number: `-x/2`, `0.1*x`, `x/sqrt(3)`."""
        sign, above, below = ("-" if self.value < 0 else ""), abs(self.above), abs(self.below)
        if above != 1 and below != 1:
            above, below = above / below, 1.0
        if above == 1 and (1 / below).is_integer() and below not in _KEPT:
            above, below = 1 / below, 1.0
        if below == 1 and (_is_half(above) or (_is_long(above) and not _is_long(1 / above))):
            above, below = 1.0, 1 / above
        up, down = ("" if above == 1 else _one(decimal(above))), ("" if below == 1 else f"/{_one(decimal(below))}")
        if not (up or down or sign):
            return text
        if up and text.startswith("(1/"):
            return f"({sign}{up}/{text[3:-1]}{down})"
        return f"({sign}{f'{up}*' if up else ''}{text}{down})"


ONE = Factor()
NAMED = {
    "pi": math.pi, "pi/2": math.pi / 2, "2*pi": 2 * math.pi, "sqrt(pi)": math.sqrt(math.pi), "e": math.e,
    "sqrt(2*pi)": math.sqrt(2 * math.pi), "log(2*pi)": math.log(2 * math.pi),
    "log(2*pi)/2": math.log(2 * math.pi) / 2, "log(2)": math.log(2), "sqrt(2/pi)": math.sqrt(2 / math.pi),
}  # fmt: skip
_KEPT = frozenset({0.1, 0.01, 0.2, 0.05})  # temperatures, which stay below


def _is_long(value: float) -> bool:
    """Is it neither a whole number nor a short decimal, nor a root of one?"""
    return ("." in decimal(value) and len(decimal(value)) > SHORT) or "/" in decimal(value)


def _is_half(value: float) -> bool:
    """Is it 1/2, 1/4, …?"""
    return 0 < value < 1 and math.log2(value).is_integer()


def _one(text: str) -> str:
    """A number that can stand below."""
    return f"({text})" if "/" in text or "*" in text else text


def decimal(value: float) -> str:
    """A number as one writes it: `2` for 2.0, `sqrt(8)` for 8**0.5, `1/3`, `log(2*pi)`. Raises Unwritten."""
    if not math.isfinite(value):
        raise Unwritten
    if value.is_integer() and abs(value) < LARGEST_WHOLE:
        return repr(int(value))
    sign, size = ("-" if value < 0 else ""), abs(value)
    if len(repr(size)) <= SHORT:
        return repr(value)
    named = next((text for text, one in NAMED.items() if _same(one, size)), None) or _times_log(size)
    square, inverse = (round(size * size) if size < LARGEST_ROOT else 0), round(1 / size)
    short = f"{size:.15g}"
    choices = (
        (named, True),
        (short, len(short) <= SHORT and _same(float(short), size)),
        (f"sqrt({square})", square and _same(math.sqrt(square), size)),
        (f"1/{inverse}", inverse and _same(1 / inverse, size)),
    )
    return sign + next((text for text, fits in choices if text and fits), repr(size))


def _times_log(value: float) -> str | None:
    """`2*log(2*pi)`, `3*log(2*pi)/2`, of a normal distribution in several dimensions."""
    count = round(2 * value / LOG)
    if not 0 < count <= MOST_LOGS or not _same(count * LOG / 2, value):
        return None
    return f"{count}*log(2*pi)/2" if count % 2 else f"{count // 2}*log(2*pi)"


def _same(one: float, other: float) -> bool:
    return abs(one - other) <= ROUNDING * abs(other)
