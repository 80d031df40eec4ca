"""Gradients that torch.autograd.gradcheck gets wrong, beside gradcalc.assert_gradient.

`python beside_gradcheck.py` prints the table of `training.md`.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from typing import Any

import torch

import gradcalc


class Cube(torch.autograd.Function):
    """x**3 with a backward that is 0.09 % off."""

    @staticmethod
    def forward(ctx: Any, x: torch.Tensor) -> torch.Tensor:
        ctx.save_for_backward(x)
        return x**3

    @staticmethod
    def backward(ctx: Any, upstream: torch.Tensor) -> torch.Tensor:
        x: torch.Tensor = ctx.saved_tensors[0]
        return upstream * 3 * x**2 * 1.0009


def rounded(x: torch.Tensor) -> torch.Tensor:
    return (torch.round(x * 4) / 4).square()


def cube(x: torch.Tensor) -> torch.Tensor:
    return Cube.apply(x)  # type: ignore[no-any-return, no-untyped-call]  # torch has no type for it


Case = tuple[str, Callable[[torch.Tensor], torch.Tensor], float, torch.dtype, bool]
CASES: list[Case] = [  # the function, where, in which format, is autograd's gradient right?
    ("`x.abs()`", torch.abs, 0.0, torch.float64, False),
    ("`torch.round(x * 4) / 4`, squared", rounded, 0.3, torch.float64, False),
    ("`x**3` with a backward that is 0.09 % off", cube, 2.0, torch.float64, False),
    ("`x.abs()`", torch.abs, 1e-7, torch.float64, True),
    ("`torch.sqrt(x)`", torch.sqrt, 1e-7, torch.float64, True),
    ("`torch.sin(x)`", torch.sin, 1.0, torch.float32, True),
]


def by_gradcheck(function: Callable[[torch.Tensor], torch.Tensor], x: torch.Tensor) -> bool:
    """Does gradcheck pass it?"""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says that it wants float64
        return bool(torch.autograd.gradcheck(function, (x,), raise_exception=False))


def by_gradcalc(function: Callable[[torch.Tensor], torch.Tensor], x: torch.Tensor) -> tuple[bool, str]:
    """Does assert_gradient pass it, and what does it say?"""
    try:
        gradcalc.assert_gradient(function, x)
    except AssertionError as error:
        return False, str(error).partition(";")[0].partition("\n")[0].removeprefix("the gradient is not right: ")
    return True, ""


def row(case: Case) -> tuple[str, ...]:
    """A line of the table."""
    name, function, at, dtype, right = case
    x = torch.tensor([at], dtype=dtype, requires_grad=True)
    passed, why = by_gradcalc(function, x)
    verdicts = {True: "passes", False: "fails"}
    form = str(dtype).removeprefix("torch.")
    said = f"{verdicts[passed]}: {why}" if why else verdicts[passed]
    return name, f"{at:g}, {form}", "right" if right else "none or wrong", verdicts[by_gradcheck(function, x)], said


HEAD = ("function", "at", "autograd's gradient", "`gradcheck`", "`assert_gradient`")


def table() -> str:
    """The table, in Markdown."""
    rows = [HEAD, ("---",) * len(HEAD), *map(row, CASES)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in rows) + "\n"


if __name__ == "__main__":
    sys.stdout.write(table())
