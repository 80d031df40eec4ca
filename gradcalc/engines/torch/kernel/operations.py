"""torch's operations that write their result into a tensor that is there already."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from types import BuiltinFunctionType
from typing import TypeAlias

import torch

from gradcalc.engines.torch.functions import OPERATIONS, SOMETIMES, Operation, Tensor

WITHOUT_OUT = frozenset({"relu", "selu"})  # torch's own, which cannot
IN_PLACE: dict[str, Operation] = {
    "relu": lambda x, out: torch.clamp_min(x, 0.0, out=out),
    **{
        name: one
        for name, one in OPERATIONS.items()
        if isinstance(one, BuiltinFunctionType) and name not in WITHOUT_OUT
    },
}
Written: TypeAlias = tuple[Operation, int]  # what is to be called with `out`, and on how many of the arguments


def in_place(function: str, constants: Sequence[Tensor | None]) -> Written:
    """The operation for a function, to be called with `out`; `constants` are those arguments that are such."""
    sometimes = SOMETIMES.get(function)
    if function in IN_PLACE and (sometimes is None or None in constants[sometimes.tensors :] or function == "clamp"):
        return IN_PLACE[function], len(constants)
    if sometimes is None:
        return _copied(OPERATIONS[function]), len(constants)
    if sometimes.plain is None:
        return _copied(sometimes.operation), len(constants)
    numbers = [one.item() for one in constants[sometimes.tensors :] if one is not None]
    if function == "pow":
        return _powered(*numbers), 1
    return _copied(partial(_with_numbers, sometimes.plain, numbers)), sometimes.tensors


def _copied(operation: Operation) -> Operation:
    """An operation that cannot write into a tensor: its result is copied there."""
    return lambda *arguments, out: out.copy_(operation(*arguments))


def _powered(exponent: float) -> Operation:
    return lambda x, out: torch.pow(x, exponent, out=out)


def _with_numbers(operation: Callable[..., Tensor], numbers: Sequence[float], *tensors: Tensor) -> Tensor:
    return operation(*tensors, *numbers)
