"""torch's operations on vectors and matrices, each with the whole numbers that stand in the expression."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

import torch
from torch.nn import functional as F  # noqa: N812  # as everybody calls it

from gradcalc.arrays.literals import axis, integers
from gradcalc.functions import ARRAY_FUNCTIONS
from gradcalc.syntax.tree import Call

Tensor = torch.Tensor
Singular: type[Exception] = torch.linalg.LinAlgError  # type: ignore[attr-defined]  # torch's types leave it out


def _or_nan(function: Callable[[Tensor], Tensor]) -> Callable[[Tensor], Tensor]:
    """A function of square matrices; nan where it has no value, as every other function has it: torch raises."""

    def tried(a: Tensor) -> Tensor:
        try:
            return function(a)
        except Singular:
            return a * math.nan

    return tried


_inverse = _or_nan(torch.linalg.inv)


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


def _median(a: Tensor, *axis: int) -> Tensor:
    """The element in the middle; of an even number the mean of two."""
    whole, along = (a, axis[0]) if axis else (a.reshape(-1), 0)
    if whole.shape[along] % 2:
        return torch.median(whole, along).values
    return torch.quantile(whole, 0.5, along, interpolation="midpoint")


def _slice(a: Tensor, *bounds: int) -> Tensor:
    """The elements from one place to another along each axis."""
    found: Tensor = a[
        tuple(slice(first - 1, last or None) for first, last in zip(bounds[::2], bounds[1::2], strict=True))
    ]
    return found


def _symmetric(a: Tensor) -> Tensor:
    """The symmetric part, which is what torch derives by: its functions read one triangle alone."""
    return (a + a.mT) / 2


def _flip(a: Tensor, *axis: int) -> Tensor:
    return torch.flip(a, axis or tuple(range(a.dim())))


def _unfold(a: Tensor, kernel: int, step: int = 1, border: int = 0, apart: int = 1) -> Tensor:
    """The windows of rows as columns."""
    found: Tensor = F.unfold(a.reshape(1, -1, 1, a.shape[-1]), (1, kernel), apart, (0, border), step)
    return found[0]


def _unfold2d(a: Tensor, height: int, high: int, wide: int, step: int = 1, border: int = 0, apart: int = 1) -> Tensor:
    """The windows of images as columns."""
    images = a.reshape(1, -1, height, a.shape[-1] // height)
    found: Tensor = F.unfold(images, (high, wide), apart, border, step)
    return found[0]


def _fold(a: Tensor, length: int, kernel: int, step: int = 1, border: int = 0, apart: int = 1) -> Tensor:
    """Columns of windows added up to rows."""
    rows: Tensor = F.fold(a[None], (1, length), (1, kernel), apart, (0, border), step).reshape(-1, length)
    return rows[0] if len(rows) == 1 else rows


def _fold2d(a: Tensor, height: int, width: int, high: int, wide: int, *steps: int) -> Tensor:
    """Columns of windows added up to images."""
    step, border, apart = (*steps, *(1, 0, 1)[len(steps) :])
    images: Tensor = F.fold(a[None], (height, width), (high, wide), apart, border, step)
    rows = images.reshape(-1, height * width)
    return rows[0] if len(rows) == 1 else rows


def _max_pool(a: Tensor, kernel: int, *steps: int) -> Tensor:
    """The largest of each window of rows."""
    step, border, apart = (*steps, *(kernel, 0, 1)[len(steps) :])
    found: Tensor = F.max_pool1d(a.reshape(1, -1, a.shape[-1]), kernel, step, border, apart)
    return found.reshape(*a.shape[:-1], -1)


def _max_pool2d(a: Tensor, height: int, high: int, wide: int, *steps: int) -> Tensor:
    """The largest of each window of images."""
    step, border, apart = (*steps, *(0, 0, 1)[len(steps) :])
    images = a.reshape(1, -1, height, a.shape[-1] // height)
    found: Tensor = F.max_pool2d(images, (high, wide), step or (high, wide), border, apart)
    return found.reshape(*a.shape[:-1], -1)


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
    "slice": _slice, "flip": _flip, "concat": lambda *items: torch.cat(items),
    "reshape": lambda a, *sizes: torch.reshape(a, sizes),
    "unfold": _unfold, "unfold2d": _unfold2d, "fold": _fold, "fold2d": _fold2d,
    "max_pool1d": _max_pool, "max_pool2d": _max_pool2d,
    "tril": torch.tril, "triu": torch.triu, "diff": torch.diff, "cross": torch.linalg.cross, "cumprod": torch.cumprod,
    "sort": lambda a, axis: torch.sort(a, axis).values, "median": _median, "log_softmax": torch.log_softmax,
    "cross_entropy": F.cross_entropy, "cosine_similarity": partial(F.cosine_similarity, dim=0),
    "normalize": partial(F.normalize, dim=0), "cdist": torch.cdist, "pinv": torch.linalg.pinv,
    "cholesky": _or_nan(lambda a: torch.linalg.cholesky(_symmetric(a))),
    "eigvalsh": lambda a: torch.linalg.eigvalsh(_symmetric(a)), "svdvals": torch.linalg.svdvals,
    "nuclear_norm": partial(torch.linalg.matrix_norm, ord="nuc"), "expm": torch.linalg.matrix_exp,
    "spectral_norm": partial(torch.linalg.matrix_norm, ord=2),
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
