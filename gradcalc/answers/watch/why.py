"""Why an operation loses a number, in a sentence, from the numbers at hand."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from gradcalc.base.floating import FORMATS
from gradcalc.tracing.operations import PRODUCTS

EPS = "; an eps added to what it divides by keeps it a number"
UNIT = {"acos", "asin", "atanh"}  # functions of -1 to 1
STEEP = {("sqrt", 0.0), ("acos", 1.0), ("acos", -1.0), ("asin", 1.0), ("asin", -1.0), ("linalg_vector_norm", 0.0)}
AVERAGES = {"mean", "var", "std"}
POSITIVE = {"log", "log2", "log10", "sqrt", "rsqrt", "lgamma"}
NAN: dict[str, Callable[[Sequence[float]], str | None]] = {  # of operations on two numbers
    "div": lambda given: f"{given[0]:.6g} / {given[1]:.6g} is nan{'' if given[1] else EPS}",
    "mul": lambda given: f"{given[0]:.6g} * {given[1]:.6g} is nan",
    "sub": lambda given: f"{given[0]:.6g} - {given[1]:.6g} is nan",
    "add": lambda given: f"{given[0]:.6g} + {given[1]:.6g} is nan",
    "pow": lambda given: f"{given[0]:.6g} to the power of {given[1]:.6g} has no real value",
}


def why(name: str, found: float, given: Sequence[float], form: str, back: bool) -> tuple[str, str]:
    """The reason, and a sentence: `found` is what came out of an operation, `given` what went in at that place."""
    of = f"an element of {name}" if name in PRODUCTS else f"{name} of {given[0]:.6g}" if given else name
    if back and given and (name, given[0]) in STEEP:
        return "infinite", f"the slope of {of} is infinite, and the gradient that it passes on is {found:.6g}"
    if back and given and not _has_value(name, given[0]):
        return "nan", f"{of} has no slope, and the gradient that it passes on is {found:.6g}"
    if back:
        return "nan" if math.isnan(found) else "overflow", f"the gradient that {of} passes on is {found:.6g}"
    if math.isnan(found):
        return "nan", _no_number(name, given, of)
    if name == "div" and len(given) > 1 and given[1] == 0:
        return "undefined", f"{given[0]:.6g} / 0 has no value, and becomes {found:.6g}{EPS}"
    if given and not _has_value(name, given[0]):
        return "undefined", f"{of} has no value, and becomes {found:.6g}"
    largest = FORMATS[form].largest if form in FORMATS else math.inf
    return "overflow", f"{of} is more than the {largest:.3g} that {form} holds, and becomes {found:.6g}"


def _has_value(name: str, number: float) -> bool:
    if name in UNIT:
        return abs(number) <= 1
    return not (name in POSITIVE and (number < 0 or (number == 0 and name != "sqrt")))


def _no_number(name: str, given: Sequence[float], of: str) -> str:
    if name in AVERAGES and not given:
        return f"{name} of no numbers at all is nan"
    if name in NAN and len(given) > 1:
        return NAN[name](given) or of
    if name.endswith("softmax"):
        row = "a row without a finite number" if given and math.isinf(given[0]) else "a row with an infinity"
        return (
            f"{name.lstrip('_')} of {row} is nan; a mask of torch.finfo(dtype).min in place of -inf keeps it a number"
        )
    return f"{of} has no real value"
