"""What gradcheck lets pass: rounding, and a corner that central differences cannot see."""

from __future__ import annotations

import torch


def rounded(x: torch.Tensor) -> torch.Tensor:
    """A quantised square: autograd sees nothing but steps."""
    return (torch.round(x * 4) / 4).square().sum()


def distance(x: torch.Tensor) -> torch.Tensor:
    """The sum of absolute values, with its corners at 0."""
    return x.abs().sum()
