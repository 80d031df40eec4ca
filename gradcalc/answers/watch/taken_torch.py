"""A step of a training run as it began: the batch, and all that its loss depends on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import CodeType
from typing import Any

from gradcalc.answers.audit.random_torch import CUDA, Randomness
from gradcalc.engines.torch import torch
from gradcalc.tracing.places import Place, place_at

Tensor = Any
DEVICES = ("cpu", "cuda") if CUDA else ("cpu",)


@dataclass(slots=True, eq=False)
class Taken:
    """One call of the watched step. `weights` are copies where the weights themselves may have gone on since.

    `autocast` is the format that torch.autocast ran in, `loss` a number or, on a device, the tensor that will tell it.
    """

    number: int
    batch: Sequence[Any]
    named: Mapping[str, Any]
    randomness: Randomness
    buffers: Sequence[Tensor]
    autocast: str | None
    caller: tuple[CodeType, int] | None = None  # the code that called the step, and its instruction
    place: Place | None = None  # the same, of a step that was saved
    weights: Sequence[Tensor] | None = None
    loss: Any = None

    @property
    def called(self) -> Place | None:
        """Where the step was called."""
        return self.place if self.caller is None else place_at(*self.caller)


def autocast() -> str | None:
    """The format that torch.autocast runs in here."""
    for device in DEVICES:
        if torch.is_autocast_enabled(device):
            return str(torch.get_autocast_dtype(device)).removeprefix("torch.")
    return None


class Copies:
    """Copies of tensors, each made anew only when something has changed it since."""

    def __init__(self, tensors: Sequence[Tensor]) -> None:
        self.tensors = tensors
        self.known: list[tuple[int, Tensor]] = [(-1, None)] * len(tensors)

    def now(self) -> list[Tensor]:
        """Copies of the tensors as they are, which nothing changes."""
        for place, one in enumerate(self.tensors):
            if self.known[place][0] != one._version:
                self.known[place] = one._version, one.detach().clone()
        return [copy for _, copy in self.known]
