"""Numbers as decimals, to the last digit."""

from __future__ import annotations

from fractions import Fraction

SCIENTIFIC_BEYOND = 6  # zeros in a row before a literal is written with an exponent


def decimal(value: Fraction) -> str:
    """A non-negative finite decimal as text: `3`, `0.25`, `6.674e-11`. Exact."""
    digits, exponent = _scaled(value)
    text = str(digits).rstrip("0") or "0"
    exponent += len(str(digits)) - len(text) if digits else 0
    point = len(text) + exponent  # digits before the decimal point
    if exponent > SCIENTIFIC_BEYOND or point < -3:
        mantissa = text[0] + ("." + text[1:] if len(text) > 1 else "")
        return f"{mantissa}e{point - 1:+03d}" if point - 1 < 0 else f"{mantissa}e{point - 1}"
    if exponent >= 0:
        return text + "0" * exponent
    return text[:point] + "." + text[point:] if point > 0 else "0." + "0" * -point + text


def _scaled(value: Fraction) -> tuple[int, int]:
    """Integer digits and power of ten: value = digits · 10**exponent. Raises ValueError where there are none."""
    twos = fives = 0
    rest = value.denominator
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        raise ValueError(f"{value} is not a finite decimal")
    places = max(twos, fives)
    return value.numerator * 10**places // value.denominator, -places
