"""When a number that is not finite stops the run: at once, or as soon as it is sure that nobody skips it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, NoReturn, TypeAlias

from gradcalc.answers.watch.history import History
from gradcalc.answers.watch.looking_torch import Glance, are_finite, norms, sums
from gradcalc.answers.watch.taken_torch import Taken
from gradcalc.engines.torch import torch

Tensor = Any
Stop: TypeAlias = Callable[[Taken], NoReturn]


class Prompt:
    """What is seen is read at once.

    Where the loss was multiplied by more than 1, as a GradScaler does, it may be that which makes a gradient overflow,
    and whoever does it skips the update: the run stops once an optimizer is about to use it, or the weights have
    changed. Until then it is `pending`.
    """

    def __init__(self, weights: Sequence[Tensor], stop: Stop) -> None:
        self.weights, self.stop, self.history = weights, stop, History()
        self.size = norms if any(one.is_complex() for one in weights) else sums
        self.pending: Taken | None = None

    def see(self, taken: Taken, scale: Tensor) -> None:
        """A backward pass has ended; `scale` is the gradient by the loss with which it began."""
        size = self.size(self.weights)
        if not math.isfinite(taken.loss) or not (math.isfinite(size) or are_finite(gradients_of(self.weights))):
            self._not_finite(taken, scale)
            return
        if self.pending is not None:
            self.settle(used=False)
        self.history.add(taken.loss, size if math.isfinite(size) else norms(self.weights))

    def _not_finite(self, taken: Taken, scale: Tensor) -> None:
        if scale.abs().max() <= 1:
            self.stop(taken)
        if self.pending is None:
            taken.weights = [one.detach().clone() for one in self.weights]
            self.pending = taken

    def before_update(self, optimizer: Any) -> None:
        """An optimizer is about to use the gradients, unless a GradScaler lets it skip them itself."""
        if self.pending is not None and vars(optimizer).get("found_inf") is None:
            self.settle(used=True)

    def begin(self) -> None:
        """A new step begins: what stands in the gradients may have been skipped and not been cleared yet."""
        if self.pending is not None and are_finite(gradients_of(self.weights)):
            self.settle(used=False)

    def settle(self, used: bool) -> None:
        """Stop for what is pending if it was used, else forget it."""
        pending, self.pending = self.pending, None
        if pending is not None and (used or moved(pending, self.weights)):
            self.stop(pending)

    def end(self) -> None:
        """The block is left."""
        self.settle(used=False)


class Late:
    """What is seen is read a step later, when the device has long got there; every step keeps copies of its weights."""

    def __init__(self, weights: Sequence[Tensor], stop: Stop) -> None:
        self.weights, self.stop, self.history = weights, stop, History()
        self.open: list[tuple[Taken, Glance]] = []

    def see(self, taken: Taken, scale: Tensor) -> None:
        """A backward pass has ended; `scale` is the gradient by the loss with which it began."""
        self.open.append((taken, Glance(taken.loss, gradients_of(self.weights), scale)))

    def before_update(self, optimizer: Any) -> None:
        """An optimizer is about to use the gradients: nothing waits for what they are."""

    def begin(self) -> None:
        """A new step begins: the last one but one is known by now."""
        while len(self.open) > 1:
            self._read(self.open.pop(0), self.open[0][0].weights or self.weights)

    def end(self) -> None:
        """The block is left."""
        self.begin()
        while self.open:
            self._read(self.open.pop(0), self.weights)

    def _read(self, one: tuple[Taken, Glance], after: Sequence[Tensor]) -> None:
        taken, seen = one[0], one[1].read()
        if seen.finite:
            self.history.add(seen.loss, seen.norm)
        elif seen.scale <= 1 or moved(taken, after):
            self.stop(taken)


def moved(taken: Taken, weights: Sequence[Tensor]) -> bool:
    """Have the weights changed since a step, so that nobody skipped it?"""
    assert taken.weights is not None
    return any(not torch.equal(one, other) for one, other in zip(taken.weights, weights, strict=True))


def gradients_of(weights: Sequence[Tensor]) -> list[Tensor]:
    """Those that there are."""
    return [gradient for one in weights if (gradient := one.grad) is not None]
