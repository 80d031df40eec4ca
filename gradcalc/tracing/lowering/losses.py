"""Losses and distances."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from gradcalc.tracing.lowering.activations import relu, smooth_softplus
from gradcalc.tracing.lowering.layers import norm
from gradcalc.tracing.lowering.pointwise import Lowering, xlogy
from gradcalc.tracing.terms import Term, constant, picked

MEAN, SUM = 1, 2  # ATen's numbers for reductions


def reduced(x: Term, reduction: int) -> Term:
    """As it is, the mean, or the sum."""
    return x.mean() if reduction == MEAN else x.sum() if reduction == SUM else x


def loss(function: Callable[..., Term]) -> Lowering:
    """A loss element by element, reduced at the end."""

    def lower(x: Term, y: Term, reduction: int = MEAN, *rest: Any) -> Term:
        return reduced(function(x, y, *rest), reduction)

    return lower


def huber(x: Term, y: Term, delta: float = 1.0) -> Term:
    """Quadratic near 0, linear beyond delta."""
    off = (x - y).abs()
    return off.apply("le", delta).where(off.square() * 0.5, (off - delta / 2) * delta)


def smooth_l1(x: Term, y: Term, beta: float = 1.0) -> Term:
    """The same, over beta; |x - y| for beta 0."""
    off = (x - y).abs()
    return off if beta == 0 else off.apply("lt", beta).where(off.square() * 0.5 / beta, off - beta / 2)


def binary_cross_entropy(x: Term, y: Term, weight: Any = None, reduction: int = MEAN) -> Term:
    """-(y log x + (1 - y) log(1 - x)); torch cuts the logarithms off at -100."""
    found = (x - 1.0).apply("neg").log().maximum(-100.0) * (y - 1.0) - y * x.log().maximum(-100.0)
    return reduced(found if weight is None else found * weight, reduction)


def with_logits(x: Term, y: Term, weight: Any = None, pos_weight: Any = None, reduction: int = MEAN) -> Term:
    """The same of sigmoid(x)."""
    first = y if pos_weight is None else y * pos_weight
    found = first * smooth_softplus(-x) + (-y + 1.0) * smooth_softplus(x)
    return reduced(found if weight is None else found * weight, reduction)


def nll(x: Term, target: Term, weight: Any, reduction: int, ignored: int) -> tuple[Term, Any]:
    """Minus the entry of each row that its class picks; dimensions behind the classes count as rows."""
    rows = x if x.rank != 1 else x.reshape(1, -1)
    classes, inner = rows.shape[1], math.prod(rows.shape[2:])
    chosen = [(place, one) for place, one in enumerate(target.whole)]
    picks = [None if one == ignored else (0, (p // inner * classes + one) * inner + p % inner) for p, one in chosen]
    found = -picked([rows], picks, target.shape, [target])
    if weight is None:
        weights = constant(x.tape, [float(one != ignored) for one in target.whole], target.shape)
    else:
        weights = picked([weight], [None if one == ignored else (0, one) for one in target.whole], target.shape)
    found = found * weights
    if reduction == MEAN:
        return found.sum() / weights.sum(), None
    return reduced(found, reduction), None


def kl_div(x: Term, y: Term, reduction: int = MEAN, log_target: bool = False) -> Term:
    """y (log y - x)."""
    return reduced(y.exp() * (y - x) if log_target else xlogy(y, y) - y * x, reduction)


def cdist(a: Term, b: Term, p: float = 2, *_: Any) -> Term:
    """The distances of every pair of rows."""
    off = a.unsqueeze(-2) - b.unsqueeze(-3)
    return norm(off, p, -1)


def margin(x: Term, y: Term, margin: float = 1.0) -> Term:
    """A hinge on y x."""
    return relu(-(x * y) + margin)


ROWS: dict[str, Lowering] = {
    "mse_loss": loss(lambda x, y: (x - y).square()),
    "l1_loss": loss(lambda x, y: (x - y).abs()),
    "huber_loss": loss(huber),
    "smooth_l1_loss": loss(smooth_l1),
    "soft_margin_loss": loss(lambda x, y: smooth_softplus(-(x * y))),
    "binary_cross_entropy": binary_cross_entropy,
    "binary_cross_entropy_with_logits": with_logits,
    "nll_loss_forward": nll,
    "nll_loss2d_forward": nll,
    "kl_div": kl_div,
    "_cdist_forward": cdist,
    "_euclidean_dist": lambda a, b: cdist(a, b),
}
