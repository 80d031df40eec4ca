"""A regression whose loss is a method of the model, and comes with the predictions it was worked out from."""

from __future__ import annotations

import torch


class Regression(torch.nn.Module):
    """A small network with one output."""

    def __init__(self, width: int, hidden: int = 4) -> None:
        super().__init__()
        self.layers = torch.nn.Sequential(torch.nn.Linear(width, hidden), torch.nn.Tanh(), torch.nn.Linear(hidden, 1))

    def loss(self, x: torch.Tensor, y: torch.Tensor, *, scale: float = 1.0) -> dict[str, torch.Tensor]:
        """Mean squared error of targets in units of `scale`; the squares are taken before it divides."""
        prediction = self.layers(x).squeeze(-1)
        return {"loss": ((prediction * scale - y) ** 2).mean() / scale**2, "prediction": prediction}
