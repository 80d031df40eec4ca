"""torch's operations on vectors and matrices, each with the whole numbers that stand in the expression."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch

from gradcalc.syntax.tree import Call, Node, Number

Tensor = torch.Tensor
Singular: type[Exception] = torch.linalg.LinAlgError  # type: ignore[attr-defined]  # torch's types leave it out


def whole_numbers(nodes: tuple[Node, ...]) -> list[int]:
    """The literal whole numbers that the nodes are; shapes were checked before."""
    found = []
    for node in nodes:
        negative = isinstance(node, Call)
        literal = node.arguments[0] if isinstance(node, Call) else node
        assert isinstance(literal, Number)
        found.append(-literal.value.numerator if negative else literal.value.numerator)
    return found


def _inverse(a: Tensor) -> Tensor:
    """The inverse; nan where there is none, as every other function has it: torch raises."""
    try:
        inverse: Tensor = torch.linalg.inv(a)
    except Singular:
        return a * math.nan
    return inverse


def _kron(a: Tensor, b: Tensor) -> Tensor:
    """The Kronecker product; of copies, as torch cannot take that of a transpose."""
    product: Tensor = torch.kron(a.contiguous(), b.contiguous())
    return product


def _solution(a: Tensor, b: Tensor) -> Tensor:
    """The x of a @ x = b; nan where a is singular."""
    try:
        solution: Tensor = torch.linalg.solve(a, b)
    except Singular:
        return (a @ b) * math.nan
    return solution


def _power(a: Tensor, n: int) -> Tensor:
    """A whole power; nan where it is negative and a is singular."""
    power: Tensor = torch.linalg.matrix_power(a if n >= 0 else _inverse(a), abs(n))
    return power


OPERATIONS: dict[str, Callable[..., Tensor]] = {  # on tensors alone
    "array": lambda *items: torch.stack(items),
    "transpose": lambda a: torch.permute(a, tuple(reversed(range(a.dim())))),  # what a.T does; of a vector, a view
    "matmul": torch.matmul, "dot": torch.matmul, "outer": torch.outer, "kron": _kron,
    "norm": torch.linalg.vector_norm, "norm1": lambda a: torch.linalg.vector_norm(a, 1),
    "norminf": lambda a: torch.linalg.vector_norm(a, float("inf")),
    "trace": torch.trace, "det": torch.linalg.det, "logdet": torch.logdet, "inv": _inverse,
    "solve": _solution, "diag": torch.diag,
}  # fmt: skip
WITH_NUMBERS: dict[str, Callable[..., Tensor]] = {  # on a tensor and whole numbers
    "index": lambda a, *places: a[tuple(place - 1 for place in places)],
    "sum": lambda a, *axis: torch.sum(a, *axis) if axis else torch.sum(a),
    "mean": lambda a, *axis: torch.mean(a, *axis) if axis else torch.mean(a),
    "prod": lambda a, *axis: torch.prod(a, *axis) if axis else torch.prod(a),
    "var": lambda a, *axis: torch.var(a, dim=axis or None, correction=0),
    "std": lambda a, *axis: torch.std(a, dim=axis or None, correction=0),
    "amax": lambda a, *axis: torch.amax(a, axis),
    "amin": lambda a, *axis: torch.amin(a, axis),
    "logsumexp": lambda a, *axis: torch.logsumexp(a, axis or tuple(range(a.dim()))),
    "softmax": lambda a, axis=-1: torch.softmax(a, axis),
    "cumsum": lambda a, axis=0: torch.cumsum(a, axis),
    "matrix_power": _power,
}
MADE: dict[str, Callable[..., Tensor]] = {
    "eye": torch.eye,
    "ones": torch.ones,
    "zeros": torch.zeros,
}  # of whole numbers alone


def call(node: Call, arguments: list[Tensor], dtype: torch.dtype) -> Tensor | None:
    """The tensor of an array function; None where the function is none."""
    if node.function in OPERATIONS:
        return OPERATIONS[node.function](*arguments)
    if node.function in WITH_NUMBERS:
        return WITH_NUMBERS[node.function](arguments[0], *whole_numbers(node.arguments[1:]))
    if node.function in MADE:
        return MADE[node.function](*whole_numbers(node.arguments), dtype=dtype)
    return None
