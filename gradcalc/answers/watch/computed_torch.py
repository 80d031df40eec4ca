"""How the loss of a batch is computed: by a function of model and batch, or by one of torch's own losses."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from gradcalc.answers.audit.closed_over_torch import reached
from gradcalc.engines.torch import torch

LOSSES = ("torch.nn.functional", "torch._C")  # where torch's own losses are from


@dataclass(frozen=True, slots=True)
class Computed:
    """How the loss of a batch is computed."""

    model: Any
    loss_fn: Callable[..., Any]

    @property
    def call(self) -> tuple[Callable[..., Any], Sequence[Any]]:
        """A function, and the arguments that come before the batch."""
        inner: Any = self.loss_fn.func if isinstance(self.loss_fn, functools.partial) else self.loss_fn
        own = isinstance(inner, torch.nn.modules.loss._Loss) or (inner.__module__ or "").startswith(LOSSES)
        return (of_output, (self.model, self.loss_fn)) if own else (self.loss_fn, (self.model,))

    @property
    def modules(self) -> list[Any]:
        """The model, and the modules that the loss reaches."""
        found = [self.model, self.loss_fn, *(one for _, one in reached(self.loss_fn))]
        return list({id(one): one for one in found if isinstance(one, torch.nn.Module)}.values())

    def tensors(self) -> tuple[list[Any], list[Any]]:
        """The parameters and the buffers of them all, each once."""
        kinds = ([one.parameters() for one in self.modules], [one.buffers() for one in self.modules])
        weights, buffers = (list({id(one): one for part in kind for one in part}.values()) for kind in kinds)
        return weights, buffers


def of_output(model: Any, loss_fn: Callable[..., Any], /, *batch: Any, **named: Any) -> Any:
    """A loss of torch's own, which takes what the model makes of a batch, and its last part."""
    return loss_fn(model(*batch[:-1], **named), batch[-1])
