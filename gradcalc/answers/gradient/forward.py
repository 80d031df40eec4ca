"""The function's value by torch's forward pass, judged against the true one."""

from __future__ import annotations

import math
from dataclasses import replace

from gradcalc.answers.compare import close, digits_lost, reason_of, ulps_of
from gradcalc.answers.records import Diagnosis, Forward
from gradcalc.answers.verdicts import Reason, Verdict
from gradcalc.base.real import Real
from gradcalc.engines import ask
from gradcalc.inputs.question import Question
from gradcalc.problem.problem import Problem


def judged(
    question: Question, value: Real | None, autograd: float | None, missing: Verdict = Verdict.UNDEFINED
) -> Forward:
    """torch's value beside the true one; None for torch's where it lacks a part of the function.

    `missing` is the verdict where there is no true one.
    """
    problem = question.problem
    if autograd is None:
        return Forward(reason=Reason.NO_AUTOGRAD)
    if value is None:
        return Forward(autograd, verdict=missing)
    form = problem.format
    symbolic = value.nearest(form)
    ulps = ulps_of(value.distance(autograd), symbolic, form)
    if close(value, _size(problem, value, autograd), autograd, question.tolerance, form):
        return Forward(autograd, ulps, Verdict.AGREE)
    return Forward(
        autograd,
        ulps,
        Verdict.DISAGREE,
        reason_of(value, autograd, form),
        digits_lost(ulps, form),
        counts=question.tolerance.strict_forward or not math.isfinite(autograd),
    )


def _size(problem: Problem, value: Real, autograd: float) -> Real | None:
    """What torch may be off by where the true value is 0: the size of the terms that cancel."""
    odd = value.mantissa == 0 and autograd != 0 and math.isfinite(autograd) and not problem.arrays
    return ask.sensitivity(problem, None) if odd else None


def explained(forward: Forward, diagnosis: Diagnosis | None) -> Forward:
    """The judgement with its diagnosis, and the reason that this found."""
    if diagnosis is None:
        return forward
    told = forward.reason is Reason.PRECISION and diagnosis.kind is not None
    return replace(forward, diagnosis=diagnosis, reason=diagnosis.kind if told else forward.reason)
