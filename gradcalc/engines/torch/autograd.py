"""torch autograd on the operations that the user wrote, in the dtype that the user chose."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import torch

from gradcalc.arrays.array import Array, Value
from gradcalc.base.floating import Format
from gradcalc.engines.records import Autograd, Missing
from gradcalc.engines.torch.functions import Tensor
from gradcalc.engines.torch.missing import Absent, gradients
from gradcalc.engines.torch.program import DTYPES, forward, program_of
from gradcalc.engines.torch.tracking import tracked
from gradcalc.problem.problem import Problem

torch.set_num_threads(1)  # numbers one at a time: a second thread only costs


@tracked
def differentiate(problem: Problem) -> Autograd:
    """Value and gradient of the problem at its point by torch, in its dtype; for order N, the N-th derivatives."""
    assert problem.point is not None
    leaves = {name: leaf(problem.point[name], problem.format) for name in problem.point}
    try:
        result = forward(problem.root, leaves, problem.format)[id(problem.root)]
    except Absent as absent:
        return Autograd(None, dict.fromkeys(problem.wrt, Missing(absent.message)))
    asked = {name: leaves[name] for name in problem.wrt if name in leaves}
    gradient: dict[str, Value | Missing] = {}
    if problem.order == 1:
        gradient.update(_partials(result, asked))
    else:
        gradient.update({name: higher(result, one, problem.order) for name, one in asked.items()})
    missing = program_of(problem.root, problem.format).missing
    return Autograd(result.item(), {name: missing.get(name, one) for name, one in gradient.items()})


@tracked
def differentiate_all(problem: Problem, points: Sequence[Mapping[str, float]]) -> list[Autograd]:
    """The same for the first derivatives of a function of numbers at several points, in one backward pass.

    The numbers are those that each point has by itself: no more points share a graph than torch computes one by one.
    """
    program = program_of(problem.root, problem.format)
    size = _one_by_one() if program.is_pointwise else 1
    groups = [points[start : start + size] for start in range(0, len(points), size)]
    leaves = [_leaves(group, problem.format) for group in groups]
    alone = (differentiate(replace(problem, point=point)) for point in points)
    try:
        results = [forward(problem.root, one, problem.format)[id(problem.root)] for one in leaves]
    except Absent:  # at one of them
        return list(alone)
    reached = [result.sum() for result in results if result.requires_grad]
    names = [name for name in problem.wrt if name in points[0]]
    asked = [one[name] for name in names for one in leaves]
    found = gradients(reached, asked) if reached and names else [torch.zeros_like(one) for one in asked]
    if isinstance(found, Missing):
        return list(alone)
    values = _row(result.expand(len(group)) for result, group in zip(results, groups, strict=True))
    slopes = [_row(found[start : start + len(groups)]) for start in range(0, len(found), len(groups))]
    return [
        Autograd(value, {name: program.missing.get(name, slope) for name, slope in zip(names, own, strict=True)})
        for value, *own in zip(values, *slopes, strict=True)
    ]


def _one_by_one() -> int:
    """The most numbers of a tensor that torch computes as it computes a single one.

    From two vector registers full on it runs other code, whose last digits are others: those of pow, sigmoid and sinh.
    """
    return {"AVX512": 15, "AVX2": 7}.get(torch.backends.cpu.get_cpu_capability(), 3)


def _leaves(points: Sequence[Mapping[str, float]], form: Format) -> dict[str, Tensor]:
    """The leaves of points that share a graph; those of a single point are numbers."""
    if len(points) == 1:
        return {name: leaf(value, form) for name, value in points[0].items()}
    columns = {name: [point[name] for point in points] for name in points[0]}
    return {name: torch.tensor(column, dtype=DTYPES[form.name], requires_grad=True) for name, column in columns.items()}


def _row(tensors: Iterable[Tensor]) -> list[float]:
    return [number for tensor in tensors for number in tensor.flatten().tolist()]


def leaf(value: Value, form: Format) -> Tensor:
    """A leaf of the graph: a tensor that asks for its gradient, 0-dimensional where the value is a number."""
    dtype = DTYPES[form.name]
    if isinstance(value, Array):
        shared = torch.frombuffer(value.values, dtype=torch.float64).reshape(value.shape)
        return shared.to(dtype, copy=True).requires_grad_()
    return torch.tensor(value, dtype=dtype, requires_grad=True)


def _partials(result: Tensor, leaves: dict[str, Tensor]) -> dict[str, Value | Missing]:
    """One backward pass; a leaf that the result does not depend on gets 0."""
    if not result.requires_grad or not leaves:
        return {name: _numbers(torch.zeros_like(tensor)) for name, tensor in leaves.items()}
    found = gradients(result, list(leaves.values()))
    if isinstance(found, Missing):
        return dict.fromkeys(leaves, found)
    return {name: _numbers(gradient) for name, gradient in zip(leaves, found, strict=True)}


def _numbers(tensor: Tensor) -> Value:
    """A tensor as Python's numbers."""
    if tensor.dim() == 0:
        return float(tensor.item())
    return Array(tuple(tensor.shape), array("d", tensor.flatten().tolist()))


class Copies(dict[str, Tensor]):
    """Leaves that give a copy each time: the gradient is then known at every place where a name stands, one by one."""

    def __getitem__(self, name: str) -> Tensor:
        return super().__getitem__(name).clone()


@tracked
def traced(problem: Problem) -> dict[int, tuple[float, float | None]]:
    """The value of every node of a scalar problem, and the gradient that reached it; None where none did."""
    leaves = Copies({name: leaf(value, problem.format) for name, value in problem.numbers.items()})
    tensors = forward(problem.root, leaves, problem.format)
    result = tensors[id(problem.root)]
    asked = {key: tensor for key, tensor in tensors.items() if tensor.requires_grad}
    gradients: tuple[Tensor | None, ...] = ()
    if result.requires_grad:
        gradients = torch.autograd.grad(result, list(asked.values()), allow_unused=True)
    flows = dict(zip(asked, gradients, strict=False))
    return {
        key: (float(tensor.item()), None if (flow := flows.get(key)) is None else float(flow.item()))
        for key, tensor in tensors.items()
    }


def held(problem: Problem) -> dict[int, Value]:
    """The value of every node of a problem with arrays, but for those of comparisons."""
    assert problem.point is not None
    leaves = {name: leaf(value, problem.format) for name, value in problem.point.items()}
    tensors = forward(problem.root, leaves, problem.format)
    return {key: _numbers(tensor.detach()) for key, tensor in tensors.items() if tensor.dtype.is_floating_point}


def higher(result: Tensor, by: Tensor, order: int) -> float | Missing:
    """The derivative of that order, by backward passes through backward passes."""
    current = result
    for step in range(1, order + 1):
        if not current.requires_grad:
            return 0.0
        found = gradients(current, [by], step, again=True)
        if isinstance(found, Missing):
            return found
        (current,) = found
    return current.item()
