"""torch's Jacobians and Hessians: one backward pass for each row, through the operations that the user wrote.

The same passes as `torch.func.jacrev` makes, but one after another: under its vectorisation torch refuses
operations that look at a number on the way.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence

import torch

from gradcalc.arrays.array import Array
from gradcalc.arrays.infer import infer
from gradcalc.arrays.shape import size
from gradcalc.engines.records import AutogradMatrix, Missing
from gradcalc.engines.torch.autograd import leaf
from gradcalc.engines.torch.missing import Absent, gradients, missing_names
from gradcalc.engines.torch.program import forward
from gradcalc.engines.torch.tracking import tracked
from gradcalc.problem.problem import Problem

Tensor = torch.Tensor


@tracked
def jacobian(problem: Problem) -> AutogradMatrix:
    """The derivative of each component of the result by each component of `wrt`."""
    try:
        result, leaves = _evaluated(problem)
    except Absent as absent:
        return _nothing(
            problem, [math.nan] * size(infer(problem.root, problem.shapes)[id(problem.root)]), absent.message
        )
    rows = result.reshape(-1)
    return _matrix(problem, rows.tolist(), list(rows), leaves)


@tracked
def hessian(problem: Problem) -> AutogradMatrix:
    """The derivative of each component of a scalar's gradient by each component of `wrt`."""
    try:
        result, leaves = _evaluated(problem)
    except Absent as absent:
        return _nothing(problem, [math.nan], absent.message, order=2)
    gradient = _gradient(problem, result, leaves, again=True)
    if isinstance(gradient, Missing):
        return _nothing(problem, [result.item()], gradient.why, order=2)
    rows = [one for name in problem.wrt for one in gradient[name].reshape(-1)]
    return _matrix(problem, [result.item()], rows, leaves, order=2)


def _evaluated(problem: Problem) -> tuple[Tensor, dict[str, Tensor]]:
    """The result at the problem's point, and the leaves that it came from."""
    assert problem.point is not None
    leaves = {name: leaf(value, problem.format) for name, value in problem.point.items()}
    return forward(problem.root, leaves, problem.format)[id(problem.root)], leaves


def _matrix(
    problem: Problem, values: list[float], rows: Sequence[Tensor], leaves: dict[str, Tensor], order: int = 1
) -> AutogradMatrix:
    """The derivative of every row by every component."""
    numbers = array("d")
    missing = missing_names(problem.root)
    for row in rows:
        gradient = _gradient(problem, row, leaves, order)
        if isinstance(gradient, Missing):
            return _nothing(problem, values, gradient.why, order)
        for name in problem.wrt:
            own = gradient[name] * math.nan if name in missing else gradient[name]
            numbers.extend(own.reshape(-1).clone().tolist())  # a zero may come without storage
    return AutogradMatrix(values, Array((len(rows), _columns(problem)), numbers), missing)


def _nothing(problem: Problem, values: list[float], why: str, order: int = 1) -> AutogradMatrix:
    """The matrix where torch has no derivatives at all."""
    columns = _columns(problem)
    rows = len(values) if order == 1 else columns
    numbers = array("d", [math.nan]) * (rows * columns)
    return AutogradMatrix(values, Array((rows, columns), numbers), dict.fromkeys(problem.wrt, Missing(why)))


def _columns(problem: Problem) -> int:
    """The number of components to derive by."""
    return sum(size(problem.shapes.get(name, ())) for name in problem.wrt)


def _gradient(
    problem: Problem, result: Tensor, leaves: dict[str, Tensor], order: int = 1, *, again: bool = False
) -> dict[str, Tensor] | Missing:
    """The gradient of a scalar by one backward pass; 0 by a variable that it does not depend on."""
    found = {name: torch.zeros(size(problem.shapes.get(name, ()))) for name in problem.wrt}
    names = [name for name in problem.wrt if name in leaves]
    if result.requires_grad and names:
        own = gradients(result, [leaves[name] for name in names], order, again=again)
        if isinstance(own, Missing):
            return own
        found.update(zip(names, own, strict=True))
    return found
