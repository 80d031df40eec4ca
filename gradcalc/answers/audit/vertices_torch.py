"""What is said of one operation of a run that is drawn: the user's words, torch's numbers, why it is to blame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from gradcalc.answers.audit.isolation_torch import guarded
from gradcalc.answers.audit.operands import operands
from gradcalc.answers.audit.records import CodeBlame
from gradcalc.answers.audit.run_torch import Recorded
from gradcalc.arrays.array import nested
from gradcalc.base.errors import UserCodeError
from gradcalc.engines.torch import torch
from gradcalc.tracing.places import Place
from gradcalc.tracing.tape import Output, Step

Tensor = Any
Gradients = Mapping[int, Any]
INSTALLED = frozenset({"site-packages", "dist-packages"})  # folders of who called: nobody's own code


def words_of(operation: str, place: Place | None) -> tuple[str, int | None]:
    """The user's own source text, in one line, and its number; of what gradcalc did with it, the operation's name."""
    if place is None or INSTALLED & set(Path(place.file).parts):
        return operation.removeprefix("aten."), None
    return " ".join((place.whole or place.source[slice(*place.span)]).split()), place.line


def operands_of(step: Step) -> list[str]:
    """What an operation reads, in the user's words."""
    return operands(step.place, step.operation.removeprefix("aten."), len(step.inputs))


def grad_fn_of(tensor: Tensor) -> str | None:
    return None if tensor.grad_fn is None else type(tensor.grad_fn).__name__


def numbers_of(tensor: Tensor) -> Any:
    whole = tensor.detach()
    flat = whole.reshape(-1).tolist() if whole.dtype == torch.bool else whole.double().reshape(-1).tolist()
    return nested(flat, tuple(tensor.shape)) if flat else []


def reason_of(place: Place | None, operation: str, blame: Sequence[CodeBlame]) -> str | None:
    """Why a step is to blame, where it is."""
    if place is None:
        return None
    for one in blame:
        exactly = one.span == place.span and one.operation == operation
        cut_off = one.reason == "cut" and one.span[0] == place.span[0] and one.span[1] >= place.span[1]
        if (one.file, one.line) == (place.file, place.line) and (exactly or cut_off):
            return one.reason
    return None


def storage_of(tensor: Tensor) -> int:
    """Where a tensor has its numbers; what is sparse stands for itself."""
    return id(tensor) if tensor.layout is not torch.strided else tensor.untyped_storage()._cdata


def is_kept(step: Step, output: Output) -> bool:
    """Has nothing changed a result since? What is done in place counts as a change itself, made after it was noted."""
    return bool(output.tensor._version == output.version + step.call[0]._schema.is_mutable)


def gradients_of(recorded: Recorded) -> Gradients:
    """Torch's gradients by what is followed, by the tensors' identities; none where autograd refuses."""
    if not recorded.scalar.requires_grad:
        return {}
    called = (one for call in recorded.recorder.applications for one, _ in call.outputs if one.requires_grad)
    steps = recorded.recorder.tape.steps
    made = (out.tensor for one in steps for out in one.outputs if out.tensor.requires_grad and is_kept(one, out))
    leaves = (tensor for tensor in recorded.leaves.values() if tensor.requires_grad)
    tensors = [*leaves, *made, *called]
    try:
        found = guarded(
            lambda: torch.autograd.grad(recorded.scalar, tensors, allow_unused=True, retain_graph=True), "backward()"
        )
    except UserCodeError:  # autograd refuses, which the audit says
        return {}
    return {id(tensor): numbers_of(one) for tensor, one in zip(tensors, found, strict=True) if one is not None}
