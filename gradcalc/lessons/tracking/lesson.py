"""The three ways of disabling gradient tracking, side by side, and what people meet next."""

from __future__ import annotations

from typing import Unpack

from gradcalc.answers.gradient import derive
from gradcalc.base.limits import DEFAULT_TIMEOUT, time_limit
from gradcalc.base.loading import loading
from gradcalc.inputs.point import Given
from gradcalc.lessons.lesson import Options, as_autograd, posed, require_backward
from gradcalc.lessons.tracking.records import Tracking
from gradcalc.lessons.words import words


def disable(
    expression: str, *, at: Given | None, timeout: float = DEFAULT_TIMEOUT, **options: Unpack[Options]
) -> Tracking:
    """Disable tracking for the variables of `wrt`, every one unless given, in each of the ways.

    Variables that `wrt` leaves out stay tracked. Raises a GradcalcError as `api.diff` does.
    """
    with time_limit(timeout):
        question = posed(expression, at, **options)
        problem = question.problem
        require_backward(problem)
        spoken = words(problem)
        with loading():
            from gradcalc.lessons.tracking.ways_torch import run_ways
        run = run_ways(problem, spoken)
        said = as_autograd(problem, run.tracked.value, run.backward.grads)
        return Tracking(problem, spoken, run, derive(question, said))


def program(lesson: Tracking) -> str:
    """A program in Python that computes the expression with tracking and in each of the ways, and prints what is seen.

    Raises UsageError where a function has no code in torch.
    """
    with loading():
        from gradcalc.lessons.tracking import program_torch
    return program_torch.program(lesson)
