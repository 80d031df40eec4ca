"""Whether a loss and gradients are finite, for the price of one pass over the gradients."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from gradcalc.engines.torch import torch

Tensor = Any


class Seen:
    """A loss, the norm of the gradient, and the scale of the loss; read only when asked for, as that may wait."""

    def __init__(self, numbers: Tensor, gradients: Sequence[Tensor]) -> None:
        self._gradients = gradients
        self._ready: Any = None
        self._numbers = numbers
        if numbers.device.type == "cuda":  # on its way while the device goes on
            self._numbers = torch.empty(3, dtype=numbers.dtype, pin_memory=True).copy_(numbers, non_blocking=True)
            self._ready = torch.cuda.Event()  # type: ignore[no-untyped-call]  # torch does not annotate it
            self._ready.record()
        self._read: list[float] | None = None

    def _all(self) -> list[float]:
        if self._read is None:
            if self._ready is not None:
                self._ready.synchronize()
            self._read = [float(one) for one in self._numbers.tolist()]
        return self._read

    @property
    def loss(self) -> float:
        """The loss; its sum where it is an array."""
        return self._all()[0]

    @property
    def norm(self) -> float:
        """The norm of the whole gradient."""
        return self._all()[1]

    @property
    def scale(self) -> float:
        """What the gradient of the loss was multiplied by."""
        return self._all()[2]

    @property
    def finite(self) -> bool:
        """Is every number finite? A norm may overflow where none of them does."""
        if not math.isfinite(self.loss):
            return False
        return math.isfinite(self.norm) or (bool(self._gradients) and are_finite(self._gradients))


def look(loss: Tensor, gradients: Sequence[Tensor], scale: Tensor, late: bool) -> Seen:
    """Loss and gradients as they are now; `late`: the gradients are not kept, as they are read when they have gone."""
    groups: dict[Any, list[Tensor]] = defaultdict(list)
    for one in gradients:
        groups[one.device, one.dtype].append(_dense(one))
    wide = torch.float32 if loss.device.type == "mps" else torch.float64  # that has no float64
    norms = [
        torch.linalg.vector_norm(torch.stack(_norms(group)), dtype=wide).to(loss.device) for group in groups.values()
    ]
    norm = torch.linalg.vector_norm(torch.stack(norms)) if norms else torch.zeros((), dtype=wide, device=loss.device)
    parts = (loss.detach().to(wide).sum(), norm, scale.detach().to(loss.device, wide).abs().max())
    return Seen(torch.stack(parts), () if late else gradients)


def _norms(group: list[Tensor]) -> list[Tensor]:
    """The norm of each: of halves in float32, where it does not overflow so soon."""
    half = group[0].dtype.itemsize < torch.float32.itemsize
    return list(torch._foreach_norm(group, 2, dtype=torch.float32 if half else None))


def are_finite(gradients: Sequence[Tensor]) -> bool:
    """Is every number of every gradient finite?"""
    return all(bool(_dense(one).isfinite().all()) for one in gradients)


def _dense(gradient: Tensor) -> Tensor:
    """The numbers of a gradient, of a sparse one those that it has."""
    return gradient._values() if gradient.is_sparse else gradient
