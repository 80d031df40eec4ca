"""What repeated `backward()` does to `.grad`, with and without clearing it."""

from __future__ import annotations

from typing import Unpack

from gradcalc.answers.gradient import derive
from gradcalc.base.errors import UsageError
from gradcalc.base.limits import DEFAULT_TIMEOUT, time_limit
from gradcalc.base.loading import loading
from gradcalc.inputs.point import Given
from gradcalc.lessons.accumulation.records import Accumulation
from gradcalc.lessons.lesson import Options, as_autograd, posed, require_backward
from gradcalc.lessons.words import words

MOST_PASSES = 1_000
DEFAULT_PASSES = 3


def accumulate(
    expression: str,
    *,
    at: Given | None,
    passes: int = DEFAULT_PASSES,
    timeout: float = DEFAULT_TIMEOUT,
    **options: Unpack[Options],
) -> Accumulation:
    """Run `passes` backward passes twice: `.grad` left alone, and set to zero before each.

    Raises a GradcalcError as `api.diff` does, and UsageError where the number of passes makes no sense.
    """
    if not 1 <= passes <= MOST_PASSES:
        raise UsageError(f"the passes are {passes}, expected a whole number from 1 to {MOST_PASSES:,}")
    with time_limit(timeout):
        question = posed(expression, at, **options)
        problem = question.problem
        require_backward(problem)
        spoken = words(problem)
        with loading():
            from gradcalc.lessons.accumulation.passes_torch import run_passes
        run = run_passes(problem, passes, spoken)
        said = as_autograd(problem, run.value, {name: run.passes[name].accumulated[0] for name in problem.wrt})
        return Accumulation(passes, spoken, run, derive(question, said))
