"""torch's derivative along a direction: backward through f(x + t*v) to t, which is the gradient times v."""

from __future__ import annotations

from collections.abc import Mapping

import torch

from gradcalc.arrays.array import Value
from gradcalc.engines.records import Missing
from gradcalc.engines.torch.autograd import higher, leaf
from gradcalc.engines.torch.missing import Absent, missing_names
from gradcalc.engines.torch.program import forward
from gradcalc.engines.torch.tracking import tracked
from gradcalc.problem.problem import Problem


@tracked
def along(problem: Problem, direction: Mapping[str, Value]) -> float | Missing:
    """The derivative of the problem's order by t, at 0; every number in the dtype of the problem."""
    assert problem.point is not None
    leaves = {name: leaf(value, problem.format) for name, value in problem.point.items()}
    steps = {name: leaf(value, problem.format).detach() for name, value in direction.items()}
    parameter = torch.zeros((), dtype=next(iter(steps.values())).dtype, requires_grad=True)
    moved = {name: x + parameter * steps[name] if name in steps else x for name, x in leaves.items()}
    missing = missing_names(problem.root)
    unknown = next((missing[name] for name in direction if name in missing), None)
    try:
        result = forward(problem.root, moved, problem.format)[id(problem.root)]
    except Absent as absent:
        return Missing(absent.message)
    return unknown or higher(result, parameter, problem.order)
