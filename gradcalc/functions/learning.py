"""The functions of machine learning: activations and losses."""

from __future__ import annotations

from gradcalc.functions.function import Function

X = ("x",)
SELU_SCALE = "1.0507009873554804934193349852946"  # Klambauer et al., Self-Normalizing Neural Networks, 2017
SELU_ALPHA = "1.6732632423543772848170429916717"
WIDE = ((0.5,), (-0.8,), (3.0,), (-9.0,))

LEARNING = (
    Function("sigmoid", X, ("g * out * sigmoid(-x)",), "1 / (1 + exp(-x))", turns=(), aliases=("expit", "logistic"), samples=WIDE, latex=r"\sigma"),
    Function("logsigmoid", X, ("g * sigmoid(-x)",), "-log(1 + exp(-x))", turns=(), aliases=("log_sigmoid",), samples=WIDE),
    Function("softplus", X, ("g * sigmoid(x)",), "log(1 + exp(x))", turns=(), samples=WIDE),
    Function("relu", X, ("g * where(x > 0, 1, 0)",), "where(x > 0, x, 0)", kink="x == 0", turns=(), samples=WIDE),
    Function("leaky_relu", ("x", "a"), ("g * where(x > 0, 1, a)", "g * where(x > 0, 0, x)"), "where(x > 0, x, a * x)",
             kink="x == 0", defaults=("0.01",), samples=((0.5, 0.01), (-0.8, 0.2))),
    Function("elu", ("x", "a"), ("g * where(x > 0, 1, a * exp(x))", "g * where(x > 0, 0, expm1(x))"),
             "where(x > 0, x, a * expm1(x))", kink="x == 0", defaults=("1",), samples=((0.5, 1.0), (-0.8, 1.5))),
    Function("selu", X, (f"g * {SELU_SCALE} * where(x > 0, 1, {SELU_ALPHA} * exp(x))",),
             f"{SELU_SCALE} * where(x > 0, x, {SELU_ALPHA} * expm1(x))", kink="x == 0", turns=(), samples=WIDE),
    Function("silu", X, ("g * sigmoid(x) * (1 + x * sigmoid(-x))",), "x * sigmoid(x)", aliases=("swish",), samples=WIDE),
    Function("gelu", X, ("g * (erfc(-x / sqrt(2)) / 2 + x * exp(-x**2 / 2) / sqrt(2 * pi))",),
             "x * erfc(-x / sqrt(2)) / 2", samples=((0.5,), (-0.8,), (3.0,), (-2.5,))),
    Function("mish", X, ("g * (tanh(softplus(x)) + x * sigmoid(x) / cosh(softplus(x))**2)",),
             "x * tanh(softplus(x))", samples=WIDE),
    Function("softsign", X, ("g / (1 + abs(x))**2",), "x / (1 + abs(x))", turns=(), samples=WIDE),
    Function("hardtanh", ("x", "low", "high"),
             ("g * where(x > low, where(x < high, 1, 0), 0)", "g * where(x <= low, 1, 0)", "g * where(x >= high, 1, 0)"),
             "min(max(x, low), high)", domain="low < high", kink="(x - low) * (x - high) == 0", defaults=("-1", "1"),
             samples=((0.5, -1.0, 1.0), (-3.0, -1.0, 1.0), (4.0, -2.0, 2.0))),
    Function("logit", X, ("g / (x * (1 - x))",), "log(x / (1 - x))", domain="x * (1 - x) > 0", needs="logit(x) needs 0 < x < 1", turns=(),
             samples=((0.5,), (0.05,), (0.9,))),
    Function("logaddexp", ("x", "y"), ("g / (1 + exp(y - x))", "g / (1 + exp(x - y))"), "log(exp(x) + exp(y))",
             fold=True, samples=((1.5, 2.25), (-0.75, 1.25), (3.0, -20.0))),
    Function("bce", ("p", "y"), ("g * ((1 - y) / (1 - p) - y / p)", "g * log((1 - p) / p)"),
             "-(y * log(p) + (1 - y) * log(1 - p))", domain="p * (1 - p) > 0", needs="bce(p, y) needs 0 < p < 1",
             samples=((0.5, 1.0), (0.05, 0.25), (0.9, 0.0))),
    Function("mse", ("p", "y"), ("2 * g * (p - y)", "-2 * g * (p - y)"), "(p - y)**2",
             samples=((0.5, 1.0), (3.0, -1.0))),
)  # fmt: skip
