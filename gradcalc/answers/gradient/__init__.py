"""The gradient of any problem: of numbers or of arrays, of an expression or of what an equation defines."""

from __future__ import annotations

from gradcalc.answers.gradient.scalar import scalar_gradient
from gradcalc.answers.records import Comparison
from gradcalc.base.loading import loading
from gradcalc.engines.records import Autograd
from gradcalc.inputs.question import Question


def derive(question: Question, autograd: Autograd | None = None) -> Comparison:
    """The answer to a question; `autograd` is what torch said, where it was asked already.

    Most questions are about numbers: what answers others is loaded for them.
    """
    found = _gradient(question, autograd)
    if question.direction is not None:
        with loading():
            from gradcalc.answers.gradient.direction import with_direction

        found = with_direction(found, question, question.direction)
    if question.tangent:
        with loading():
            from gradcalc.answers.tangent.tangent import with_tangent

        found = with_tangent(found, question)
    return found


def _gradient(question: Question, autograd: Autograd | None) -> Comparison:
    if question.problem.of is not None:
        with loading():
            from gradcalc.answers.gradient.implicit.implicit import implicit_gradient

        return implicit_gradient(question)
    answer = scalar_gradient
    if question.problem.arrays:
        with loading():
            from gradcalc.answers.gradient.arrays import array_gradient as answer
    return answer(question, autograd)
