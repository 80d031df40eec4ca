"""The gradient that is left when one branch of an expression is cut by `detach()`."""

from __future__ import annotations

from gradcalc.lessons.lesson import Held
from gradcalc.lessons.notebook_torch import gradient, leaves, refusal, run
from gradcalc.lessons.tracking.branch import Branch
from gradcalc.problem.problem import Problem


def gradient_with_cut(problem: Problem, branch: Branch, variable: str) -> tuple[Held | None, Held | None]:
    """The variable's `.grad` with the branch cut, and with nothing cut."""
    inputs = leaves(problem, problem.wrt)
    names = dict(inputs)
    for one in problem.definitions[:-1]:
        if one.name is not None:
            names[one.name] = run(problem, names, one.body)
    names[branch.stand_in] = run(problem, names, branch.node).detach()
    refusal(run(problem, names, branch.body).backward)
    whole = leaves(problem, problem.wrt)
    refusal(run(problem, whole).backward)
    return gradient(inputs[variable]), gradient(whole[variable])
