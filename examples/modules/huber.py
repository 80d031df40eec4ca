"""A Huber loss with a backward pass by hand, and the slip that is easily made in it."""

from __future__ import annotations

from typing import Any

import torch


class Huber(torch.autograd.Function):
    """Quadratic near 0, linear beyond 1."""

    @staticmethod
    def forward(context: Any, x: torch.Tensor) -> torch.Tensor:
        """½x² where |x| ≤ 1, else |x| − ½."""
        context.save_for_backward(x)
        return torch.where(x.abs() <= 1, x**2 / 2, x.abs() - 0.5)

    @staticmethod
    def backward(context: Any, upstream: torch.Tensor) -> torch.Tensor:
        """x where |x| ≤ 1, else its sign."""
        (x,) = context.saved_tensors
        return upstream * x.clamp(-1, 1)


class Slip(Huber):
    """The same, with a slope of 1 beyond 1 whatever the sign."""

    @staticmethod
    def backward(context: Any, upstream: torch.Tensor) -> torch.Tensor:
        """Forgets the sign."""
        (x,) = context.saved_tensors
        return upstream * torch.where(x.abs() <= 1, x, torch.ones_like(x))
