"""A gradient worked out by hand, against the true one: at points of the domain, then by proof; or at one point."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from gradcalc.answers.check.arrays import array_findings
from gradcalc.answers.check.implicit import implicit_findings
from gradcalc.answers.check.proposal import Gradient, propose
from gradcalc.answers.check.records import SEVERITY, Check
from gradcalc.answers.check.scalars import SHARE, findings
from gradcalc.answers.gradient.implicit.forms import closed_forms as implicit_forms
from gradcalc.answers.gradient.scalar import closed_forms
from gradcalc.arrays.array import nested_of
from gradcalc.inputs.question import Question
from gradcalc.inputs.shapes import has_arrays
from gradcalc.problem.problem import reading


def check(question: Question, gradient: Gradient) -> Check:
    """Is the proposed gradient the gradient of the problem's function? At its point, where it has one.

    Raises a GradcalcError with the place in the gradient's text; PointError where no point of the domain is found.
    """
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
        function=problem.of or problem.definitions[-1].name,
        sizes=sizes,
        at=None if problem.point is None else {name: nested_of(value) for name, value in problem.point.items()},
        gradient=found,
        of=problem.of,
        verdict=max((one.verdict for one in found.values()), key=SEVERITY.index),
    )
