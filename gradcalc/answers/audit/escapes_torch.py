"""Numbers that the code took out of tensors and worked on in Python: whether they matter, by differences of values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from gradcalc.answers.audit.doubled_torch import doubled, line, source
from gradcalc.answers.audit.records import Finding, Judged, Part
from gradcalc.answers.audit.run_torch import Subject
from gradcalc.engines.torch import torch
from gradcalc.tracing.differences_torch import Slopes

MOST = 24  # components that differences are taken along
APART = 1e-5  # relative difference of slopes that is none of rounding


def with_escapes(gradient: Mapping[str, Part], subject: Subject) -> Mapping[str, Part]:
    """The verdicts where a number went by way of Python, as the values themselves have it."""
    left, found = MOST, dict(gradient)
    with doubled(subject) as double:
        for name, part in gradient.items():
            components = list(part.components)
            for place, one in list(enumerate(components))[:left]:
                components[place] = _judged(one, _slope(double, name, place))
            left -= len(components)
            found[name] = replace(part, components=tuple(components))
            if left <= 0:
                break
    return found


def _slope(double: Subject, name: str, place: int) -> float:
    """The slope of the result along a component."""
    way = torch.zeros_like(source(double, name))
    way.view(-1)[place] = size = abs(float(source(double, name).reshape(-1)[place])) or 1.0
    return float(Slopes(line(double, {name: way})).smooth.slope[0]) / size


def _judged(one: Judged, slope: float) -> Judged:
    """A component, where the values have another slope than the recorded operations."""
    known = one.symbolic
    if known is None or one.autograd is None or abs(slope - known) <= APART * max(abs(slope), abs(known), APART):
        return one
    agrees = abs(one.autograd - slope) <= APART * abs(slope)
    exact = f"{slope:.8g}"
    verdict, reason = (Finding.AGREE, None) if agrees else (Finding.DISAGREE, "cut")
    return Judged(one.autograd, slope, exact, verdict, reason)
