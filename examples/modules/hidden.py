"""A layer of neurons, and a filter."""

from __future__ import annotations

import torch

Tensor = torch.Tensor


def loss(x: Tensor, w: Tensor, b: Tensor, v: Tensor, y: Tensor) -> Tensor:
    """The mean squared error of a network with a hidden layer."""
    return torch.nn.functional.mse_loss(torch.relu(x @ w + b) @ v, y)


def power(x: Tensor, w: Tensor) -> Tensor:
    """The sum of the squares of a filtered image."""
    return torch.nn.functional.conv2d(x, w).square().sum()


def enlarged(x: Tensor, w: Tensor) -> Tensor:
    """The mean square of an image that a transposed convolution and an interpolation make larger."""
    larger = torch.nn.functional.conv_transpose2d(x, w)
    return torch.nn.functional.interpolate(larger, scale_factor=2, mode="bilinear").square().mean()
