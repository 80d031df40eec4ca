"""What was asked for, with the means to answer: the problem, how exact torch has to be, and what it may cost."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from gradcalc.base.limits import Limits
from gradcalc.problem.problem import Problem
from gradcalc.problem.tolerance import Tolerance


@dataclass(frozen=True, slots=True)
class Asked:
    """A problem, the tolerance for autograd, the time in seconds for all of it, and the limits of size."""

    problem: Problem
    tolerance: Tolerance
    seconds: float
    limits: Limits
    started: float = field(default_factory=time.monotonic)

    def share(self, part: float) -> float:
        """A part of the time that is left, in seconds."""
        return part * max(self.seconds - (time.monotonic() - self.started), 0.01)
