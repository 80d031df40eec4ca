"""A number of any size as text: its first digits, with the power of ten where it is not near 1."""

from __future__ import annotations

import math
from decimal import MAX_EMAX, MIN_EMIN, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal

LEAST_FIXED = -5  # power of ten that is written without an exponent
ORDINARY_EXPONENT = 20_000  # powers of two that are worth multiplying out
DOUBLE, LOG_2, NEARLY = 53, math.log10(2), 1e-8
SPARE = 15  # digits of a logarithm beyond those that count
READABLE, FEW = 24, 5  # digits of a power of ten; of a longer one the first are written, 3.4e(8.5560e434)


def written(mantissa: int, exponent: int, count: int) -> str:
    """The first digits of mantissa * 2**exponent, rounded half up."""
    if not mantissa:
        return "0"
    find = _multiplied_out if abs(exponent) < ORDINARY_EXPONENT else _far_out
    whole, tens = find(abs(mantissa), exponent, count)
    text, sign = str(whole), "-" if mantissa < 0 else ""
    if LEAST_FIXED <= tens < count:
        text = f"0.{'0' * (-tens - 1)}{text}" if tens < 0 else f"{text[: tens + 1]}.{text[tens + 1 :]}".rstrip(".")
        return sign + text
    power = str(tens) if len(str(abs(tens))) <= READABLE else f"({written(tens, 0, FEW)})"
    return f"{sign}{f'{text[0]}.{text[1:]}'.rstrip('.')}e{power}"


def _multiplied_out(mantissa: int, exponent: int, count: int) -> tuple[int, int]:
    """The first digits, rounded half up, and the power of ten of the first one."""
    spare = mantissa.bit_length() - DOUBLE
    leading = mantissa >> spare if spare > 0 else mantissa
    tens = math.floor(math.log10(leading) + (exponent + max(spare, 0)) * LOG_2 + NEARLY)  # or one less
    while True:
        shift = count - 1 - tens
        above = mantissa * 10 ** max(shift, 0) << max(exponent, 0)
        below = 10 ** max(-shift, 0) << max(-exponent, 0)
        if above >= 10 ** (count - 1) * below:
            return _carried((2 * above + below) // (2 * below), tens, count)
        tens -= 1


def _far_out(mantissa: int, exponent: int, count: int) -> tuple[int, int]:
    """The same by logarithms, where the power of ten is long."""
    by = Context(prec=len(str(exponent)) + count + SPARE, Emax=MAX_EMAX, Emin=MIN_EMIN)
    tens = by.add(by.log10(Decimal(mantissa)), by.multiply(Decimal(exponent), by.log10(Decimal(2))))
    first = tens.to_integral_value(ROUND_FLOOR)
    whole = by.power(Decimal(10), by.add(by.subtract(tens, first), Decimal(count - 1)))
    return _carried(int(whole.to_integral_value(ROUND_HALF_UP)), int(first), count)


def _carried(whole: int, tens: int, count: int) -> tuple[int, int]:
    """So many digits; 9.99… may have been rounded up to 10."""
    return (whole // 10, tens + 1) if whole == 10**count else (whole, tens)
