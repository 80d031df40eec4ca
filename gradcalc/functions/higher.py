"""Higher transcendental functions: of signals, of the normal distribution, and the beta function."""

from __future__ import annotations

from gradcalc.functions.function import Function

X = ("x",)
AB = ("a", "b")
WIDE = ((0.5,), (-0.8,), (3.25,), (-6.5,))
BOTH_POSITIVE = "where(a > 0, b > 0, 1 < 0)"

HIGHER = (
    Function("sinc", X, ("where(x == 0, 0, g * (cos(pi * x) - out) / x)",), "where(x == 0, 1, sin(pi * x) / (pi * x))",
             samples=WIDE, note="normalised, as in NumPy and torch: sin(pi*x)/(pi*x), and 1 at 0"),
    # the normal distribution
    Function("ndtr", X, ("g * exp(-x**2 / 2) / sqrt(2 * pi)",), "erfc(-x / sqrt(2)) / 2", turns=(), aliases=("normcdf", "ncdf"),
             samples=WIDE, note="the normal distribution's cumulative function, as in SciPy and torch"),
    Function("log_ndtr", X, ("g * exp(-x**2 / 2 - out) / sqrt(2 * pi)",),
             "where(x > 0, log1p(-ndtr(-x)), log(ndtr(x)))", turns=(), samples=WIDE, note="log(ndtr(x)), without its underflow"),
    # the beta function
    Function("betaln", AB, ("g * (digamma(a) - digamma(a + b))", "g * (digamma(b) - digamma(a + b))"),
             "lgamma(a) + lgamma(b) - lgamma(a + b)", domain=BOTH_POSITIVE, needs="betaln(a, b) needs a > 0 and b > 0",
             aliases=("lbeta",), samples=((0.5, 1.75), (3.0, 2.25)), note="log(beta(a, b)), without its overflow"),
    Function("beta", AB, ("g * out * (digamma(a) - digamma(a + b))", "g * out * (digamma(b) - digamma(a + b))"),
             "exp(betaln(a, b))", domain=BOTH_POSITIVE, needs="beta(a, b) needs a > 0 and b > 0", aliases=("Beta",),
             samples=((0.5, 1.75), (3.0, 2.25)), note="gamma(a)*gamma(b)/gamma(a + b)"),
)  # fmt: skip
