"""A function with every value put in but those that have a range: data in arrays too, element by element."""

from __future__ import annotations

from gradcalc.answers.audit.box import Box
from gradcalc.answers.audit.interval import require_box
from gradcalc.answers.tangent.shown import written
from gradcalc.inputs.question import Question
from gradcalc.problem.written_out import written_out
from gradcalc.syntax.tree import substitute


def in_ranges(question: Question, box: Box) -> Question:
    """The question about the variables of a box alone; 2.1 is the decimal that was written, and not the float near it.

    Raises UsageError where the box does not fit, ShapeError where the function is an array.
    """
    problem = question.problem
    whole = written_out(problem, question.limits).problem if problem.arrays else problem
    require_box(whole, box)
    values = {name: value for name, value in whole.numbers.items() if name not in box}
    others = {name: problem.meant.get(name) or written(value) for name, value in values.items()}
    kept = [name for name in whole.variables if name in box]
    point = {name: value for name, value in whole.numbers.items() if name in box}
    return question.about(whole.of_numbers(substitute(whole.root, others), kept, whole.wrt, point))
