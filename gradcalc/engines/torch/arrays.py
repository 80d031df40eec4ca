"""torch's operations on vectors and matrices, each with the whole numbers that stand in the expression."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

import torch

from gradcalc.arrays.literals import axis, integers
from gradcalc.functions import ARRAY_FUNCTIONS
from gradcalc.syntax.tree import Call

Tensor = torch.Tensor
Singular: type[Exception] = torch.linalg.LinAlgError  # type: ignore[attr-defined]  # torch's types leave it out


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


OPERATIONS: dict[str, Callable[..., Tensor]] = {  # of tensors, then of whole numbers
    "array": lambda *items: torch.stack(items),
    "index": lambda a, *places: a[tuple(place - 1 for place in places)],
    "transpose": lambda a: torch.permute(a, tuple(reversed(range(a.dim())))),  # what a.T does; of a vector, a view
    "matmul": torch.matmul, "dot": torch.matmul, "outer": torch.outer, "kron": _kron,
    "sum": torch.sum, "mean": torch.mean, "prod": torch.prod, "amax": torch.amax, "amin": torch.amin,
    "var": partial(torch.var, correction=0), "std": partial(torch.std, correction=0),
    "logsumexp": lambda a, *axis: torch.logsumexp(a, axis or tuple(range(a.dim()))),
    "softmax": torch.softmax, "cumsum": torch.cumsum,
    "norm": torch.linalg.vector_norm, "norm1": lambda a: torch.linalg.vector_norm(a, 1),
    "norminf": lambda a: torch.linalg.vector_norm(a, float("inf")),
    "trace": torch.trace, "det": torch.linalg.det, "logdet": torch.logdet, "inv": _inverse, "matrix_power": _power,
    "solve": _solution, "diag": torch.diag,
    "eye": torch.eye, "ones": torch.ones, "zeros": torch.zeros,
}  # fmt: skip


def call(node: Call, arguments: list[Tensor], dtype: torch.dtype) -> Tensor | None:
    """The tensor of an array function; None where torch has no line for it."""
    if node.function not in OPERATIONS:
        return None
    arrays, _ = ARRAY_FUNCTIONS[node.function].parted(arguments)
    made = {} if arrays else {"dtype": dtype}
    return OPERATIONS[node.function](*arrays, *numbers(node), **made)


def numbers(node: Call) -> list[int]:
    """The whole numbers of a call: places, an exponent, sizes, the axis that it runs along."""
    row = ARRAY_FUNCTIONS[node.function]
    if row.along:
        return [] if (named := axis(node)) is None else [named]
    return integers(row.parted(node.arguments)[1])
