"""The activations of small and of quantised networks: hard and soft ones, and shrinkages."""

from __future__ import annotations

from gradcalc.functions.function import Function

X = ("x",)
WIDE = ((0.5,), (-0.8,), (3.5,), (-9.0,), (7.25,))
ROOT = "sqrt(2 / pi)"  # Hendrycks and Gimpel, Gaussian Error Linear Units, 2016, section 2
INNER = f"{ROOT} * (x + 0.044715 * x**3)"

ACTIVATIONS = (
    Function("relu6", X, ("g * where(x > 0, where(x < 6, 1, 0), 0)",), "where(x > 0, where(x < 6, x, 6), 0)",
             kink="x * (x - 6) == 0", turns=(), samples=WIDE, note="min(max(x, 0), 6)"),
    Function("hardsigmoid", X, ("g * where(abs(x) < 3, 1/6, 0)",), "where(x > -3, where(x < 3, x / 6 + 1/2, 1), 0)",
             kink="abs(x) == 3", turns=(), aliases=("hard_sigmoid",), samples=WIDE,
             note="min(max(x + 3, 0), 6)/6, as in torch and JAX; in Keras before version 3 the slope was 0.2", told="min(max(x + 3, 0), 6)/6"),
    Function("hardswish", X, ("g * where(x > -3, where(x < 3, x / 3 + 1/2, 1), 0)",),
             "where(x > -3, where(x < 3, x * (x + 3) / 6, x), 0)", kink="abs(x) == 3",
             aliases=("hard_swish", "hard_silu"), samples=WIDE, note="x*hardsigmoid(x)"),
    Function("celu", ("x", "a"), ("g * where(x > 0, 1, exp(x / a))", "g * where(x > 0, 0, expm1(x / a) - x / a * exp(x / a))"),
             "where(x > 0, x, a * expm1(x / a))", domain="a != 0", defaults=("1",),
             samples=((0.5, 1.0), (-0.8, 1.5), (-0.8, -2.0)), note="smooth at 0 for every a; elu is so for a = 1 alone"),
    Function("softshrink", ("x", "lambda"), ("g * where(abs(x) > lambda, 1, 0)", "-g * where(abs(x) > lambda, sign(x), 0)"),
             "where(x > lambda, x - lambda, where(x < -lambda, x + lambda, 0))", domain="lambda >= 0", kink="abs(x) == lambda",
             aliases=("soft_shrink",), defaults=("0.5",), samples=((0.7, 0.5), (-2.0, 0.25), (0.3, 0.5)),
             note="the proximal operator of lambda*abs(x)"),
    Function("hardshrink", ("x", "lambda"), ("g * where(abs(x) > lambda, 1, 0)", "0 * g"), "where(abs(x) > lambda, x, 0)",
             kink="abs(x) == lambda", aliases=("hard_shrink",), defaults=("0.5",), samples=((0.7, 0.5), (-2.0, 0.25), (0.3, 0.5))),
    Function("tanhshrink", X, ("g * tanh(x)**2",), "x - tanh(x)", turns=(), aliases=("tanh_shrink",), samples=WIDE[:3]),
    Function("gelu_tanh", X, (f"g * ((1 + tanh({INNER})) / 2 + x / 2 / cosh({INNER})**2 * {ROOT} * (1 + 0.134145 * x**2))",),
             f"x / 2 * (1 + tanh({INNER}))", aliases=("gelu_new",), samples=((0.5,), (-0.8,), (3.0,), (-2.5,)),
             note="the approximation of gelu by tanh: torch's approximate='tanh', and the default of JAX"),
)  # fmt: skip
