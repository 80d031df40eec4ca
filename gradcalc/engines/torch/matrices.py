"""torch's Jacobians and Hessians: one backward pass for each row, through the operations that the user wrote.

The same passes as `torch.func.jacrev` makes, but one after another: under its vectorisation torch refuses
operations that look at a number on the way.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import torch

from gradcalc.arrays.array import Array
from gradcalc.arrays.shape import size
from gradcalc.engines.torch.autograd import forward, leaf
from gradcalc.problem.problem import Problem

Tensor = torch.Tensor


def jacobian(problem: Problem) -> tuple[list[float], Array]:
    """The components of the result, and the derivative of each of them by each component of `wrt`, row-major."""
    result, leaves = _evaluated(problem)
    rows = result.reshape(-1)
    return rows.tolist(), _matrix(problem, list(rows), leaves)


def hessian(problem: Problem) -> tuple[list[float], Array]:
    """The value of a scalar, and the derivative of each component of its gradient by each component of `wrt`."""
    result, leaves = _evaluated(problem)
    gradient = _gradient(problem, result, leaves, again=True)
    rows = [one for name in problem.wrt for one in gradient[name].reshape(-1)]
    return [result.item()], _matrix(problem, rows, leaves)


def _evaluated(problem: Problem) -> tuple[Tensor, dict[str, Tensor]]:
    """The result at the problem's point, and the leaves that it came from."""
    assert problem.point is not None
    leaves = {name: leaf(value, problem.format) for name, value in problem.point.items()}
    return forward(problem.root, leaves, problem.format)[id(problem.root)], leaves


def _matrix(problem: Problem, rows: Sequence[Tensor], leaves: dict[str, Tensor]) -> Array:
    """The derivative of every row by every component."""
    numbers = array("d")
    for row in rows:
        gradient = _gradient(problem, row, leaves)
        for name in problem.wrt:
            numbers.extend(gradient[name].reshape(-1).clone().tolist())  # a zero may come without storage
    return Array((len(rows), sum(size(problem.shapes.get(name, ())) for name in problem.wrt)), numbers)


def _gradient(problem: Problem, result: Tensor, leaves: dict[str, Tensor], *, again: bool = False) -> dict[str, Tensor]:
    """The gradient of a scalar by one backward pass; 0 by a variable that it does not depend on."""
    found = {name: torch.zeros(size(problem.shapes.get(name, ()))) for name in problem.wrt}
    names = [name for name in problem.wrt if name in leaves]
    if result.requires_grad and names:
        gradients = torch.autograd.grad(
            result,
            [leaves[name] for name in names],
            retain_graph=True,
            create_graph=again,
            allow_unused=True,
            materialize_grads=True,
        )
        found.update(zip(names, gradients, strict=True))
    return found
