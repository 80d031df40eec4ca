"""Losses that derive inside, and that hold a part of themselves constant."""

from __future__ import annotations

import torch


def decay(t: torch.Tensor, w: torch.Tensor, a: torch.Tensor) -> torch.Tensor:
    """How far a small network u(t) is from obeying u' = -u, as physics-informed networks are trained."""
    t = t.requires_grad_()
    u = torch.tanh(torch.outer(t, w)) @ a
    (slope,) = torch.autograd.grad(u.sum(), t, create_graph=True)
    return ((slope + u) ** 2).mean()


def similar(p: torch.Tensor, z: torch.Tensor) -> torch.Tensor:
    """How unlike a prediction is to a target that does not move, as SimSiam has it."""
    return -torch.nn.functional.cosine_similarity(p, z.detach(), dim=1).mean()
