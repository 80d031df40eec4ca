"""Activations: what stands between layers."""

from __future__ import annotations

import math

from gradcalc.tracing.lowering.pointwise import ROOT_HALF, Lowering, clamp
from gradcalc.tracing.terms import Term

SELU_ALPHA, SELU_SCALE = 1.6732632423543772848170429916717, 1.0507009873554804934193349852946


def relu(x: Term) -> Term:
    """x above 0, else 0."""
    return x.apply("gt", 0.0).where(x, 0.0)


def leaky_relu(x: Term, slope: float = 0.01) -> Term:
    """x above 0, else a fraction of it."""
    return x.apply("gt", 0.0).where(x, x * slope)


def elu(x: Term, alpha: float = 1, scale: float = 1, input_scale: float = 1) -> Term:
    """x above 0, else an exponential that comes to rest."""
    below = (x * input_scale).apply("expm1") * alpha
    return x.apply("gt", 0.0).where(x, below) * scale


def softplus(x: Term, beta: float = 1, threshold: float = 20) -> Term:
    """log(1 + exp(x)), x itself beyond a threshold: that is how torch defines it."""
    scaled = x * beta if beta != 1 else x
    plus = smooth_softplus(scaled)
    return scaled.apply("beyond", threshold).where(x, plus / beta if beta != 1 else plus)


def smooth_softplus(x: Term) -> Term:
    """log(1 + exp(x)), which no number is too large for here."""
    return x.exp().apply("log1p")


def gelu(x: Term, approximate: str = "none") -> Term:
    """x times the normal distribution function, or its approximation by tanh."""
    if approximate == "none":
        return x * (-(x * ROOT_HALF)).apply("erfc") * 0.5
    inner = (x + x.apply("pow", 3.0) * 0.044715) * math.sqrt(2 / math.pi)
    return x * (inner.apply("tanh") + 1.0) * 0.5


def hardtanh(x: Term, low: float = -1, high: float = 1) -> Term:
    """Cut off at two bounds."""
    return clamp(x, low, high)


def hardsigmoid(x: Term) -> Term:
    """A line from 0 to 1."""
    return clamp(x + 3.0, 0.0, 6.0) / 6.0


def shrunk(x: Term, lambd: float = 0.5, soft: bool = True) -> Term:
    """0 within lambd; outside x, softly nearer to 0 by lambd."""
    above, below = (x - lambd, x + lambd) if soft else (x, x)
    return x.apply("gt", lambd).where(above, x.apply("lt", -lambd).where(below, 0.0))


def threshold(x: Term, bound: float, value: float) -> Term:
    """x above a bound, else a value."""
    return x.apply("gt", bound).where(x, value)


def glu(x: Term, dim: int = -1) -> Term:
    """One half times the sigmoid of the other."""
    half = x.shape[dim] // 2
    return x.narrow(dim, range(half)) * x.narrow(dim, range(half, 2 * half)).apply("sigmoid")


ROWS: dict[str, Lowering] = {
    "relu": relu,
    "relu6": lambda x: clamp(x, 0.0, 6.0),
    "leaky_relu": leaky_relu,
    "_prelu_kernel": lambda x, w: x.apply("gt", 0.0).where(x, x * w),
    "elu": elu,
    "selu": lambda x: elu(x, SELU_ALPHA, SELU_SCALE),
    "celu": lambda x, alpha=1.0: elu(x, alpha, 1, 1 / alpha),
    "softplus": softplus,
    "log_sigmoid_forward": lambda x: (-smooth_softplus(-x), None),
    "gelu": gelu,
    "silu": lambda x: x * x.apply("sigmoid"),
    "mish": lambda x: x * smooth_softplus(x).apply("tanh"),
    "hardtanh": hardtanh,
    "hardsigmoid": hardsigmoid,
    "hardswish": lambda x: x * hardsigmoid(x),
    "softshrink": shrunk,
    "hardshrink": lambda x, lambd=0.5: shrunk(x, lambd, False),
    "threshold": threshold,
    "glu": glu,
}
