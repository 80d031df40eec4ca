"""Where a gradient goes wrong on its way back: torch's own gradients of every step, beside the true ones."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from gradcalc.answers.audit.blame import ADDED, SLIP, Suspect, wrong_ones
from gradcalc.answers.audit.isolation_torch import guarded
from gradcalc.answers.audit.run_torch import Recorded
from gradcalc.base.errors import UserCodeError
from gradcalc.base.floating import Format
from gradcalc.engines.exact.ball import Ball
from gradcalc.engines.torch import torch
from gradcalc.tracing.storages_torch import dense, tensors_in
from gradcalc.tracing.tape import Output, Read, Step
from gradcalc.tracing.truth import Truth


def backward(recorded: Recorded, truth: Truth, form: Format) -> list[Suspect]:
    """The steps that got the right gradient and passed a wrong one on."""
    tensors = list(followed(recorded))
    if not recorded.scalar.requires_grad:
        return []
    try:
        found = guarded(
            lambda: torch.autograd.grad(
                recorded.scalar, [tensor for _, tensor in tensors], allow_unused=True, retain_graph=True
            ),
            "backward()",
        )
    except UserCodeError:  # autograd refuses, and says so in the run that is judged
        return []
    wrong: dict[int, tuple[int, float, Ball | None]] = {}
    for (output, _), gradient in zip(tensors, found, strict=True):
        node, flow = output.read.node, truth.flows[output.read.node]
        numbers = [0.0] * math.prod(output.shape) if gradient is None else dense(gradient).double().reshape(-1).tolist()
        true = [None] * len(numbers) if not flow else taken_flow(flow, output)
        told = [None if one is not None and one.is_nan() else one for one in true]  # 0 times infinity tells nothing
        bad = list(wrong_ones(numbers, told, form))
        if bad:
            place = next((one for one in bad if not math.isfinite(numbers[one])), bad[0])
            wrong[node] = (place, numbers[place], true[place])
    return list(_culprits(recorded, truth, form, wrong))


def followed(recorded: Recorded) -> Iterator[tuple[Output, Any]]:
    """The results that autograd follows and nothing has changed since, and the leaves."""
    tape = recorded.recorder.tape
    for name, tensor in recorded.leaves.items():
        if tensor.requires_grad:
            yield Output(Read(tape.leaves[name]), tuple(tensor.shape), tensor, tensor, 0), tensor
    for step in tape.steps:
        for output in step.outputs:
            if output.tensor.requires_grad and output.tensor._version == output.version and tape.varies(output.read):
                yield output, output.tensor


def taken_flow(flow: list[Ball | None], output: Output) -> list[Ball | None]:
    """The gradient by a result, of that by its node."""
    return flow if output.read.index is None else [flow[place] for place in output.read.index]


def _culprits(
    recorded: Recorded, truth: Truth, form: Format, wrong: Mapping[int, tuple[int, float, Ball | None]]
) -> Iterator[Suspect]:
    """The steps whose own gradient is no number of what they got, the last one first; then those whose gradients add
    up to one that is none, and those that get a right gradient and pass a wrong one on.
    """
    met: set[int] = set()
    added: list[Suspect] = []
    off: list[Suspect] = []
    for step in reversed(truth.tape.steps):
        nodes = [read.node for read in step.inputs if read.node in wrong]
        if not nodes or not step.outputs:
            continue
        if _slips(step, truth, form):
            yield _suspect(step, wrong[nodes[0]])
        added += [_suspect(step, wrong[node], ADDED) for node in nodes if node in met and math.isinf(wrong[node][1])]
        if truth.tape.varies(step.outputs[0].read) and step.outputs[0].read.node not in wrong:
            off.append(_suspect(step, wrong[nodes[0]], SLIP))
        met.update(nodes)
    yield from added
    yield from off


def _suspect(step: Step, wrong: tuple[int, float, Ball | None], kind: str = "precision") -> Suspect:
    """A step that passes a wrong number on."""
    place, found, true = wrong
    output = step.outputs[0]
    inside = place if place < math.prod(output.shape) else 0
    return Suspect(step, output, inside, found, Ball(0) if true is None else true, True, kind)


def _slips(step: Step, truth: Truth, form: Format) -> bool:
    """Does autograd's rule of one step give a wrong gradient where the true one comes in?"""
    function, args, kwargs = step.call
    if function._schema.is_mutable or not step.outputs:
        return False
    leaves: list[Any] = []

    def fresh(value: Any) -> Any:
        if isinstance(value, torch.Tensor):
            copy = value.detach().clone()
            if value.requires_grad:  # a running mean has no gradient, and must not ask for one
                leaves.append(copy.requires_grad_())
            return copy
        return [fresh(one) for one in value] if isinstance(value, list | tuple) else value

    result = function(*[fresh(one) for one in args], **kwargs)
    output = next(tensors_in(result))
    flow = truth.flows[step.outputs[0].read.node]
    if not output.requires_grad or not flow:
        return False
    upstream = [0.0 if g is None else float(g) for g in taken_flow(flow, step.outputs[0])]
    given = torch.tensor(upstream, dtype=torch.float64).to(output).reshape(output.shape)
    found = torch.autograd.grad(output, leaves, given, allow_unused=True)
    numbers = [dense(one).double().reshape(-1).tolist() for one in found if one is not None]
    return any(not math.isfinite(one) for row in numbers for one in row)
