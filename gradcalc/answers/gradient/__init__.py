"""The gradient of any problem: of numbers or of arrays."""

from __future__ import annotations

from gradcalc.answers.gradient.arrays import array_gradient
from gradcalc.answers.gradient.scalar import scalar_gradient
from gradcalc.answers.records import Comparison
from gradcalc.base.limits import Limits
from gradcalc.engines.records import Autograd
from gradcalc.problem.problem import Problem
from gradcalc.problem.tolerance import Tolerance


def derive(
    problem: Problem, tolerance: Tolerance, seconds: float, limits: Limits, autograd: Autograd | None = None
) -> Comparison:
    """The answer to a problem; `autograd` is what torch said, where it was asked already."""
    answer = array_gradient if problem.arrays else scalar_gradient
    return answer(problem, tolerance, seconds, limits, autograd)
