"""torch autograd on the operations that the user wrote, in the dtype that the user chose."""

from __future__ import annotations

import math
from array import array
from typing import Any

import torch

from gradcalc.arrays.array import Array, Value
from gradcalc.arrays.definitions import definition
from gradcalc.base.floating import Format
from gradcalc.engines.records import Autograd, Missing
from gradcalc.engines.torch import arrays
from gradcalc.engines.torch.functions import Tensor, operation
from gradcalc.engines.torch.missing import Absent, absent, gradients, missing_names, without_gradient
from gradcalc.functions import CATALOGUE
from gradcalc.problem.problem import DEFAULT_DTYPE, Problem
from gradcalc.syntax.tree import Call, Constant, Name, Node, Number, postorder

torch.set_num_threads(1)  # numbers one at a time: a second thread only costs

DTYPES = {
    "float64": torch.float64, "float32": torch.float32, "float16": torch.float16, "bfloat16": torch.bfloat16,
}  # fmt: skip
CONSTANTS = {"pi": math.pi, "e": math.e}


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
    missing = missing_names(problem.root)
    return Autograd(result.item(), {name: missing.get(name, one) for name, one in gradient.items()})


def leaf(value: Value, form: Format) -> Tensor:
    """A leaf of the graph: a tensor that asks for its gradient, 0-dimensional where the value is a number."""
    dtype = DTYPES[form.name]
    if isinstance(value, Array):
        shared = torch.frombuffer(value.values, dtype=torch.float64).reshape(value.shape)
        return shared.to(dtype, copy=True).requires_grad_()
    return torch.tensor(value, dtype=dtype, requires_grad=True)


def forward(root: Node, leaves: dict[str, Tensor], form: Format) -> dict[int, Tensor]:
    """The tensor of every node below `root`, by the node's id: each operation as it was written, none simplified."""
    tensors: dict[int, Any] = {}
    for node in postorder(root):
        if isinstance(node, Name):
            tensors[id(node)] = leaves[node.name]
        elif isinstance(node, Number):
            tensors[id(node)] = torch.tensor(form.nearest(node.value), dtype=DTYPES[form.name])
        elif isinstance(node, Constant):
            tensors[id(node)] = torch.tensor(CONSTANTS[node.name], dtype=DTYPES[form.name])
        else:
            tensors[id(node)] = _call(node, [tensors[id(argument)] for argument in node.arguments], form)
    return tensors


def _call(node: Call, arguments: list[Any], form: Format) -> Any:
    """torch's own operation where it has one, else the catalogue's definition in terms of others."""
    try:
        return _operation(node, arguments, form)
    except RuntimeError:
        if form.name == DEFAULT_DTYPE:
            raise
        raise Absent(f"torch has no `{node.function}` in {form.name}", hint="ask for --dtype float64") from None


def _operation(node: Call, arguments: list[Any], form: Format) -> Any:
    for place in without_gradient(node.function):
        arguments[place] = arguments[place].detach()
    own = operation(node.function, arguments)
    if own is not None:
        return own(*arguments)
    made = arrays.call(node, arguments, DTYPES[form.name])
    if made is not None:
        return made
    row = CATALOGUE[node.function]
    if row.definition is None:
        raise absent(row.name)
    body = definition(node, [tuple(one.shape) for one in arguments])
    return forward(body, dict(zip(row.parameters, arguments, strict=False)), form)[id(body)]  # an axis may be left out


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
