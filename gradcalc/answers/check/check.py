"""A gradient worked out by hand, against the true one: at points of the domain, then by proof; or at one point."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from gradcalc.answers.check.arrays import array_findings
from gradcalc.answers.check.chained import links
from gradcalc.answers.check.implicit import implicit_findings
from gradcalc.answers.check.proposal import Gradient, propose
from gradcalc.answers.check.records import FIRST, SEVERITY, Check
from gradcalc.answers.check.scalars import SHARE, findings
from gradcalc.answers.check.stated import only_text
from gradcalc.answers.gradient.implicit.forms import closed_forms as implicit_forms
from gradcalc.answers.gradient.scalar import closed_forms
from gradcalc.arrays.array import nested_of
from gradcalc.base.errors import UsageError
from gradcalc.inputs.pose import pose
from gradcalc.inputs.question import Question
from gradcalc.inputs.shapes import has_arrays
from gradcalc.problem.problem import reading


def first_derivative(question: Question) -> Question:
    """The same question of the first derivative. Raises UsageError unless there is one, by one variable."""
    problem = question.problem
    form = closed_forms(question, SHARE)[problem.wrt[0]] if len(problem.wrt) == 1 and problem.of is None else None
    if form is None or form.text is None:
        raise UsageError(
            "a second derivative is checked by one variable", hint="`gradcalc hessian` has those by several"
        )
    return question.about(pose(form.text, question.limits, at=problem.point, wrt=list(problem.wrt)))


def check(question: Question, gradient: Gradient, second: str | None = None) -> Check:
    """Is the proposed gradient the gradient of the problem's function? At its point, where it has one.

    Of one variable, `second` is a proposed second derivative: it is judged as the derivative of the first one. Of a
    chain of equations it is the first link that is not right, else the last.
    Raises a GradcalcError with the place in the gradient's text; PointError where no point of the domain is found.
    """
    if second is not None:
        question, gradient = first_derivative(question), second
    text = only_text(gradient)
    stated = [gradient] if text is None else links(text, question.problem.variables)
    checks = (_checked(question, one, second) for one in stated[:-1])
    wrong = next((one for one in checks if not one.right), None)
    return wrong or _checked(question, stated[-1], second)


def _checked(question: Question, gradient: Gradient, second: str | None) -> Check:
    """The check of one gradient."""
    problem = question.problem
    proposals = propose(gradient, problem, question.limits)
    sizes: Mapping[str, int] = {}
    if problem.of is not None:
        found = implicit_findings(question, proposals, implicit_forms(question))
    elif problem.arrays or any(has_arrays(one.root) for one in proposals.values()):
        found, sizes = array_findings(question, proposals)
    else:
        found = findings(question, proposals, closed_forms(question, SHARE))
        found = {name: replace(one, letter=proposals[name].letter) for name, one in found.items()}
    return Check(
        expression=problem.source,
        reading=reading(problem),
        function=FIRST if second is not None else problem.of or problem.definitions[-1].name,
        sizes=sizes,
        at=None if problem.point is None else {name: nested_of(value) for name, value in problem.point.items()},
        gradient=found,
        of=problem.of,
        verdict=max((one.verdict for one in found.values()), key=SEVERITY.index),
    )
