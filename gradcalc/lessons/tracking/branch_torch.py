"""The gradient that is left when one branch of an expression is cut by `detach()`."""

from __future__ import annotations

from gradcalc.engines.torch.autograd import forward
from gradcalc.lessons.lesson import Held
from gradcalc.lessons.notebook_torch import Tensor, gradient, leaves, refusal, run
from gradcalc.lessons.tracking.branch import Branch
from gradcalc.problem.problem import Problem
from gradcalc.syntax.tree import Node


def gradient_with_cut(problem: Problem, branch: Branch, variable: str) -> tuple[Held | None, Held | None]:
    """The variable's `.grad` with the branch cut, and with nothing cut."""
    inputs = leaves(problem, problem.wrt)
    names = dict(inputs)
    for one in problem.definitions[:-1]:
        if one.name is not None:
            names[one.name] = _value(problem, one.body, names)
    names[branch.stand_in] = _value(problem, branch.node, names).detach()
    refusal(_value(problem, branch.body, names).backward)
    whole = leaves(problem, problem.wrt)
    refusal(run(problem, whole).backward)
    return gradient(inputs[variable]), gradient(whole[variable])


def _value(problem: Problem, body: Node, names: dict[str, Tensor]) -> Tensor:
    return forward(body, names, problem.format)[id(body)]
