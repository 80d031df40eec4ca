"""An expression run in torch as a notebook runs it: leaves, a forward pass, an optimizer, and what torch refuses."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection
from typing import Any

from gradcalc.engines.torch import torch
from gradcalc.engines.torch.autograd import leaf
from gradcalc.engines.torch.program import forward
from gradcalc.lessons.lesson import Held
from gradcalc.problem.problem import Problem
from gradcalc.syntax.tree import Node

Tensor = torch.Tensor
BARE = ("add_param_group", "step", "zero_grad")  # methods that torch wraps


def leaves(problem: Problem, tracked: Collection[str]) -> dict[str, Tensor]:
    """A new leaf for every variable, at the problem's point; those of `tracked` ask for their gradient."""
    assert problem.point is not None
    return {name: leaf(value, problem.format).requires_grad_(name in tracked) for name, value in problem.point.items()}


def run(problem: Problem, inputs: dict[str, Tensor], body: Node | None = None) -> Tensor:
    """The result of the expression, or of a part of it, on these tensors, by the operations that it is written in."""
    root = problem.root if body is None else body
    return forward(root, inputs, problem.format)[id(root)]


def held(tensor: Tensor) -> Held:
    """The numbers in a tensor: one, or nested lists of its shape."""
    numbers: Held = tensor.tolist()
    return numbers


def gradient(leaf: Tensor) -> Held | None:
    """What `.grad` holds; None where it is None."""
    return None if leaf.grad is None else held(leaf.grad)


def optimizer(name: str, parameters: list[Tensor], lr: float, **options: float | bool) -> Any:
    """An optimizer of torch.optim, by the name of its class there, which is one of gradcalc's own tables.

    torch wraps three of its methods to keep its compiler away from them; the wrappers import that compiler first,
    which takes longer than everything else here together. The methods inside the wrappers are called instead.
    """
    kind = getattr(torch.optim, name)
    bare = {method: inspect.unwrap(getattr(kind, method)) for method in BARE}
    return type(name, (kind,), bare)(parameters, lr=lr, **options)


def refusal(action: Callable[[], object]) -> str | None:
    """Do it; what torch raises, in its own words, or None where it raises nothing."""
    try:
        action()
    except (RuntimeError, AttributeError) as error:
        return f"{type(error).__name__}: {' '.join(str(error).split())}"
    return None
