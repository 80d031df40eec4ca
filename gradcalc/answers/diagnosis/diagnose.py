"""The diagnosis of a disagreement: its cause on the graph, in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from gradcalc.answers.compare import blamed
from gradcalc.answers.diagnosis.cause import Cause
from gradcalc.answers.diagnosis.found import found
from gradcalc.answers.diagnosis.own import own_fault
from gradcalc.answers.diagnosis.sentences import sentence
from gradcalc.answers.records import Diagnosis
from gradcalc.base.effort import Allowance, Exhausted
from gradcalc.base.errors import LimitError
from gradcalc.calculus.reverse import derivative
from gradcalc.engines.records import Slope
from gradcalc.functions.autograd import TORCH_RULES
from gradcalc.problem.problem import Problem
from gradcalc.problem.tolerance import Tolerance
from gradcalc.syntax.tree import postorder

Result = TypeVar("Result")
AGAIN = "in the derivative of order {}, as torch works it out: {}"
LARGEST = 3_000  # nodes of an expression that is diagnosed


def diagnosed(problem: Problem, name: str | None, slope: Slope, tolerance: Tolerance) -> Diagnosis | None:
    """Why autograd's derivative by `name` is wrong at a smooth point, or without a name its value, of a scalar problem.

    `slope` is the true derivative, or the true value with the size of its terms. None where no cause is found.
    Raises LimitError where the numbers get too large.
    """
    root = problem.root if name is None else derivative(problem.root, name, problem.order - 1, TORCH_RULES)
    if len(postorder(root)) > LARGEST:
        return None
    single = replace(problem, root=root, wrt=() if name is None else (name,), order=1)
    cause = found(single, slope, tolerance)
    if cause is None and name is not None and problem.order > 1:
        cause = own_fault(problem, tolerance)
    if cause is None:
        return None
    report = _reported(cause, single)
    again = name is not None and problem.order > 1 and cause.order == 1
    return replace(report, sentence=AGAIN.format(problem.order - 1, report.sentence)) if again else report


def spared(allowance: Allowance, explain: Callable[[], Result]) -> Result | None:
    """What explains an answer that stands without it; None where the allowance is used up, or numbers get too large."""
    try:
        with allowance.drawn():
            return explain()
    except (LimitError, Exhausted):
        return None


def healed(diagnosis: Diagnosis | None, cure: str, near: str | None = None) -> Diagnosis:
    """A diagnosis with a cure, or a cure alone."""
    return replace(diagnosis or Diagnosis(None, None), cure=cure, near=near)


def _reported(cause: Cause, problem: Problem) -> Diagnosis:
    """The diagnosis in text and floats."""
    return Diagnosis(
        sentence=sentence(cause, problem),
        cure=None,
        blame=blamed(cause.node, problem.source),
        operation=getattr(cause.node, "function", None),
        stage=cause.stage,
        kind=cause.kind,
        true=None if cause.true is None else cause.true.text,
        autograd=cause.autograd,
        lost_digits=cause.lost_digits,
        condition=cause.condition,
    )
