"""The gradient of any problem: of numbers or of arrays, of an expression or of what an equation defines."""

from __future__ import annotations

from gradcalc.answers.gradient.arrays import array_gradient
from gradcalc.answers.gradient.direction import with_direction
from gradcalc.answers.gradient.implicit.implicit import implicit_gradient
from gradcalc.answers.gradient.scalar import scalar_gradient
from gradcalc.answers.records import Comparison
from gradcalc.engines.records import Autograd
from gradcalc.inputs.question import Question


def derive(question: Question, autograd: Autograd | None = None) -> Comparison:
    """The answer to a question; `autograd` is what torch said, where it was asked already."""
    if question.problem.of is not None:
        return implicit_gradient(question)
    answer = array_gradient if question.problem.arrays else scalar_gradient
    found = answer(question, autograd)
    return found if question.direction is None else with_direction(found, question, question.direction)
