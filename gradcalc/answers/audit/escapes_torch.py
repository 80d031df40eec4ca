"""Numbers that the code took out of tensors and worked on in Python: whether they matter, by differences of values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from gradcalc.answers.audit.isolation_torch import guarded
from gradcalc.answers.audit.records import Finding, Judged, Part
from gradcalc.answers.audit.run_torch import Subject, contracted, owned
from gradcalc.engines.torch import torch

MOST = 24  # components that differences are taken along
STEP = 1e-4  # relative; the error of the extrapolated quotients is about its fourth power
APART = 1e-5  # relative difference of slopes that is none of rounding


def with_escapes(gradient: Mapping[str, Part], subject: Subject) -> Mapping[str, Part]:
    """The verdicts where a number went by way of Python, as the values themselves have it."""
    double = _doubled(subject)
    left, found = MOST, dict(gradient)
    for name, part in gradient.items():
        components = list(part.components)
        for place, one in list(enumerate(components))[:left]:
            slope = _slope(double, name, place)
            components[place] = _judged(one, slope)
        left -= len(components)
        found[name] = replace(part, components=tuple(components))
        if left <= 0:
            break
    return found


def _judged(one: Judged, slope: float) -> Judged:
    """A component, where the values have another slope than the recorded operations."""
    known = one.symbolic
    if known is None or one.autograd is None or abs(slope - known) <= APART * max(abs(slope), abs(known), APART):
        return one
    agrees = abs(one.autograd - slope) <= APART * abs(slope)
    exact = f"{slope:.8g}"
    verdict, reason = (Finding.AGREE, None) if agrees else (Finding.DISAGREE, "cut")
    return Judged(one.autograd, slope, exact, verdict, reason)


def _doubled(subject: Subject) -> Subject:
    """The same in float64."""
    if isinstance(subject.target.call, torch.nn.Module):
        subject.target.call.double()
    arguments = {name: one.double() if one.is_floating_point() else one for name, one in subject.arguments.items()}
    state = {name: one.double() if one.is_floating_point() else one for name, one in subject.state.items()}
    return Subject(subject.target, arguments, state)


def _slope(subject: Subject, name: str, place: int) -> float:
    """The slope of the result along a component, by central differences of two steps, extrapolated."""
    source = subject.arguments[name] if name in subject.arguments else subject.state[name]
    size = abs(float(source.reshape(-1)[place])) or 1.0
    far, near = (
        (_value(subject, name, place, h) - _value(subject, name, place, -h)) / (2 * h)
        for h in (STEP * size, STEP * size / 2)
    )
    return (4 * near - far) / 3


def _value(subject: Subject, name: str, place: int, step: float) -> float:
    """The result, as one number, with one component moved."""
    arguments = subject.fresh()
    holder: Any = arguments[name] if name in arguments else owned(subject.target)[name]
    with torch.no_grad():
        holder.view(-1)[place] += step
    result = guarded(lambda: subject.target.call(*arguments.values()), "the function")
    return float(contracted(result).detach())
