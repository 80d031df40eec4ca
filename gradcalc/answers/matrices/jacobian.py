"""The Jacobian: each component of a function by each component of its variables."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence

from gradcalc.answers.gradient.forward import judged
from gradcalc.answers.gradient.scalar import value_compared
from gradcalc.answers.matrices.cured import cured
from gradcalc.answers.matrices.entries import CAUSES_SHARE, UNNUMBERED, Filled, Source, bare_matrix, filled, verdict_of
from gradcalc.answers.matrices.forms import Block, proven
from gradcalc.answers.matrices.outputs import (
    Outputs,
    column_names,
    function_name,
    is_numbered,
    outputs,
    require_entries,
    result_shape,
    row_names,
)
from gradcalc.answers.matrices.records import Jacobian, Matrix
from gradcalc.answers.matrices.whole import filled_whole
from gradcalc.answers.records import Forward
from gradcalc.answers.remarks import remarks
from gradcalc.answers.trials.verify import verified
from gradcalc.answers.verdicts import overall
from gradcalc.arrays.shape import Shape
from gradcalc.base.effort import Allowance
from gradcalc.base.real import nearest
from gradcalc.calculus.matrix.jacobian import jacobian_form
from gradcalc.engines import ask
from gradcalc.engines.records import ClosedForm, MatrixTruth
from gradcalc.inputs.question import Question
from gradcalc.problem.problem import Problem, reading


def jacobian(question: Question) -> Jacobian:
    """The Jacobian of a function of any shape, compared entry by entry where there is a point.

    Raises LimitError where it has too many entries.
    """
    problem = question.problem
    shape = result_shape(problem)
    if not is_numbered(problem, shape):
        return _answer(question, shape, (), Matrix((), (), proven(Components(), question), note=UNNUMBERED))
    rows, columns = row_names(problem, shape), column_names(problem)
    require_entries("Jacobian", len(rows) * len(columns), question.limits)
    autograd = None if problem.point is None else ask.autograd_jacobian(problem)
    bare = bare_matrix(rows, columns, problem, autograd)
    found = filled_whole(Components(), question, bare) or filled(Components(), question, bare)
    matrix = cured(found, Components(), question, ask.autograd_jacobian)
    answer = _answer(question, shape, () if autograd is None else tuple(autograd.values), matrix)
    if autograd is None or not found.truths:
        return answer
    form = problem.format
    forward = _forward(question, found, autograd.values)
    return dataclasses.replace(
        answer,
        value=tuple(nearest(truth.value, form) for truth in found.truths),
        forward=forward,
        verdict=overall((answer.verdict, *(one.counted for one in forward))),
    )


def _forward(question: Question, found: Filled, values: Sequence[float | None]) -> tuple[Forward, ...]:
    """torch's value of each component beside the true one; with the cause of a wrong one, where it is written out."""
    if found.outputs is None:
        return tuple(judged(question, truth.value, value) for truth, value in zip(found.truths, values, strict=True))
    allowance = Allowance(question.clock.steps(CAUSES_SHARE))
    return tuple(
        value_compared(question.about(one), truth, value, allowance)
        for one, truth, value in zip(found.outputs.problems, found.truths, values, strict=True)
    )


def _answer(question: Question, shape: Shape, values: tuple[float | None, ...], matrix: Matrix) -> Jacobian:
    problem = question.problem
    return Jacobian(
        expression=problem.source,
        reading=reading(problem),
        function=function_name(problem),
        at=problem.point,
        dtype=problem.dtype,
        shape=shape,
        value=values,
        matrix=matrix,
        verdict=verdict_of(matrix),
        remarks=remarks(problem),
    )


class Components(Source):
    """The rows of a Jacobian: the components of the function."""

    def outputs(self, question: Question) -> Outputs:
        """A problem for each component."""
        return outputs(question.problem, question.limits)

    def forms(self, found: Outputs, question: Question) -> Iterator[tuple[int, Mapping[str, ClosedForm]]]:
        """SymPy's closed forms of each component, 0 by the variables that it lacks."""
        for place, problem in enumerate(found.problems):
            used = tuple(name for name in problem.wrt if name in problem.variables)
            part = dataclasses.replace(problem, wrt=used)
            forms = verified(ask.closed_forms(part), part, question.limits) if used else {}
            yield place, dict.fromkeys(problem.wrt, ClosedForm("0")) | forms

    def whole(self, problem: Problem) -> MatrixTruth | None:
        """The components and their derivatives."""
        return ask.array_jacobian(problem)

    def blocks(self, problem: Problem) -> Iterator[tuple[str, Block]]:
        """The derivative by each variable in array terms."""
        for name in problem.wrt:
            form = jacobian_form(problem.root, name, problem.shapes, problem.symmetric)
            if form is not None:
                yield name, Block(form, name)
