"""torch autograd on the operations that the user wrote, in the dtype that the user chose."""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable
from typing import Any

import torch

from gradcalc.arrays.array import Array, Value
from gradcalc.arrays.definitions import definition
from gradcalc.base.errors import UsageError
from gradcalc.base.floating import Format
from gradcalc.engines.records import Autograd
from gradcalc.engines.torch import arrays as torch_arrays
from gradcalc.functions import CATALOGUE
from gradcalc.problem.problem import DEFAULT_DTYPE, Problem
from gradcalc.syntax.tree import Call, Constant, Name, Node, Number, postorder

Tensor = torch.Tensor
torch.set_num_threads(1)  # numbers one at a time: a second thread only costs

DTYPES = {
    "float64": torch.float64, "float32": torch.float32, "float16": torch.float16, "bfloat16": torch.bfloat16,
}  # fmt: skip
CONSTANTS = {"pi": math.pi, "e": math.e}

OPERATIONS: dict[str, Callable[..., Tensor]] = {
    # operators
    "add": torch.add, "sub": torch.sub, "mul": torch.mul, "div": torch.div, "neg": torch.neg, "pow": torch.pow,
    "lt": torch.lt, "le": torch.le, "gt": torch.gt, "ge": torch.ge, "eq": torch.eq, "ne": torch.ne,
    "where": torch.where,
    # exponential, logarithmic, powers and roots
    "exp": torch.exp, "expm1": torch.expm1, "log": torch.log, "log2": torch.log2, "log10": torch.log10,
    "log1p": torch.log1p, "sqrt": torch.sqrt, "hypot": torch.hypot,
    # trigonometric and hyperbolic, and their inverses
    "sin": torch.sin, "cos": torch.cos, "tan": torch.tan, "asin": torch.asin, "acos": torch.acos, "atan": torch.atan,
    "atan2": torch.atan2, "sinh": torch.sinh, "cosh": torch.cosh, "tanh": torch.tanh, "asinh": torch.asinh,
    "acosh": torch.acosh, "atanh": torch.atanh,
    # pieces
    "abs": torch.abs, "sign": torch.sign, "floor": torch.floor, "ceil": torch.ceil,
    "min": torch.minimum, "max": torch.maximum,
    # special
    "erf": torch.erf, "erfc": torch.erfc, "lgamma": torch.lgamma, "digamma": torch.digamma,
    "cbrt": lambda x: torch.sign(x) * torch.pow(torch.abs(x), 1 / 3),
    "gamma": lambda x: _gamma_sign(x) * torch.exp(torch.lgamma(x)),
    "polygamma": lambda n, x: torch.polygamma(int(n.item()), x) if 0 <= n <= HIGHEST_POLYGAMMA else x * math.nan,
    # machine learning
    "sigmoid": torch.sigmoid, "logsigmoid": torch.nn.functional.logsigmoid, "softplus": torch.nn.functional.softplus,
    "relu": torch.relu, "selu": torch.selu, "silu": torch.nn.functional.silu, "gelu": torch.nn.functional.gelu,
    "mish": torch.nn.functional.mish, "softsign": torch.nn.functional.softsign, "logit": torch.logit,
    "logaddexp": torch.logaddexp,
    "mse": lambda p, y: torch.nn.functional.mse_loss(p, y.expand_as(p), reduction="none"),
}  # fmt: skip
HIGHEST_POLYGAMMA = 2**31
SOMETIMES: dict[str, tuple[Callable[..., bool], Callable[..., Tensor]]] = {  # operations, and which arguments they take
    "bce": (
        lambda p, y: bool(torch.all((p >= 0) & (p <= 1)) and torch.all((y >= 0) & (y <= 1))),
        lambda p, y: torch.nn.functional.binary_cross_entropy(p, y.expand_as(p), reduction="none"),
    ),
    "pow": (
        lambda x, y: _plain(y),
        lambda x, y: torch.pow(x, y.item()),
    ),  # x**2 with a plain number, as people write it
    "leaky_relu": (lambda x, a: _plain(a), lambda x, a: torch.nn.functional.leaky_relu(x, a.item())),
    "elu": (lambda x, a: _plain(a), lambda x, a: torch.nn.functional.elu(x, a.item())),
    "hardtanh": (
        lambda x, low, high: _plain(low, high) and bool(low < high),
        lambda x, low, high: torch.nn.functional.hardtanh(x, low.item(), high.item()),
    ),
}


def differentiate(problem: Problem) -> Autograd:
    """Value and gradient of the problem at its point by torch, in its dtype; for order N, the N-th derivatives."""
    assert problem.point is not None
    leaves = {name: leaf(problem.point[name], problem.format) for name in problem.point}
    result = forward(problem.root, leaves, problem.format)[id(problem.root)]
    value = result.item()
    if problem.order == 1:
        return Autograd(value, _partials(result, {name: leaves[name] for name in problem.wrt if name in leaves}))
    return Autograd(
        value, {name: higher(result, leaves[name], problem.order) for name in problem.wrt if name in leaves}
    )


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
        raise UsageError(f"torch has no `{node.function}` in {form.name}", hint="ask for --dtype float64") from None


def _operation(node: Call, arguments: list[Any], form: Format) -> Any:
    takes, operation = SOMETIMES.get(node.function, (_never, None))
    if not takes(*arguments):
        operation = OPERATIONS.get(node.function)
    if operation is not None:
        return operation(*arguments)
    made = torch_arrays.call(node, arguments, DTYPES[form.name])
    if made is not None:
        return made
    row = CATALOGUE[node.function]
    body = definition(node, [tuple(one.shape) for one in arguments])
    return forward(body, dict(zip(row.parameters, arguments, strict=False)), form)[id(body)]  # an axis may be left out


def _never(*arguments: Tensor) -> bool:
    return False


def _plain(*parameters: Tensor) -> bool:
    """Are these plain numbers, which no gradient is asked for?"""
    return not any(parameter.requires_grad or parameter.dim() for parameter in parameters)


def _gamma_sign(x: Tensor) -> Tensor:
    """The sign of the gamma function: torch has only the logarithm of its size."""
    odd = torch.remainder(torch.floor(x), 2) != 0
    return torch.where((x < 0) & odd, -1.0, 1.0).to(x.dtype)


def _partials(result: Tensor, leaves: dict[str, Tensor]) -> dict[str, Value]:
    """One backward pass; a leaf that the result does not depend on gets 0."""
    if not result.requires_grad or not leaves:
        return {name: _numbers(torch.zeros_like(tensor)) for name, tensor in leaves.items()}
    gradients = torch.autograd.grad(result, list(leaves.values()), allow_unused=True, materialize_grads=True)
    return {name: _numbers(gradient) for name, gradient in zip(leaves, gradients, strict=True)}


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


def higher(result: Tensor, by: Tensor, order: int) -> float:
    """The derivative of that order, by backward passes through backward passes."""
    current: Tensor | None = result
    for _ in range(order):
        if current is None or not current.requires_grad:
            return 0.0
        (current,) = torch.autograd.grad(current, by, create_graph=True, allow_unused=True)
    return 0.0 if current is None else current.item()
