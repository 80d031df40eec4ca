"""A classification loss as it is written on paper, and as it should be."""

from __future__ import annotations

import torch


def loss(logits: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """Mean cross entropy: minus the logarithm of the right class's probability."""
    p = torch.exp(logits) / torch.exp(logits).sum(-1, keepdim=True)
    return -torch.log(p[torch.arange(len(y)), y.long()]).mean()


def better(logits: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """The same by torch's own function."""
    return torch.nn.functional.cross_entropy(logits, y)
