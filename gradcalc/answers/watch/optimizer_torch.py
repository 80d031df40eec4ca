"""The update before a step, where that spoilt the weights: gradients were finite, weights are not."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from gradcalc.answers.audit.records import CodeBlame, at
from gradcalc.engines.torch import torch
from gradcalc.tracing.places import Place

Tensor = Any


@dataclass(frozen=True, slots=True, eq=False)
class Update:
    """An optimizer, and where it is called."""

    optimizer: Any
    place: Place | None

    def spoilt(self, own: Sequence[Tensor], numbers: Sequence[Tensor]) -> Tensor | None:
        """The first of its weights that is not finite; `numbers` are those that the weights had in the step."""
        updated = {id(one) for group in self.optimizer.param_groups for one in group["params"]}
        pairs = zip(own, numbers, strict=True)
        return next((now for one, now in pairs if id(one) in updated and not bool(now.isfinite().all())), None)


def spoilt_by(updates: Iterable[Update | None], own: Sequence[Tensor], numbers: Sequence[Tensor]) -> CodeBlame | None:
    """The line of an optimizer whose weights are not finite; the gradients were, or it had not run."""
    for one in updates:
        bad = None if one is None else one.spoilt(own, numbers)
        if one is not None and one.place is not None and bad is not None:
            return _blamed(one.optimizer, one.place, bad)
    return None


def _blamed(optimizer: Any, place: Place, bad: Tensor) -> CodeBlame:
    name, form = type(optimizer).__name__, str(bad.dtype).removeprefix("torch.")
    sentence = f"the update of {name} made weights that are not finite of a gradient that is"
    eps = next((group["eps"] for group in optimizer.param_groups if "eps" in group), None)
    if eps and not bool(torch.tensor(eps).to(bad.dtype)):
        more = f": its eps of {eps:g} is 0 in {form}, and where the mean square is 0 too, it divides by 0"
        return at(place, f"{name}.step", "underflow", f"{sentence}{more}; eps=1e-4, or float32 weights, is the cure")
    rate = next((float(group["lr"]) for group in optimizer.param_groups if "lr" in group), None)
    if rate is not None and not math.isfinite(rate):
        return at(place, f"{name}.step", "overflow", f"{sentence}: lr is {rate:g}")
    more = "" if rate is None else f", whose lr is {rate:g},"
    unsure = f"after this update of {name}{more} weights are not finite, though the gradient was"
    return at(place, f"{name}.step", "overflow", f"{unsure}: it made them so, if nothing else writes to them")
