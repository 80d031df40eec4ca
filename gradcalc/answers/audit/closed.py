"""The closed forms of a formula of code by each of its variables: derived, and tried on the numbers of the run."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from gradcalc.answers.audit.naming import program
from gradcalc.answers.audit.trial import Trial
from gradcalc.answers.gradient.scalar import closed_forms
from gradcalc.answers.matrices.forms import UNFOUND, WRONG
from gradcalc.calculus.matrix.closed import closed_form
from gradcalc.calculus.matrix.staged import CHOICES, staged
from gradcalc.calculus.matrix.upright import upright
from gradcalc.functions.printer import to_text
from gradcalc.inputs.question import Question
from gradcalc.problem.problem import Problem
from gradcalc.syntax.tree import Node

TOO_DEEP = "the closed form is nested too deep for Python"


def closed_texts(question: Question, trial: Trial, hot: Collection[str]) -> dict[str, tuple[str | None, str | None]]:
    """The closed form by each variable, in array terms where there are arrays, and why it is left out."""
    problem = question.problem
    if not problem.arrays:
        return {name: (form.text, form.note) for name, form in closed_forms(question).items()}
    found = {name: _form(problem, name, hot) for name in problem.wrt}
    texts = {
        name: (None, note) if one is None else _tried(problem, name, one, trial) for name, (one, note) in found.items()
    }
    return texts | _by_stages(problem, [name for name, (one, _) in found.items() if one is None], trial, hot)


def _by_stages(
    problem: Problem, names: Sequence[str], trial: Trial, hot: Collection[str]
) -> dict[str, tuple[str | None, str | None]]:
    """Closed forms that written out are longer than anybody reads: programs, in terms of intermediate results."""
    forms = next((one for choice in CHOICES if (one := staged(problem.root, names, problem.shapes, choice, hot))), {})
    found: dict[str, tuple[str | None, str | None]] = {}
    for name, form in forms.items():
        right = trial.holds(name, form, problem.shapes)
        text = program(problem.root, form, problem.shapes) if right else None
        found[name] = text, None if text else UNFOUND if right else WRONG
    return found


def _form(problem: Problem, name: str, hot: Collection[str]) -> tuple[Node | None, str | None]:
    """The closed form by a variable, or why there is none."""
    try:
        found = closed_form(problem.root, name, problem.shapes, hot=frozenset(hot))
        return (None, UNFOUND) if found is None else (upright(found, problem.shapes), None)
    except RecursionError:
        return None, TOO_DEEP


def _tried(problem: Problem, name: str, form: Node, trial: Trial) -> tuple[str | None, str | None]:
    """A closed form as text; it has to have the run's numbers."""
    try:
        return (to_text(form), None) if trial.holds(name, form, problem.shapes) else (None, WRONG)
    except RecursionError:
        return None, TOO_DEEP
