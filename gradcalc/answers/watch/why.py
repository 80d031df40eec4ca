"""Why an operation loses a number, in a sentence, from the numbers at hand."""

from __future__ import annotations

import math
from collections.abc import Sequence

from gradcalc.answers.audit.no_number import has_value, no_number, of, told
from gradcalc.base.floating import FORMATS
from gradcalc.tracing.operations import PRODUCTS

STEEP = {("sqrt", 0.0), ("acos", 1.0), ("acos", -1.0), ("asin", 1.0), ("asin", -1.0), ("linalg_vector_norm", 0.0)}


def why(name: str, found: float, given: Sequence[float], count: int | None, form: str, back: bool) -> tuple[str, str]:
    """The reason, and a sentence: `found` is what came out of an operation, `given` what went in at that place.

    `count` is how many numbers one result is made of.
    """
    name = told(name)
    what = f"an element of {name}" if name in PRODUCTS else of(name, [f"{one:.6g}" for one in given])
    if back:
        return _back(name, found, given, what)
    if math.isnan(found):
        return "nan", no_number(name, found, given, count)
    if (name == "div" and len(given) > 1 and given[1] == 0) or (given and not has_value(name, given[0])):
        return "undefined", no_number(name, found, given, count)
    largest = FORMATS[form].largest if form in FORMATS else math.inf
    return "overflow", f"{what} is more than the {largest:.3g} that {form} holds, and becomes {found:.6g}"


def _back(name: str, found: float, given: Sequence[float], what: str) -> tuple[str, str]:
    """The same of the gradient that an operation passes on."""
    passes = f"and the gradient that it passes on is {found:.6g}"
    if given and (name, given[0]) in STEEP:
        return "infinite", f"the slope of {what} is infinite, {passes}"
    if name == "pow" and len(given) > 1 and given[0] == 0 and given[1] < 1:
        return "infinite", f"the slope of 0 to the power of {given[1]:.6g} is infinite, {passes}"
    if given and not has_value(name, given[0]):
        return "nan", f"{what} has no slope, {passes}"
    return "nan" if math.isnan(found) else "overflow", f"the gradient that {what} passes on is {found:.6g}"
