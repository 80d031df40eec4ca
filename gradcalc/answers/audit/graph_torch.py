"""The graph of real code: the operations of one recorded run, what torch holds at each, and which is to blame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from gradcalc.answers.audit.backward_torch import followed
from gradcalc.answers.audit.isolation_torch import guarded
from gradcalc.answers.audit.records import CodeBlame, CodeVertex
from gradcalc.answers.audit.run_torch import Recorded
from gradcalc.arrays.array import nested
from gradcalc.base.errors import UserCodeError
from gradcalc.engines.torch import torch
from gradcalc.tracing.places import Place
from gradcalc.tracing.tape import Output, Step

Gradients = Mapping[int, Any]
INSTALLED = frozenset({"site-packages", "dist-packages"})  # folders of who called: nobody's own code


def vertices(recorded: Recorded, blame: Sequence[CodeBlame]) -> tuple[CodeVertex, ...]:
    """What is computed from the variables, in the order of the run; the variables are first."""
    tape, gradients = recorded.recorder.tape, _gradients(recorded)
    found: list[CodeVertex] = []
    makers: dict[int, int] = {}
    reasons: dict[tuple[str, tuple[int, ...], str], str | None] = {}
    for name, tensor in recorded.leaves.items():
        node = makers[tape.leaves[name]] = len(found)
        value, gradient = _numbers(tensor), gradients.get(tape.leaves[name])
        found.append(CodeVertex(node, name, "leaf", None, tuple(tensor.shape), value, None, gradient, (), None))
    for step in tape.steps:
        own = _reason(step.place, step.operation, blame)
        if not step.outputs or not (own or any(tape.varies(one.read) for one in step.outputs)):
            continue
        output, sources = step.outputs[0], [makers[one.node] for one in step.inputs if one.node in makers]
        makers |= {one.read.node: len(found) for one in step.outputs}
        grad_fn = None if output.tensor.grad_fn is None else type(output.tensor.grad_fn).__name__
        label, line = _words(step)
        shape, value = output.shape, _numbers(output.numbers)
        key = step.operation, tuple(sources), label
        reason = reasons[key] = reasons.get(key) or own  # a twin's counts too
        found.append(
            CodeVertex(
                len(found), label, step.operation, line, shape, value, grad_fn, gradients.get(output.read.node),
                tuple(dict.fromkeys(sources)), reason,
            )
        )  # fmt: skip
    return tuple(found)


def _words(step: Step) -> tuple[str, int | None]:
    """The user's own source text, in one line, and its number; of what gradcalc did with it, the operation's name."""
    place = step.place
    if place is None or INSTALLED & set(Path(place.file).parts):
        return step.operation.removeprefix("aten."), None
    return " ".join((place.whole or place.source[slice(*place.span)]).split()), place.line


def _numbers(tensor: Any) -> Any:
    whole = tensor.detach()
    flat = whole.reshape(-1).tolist() if whole.dtype == torch.bool else whole.double().reshape(-1).tolist()
    return nested(flat, tuple(tensor.shape)) if flat else []


def _reason(place: Place | None, operation: str, blame: Sequence[CodeBlame]) -> str | None:
    """Why a step is to blame, where it is."""
    if place is None:
        return None
    for one in blame:
        exactly = one.span == place.span and one.operation == operation
        cut_off = one.reason == "cut" and one.span[0] == place.span[0] and one.span[1] >= place.span[1]
        if (one.file, one.line) == (place.file, place.line) and (exactly or cut_off):
            return one.reason
    return None


def _gradients(recorded: Recorded) -> Gradients:
    """Torch's gradients by what is followed, by their nodes; none where autograd refuses."""
    pairs = list(followed(recorded))
    if not recorded.scalar.requires_grad:
        return {}
    tensors = [tensor for _, tensor in pairs]
    try:
        found = guarded(
            lambda: torch.autograd.grad(recorded.scalar, tensors, allow_unused=True, retain_graph=True), "backward()"
        )
    except UserCodeError:  # autograd refuses, which the audit says
        return {}
    outputs: list[Output] = [output for output, _ in pairs]
    return {output.read.node: _numbers(one) for output, one in zip(outputs, found, strict=True) if one is not None}
