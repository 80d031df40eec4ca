"""The user's code in float64, as a function of a step along a way: what differences of values are taken of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from gradcalc.answers.audit.run_torch import Subject, contracted, owned, recast
from gradcalc.engines.torch import torch
from gradcalc.tracing.differences_torch import Line

Tensor = Any


@contextmanager
def doubled(subject: Subject) -> Iterator[Subject]:
    """The same in float64; a module is set back to its own format afterwards."""
    module, how = subject.target.module, replace(subject.how, dtype="float64", autocast=None)
    if module is not None:
        module.double()
    try:
        yield replace(subject, arguments=_doubled(subject.arguments), state=_doubled(subject.state), how=how)
    finally:
        recast(subject, subject.target).fresh()


def _doubled(tensors: Mapping[str, Any]) -> dict[str, Any]:
    floats = {name for name, one in tensors.items() if isinstance(one, torch.Tensor) and one.is_floating_point()}
    return {name: one.double() if name in floats else one for name, one in tensors.items()}


def source(subject: Subject, name: str) -> Tensor:
    """The numbers of an argument or a parameter."""
    return subject.arguments[name] if name in subject.arguments else subject.state[name]


def line(subject: Subject, way: Mapping[str, Tensor]) -> Line:
    """The result, as one number, so many steps along a way."""

    def value(part: float) -> Tensor:
        arguments = subject.fresh()
        held = arguments | owned(subject.target)
        with torch.no_grad():
            for name, step in way.items():
                held[name].add_(part * step)
        return contracted(subject.called(arguments)).detach().double().reshape(1)

    return value
