"""The special functions: error function, gamma function and its logarithmic derivatives."""

from __future__ import annotations

from gradcalc.functions.function import NO_GRADIENT, Function

X = ("x",)
NOT_A_POLE = "where(x > 0, 1 > 0, x != floor(x))"
NO_POLE = "it has none at 0, -1, -2, …"
SAMPLES = ((0.5,), (3.25,), (-1.4,))

SPECIAL = (
    Function("erf",      X, ("g * 2 / sqrt(pi) * exp(-x**2)",), turns=()),
    Function("erfc",     X, ("-g * 2 / sqrt(pi) * exp(-x**2)",), turns=()),
    Function("gamma",    X, ("g * out * digamma(x)",), domain=NOT_A_POLE, needs=NO_POLE, aliases=("Gamma",), samples=SAMPLES, latex=r"\Gamma"),
    Function("factorial", X, ("g * out * digamma(x + 1)",), "gamma(x + 1)", domain="where(x > -1, 1 > 0, x != floor(x))",
             needs="it has none at -1, -2, -3, …", samples=((0.5,), (3.0,), (-0.5,))),
    Function("lgamma",   X, ("g * digamma(x)",), domain=NOT_A_POLE, needs=NO_POLE, aliases=("loggamma", "gammaln"), samples=SAMPLES, latex=r"\ln\Gamma"),
    Function("digamma",  X, ("g * polygamma(1, x)",), domain=NOT_A_POLE, needs=NO_POLE, turns=(), aliases=("psi",), samples=SAMPLES, latex=r"\psi"),
    Function("polygamma", ("n", "x"), (NO_GRADIENT, "g * polygamma(n + 1, x)"),
             domain=f"where(n >= 0, where(n == floor(n), {NOT_A_POLE}, 1 < 0), 1 < 0)",
             needs="n must be whole and not negative, and x no pole: 0, -1, -2, …",
             samples=((1.0, 0.5), (2.0, 3.25)), latex=r"\psi"),
)  # fmt: skip
