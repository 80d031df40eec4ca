"""An audit inside a program that goes on: whatever it does to torch and to the program's modules is put back."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from gradcalc.answers.audit.random_torch import Randomness
from gradcalc.engines.torch import torch
from gradcalc.tracing.watching_torch import watching

Tensor = Any


@contextlib.contextmanager
def undisturbed(module: Any) -> Iterator[None]:
    """Run code of the user's on a module so that nothing of it stays.

    Put back are the random numbers, whether gradients are tracked, the default number format, parameters and buffers,
    their `.grad`, and which layers train. What torch.compile made runs as it was written.
    """
    dtype, randomness = torch.get_default_dtype(), Randomness.now()
    training = {one: one.training for one in module.modules()}
    held = (*module.parameters(), *module.buffers())
    numbers = [one.detach().clone() for one in held]
    gradients = [one.grad for one in held]
    for one in held:
        one.grad = None  # so that a backward() of the user's adds to a new one
    try:
        with torch.enable_grad(), watching(), _eagerly():
            yield
    finally:
        put_back(held, numbers)
        for one, gradient in zip(held, gradients, strict=True):
            one.grad = gradient
        for one, trains in training.items():
            one.training = trains
        torch.set_default_dtype(dtype)
        randomness.put_back()


def put_back(tensors: Sequence[Tensor], numbers: Sequence[Tensor]) -> None:
    """Give tensors these numbers, and leave alone those that have them: a graph that they are in stays good."""
    with torch.no_grad():
        for one, number in zip(tensors, numbers, strict=True):
            if not torch.equal(one, number):
                one.copy_(number)


@contextlib.contextmanager
def _eagerly() -> Iterator[None]:
    """Runs what torch.compile made as it was written; where nothing is compiled, the compiler stays unloaded."""
    if "torch._dynamo" not in sys.modules:
        yield
        return
    with torch.compiler.set_stance("force_eager"):
        yield
