"""An expression run in torch as a notebook runs it: leaves, a forward pass, and what torch says when it will not."""

from __future__ import annotations

from collections.abc import Callable, Collection

from gradcalc.engines.torch.autograd import forward, leaf  # before torch itself: it keeps quiet about NumPy

# isort: split
import torch

from gradcalc.lessons.lesson import Held
from gradcalc.problem.problem import Problem

Tensor = torch.Tensor


def leaves(problem: Problem, tracked: Collection[str]) -> dict[str, Tensor]:
    """A new leaf for every variable, at the problem's point; those of `tracked` ask for their gradient."""
    assert problem.point is not None
    return {name: leaf(value, problem.format).requires_grad_(name in tracked) for name, value in problem.point.items()}


def run(problem: Problem, inputs: dict[str, Tensor]) -> Tensor:
    """The result of the expression on these tensors, by the operations that it is written in."""
    return forward(problem.root, inputs, problem.format)[id(problem.root)]


def held(tensor: Tensor) -> Held:
    """The numbers in a tensor: one, or nested lists of its shape."""
    numbers: Held = tensor.tolist()
    return numbers


def gradient(leaf: Tensor) -> Held | None:
    """What `.grad` holds; None where it is None."""
    return None if leaf.grad is None else held(leaf.grad)


def refusal(action: Callable[[], object]) -> str | None:
    """Do it; what torch raises, in its own words, or None where it raises nothing."""
    try:
        action()
    except (RuntimeError, AttributeError) as error:
        return f"{type(error).__name__}: {' '.join(str(error).split())}"
    return None
