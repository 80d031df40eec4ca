"""How torch derives, where that is not as in the catalogue: equal on paper, not in floating point or at single points.

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
TORCH_POINTS: dict[
    str, tuple[str, ...]
] = {  # that differ at kinks, at the edges of domains, and in what torch holds off
    "max": tuple(f"where(x == y, g / 2, g * where(x {sign} y, 1, 0))" for sign in "><"),
    "min": tuple(f"where(x == y, g / 2, g * where(x {sign} y, 1, 0))" for sign in "<>"),
    "pow": (TORCH_RULES["pow"][0], "where(x == 0, where(y >= 0, 0, g * out * log(x)), g * out * log(x))"),
    "atan2": (
        "g * x * where(x**2 + y**2 == 0, 0, 1 / (x**2 + y**2))",
        "-g * y * where(x**2 + y**2 == 0, 0, 1 / (x**2 + y**2))",
    ),
    "logit": ("where(x * (1 - x) < 0, out, g / (x * (1 - x)))",),
    "bce": (
        "where((1 - p) * p < 0, out, g * (p - y) / max((1 - p) * p, 9.99999996004197e-13))",
        "g * (log1p(-p) - log(p))",
    ),
    "clamp": (
        "g * where(x >= low, where(x <= high, 1, 0), 0)",
        "g * where(x < low, where(low < high, 1, 0), 0)",
        "g * where(x > high, 1, where(x < low, where(low <= high, 0, 1), 0))",
    ),
    "remainder": ("g", "-g * round((x - out) / y)"),
    "fmod": ("g", "-g * round((x - out) / y)"),
    "xlogy": ("where(x == 0, where(y <= 0, 0, g * log(y)), g * log(y))", "where(x == 0, 0, g * x / y)"),
    "rel_entr": ("g * (log(x) + 1 - log(y))", "-g * x / y"),
    "i1": ("g * where(x == 0, 1 / 2, i0(x) - out / x)",),
    "i1e": ("g * where(x == 0, 1 / 2, i0e(x) - out * (sign(x) + 1 / x))",),
    "besselj": ("0 * g", "g * where(n == 0, -besselj(1, x), besselj(n - 1, x) - n / x * out)"),
    "bessely": ("0 * g", "g * where(n == 0, -bessely(1, x), bessely(n - 1, x) - n / x * out)"),
    "besseli": ("0 * g", "g * where(n == 0, besseli(1, x), where(x == 0, 1 / 2, besseli(n - 1, x) - n / x * out))"),
    "besselk": ("0 * g", "-g * where(n == 0, besselk(1, x), besselk(n - 1, x) + n / x * out)"),
}
