"""The watched step: the loss computed, and every gradient looked at as soon as the backward pass has it."""

from __future__ import annotations

import math
import sys
from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn

from gradcalc.answers.audit.random_torch import Randomness
from gradcalc.answers.audit.results_torch import chosen
from gradcalc.answers.watch.computed_torch import Computed
from gradcalc.answers.watch.entry import Entry, Reached, entry_of, is_sought
from gradcalc.answers.watch.judging_torch import Late, Prompt
from gradcalc.answers.watch.looking_torch import number
from gradcalc.answers.watch.optimizer_torch import Update, spoilt_by
from gradcalc.answers.watch.records import Found
from gradcalc.answers.watch.stop_torch import Stopped, stop
from gradcalc.answers.watch.taken_torch import Copies, Taken, autocast
from gradcalc.engines.torch import torch
from gradcalc.tracing.places import here
from gradcalc.tracing.sight_torch import TORCH

Tensor = Any
WATCHED = "watched"  # among the hooks of a loss, which torch counts by numbers
ENGINE: Any = torch.autograd.Variable._execution_engine


class Watch:
    """A block in which a training loop is watched; calling it computes the loss of a batch."""

    def __init__(self, model: Any, loss_fn: Callable[..., Any], save: Path | None, timeout: float) -> None:
        self.computed, self.save, self.timeout = Computed(model, loss_fn), save, timeout
        self.function, self.first = self.computed.call
        self.steps = 0
        self.weights, buffers = self.computed.tensors()
        self.own, self.buffers = {id(one) for one in self.weights}, Copies(buffers)
        self.copies = Copies(self.weights)
        self.late = any(one.device.type != "cpu" for one in self.weights)  # told when that costs no waiting
        judging: type[Prompt | Late] = Late if self.late else Prompt
        self.judge = judging(self.weights, self._stop)
        self.last: Taken | None = None
        self.entry: Entry | None = None
        self.updates: dict[Any, Update | None] = {}  # by optimizer; None of one that has other weights
        self._hook: Any = None

    def __enter__(self) -> Watch:
        frame = sys._getframe(1)
        if is_sought(frame):
            raise Reached(self.computed)
        self.entry = entry_of(frame)
        from torch.optim.optimizer import register_optimizer_step_pre_hook  # here, as torch.optim hides the module

        self._hook = register_optimizer_step_pre_hook(self._before_update)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hook.remove()
        if kind is None:
            self.judge.end()
            self._look_at_last()

    def __call__(self, *batch: Any, **named: Any) -> Any:
        """What `loss_fn` gives for a batch. Raises what it raises, and NotFiniteError."""
        self.judge.begin()
        self._look_at_last()
        self.steps += 1
        frame = sys._getframe(1)
        caller = frame.f_code, frame.f_lasti
        taken = Taken(self.steps, batch, named, Randomness.now(), self.buffers.now(), autocast(), caller)
        if self.late:
            taken.weights = self.copies.now()
        result = self.function(*self.first, *batch, **named)
        loss = chosen(result, None)
        taken.loss, self.last = loss.detach() if self.late else number(loss), taken
        if loss.grad_fn is not None:
            on_backward(loss, partial(self._once_backward_ends, taken))  # which must not hold the loss and its graph
        return result

    def _once_backward_ends(self, taken: Taken, scale: Tensor | None) -> None:
        """Look at the gradients when this backward pass has left all of them; `scale` is that by the loss, if any."""
        if scale is not None:
            self.last = None
            ENGINE.queue_callback(partial(self.judge.see, taken, scale))

    def _look_at_last(self) -> None:
        """A loss that no backward pass has come from."""
        last, self.last = self.last, None
        if last is not None and not math.isfinite(number(last.loss) if self.late else last.loss):
            self._stop(last)

    def _before_update(self, optimizer: Any, arguments: Any, named: Any) -> None:
        if optimizer not in self.updates:
            own = any(id(one) in self.own for group in optimizer.param_groups for one in group["params"])
            self.updates[optimizer] = Update(optimizer, here((TORCH,))) if own else None
        if self.updates[optimizer] is not None:
            self.judge.before_update(optimizer)

    def _stop(self, taken: Taken) -> NoReturn:
        """Raises NotFiniteError."""
        self.last = None
        stopped = Stopped(self.computed, taken, self.weights, self.buffers.tensors)
        weights = self.weights if taken.weights is None else taken.weights
        found = Found(self.judge.history.diverged(), spoilt_by(self.updates.values(), self.weights, weights))
        raise stop(stopped, found, self.entry, self.save, self.timeout)


def on_backward(loss: Tensor, call: partial[None]) -> None:
    """What `loss.register_hook(call)` does but for its handle, which would take a third of the time of all of this."""
    if loss._backward_hooks is None:
        loss._backward_hooks = OrderedDict()
        loss.grad_fn._register_hook_dict(loss)
    call.__torch_unserializable__ = True  # type: ignore[attr-defined]  # so that a loss is saved without a warning
    loss._backward_hooks[WATCHED] = call
