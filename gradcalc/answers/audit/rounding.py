"""What is said of components that are as right as their format allows, where that is half of its digits or less."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from gradcalc.answers.audit.records import ROUNDING, Judged, Part
from gradcalc.base.floating import FORMATS, Format


def rounding(gradient: Mapping[str, Part], name: str) -> Iterator[str]:
    """How many there are of these, in the format of a name, and how many digits the worst of them lacks."""
    components = [one for part in gradient.values() for one in part.components]
    form = FORMATS[name]
    lost = [_digits_lost(one, form) for one in components if one.reason == ROUNDING]
    if lost:
        some = f"{max(lost):.0f} of {form.digits:.0f} digits are"
        yield (
            f"{len(lost)} of {len(components)} components are as right as {name} can give them here: "
            f"what adds up there cancels, and up to {'all digits are' if max(lost) >= form.digits else some} lost"
        )


def _digits_lost(one: Judged, form: Format) -> float:
    found, true = one.autograd or 0.0, one.symbolic or 0.0
    if not true:  # too small for the format
        return form.digits
    return min(math.log10(max(abs(found - true) / (abs(true) * form.epsilon), 1.0)), form.digits)
