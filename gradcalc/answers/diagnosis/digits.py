"""Numbers in a sentence, in as many digits as it takes to tell two apart."""

from __future__ import annotations

import math
from decimal import Decimal

from gradcalc.answers.diagnosis.cause import Cause
from gradcalc.base.real import Real

FAR = 6  # digits of a power of ten that Python's decimals cannot hold
FEW, MOST = 6, 17  # digits of a number in a sentence; as many as it takes to tell two apart


def digits(value: Real, count: int = FEW) -> str:
    """A real number of any size, in a few digits."""
    return written(value.text, count)


def written(text: str, count: int) -> str:
    """A number that is written out, in so many digits."""
    number, _, far = text.partition("e")
    if len(far) < FAR:
        number, far = text, ""
    mantissa, _, exponent = f"{Decimal(number):.{count}g}".partition("e")
    exponent = str(int(exponent)) if exponent else far
    short = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    return f"{short}e{exponent}" if exponent else short


def both(cause: Cause) -> tuple[str, str]:
    """The true number and torch's, in as many digits as it takes to tell them apart."""
    assert cause.true is not None
    if not math.isfinite(cause.autograd):
        return digits(cause.true), f"{cause.autograd:g}"
    found = repr(cause.autograd + 0.0)  # without the sign of a zero
    pairs = ((digits(cause.true, count), written(found, count)) for count in range(FEW, MOST + 1))
    return next((pair for pair in pairs if pair[0] != pair[1]), (cause.true.text, found))
