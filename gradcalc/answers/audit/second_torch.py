"""The second derivative of custom functions: the backward of a backward, against differences of the true gradient."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from gradcalc.answers.audit.blame import wrong_ones
from gradcalc.answers.audit.functions_torch import true_gradients, where
from gradcalc.answers.audit.isolation_torch import guarded
from gradcalc.answers.audit.records import CodeBlame
from gradcalc.answers.audit.run_torch import Recorded
from gradcalc.base.errors import UserCodeError
from gradcalc.base.floating import Format
from gradcalc.engines.exact.ball import Ball, working
from gradcalc.engines.torch import torch
from gradcalc.tracing.evaluate import run
from gradcalc.tracing.rules import Numbers
from gradcalc.tracing.sight_torch import Application
from gradcalc.tracing.truth import Truth

SEEDS = (11, 13, 17)  # of the gradients that are sent back, and of the directions
WRONG = "second derivatives come out wrong, as part of what it depends on is hidden from autograd (see --order 2)"
STEP = -40  # power of two: the error of a central difference is about its square
Tensor = Any


def second(recorded: Recorded, truth: Truth, form: Format) -> Iterator[CodeBlame]:
    """The custom functions whose gradient is right and whose second derivative is not."""
    met: set[type] = set()
    for call in recorded.recorder.applications:
        varying = [read is not None and truth.tape.varies(read) for read in call.reads]
        if call.function not in met and call.outputs and any(varying) and _is_wrong(call, varying, truth, form):
            met.add(call.function)
            file, line, source, _ = where(call.function)
            span = len(source) - len(source.lstrip()), len(source)
            name = call.function.__name__
            sentence = f"the backward of `{name}`, line {line}, is right but cannot be derived again: {WRONG}"
            yield CodeBlame(file, line, span, source, f"{name}.backward", "second-order", sentence)


def _is_wrong(call: Application, varying: Sequence[bool], truth: Truth, form: Format) -> bool:
    """Is the derivative of the backward, along some direction, another one than the true gradient has?"""
    return any(_is_wrong_along(call, varying, truth, form, seed) for seed in SEEDS)


def _is_wrong_along(call: Application, varying: Sequence[bool], truth: Truth, form: Format, seed: int) -> bool:
    generator = torch.Generator().manual_seed(seed)

    def drawn(like: Tensor) -> Tensor:
        return torch.rand(like.shape, generator=generator, dtype=torch.float64).to(like) + 0.5

    def way(like: Tensor) -> Tensor:
        return drawn(like) * (torch.rand(like.shape, generator=generator, dtype=torch.float64).to(like).round() * 2 - 1)

    upstream = [drawn(one) for one, _ in call.outputs]
    along = [way(one) if vary else None for one, vary in zip(call.inputs, varying, strict=True)]
    found = _played(call, upstream, along)
    if found is None:
        return False
    with working(truth.bits):
        ends = [_moved(call, truth, upstream, along, sign) for sign in (1, -1)]
        for one, ahead, behind in zip(found, *ends, strict=True):
            true = [(a - b) * Ball((1, -STEP - 1)) for a, b in zip(ahead, behind, strict=True)]
            if list(wrong_ones(one.double().reshape(-1).tolist(), true, form)):
                return True
    return False


def _played(call: Application, upstream: Sequence[Tensor], along: Sequence[Tensor | None]) -> list[Tensor] | None:
    """Autograd's; None where the function itself forbids it."""
    pairs = list(zip(call.inputs, along, strict=True))
    copies = [one if way is None else one.clone().requires_grad_() for one, way in pairs]
    wanted = [one for one, way in zip(copies, along, strict=True) if way is not None]
    ways = [way for way in along if way is not None]
    options: Any = {"allow_unused": True, "materialize_grads": True}

    def twice() -> list[Tensor]:
        result = call.function.apply(*copies)
        outputs = [one for one in (result if isinstance(result, tuple) else (result,)) if one.is_floating_point()]
        first = torch.autograd.grad(outputs, wanted, list(upstream), create_graph=True, **options)
        total: Any = sum((one * way).sum() for one, way in zip(first, ways, strict=True))
        if not total.requires_grad:
            return [torch.zeros_like(one) for one in wanted]
        return list(torch.autograd.grad(total, wanted, **options))

    try:
        found: list[Tensor] = guarded(twice, "the backward")
    except UserCodeError:  # `once_differentiable` says so itself
        return None
    return found


def _moved(
    call: Application, truth: Truth, upstream: Sequence[Tensor], along: Sequence[Tensor | None], sign: int
) -> list[Numbers]:
    """The true gradients by the varying arguments, these moved a little along the direction."""
    tape = truth.tape
    leaves: dict[int, Numbers] = {}
    for read, way in zip(call.reads, along, strict=True):
        if read is not None and way is not None:
            numbers = leaves.setdefault(read.node, list(truth.run.values[read.node]))
            steps = way.double().reshape(-1).tolist()
            for place, step in zip(range(len(steps)) if read.index is None else read.index, steps, strict=True):
                numbers[place] = numbers[place] + Ball(step) * Ball((sign, STEP))
    found = true_gradients(call, tape, run(tape, leaves), upstream)
    return [[Ball(0) if g is None else g for g in flow] for flow in found if flow is not None]
