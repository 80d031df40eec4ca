"""Layers written by hand: normalisation, attention with a mask, similarity."""

from __future__ import annotations

import torch


def layer_norm(x: torch.Tensor) -> torch.Tensor:
    """Zero mean and variance one, without the small number that belongs below the root."""
    variance = (x**2).mean(-1, keepdim=True) - x.mean(-1, keepdim=True) ** 2
    return ((x - x.mean(-1, keepdim=True)) / torch.sqrt(variance)).pow(3).sum()


def attention(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, keep: torch.Tensor) -> torch.Tensor:
    """Attention to the keys that are kept."""
    scores = q @ k.T / q.shape[-1] ** 0.5
    scores = scores.masked_fill(keep == 0, float("-inf"))
    return (torch.softmax(scores, -1) @ v).sum()


def similarity(x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """The cosine of an angle, without a guard for vectors of length 0."""
    return (x * y).sum() / (x.norm() * y.norm())
