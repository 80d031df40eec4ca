"""Autograd's gradients of a run, by `autograd.grad`, or by `backward` where the code knows no other way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

from gradcalc.answers.audit.isolation_torch import guarded
from gradcalc.base.errors import UserCodeError
from gradcalc.engines.torch import torch
from gradcalc.tracing.storages_torch import dense

Tensor = Any
REFUSED = "modified by an inplace operation"
BACKWARD_ALONE = {  # what knows `backward` alone: hooks of several tensors, and a checkpoint that enters it anew
    "A leaf node was passed to _will_engine_execute_node": True,
    "is incompatible with .grad() or passing an `inputs`": False,  # nor the leaves that are asked for
}


def gradients(scalar: Tensor, leaves: Mapping[str, Tensor]) -> tuple[Mapping[str, Tensor] | None, str | None]:
    """Autograd's gradients by the leaves, or why it refuses; the graph is kept. Raises UserCodeError."""
    if not scalar.requires_grad:
        return {name: torch.zeros_like(one) for name, one in leaves.items()}, None
    wanted = list(leaves.values())
    try:
        with unchecked():
            found = _found(scalar, wanted)
    except UserCodeError as error:
        if REFUSED in error.message:
            return None, error.message
        raise
    return dict(zip(leaves, map(dense, found), strict=True)), None


def unchecked() -> AbstractContextManager[Any]:
    """Without anomaly mode, which the code may have switched on: it raises where an audit is to say why."""
    return torch.autograd.set_detect_anomaly(False)


def _found(scalar: Tensor, wanted: Sequence[Tensor]) -> Sequence[Tensor]:
    options: Any = {"allow_unused": True, "materialize_grads": True, "retain_graph": True}
    try:
        return guarded(lambda: torch.autograd.grad(scalar, wanted, **options), "backward()")  # type: ignore[no-any-return]  # whatever the guarded code returns
    except UserCodeError as error:
        named = next((named for text, named in BACKWARD_ALONE.items() if text in error.message), None)
        if named is None:
            raise
        return guarded(lambda: _by_backward(scalar, wanted, named), "backward()")  # type: ignore[no-any-return]  # as above


def _by_backward(scalar: Tensor, leaves: Sequence[Tensor], named: bool) -> list[Tensor]:
    """The gradients that `backward` leaves in `.grad`, which then holds again what it held."""
    before = [one.grad for one in leaves]
    try:
        for one in leaves:
            one.grad = None
        torch.autograd.backward(scalar, inputs=leaves if named else None, retain_graph=True)
        return [torch.zeros_like(one) if one.grad is None else one.grad for one in leaves]
    finally:
        for one, grad in zip(leaves, before, strict=True):
            one.grad = grad


def plain(gradients: Mapping[str, Tensor] | None) -> dict[str, list[float]] | None:
    """Gradients as plain numbers, in row-major order."""
    if gradients is None:
        return None
    return {name: one.detach().double().reshape(-1).tolist() for name, one in gradients.items()}
