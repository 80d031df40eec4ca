"""Whether gradients are finite, for the price of one pass over their memory."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from gradcalc.engines.torch import torch

Tensor = Any
norm_of, STRIDED = torch.linalg.vector_norm, torch.strided
WIDER = {torch.float16: torch.float32, torch.bfloat16: torch.float32}  # in which a norm does not overflow so soon


class Seen(NamedTuple):
    """A loss, the norm of the gradient, what the loss was multiplied by, and whether every number is finite."""

    loss: float
    norm: float
    scale: float
    finite: bool


def number(loss: Tensor) -> float:
    """The loss, or the sum of several, which is not finite where one of them is not."""
    return float(loss.item() if loss.numel() == 1 else loss.sum())


def sums(weights: Sequence[Tensor]) -> float:
    """The size of the gradient, finite only where every number is: of the sums by each, the root of their squares.

    No other pass over the memory is as fast as a sum. Between two steps the processor has forgotten this code, so that
    every call of Python counts: a gradient takes three.
    """
    return math.hypot(*[gradient.sum().item() for one in weights if (gradient := one.grad) is not None])


def norms(weights: Sequence[Tensor]) -> float:
    """The norm of the gradient, also by complex weights, and where a sum would overflow and no number does."""
    numbers = [_numbers(gradient) for one in weights if (gradient := one.grad) is not None]
    return math.hypot(*[norm_of(one, dtype=WIDER.get(one.dtype)).item() for one in numbers])


class Glance:
    """The same on a device, read later, when it is there: nothing waits for it. The gradients are not kept."""

    def __init__(self, loss: Tensor, gradients: Sequence[Tensor], scale: Tensor) -> None:
        wide = torch.float32 if loss.device.type == "mps" else torch.float64  # that has no float64
        norms = [norm_of(torch.stack(_norms(group)), dtype=wide) for group in _groups(gradients)]
        parts = (loss.detach().sum(), *norms, scale.detach().abs().max())
        self._numbers = torch.stack([one.to(loss.device, wide) for one in parts])
        self._ready: Any = None
        if loss.device.type == "cuda":  # on its way while the device goes on
            here = torch.empty(len(parts), dtype=wide, pin_memory=True)
            self._numbers = here.copy_(self._numbers, non_blocking=True)
            self._ready = torch.cuda.Event()  # type: ignore[no-untyped-call]  # torch does not annotate it
            self._ready.record()

    def read(self) -> Seen:
        """What was seen."""
        if self._ready is not None:
            self._ready.synchronize()
        loss, *norms, scale = self._numbers.tolist()
        norm = math.hypot(*norms)
        return Seen(loss, norm, scale, math.isfinite(loss) and math.isfinite(norm))


def _groups(gradients: Sequence[Tensor]) -> Iterable[list[Tensor]]:
    """Those that one call can take together: of one device and format."""
    groups: dict[Any, list[Tensor]] = {}
    for one in gradients:
        groups.setdefault((one.device, one.dtype), []).append(_numbers(one))
    return groups.values()


def _numbers(gradient: Tensor) -> Tensor:
    """The numbers of a gradient, which may be a sparse one."""
    return gradient if gradient.layout is STRIDED else gradient._values()


def _norms(group: list[Tensor]) -> list[Tensor]:
    """The norm of each, all of one format."""
    return list(torch._foreach_norm(group, 2, dtype=WIDER.get(group[0].dtype)))


def are_finite(gradients: Sequence[Tensor]) -> bool:
    """Is every number of every gradient finite?"""
    return all(bool(one.isfinite().all()) for group in _groups(gradients) for one in group)
