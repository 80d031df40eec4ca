"""An audit inside a program that goes on: whatever it does to torch and to the program's modules is put back."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from gradcalc.answers.audit.random_torch import Randomness
from gradcalc.engines.torch import torch
from gradcalc.tracing.hooks_torch import REGISTERS
from gradcalc.tracing.watching_torch import watching

Tensor = Any
PATCHED: list[tuple[Any, str]] = [  # what recorders and watches put something else in the place of
    *((torch.Tensor, name) for name in ("tolist", "numpy")),
    *((torch, name) for name in ("tensor", "as_tensor")),
    (torch.autograd.Function, "apply"),
    *((owner, name) for owner, name, _ in REGISTERS),
]


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
        with _unpatched(), torch.enable_grad(), watching(), eagerly():
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
            if one.dtype != number.dtype:  # an alarm rang before it was converted back
                one.data = number.clone()
            elif not torch.equal(one, number):
                one.copy_(number)


@contextlib.contextmanager
def _unpatched() -> Iterator[None]:
    """Undoes what a recorder or a watch has put in torch's place, should an alarm have rung while they undid it."""
    backend: Any = torch.backends.mkldnn
    enabled = backend.enabled
    before = [(owner, name, vars(owner).get(name)) for owner, name in PATCHED]
    try:
        yield
    finally:
        backend.enabled = enabled
        for owner, name, original in before:
            if original is None and name in vars(owner):
                delattr(owner, name)
            elif original is not None and vars(owner)[name] is not original:
                setattr(owner, name, original)


@contextlib.contextmanager
def eagerly() -> Iterator[None]:
    """Runs what torch.compile made as it was written; where nothing is compiled, the compiler stays unloaded."""
    if "torch._dynamo" not in sys.modules:
        yield
        return
    with torch.compiler.set_stance("force_eager"):
        yield
