"""The tangent at a point, where there is one; in words where there is none."""

from __future__ import annotations

from dataclasses import replace

from gradcalc.answers.records import Comparison, Row, Tangent
from gradcalc.answers.tangent.arrays import of_arrays
from gradcalc.answers.tangent.surface import Surface
from gradcalc.answers.verdicts import Reason, Verdict
from gradcalc.base.errors import UsageError
from gradcalc.base.limits import current
from gradcalc.inputs.question import Question
from gradcalc.problem.problem import Problem
from gradcalc.problem.resolve import read
from gradcalc.syntax.tree import Node

NO = {
    Verdict.UNDEFINED: "there is no tangent here", Verdict.UNDECIDED: "whether there is a tangent here is not decided",
    Verdict.KINK: "there is no tangent at a corner", Verdict.INFINITE: "a slope is infinite: there is no tangent plane",
}  # fmt: skip
BREAKS = "the partial derivatives exist, yet there is no tangent plane"
EDGE = "of the one side where the function is"


def with_tangent(found: Comparison, question: Question) -> Comparison:
    """The answer with the tangent at its point. Raises UsageError where no point or another order was asked for."""
    problem = question.problem
    if problem.point is None:
        raise UsageError("--tangent is for a point", hint="add --at")
    if problem.order != 1:
        raise UsageError("--tangent is of the first order", hint="leave --order out")
    return replace(found, tangent=_tangent(found, problem))


def _form(row: Row) -> Node:
    """The closed form of a derivative."""
    return read(row.formula or "", current(), ()).root


def _tangent(found: Comparison, problem: Problem) -> Tangent:
    rows = found.gradient.values()
    wrong = next((row.verdict for row in rows if row.verdict in NO), None)
    if problem.arrays:
        return of_arrays(found, problem) if wrong is None else Tangent(note=NO[wrong])
    surface = Surface(problem, {row.name: _form(row) for row in rows if isinstance(row, Row) and row.formula})
    if wrong is Verdict.INFINITE and (problem.of is not None or len(rows) == 1):
        return surface.upright()
    if wrong is Verdict.KINK and len(rows) == 1:
        return surface.halves(found.row(problem.wrt[0]))
    if wrong is not None:
        return Tangent(note=NO[wrong])
    if found.corner is not None:
        return Tangent(note=BREAKS)
    edge = any(isinstance(row, Row) and row.reason is Reason.EDGE for row in rows)
    return replace(surface.plane(), note=EDGE if edge else None)
