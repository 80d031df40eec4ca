"""Second derivatives of code: autograd's derivative of its own gradient along fixed directions, and the true ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gradcalc.answers.audit.gradients_torch import plain
from gradcalc.answers.audit.isolation_torch import guarded
from gradcalc.answers.audit.judge import Judge
from gradcalc.answers.audit.records import SEVERITY, Finding, Judged, Part
from gradcalc.answers.audit.run_torch import Recorded, Subject, contracted, leaves_of
from gradcalc.base.effort import Exhausted
from gradcalc.base.errors import UserCodeError
from gradcalc.engines.exact.ball import Ball, working
from gradcalc.engines.torch import torch
from gradcalc.tracing.evaluate import flows, run
from gradcalc.tracing.rules import Flow, Numbers
from gradcalc.tracing.truth import seed as sent_back

Tensor = Any
SEEDS = (23, 29, 31)  # of the directions: what is wrong along none of them is wrong hardly anywhere
STEP = -60  # power of two: the error of a symmetric quotient is about its square
LAST_PLACE = 16  # times what a change of all that goes in in its last place does
REASON = "second-order"
SMALL = 0.1  # of the tolerance, for what is small beside other components


def direction(recorded: Recorded, seed: int) -> dict[str, Tensor]:
    """A fixed direction: every component takes part, by its own sign and size."""
    generator = torch.Generator().manual_seed(seed)
    drawn = {
        name: torch.rand(one.shape, generator=generator, dtype=torch.float64) for name, one in recorded.leaves.items()
    }
    return {name: ((one * 64).round() + 32) / 64 * ((one * 640).round() % 2 * 2 - 1) for name, one in drawn.items()}


def second_order(subject: Subject, recorded: Recorded, judge: Judge) -> tuple[dict[str, Part], int]:
    """The verdict on every component of the gradient's derivative, the worst along several directions; and how many.

    As many as there are components decide all second derivatives; no more are taken. The first one has to fit into what
    is granted, the others as far as it reaches. Raises Exhausted.
    """
    count = min(len(SEEDS), sum(leaf.numel() for leaf in recorded.leaves.values()))
    found = [_along(subject, recorded, judge, SEEDS[0])]
    for seed in SEEDS[1:count]:
        try:
            found.append(_along(subject, recorded, judge, seed))
        except Exhausted:
            break
    return {name: _worst([one[name] for one in found]) for name in recorded.leaves}, len(found)


def _worst(parts: Sequence[Part]) -> Part:
    """Each component as it is along the direction in which it is worst; the first one, where they are alike."""
    columns = zip(*(one.components for one in parts), strict=True)
    return Part(parts[0].shape, tuple(max(column, key=lambda one: SEVERITY.index(one.verdict)) for column in columns))


def _along(subject: Subject, recorded: Recorded, judge: Judge, seed: int) -> dict[str, Part]:
    """The verdict on every component of the gradient's derivative along a direction."""
    way = direction(recorded, seed)
    found = _played(subject, way)
    numbers = plain(found)
    true, moved = _true(judge, way, Ball(0)), _true(judge, way, Ball(judge.form.epsilon))
    parts = {}
    for name, leaf in recorded.leaves.items():
        trial = _Trial(judge, true[name], moved[name])
        values: Sequence[float | None] = [None] * leaf.numel() if numbers is None else numbers[name]
        parts[name] = Part(tuple(leaf.shape), tuple(trial.judged(place, one) for place, one in enumerate(values)))
    return parts


def _played(subject: Subject, way: Mapping[str, Tensor]) -> Mapping[str, Tensor] | None:
    """Autograd's; None where it refuses."""
    arguments = subject.fresh()
    leaves = leaves_of(subject, arguments)
    options: Any = {"allow_unused": True, "materialize_grads": True}

    def twice() -> Mapping[str, Tensor]:
        scalar = contracted(subject.called(arguments))
        zeros = {name: torch.zeros_like(one) for name, one in leaves.items()}
        if not scalar.requires_grad:
            return zeros
        first = torch.autograd.grad(scalar, list(leaves.values()), create_graph=True, **options)
        terms = [(one * way[name].to(one)).sum() for name, one in zip(leaves, first, strict=True)]
        total: Any = sum(terms)
        if not total.requires_grad:
            return zeros
        return dict(zip(leaves, torch.autograd.grad(total, list(leaves.values()), **options), strict=True))

    try:
        played: Mapping[str, Tensor] = guarded(twice, "the second backward()")
    except UserCodeError:  # once_differentiable, or an operation that has no second derivative
        return None
    return played


def _true(judge: Judge, way: Mapping[str, Tensor], relative: Ball) -> dict[str, Numbers]:
    """The derivative of the true gradient along the direction, where all that goes in is moved a little first."""
    truth = judge.truth
    with working(truth.bits + 4 * -STEP):
        step = Ball((1, STEP))
        ahead, behind = (_gradient(judge, way, relative, step * sign) for sign in (1, -1))
        return {
            name: [(_number(a) - _number(b)) / (step * 2) for a, b in zip(ahead[name], behind[name], strict=True)]
            for name in truth.tape.leaves
        }


def _number(one: Ball | None) -> Ball:
    return Ball(0) if one is None else one


def _gradient(judge: Judge, way: Mapping[str, Tensor], relative: Ball, step: Ball) -> dict[str, Flow]:
    tape, base = judge.truth.tape, judge.truth.run
    leaves = {
        node: [
            x + x * relative * (1 if place % 2 else -1) + step * Ball(along)
            for place, (x, along) in enumerate(zip(base.values[node], way[name].reshape(-1).tolist(), strict=True))
        ]
        for name, node in tape.leaves.items()
    }
    made = run(tape, leaves)
    back = flows(tape, made, sent_back(tape, judge.truth.result), held=judge.cuts)
    return {name: back[node] or [None] * tape.nodes[node].size for name, node in tape.leaves.items()}


@dataclass(eq=False)
class _Trial:
    """A variable's true second derivatives: here, and where what goes in has moved in its last place."""

    judge: Judge
    true: Numbers
    moved: Numbers

    def judged(self, place: int, found: float | None) -> Judged:
        """The verdict on a component."""
        true = self.true[place]
        if not true.is_finite():
            return Judged(found, None, None, Finding.UNDECIDED, "limit")
        symbolic, exact = self.judge.numbers(true)
        if found is None:
            return Judged(None, symbolic, exact, Finding.DISAGREE, REASON)
        good = found == found and abs(found) != float("inf") and self._near(place, Ball(found), true)
        return Judged(found, symbolic, exact, Finding.AGREE if good else Finding.DISAGREE, None if good else REASON)

    def _near(self, place: int, found: Ball, true: Ball) -> bool:
        rtol = Ball(self.judge.rtol)
        largest = max((abs(one).mid() for one in self.true if one.is_finite()), default=Ball(0))
        noise = abs(self.moved[place] - true) * LAST_PLACE
        return bool(abs(found - true) <= rtol * abs(true).mid() + rtol * Ball(SMALL) * largest + noise.mid())
