"""torch's derivatives of a function that an equation defines: the quotient of two of its partial derivatives."""

from __future__ import annotations

from gradcalc.engines.records import Autograd, Missing
from gradcalc.engines.torch.autograd import leaf
from gradcalc.engines.torch.functions import Tensor
from gradcalc.engines.torch.missing import Absent, gradients, missing_names
from gradcalc.engines.torch.program import forward
from gradcalc.engines.torch.tracking import tracked
from gradcalc.problem.problem import Problem


@tracked
def differentiate(problem: Problem) -> Autograd:
    """The value of F, and by each variable the derivative of the problem's order, every number in its dtype.

    The first is -F_x/F_y; the next ones are backward passes through that quotient, along the curve.
    """
    assert problem.point is not None and problem.of is not None
    leaves = {name: leaf(value, problem.format) for name, value in problem.point.items()}
    try:
        result = forward(problem.root, leaves, problem.format)[id(problem.root)]
    except Absent as absent:
        return Autograd(None, dict.fromkeys(problem.wrt, Missing(absent.message)))
    missing = missing_names(problem.root)
    lacking = missing.get(problem.of)
    return Autograd(
        result.item(),
        {name: missing.get(name) or lacking or _derivative(result, name, leaves, problem) for name in problem.wrt},
    )


def _derivative(result: Tensor, name: str, leaves: dict[str, Tensor], problem: Problem) -> float | Missing:
    """The derivative by one name."""
    if name not in leaves or not result.requires_grad:
        return 0.0
    both = [leaves[name], leaves[problem.of or name]]
    slope: Tensor | None = None
    current = result
    for order in range(1, problem.order + 1):
        found = gradients(current, both, order, again=True) if current.requires_grad else [current * 0, current * 0]
        if isinstance(found, Missing):
            return found
        by, of = found
        if slope is None:
            slope = current = -(by / of)
        else:
            current = by + of * slope
    return current.item()
