"""The user's code in float64, as a function of a step along a way: what differences of values are taken of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from gradcalc.answers.audit.isolation_torch import guarded
from gradcalc.answers.audit.run_torch import Subject, contracted, owned
from gradcalc.engines.torch import torch
from gradcalc.tracing.differences_torch import Line

Tensor = Any


@contextmanager
def doubled(subject: Subject) -> Iterator[Subject]:
    """The same in float64; a module is set back to its own format afterwards."""
    call = subject.target.call
    form = next((one.dtype for one in subject.state.values() if one.is_floating_point()), None)
    state, arguments = _doubled(subject.state), _doubled(subject.arguments)
    if isinstance(call, torch.nn.Module):
        call.double()
    try:
        yield Subject(subject.target, arguments, state)
    finally:
        if isinstance(call, torch.nn.Module):
            call.to(form)
        subject.fresh()


def _doubled(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {name: one.double() if one.is_floating_point() else one for name, one in tensors.items()}


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
        result = guarded(lambda: subject.target.call(*arguments.values()), "the function")
        return contracted(result).detach().double().reshape(1)

    return value
