"""How loss and gradient went in the steps before: whether the run had diverged, which no line of the code explains."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

KEPT = 64  # steps
LEAST_STEPS = 3  # in a row that grow
LEAST_GROWTH = 1e3  # over them: what a larger batch or a harder one does not explain


@dataclass(slots=True)
class History:
    """The last steps: the loss, and the size of the gradient."""

    steps: deque[tuple[float, float]] = field(default_factory=lambda: deque(maxlen=KEPT))

    def add(self, loss: float, size: float) -> None:
        """A step that was finite."""
        self.steps.append((loss, size))

    def diverged(self) -> str | None:
        """A sentence, where the run was growing without bound before it met a number that is not finite."""
        for what, place in (("the gradient", 1), ("the loss", 0)):
            grown = _growing([abs(one[place]) for one in self.steps])
            if len(grown) >= LEAST_STEPS and grown[-1] > LEAST_GROWTH * grown[0]:
                steps = len(grown) - 1
                return (
                    f"the run had diverged: {what} grew {steps} steps in a row, from {grown[0]:.3g} to "
                    f"{grown[-1]:.3g}; a smaller learning rate or clipped gradients are the cure, not the line"
                )
        return None


def _growing(numbers: Sequence[float]) -> Sequence[float]:
    """The last numbers of which each is larger than the one before."""
    start = len(numbers) - 1
    while start > 0 and math.isfinite(numbers[start - 1]) and 0 < numbers[start - 1] < numbers[start]:
        start -= 1
    return numbers[max(start, 0) :]
