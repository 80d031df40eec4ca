"""The local derivatives of one operation, by torch: a number, one for each element, or the shape of what flows back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gradcalc.answers.audit.functions_torch import sent_back
from gradcalc.arrays.array import nested
from gradcalc.arrays.shape import Shape
from gradcalc.engines.torch import torch
from gradcalc.tracing.sight_torch import Application
from gradcalc.tracing.storages_torch import tensors_in
from gradcalc.tracing.tape import Step

Tensor = Any
MOST = 64  # elements of a local derivative that is shown


@dataclass(frozen=True, slots=True)
class Local:
    """How a result changes with what was read: the number or numbers, and the shape of what flows back, if any does."""

    number: Any = None
    shape: Shape | None = None


def of_step(step: Step) -> list[Local]:
    """The local derivatives of an operation by each tensor that it reads."""
    function, args, kwargs = step.call
    if function._schema.is_mutable:  # what it read is gone
        return [Local(None, tuple(one.shape) if one.requires_grad else None) for one in tensors_in((args, kwargs))]
    copies: list[Tensor] = []

    def fresh(value: Any) -> Any:
        if isinstance(value, torch.Tensor):
            copies.append(value.detach().clone().requires_grad_(value.is_floating_point() and value.requires_grad))
            return copies[-1]
        return type(value)(map(fresh, value)) if isinstance(value, list | tuple) else value

    with torch.enable_grad():
        result = function(*map(fresh, args), **{name: fresh(one) for name, one in kwargs.items()})
    output = next(tensors_in(result))
    return [_local(output, one, torch.Tag.pointwise in function.tags) for one in copies]


def _local(output: Tensor, given: Tensor, elementwise: bool) -> Local:
    if not given.requires_grad or not output.requires_grad:
        return Local()
    shape = tuple(given.shape)
    if given.numel() > MOST or not (
        output.numel() == given.numel() == 1 or (elementwise and given.shape == output.shape)
    ):
        return Local(None, shape)
    (found,) = torch.autograd.grad(output.sum(), [given], retain_graph=True, allow_unused=True, materialize_grads=True)
    return Local(_nested(found), shape)


def of_application(call: Application) -> list[Local]:
    """The same of a custom function, by its own backward."""
    outputs = [one for one, _ in call.outputs]
    single = len(outputs) == 1 and outputs[0].numel() == 1
    found = sent_back(call, [torch.ones_like(one) for one in outputs]) if single else [None] * len(call.inputs)
    return [
        Local(_nested(gradient) if gradient is not None and one.numel() == 1 else None, tuple(one.shape))
        for one, read, gradient in zip(call.inputs, call.reads, found, strict=True)
        if read is not None
    ]


def together(found: Sequence[Local]) -> Local:
    """What several reads of one thing come to."""
    if len(found) == 1 or any(one.number is None for one in found):
        return found[0]
    total: Any = sum(torch.tensor(one.number, dtype=torch.float64) for one in found)
    return Local(_nested(total), found[0].shape)


def _nested(tensor: Tensor) -> Any:
    return nested(tensor.double().reshape(-1).tolist(), tuple(tensor.shape))
