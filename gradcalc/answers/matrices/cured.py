"""Matrices of derivatives that torch has wrong, with an equal expression that it gets right, entry by entry."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import partial
from itertools import islice

from gradcalc.answers.compare import close, within
from gradcalc.answers.diagnosis.checked import MOST, same
from gradcalc.answers.diagnosis.cures import candidates
from gradcalc.answers.diagnosis.diagnose import healed, spared
from gradcalc.answers.matrices.entries import Filled, Source
from gradcalc.answers.matrices.outputs import Outputs
from gradcalc.answers.matrices.records import Matrix
from gradcalc.answers.verdicts import Verdict
from gradcalc.base.effort import Allowance
from gradcalc.base.real import Real
from gradcalc.engines import ask
from gradcalc.engines.records import AutogradMatrix, Truth
from gradcalc.functions.printer import to_text
from gradcalc.inputs.question import Question
from gradcalc.problem.problem import Problem

SHARE = 0.3  # of the time
ByTorch = Callable[[Problem], AutogradMatrix]


def cured(found: Filled, source: Source, question: Question, by_torch: ByTorch) -> Matrix:
    """The matrix, its wrong entries with what to write instead, where that is known."""
    matrix = found.matrix
    if found.outputs is None or all(entry.verdict is not Verdict.DISAGREE for entry in matrix.every):
        return matrix
    allowance = Allowance(question.clock.steps(SHARE))
    cure = spared(allowance, partial(_cure, found.outputs, found.truths, source, question, by_torch))
    if cure is None:
        return matrix
    entries = tuple(
        tuple(
            dataclasses.replace(one, diagnosis=healed(one.diagnosis, cure)) if one.verdict is Verdict.DISAGREE else one
            for one in row
        )
        for row in matrix.entries
    )
    return dataclasses.replace(matrix, entries=entries)


def _cure(
    outputs: Outputs, truths: tuple[Truth, ...], source: Source, question: Question, by_torch: ByTorch
) -> str | None:
    """An equal expression whose values and entries torch gets right. Raises LimitError or Exhausted."""
    for candidate in islice(candidates(question.problem.root), MOST):
        tried = question.about(dataclasses.replace(question.problem, root=candidate))
        found = source.outputs(tried)
        equal = source.truths(found, tried)
        if not all(map(_equal, truths, equal)):
            continue
        autograd = by_torch(tried.problem)
        values = [truth.value for truth in equal] if found.whole is None else [_value(found.whole)]
        if _right(autograd, values, equal, tried):
            return to_text(candidate)
    return None


def _value(problem: Problem) -> Real | None:
    return ask.value(problem.root, problem.numbers)


def _equal(one: Truth, other: Truth) -> bool:
    """Are two rows the same, and the values that they are the derivatives of?"""
    slopes = (same(slope.value, other.slopes[name].value) for name, slope in one.slopes.items())
    return all(slopes) and same(one.value, other.value)


def _right(autograd: AutogradMatrix, values: list[Real | None], truths: list[Truth], question: Question) -> bool:
    """Does torch get the values right, and every entry?"""
    form, tolerance = question.problem.format, question.tolerance
    pairs = zip(values, autograd.values, strict=True)
    slopes = [slope for truth in truths for slope in truth.slopes.values()]
    return all(
        true is not None and found is not None and close(true, None, found, tolerance, form) for true, found in pairs
    ) and all(
        within(slope, number, tolerance, form) for slope, number in zip(slopes, autograd.numbers.values, strict=True)
    )
