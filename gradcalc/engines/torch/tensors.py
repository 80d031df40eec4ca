"""Columns of numbers from elsewhere as tensors that share their memory."""

from __future__ import annotations

import warnings
from typing import Any

import torch

from gradcalc.engines.torch.functions import Tensor

DTYPES = {"d": torch.float64, "f": torch.float32}


def tensor(column: Any) -> Tensor:
    """A tensor over a column: a tensor, memory of float64 or float32, or what speaks DLPack, as Arrow's arrays do."""
    if isinstance(column, Tensor):
        return column
    if hasattr(column, "__dlpack__"):
        found: Tensor = torch.from_dlpack(column)  # type: ignore[attr-defined]  # torch's own list leaves it out
        return found
    memory = memoryview(column)
    if not len(memory):
        return torch.empty(0, dtype=DTYPES[memory.format])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it cannot be written to: nobody does
        return torch.frombuffer(memory, dtype=DTYPES[memory.format])
