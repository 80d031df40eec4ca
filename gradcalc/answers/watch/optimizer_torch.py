"""The update before a step, where that spoilt the weights: gradients were finite, weights are not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gradcalc.answers.audit.records import CodeBlame, at
from gradcalc.engines.torch import torch
from gradcalc.tracing.places import Place

Tensor = Any


def spoilt_by(optimizer: Any, place: Place | None, weights: Sequence[Tensor]) -> CodeBlame | None:
    """The optimizer's line, where weights that it has updated are not finite; the gradients were, or it had not run."""
    bad = next((one for one in weights if not bool(one.isfinite().all())), None)
    if bad is None or optimizer is None or place is None:
        return None
    name, form = type(optimizer).__name__, str(bad.dtype).removeprefix("torch.")
    sentence = f"the update of {name} made weights that are not finite of a gradient that is"
    eps = next((group["eps"] for group in optimizer.param_groups if "eps" in group), None)
    if eps and not bool(torch.tensor(eps).to(bad.dtype)):
        more = f": its eps of {eps:g} is 0 in {form}, and where the mean square is 0 too, it divides by 0"
        return at(place, f"{name}.step", "underflow", f"{sentence}{more}; eps=1e-4, or float32 weights, is the cure")
    rate = next((float(group["lr"]) for group in optimizer.param_groups if "lr" in group), None)
    more = "" if rate is None else f": lr is {rate:g}"
    return at(place, f"{name}.step", "overflow", sentence + more)
