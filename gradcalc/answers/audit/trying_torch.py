"""A proposal tried at the point itself: are value and gradient right with it?"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from gradcalc.answers.audit.blame import wrong_ones
from gradcalc.answers.audit.formula import Operand
from gradcalc.base.floating import FORMATS, Format
from gradcalc.engines.exact.ball import Ball, working
from gradcalc.engines.torch import torch
from gradcalc.tracing.evaluate import flows
from gradcalc.tracing.rules import Flow
from gradcalc.tracing.tape import Output, Step
from gradcalc.tracing.truth import Truth

Tensor = Any


@dataclass(frozen=True, slots=True)
class Proposal:
    """A function of operands in place of a step's result, and how it is written; `write` with what is taken of it."""

    root: Step
    operands: Sequence[Operand]
    function: Callable[..., Tensor]
    text: str
    write: str | None = None


def holds(proposal: Proposal, truth: Truth, form: Format, strict: bool = False) -> bool:
    """Are value and gradient right with it, here; when `strict`, of what is small beside the rest too?"""
    output = proposal.root.outputs[0]
    copies = [one.tensor.detach().clone() for one in proposal.operands]
    moving = [place for place, one in enumerate(proposal.operands) if truth.tape.varies(one.read)]
    leaves = [copies[place].requires_grad_() for place in moving if copies[place].is_floating_point()]
    made = _made(proposal, copies)
    if made is None or made.numel() != _size(output) or not made.requires_grad or len(leaves) != len(moving):
        return False
    dtypes = {str(one.dtype).removeprefix("torch.") for one in (made, *leaves)}
    own = min((form, *(FORMATS[name] for name in dtypes)), key=lambda one: one.precision)
    values = truth.exact(output.read)
    if not all(one.is_finite() for one in values):  # nothing would be right there
        return False
    least = Ball(0) if strict else max(abs(one).mid() for one in values) * Ball(own.epsilon)
    if not _same(_numbers(made), values, own, least):
        return False
    given = torch.tensor(_upstream(output, truth), dtype=torch.float64).to(made).reshape(made.shape)
    found = torch.autograd.grad(made, leaves, given, allow_unused=True, materialize_grads=True)
    with working(truth.bits):
        true = _true([proposal.operands[place] for place in moving], output, _numbers(given), truth)
    return all(_same(_numbers(one), flow, own, least) for one, flow in zip(found, true, strict=True))


def holds_apart(proposal: Proposal, truth: Truth, form: Format) -> bool:
    """Is it right but for what its operands were rounded by before: of exact ones, and of torch's own as in float64?

    A logit of 100 in float32 is 4e-6 off, which no loss of it can make good.
    """
    output, wide = proposal.root.outputs[0], torch.float64
    if not all(one.is_finite() for one in truth.exact(output.read)):
        return False
    own = [one.tensor.detach() for one in proposal.operands]
    exact = [
        torch.tensor([float(one) for one in truth.exact(operand.read)], dtype=wide).reshape(operand.tensor.shape)
        for operand in proposal.operands
    ]
    varying = [place for place, one in enumerate(proposal.operands) if truth.tape.varies(one.read)]
    upstream = _upstream(output, truth)
    found = [_played(proposal, one, varying, upstream) for one in (own, [one.to(wide) for one in own], exact)]
    if any(one is None for one in found):
        return False
    with working(truth.bits):
        true = _true([proposal.operands[place] for place in varying], output, upstream, truth)
    numbers, widely, exactly = (one or [] for one in found)
    known_ones: list[Sequence[Ball | None]] = [truth.exact(output.read), *true]
    for one, other, apart, known in zip(numbers, widely, exactly, known_ones, strict=True):
        least = Ball(max(map(abs, other), default=0.0) * form.epsilon)
        if not (_same(one, [Ball(number) for number in other], form, least) and _same(apart, known, form, least)):
            return False
    return True


def _played(
    proposal: Proposal, operands: Sequence[Tensor], varying: Sequence[int], upstream: Sequence[float]
) -> list[list[float]] | None:
    """The result of a proposal and its gradients by the operands that vary, as numbers; None where it has none."""
    copies = [one.clone() for one in operands]
    leaves = [copies[place].requires_grad_() for place in varying if copies[place].is_floating_point()]
    made = _made(proposal, copies)
    if made is None or made.numel() != len(upstream) or not made.requires_grad or len(leaves) != len(varying):
        return None
    given = torch.tensor(upstream, dtype=torch.float64).to(made).reshape(made.shape)
    back = torch.autograd.grad(made, leaves, given, allow_unused=True, materialize_grads=True)
    return [_numbers(one) for one in (made, *back)]


def _same(found: Sequence[float], true: Sequence[Ball | None], form: Format, least: Ball) -> bool:
    """Are numbers right, where 0 does for what is too small beside the values?"""
    return all(
        found[place] == 0 and one is not None and abs(one) <= least for place in wrong_ones(found, true, form)
        for one in [true[place]]
    )  # fmt: skip


def _numbers(tensor: Tensor) -> list[float]:
    return [float(one) for one in tensor.detach().double().reshape(-1).tolist()]


def _upstream(output: Output, truth: Truth) -> list[float]:
    """The true gradient by the result; ones where there is none."""
    flow = truth.flows[output.read.node]
    places = range(len(flow)) if output.read.index is None else output.read.index
    numbers = [0.0 if (g := flow[place]) is None else float(g) for place in places] if flow else []
    usual = any(numbers) and all(abs(one) < 1e30 for one in numbers)
    return numbers if usual else [1.0] * max(len(numbers), _size(output))


def _size(output: Output) -> int:
    return math.prod(output.shape)


def _true(operands: Sequence[Operand], output: Output, upstream: Sequence[float], truth: Truth) -> list[Flow]:
    """The true gradients by the operands, of the same gradient sent back."""
    tape = truth.tape
    flow: Flow = [None] * tape.nodes[output.read.node].size
    for place, one in zip(
        range(len(upstream)) if output.read.index is None else output.read.index, upstream, strict=True
    ):
        flow[place] = Ball(one)
    stops = {one.read.node for one in operands}
    back = flows(tape, truth.run, {output.read.node: flow}, stops=stops)
    found: list[Flow] = []
    for operand in operands:
        node = back[operand.read.node] or [None] * tape.nodes[operand.read.node].size
        numbers = node if operand.read.index is None else [node[place] for place in operand.read.index]
        found.append([Ball(0) if g is None else g for g in numbers])
    return found


def is_finite(proposal: Proposal) -> bool:
    """Are value and gradient numbers with it, here? Of numbers that nothing is derived by, the value."""
    given = [one.tensor.detach().clone().requires_grad_(one.tensor.requires_grad) for one in proposal.operands]
    made = _made(proposal, given)
    leaves = [one for one in given if one.requires_grad]
    if made is None or (leaves and not made.requires_grad):
        return False
    found = torch.autograd.grad(made.sum(), leaves, allow_unused=True, materialize_grads=True) if leaves else ()
    return all(bool(one.isfinite().all()) for one in (made, *found))


def _made(proposal: Proposal, given: Sequence[Tensor]) -> Tensor | None:
    """What it gives; None for shapes that do not go together."""
    try:
        return proposal.function(*given)
    except (RuntimeError, IndexError, TypeError):
        return None
