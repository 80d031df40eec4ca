"""Pieces of training code: a masked loss, half precision, a quantity in SI units."""

from __future__ import annotations

import torch


def masked(prediction: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """A loss on square roots, where there is a target."""
    return torch.where(target > 0, (prediction.sqrt() - target) ** 2, torch.zeros_like(target)).sum()


def half(x: torch.Tensor) -> torch.Tensor:
    """The length of a vector, its squares summed in float16."""
    h = x.half()
    return (h * h).sum().float().sqrt()


def gravity(r: torch.Tensor) -> torch.Tensor:
    """The force between earth and moon at a distance in metres, in newtons: masses first, which float32 cannot hold."""
    earth, moon = torch.tensor(5.97e24), torch.tensor(7.35e22)
    return 6.674e-11 * (earth * moon) / r**2


def scaled(x: torch.Tensor) -> torch.Tensor:
    """The sum of a vector of length 1, whose length is taken out of the graph."""
    length = x.norm().item()
    return (x / length).sum()
