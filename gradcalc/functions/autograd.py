"""How torch derives, where that is not as in the catalogue: equal on paper, not in floating point.

Source: PyTorch, tools/autograd/derivatives.yaml and torch/csrc/autograd/FunctionsManual.cpp.
"""

from __future__ import annotations

INNER = "sqrt(2 / pi) * (x + 0.044715 * x**3)"  # of gelu's approximation
TORCH_RULES: dict[str, tuple[str, ...]] = {
    "pow": ("g * where(y == 0, 0, y * x**(y - 1))", "g * out * log(x)"),
    "tanh": ("g * (1 - out**2)",),
    "sigmoid": ("g * (1 - out) * out",),
    "softplus": ("where(x > 20, g, g * exp(x) / (exp(x) + 1))",),
    "silu": ("g * sigmoid(x) * (1 + x * (1 - sigmoid(x)))",),
    "gelu": ("g * ((1 + erf(x / sqrt(2))) / 2 + x * exp(-x**2 / 2) / sqrt(2 * pi))",),
    "gelu_tanh": (
        f"g * ((1 + tanh({INNER})) / 2 + x / 2 * (1 - tanh({INNER})**2) * sqrt(2 / pi) * (1 + 0.134145 * x**2))",
    ),
    "mish": ("g * (tanh(softplus(x)) + x * sigmoid(x) * (1 - tanh(softplus(x))**2))",),
    "tanhshrink": ("g - g * (1 - tanh(x)**2)",),
    "softsign": ("g / (1 + abs(x)) - g * x / (1 + abs(x))**2 * sign(x)",),
    "sinc": ("where(x == 0, 0, g * (pi * x * cos(pi * x) - sin(pi * x)) / (pi * x**2))",),
    "logit": ("g / (x * (1 - x))",),
    "bce": ("g * (p - y) / ((1 - p) * p)", "g * (log(1 - p) - log(p))"),
}
