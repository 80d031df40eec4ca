"""What autograd's own backward passes run, where the code derives inside: gradient penalties, physics losses."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from gradcalc.tracing.layout import along
from gradcalc.tracing.lowering.indexing import index_put
from gradcalc.tracing.lowering.pointwise import ROOT_HALF, Lowering
from gradcalc.tracing.terms import Term, picked

MEAN = 1  # ATen's number for a reduction


def gelu(g: Term, x: Term, approximate: str = "none") -> Term:
    """The slope of x times the normal distribution function, or of its approximation by tanh."""
    if approximate == "none":
        bell = (x.square() * -0.5).exp() / math.sqrt(2 * math.pi)
        return g * ((x * -ROOT_HALF).apply("erfc") * 0.5 + x * bell)
    root = math.sqrt(2 / math.pi)
    t = ((x + x.apply("pow", 3.0) * 0.044715) * root).apply("tanh")
    inner = (x.square() * (3 * 0.044715) + 1.0) * root
    return g * ((t + 1.0) * 0.5 + x * (-t.square() + 1.0) * inner * 0.5)


def silu(g: Term, x: Term) -> Term:
    """The slope of x times its sigmoid."""
    s = x.apply("sigmoid")
    return g * s * (x * (-s + 1.0) + 1.0)


def elu(g: Term, alpha: float, scale: float, input_scale: float, is_result: bool, x: Term) -> Term:
    """The slope of the exponential below 0."""
    below = x + alpha * scale if is_result else (x * input_scale).exp() * (alpha * scale)
    return x.apply("gt", 0.0).where(g * scale, g * below * input_scale)


def mse(g: Term, x: Term, y: Term, reduction: int) -> Term:
    """Twice the distance, over the number of elements for a mean."""
    return g * (x - y) * (2.0 / x.size if reduction == MEAN else 2.0)


def placed(g: Term, sizes: Sequence[int], dim: int, places: Sequence[int]) -> Term:
    """Zeros, but for some places along a dimension."""
    shape = tuple(sizes)
    picks: list[tuple[int, int] | None] = [None] * math.prod(shape)
    for source, target in enumerate(along(shape, dim % len(shape), places)):
        picks[target] = (0, source)
    return picked([g], picks, shape)


def slice_back(g: Term, sizes: Sequence[int], dim: int, start: Any, end: Any, step: int) -> Term:
    """Back from a slice."""
    return placed(g, sizes, dim, range(sizes[dim])[start:end:step])


ROWS: dict[str, Lowering] = {
    "tanh_backward": lambda g, y: g * (-y.square() + 1.0),
    "sigmoid_backward": lambda g, y: g * y * (-y + 1.0),
    "threshold_backward": lambda g, x, bound: x.apply("gt", bound).where(g, 0.0),
    "leaky_relu_backward": lambda g, x, slope, is_result: x.apply("gt", 0.0).where(g, g * slope),
    "hardtanh_backward": lambda g, x, low, high: (x.apply("gt", low) * x.apply("lt", high)).where(g, 0.0),
    "elu_backward": elu,
    "gelu_backward": gelu,
    "silu_backward": silu,
    "softplus_backward": lambda g, x, beta, threshold: g * (x * beta).apply("sigmoid"),
    "log_sigmoid_backward": lambda g, x, buffer: g * (-x).apply("sigmoid"),
    "_softmax_backward_data": lambda g, y, dim, dtype: y * (g - (g * y).sum(dim, True)),
    "_log_softmax_backward_data": lambda g, y, dim, dtype: g - y.exp() * g.sum(dim, True),
    "mse_loss_backward": mse,
    "select_backward": lambda g, sizes, dim, index: placed(g, sizes, dim, [index]),
    "slice_backward": slice_back,
    "_index_put_impl": lambda x, indices, values, accumulate=False, unsafe=False: index_put(
        x, indices, values, accumulate
    ),
}  # fmt: skip
