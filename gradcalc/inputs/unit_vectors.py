"""A direction as a sum of the unit vectors along the axes: `2i - j`, or with bold letters."""

from __future__ import annotations

import re
from dataclasses import replace

from gradcalc.base.limits import Limits
from gradcalc.base.span import Span
from gradcalc.calculus.simplify import simplified
from gradcalc.functions import VOCABULARY
from gradcalc.inputs.assignment import Assignment, parse_point, written
from gradcalc.syntax.tree import rebuilt

LETTERS = "ijk"
UNIT = re.compile(
    r"\\(?:mathbf|boldsymbol|bm|vec|hat|widehat)\s*\{?\s*\\?([ijk])(?:math)?\b\s*\}?"
    r"|(?<![^\W\d])([ijk])\b(?!\s*[=*/^(])"
)
UNITS = 0  # the count of the coordinates: some may be left out


def unit_vectors(text: str, limits: Limits) -> list[Assignment]:
    """The coordinates along the axes; none where the text names no unit vector."""
    used = {letter for groups in UNIT.findall(text) for letter in groups}
    found = []
    for place, unit in enumerate(LETTERS):
        if unit in used:
            alone = UNIT.sub(lambda one, unit=unit: f"({int(unit in one.groups())})", text)  # type: ignore[misc]  # mypy cannot infer it
            (part,) = parse_point(alone, VOCABULARY, limits)
            value = rebuilt(written(part, limits)[0], simplified)
            found.append(replace(part, value=value, source=text, span=Span(0, len(text)), place=(place, UNITS)))
    return found
