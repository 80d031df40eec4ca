"""Higher transcendental functions: of signals and probabilities, of Bessel and of Riemann, and inverses."""

from __future__ import annotations

from typing import Any

from gradcalc.functions.function import NO_GRADIENT, UNKNOWN, Function

X = ("x",)
AB = ("a", "b")
WIDE = ((0.5,), (-0.8,), (3.25,), (-6.5,))
BOTH_POSITIVE = "where(a > 0, b > 0, 1 < 0)"
AX = ("a", "x")
NX = ("n", "x")
GAMMA_DENSITY = "x**(a - 1) * exp(-x) / gamma(a)"
GAMMA_SAMPLES = ((0.5, 0.75), (3.0, 2.25), (2.5, 9.0))
GAMMA_DOMAIN: dict[str, Any] = {
    "domain": "where(a > 0, x >= 0, 1 < 0)",
    "needs": "a must be positive, and x not negative",
    "pole": "x == 0",
}
WHOLE_ORDER: dict[str, Any] = {"domain": "where(x > 0, 1 > 0, where(n == floor(n), 1 > 0, where(x == 0, n > 0, 1 < 0)))",
               "needs": "a negative x needs a whole order n", "pole": "where(x == 0, n != floor(n), 1 < 0)"}  # fmt: skip
ORDERS = ((0.0, 0.5), (1.0, 3.25))

HIGHER = (
    Function("sinc", X, ("where(x == 0, 0, g * (cos(pi * x) - out) / x)",), "where(x == 0, 1, sin(pi * x) / (pi * x))",
             samples=WIDE, note="normalised, as in NumPy and torch: sin(pi*x)/(pi*x), and 1 at 0", told="sin(pi*x)/(pi*x)"),
    # the normal distribution
    Function("ndtr", X, ("g * exp(-x**2 / 2) / sqrt(2 * pi)",), "erfc(-x / sqrt(2)) / 2", turns=(), aliases=("normcdf", "ncdf"),
             samples=WIDE, note="the normal distribution's cumulative function, as in SciPy and torch"),
    Function("log_ndtr", X, ("g * exp(-x**2 / 2 - out) / sqrt(2 * pi)",),
             "where(x > 0, log1p(-ndtr(-x)), log(ndtr(x)))", turns=(), samples=WIDE, note="log(ndtr(x)), without its underflow"),
    Function("ndtri", ("p",), ("g * sqrt(2 * pi) * exp(out**2 / 2)",), "sqrt(2) * erfinv(2 * p - 1)", domain="p * (1 - p) > 0", turns=(),
             needs="ndtri(p) needs 0 < p < 1", aliases=("probit",), samples=((0.25,), (0.05,), (0.9,)),
             note="the inverse of ndtr: the quantiles of the normal distribution, as in SciPy and torch"),
    Function("erfinv", X, ("g * sqrt(pi) / 2 * exp(out**2)",), domain="abs(x) < 1", turns=(), samples=((0.5,), (-0.75,), (0.05,)),
             note="the inverse of erf"),
    Function("erfcx", X, ("g * (2 * x * out - 2 / sqrt(pi))",), "exp(x**2) * erfc(x)", turns=(), samples=((0.5,), (-0.8,), (9.5,)),
             note="exp(x**2)*erfc(x), without its underflow"),
    # incomplete gamma and beta functions
    Function("gammainc", AX, ("g * gammainc_derivative(1, a, x)", f"g * {GAMMA_DENSITY}"), **GAMMA_DOMAIN, aliases=("igamma",), samples=GAMMA_SAMPLES, told="regularised",
             note="the lower one, regularised, from 0 to 1, as in SciPy and torch; MATLAB takes x first"),
    Function("gammaincc", AX, ("-g * gammainc_derivative(1, a, x)", f"-g * {GAMMA_DENSITY}"), "1 - gammainc(a, x)", **GAMMA_DOMAIN,
             aliases=("igammac",), samples=GAMMA_SAMPLES, told="regularised", note="the upper one, regularised, from 1 to 0, as in SciPy and torch"),
    Function("gammainc_derivative", ("n", "a", "x"),
             (NO_GRADIENT, "g * gammainc_derivative(n + 1, a, x)",
              f"where(n == 0, g * {GAMMA_DENSITY}, where(n == 1, g * {GAMMA_DENSITY} * (log(x) - digamma(a)), "
              "g * (a * (gammainc_derivative(n, a, x) - gammainc_derivative(n, a + 1, x))"
              " + n * (gammainc_derivative(n - 1, a, x) - gammainc_derivative(n - 1, a + 1, x))) / x))"),
             domain="where(n >= 0, where(n == floor(n), where(a > 0, x >= 0, 1 < 0), 1 < 0), 1 < 0)",
             needs="n must be whole and not negative, a be positive, and x not negative", pole="x == 0",
             samples=((1.0, 0.5, 0.75), (2.0, 3.0, 2.25), (1.0, 2.5, 9.0)), note="the n-th derivative of gammainc(a, x) by a"),
    Function("betainc", ("a", "b", "x"), (UNKNOWN, UNKNOWN, "g * x**(a - 1) * (1 - x)**(b - 1) / beta(a, b)"),
             domain="where(a > 0, where(b > 0, where(x >= 0, x <= 1, 1 < 0), 1 < 0), 1 < 0)",
             needs="betainc(a, b, x) needs a > 0, b > 0 and 0 <= x <= 1", pole="x * (1 - x) == 0",
             samples=((0.5, 1.75, 0.25), (3.0, 2.25, 0.6)), note="regularised, from 0 to 1, as in SciPy"),
    # the beta function
    Function("betaln", AB, ("g * (digamma(a) - digamma(a + b))", "g * (digamma(b) - digamma(a + b))"),
             "lgamma(a) + lgamma(b) - lgamma(a + b)", domain=BOTH_POSITIVE, needs="betaln(a, b) needs a > 0 and b > 0",
             aliases=("lbeta",), samples=((0.5, 1.75), (3.0, 2.25)), note="log(beta(a, b)), without its overflow"),
    Function("beta", AB, ("g * out * (digamma(a) - digamma(a + b))", "g * out * (digamma(b) - digamma(a + b))"),
             "exp(betaln(a, b))", domain=BOTH_POSITIVE, needs="beta(a, b) needs a > 0 and b > 0", aliases=("Beta",),
             samples=((0.5, 1.75), (3.0, 2.25)), note="gamma(a)*gamma(b)/gamma(a + b)"),
    # Bessel functions
    Function("besselj", NX, (UNKNOWN, "g * (besselj(n - 1, x) - besselj(n + 1, x)) / 2"), **WHOLE_ORDER, aliases=("jv",), samples=ORDERS,
             note="of the first kind, of order n"),
    Function("bessely", NX, (UNKNOWN, "g * (bessely(n - 1, x) - bessely(n + 1, x)) / 2"), domain="x > 0", aliases=("yv",), samples=ORDERS,
             note="of the second kind, of order n"),
    Function("besseli", NX, (UNKNOWN, "g * (besseli(n - 1, x) + besseli(n + 1, x)) / 2"), **WHOLE_ORDER, aliases=("iv",), samples=ORDERS,
             note="modified, of the first kind, of order n"),
    Function("besselk", NX, (UNKNOWN, "-g * (besselk(n - 1, x) + besselk(n + 1, x)) / 2"), domain="x > 0", aliases=("kv",), samples=ORDERS,
             note="modified, of the second kind, of order n"),
    Function("i0", X, ("g * i1(x)",), "besseli(0, x)", turns=("0",), aliases=("modified_bessel_i0",), samples=WIDE, note="besseli(0, x)"),
    Function("i1", X, ("g * (i0(x) + besseli(2, x)) / 2",), "besseli(1, x)", turns=(), aliases=("modified_bessel_i1",), samples=WIDE,
             note="besseli(1, x)"),
    Function("i0e", X, ("g * (i1e(x) - sign(x) * out)",), "exp(-abs(x)) * besseli(0, x)", kink="x == 0", turns=("0",), samples=WIDE,
             note="exp(-abs(x))*i0(x), without its overflow"),
    Function("i1e", X, ("g * (i0e(x) + exp(-abs(x)) * besseli(2, x)) / 2 - g * sign(x) * out",), "exp(-abs(x)) * besseli(1, x)",
             kink="x == 0", samples=WIDE, note="exp(-abs(x))*i1(x), without its overflow"),
    # zeta functions, inverses and integrals of the exponential function
    Function("zeta", ("s", "q"), ("g * zeta_derivative(1, s, q)", "where(s == 0, -g, -g * s * zeta(s + 1, q))"),
             domain="where(q > 0, s != 1, 1 < 0)", needs="s must not be 1, and q be positive", aliases=("Zeta",), defaults=("1",),
             samples=((2.5, 1.0), (1.25, 0.75), (3.0, 2.25)), note="Hurwitz's, 1/q**s + 1/(q + 1)**s + …; Riemann's where q is left out"),
    Function("zeta_derivative", ("n", "s", "q"),
             (NO_GRADIENT, "g * zeta_derivative(n + 1, s, q)",
              "where(n == 0, where(s == 0, -g, -g * s * zeta(s + 1, q)), -g * (s * zeta_derivative(n, s + 1, q) + n * zeta_derivative(n - 1, s + 1, q)))"),
             domain="where(n >= 0, where(n == floor(n), where(q > 0, s != 1, 1 < 0), 1 < 0), 1 < 0)",
             needs="n must be whole and not negative, s not 1, and q positive", defaults=("1",), samples=((1.0, 2.5, 1.0), (2.0, -1.25, 2.25)),
             note="the n-th derivative of zeta(s, q) by s"),
    Function("lambertw", ("x", "k"), ("g / (x + exp(out))", NO_GRADIENT),
             domain="where(k == 0, x >= -exp(-1), where(k == -1, where(x < 0, x >= -exp(-1), 1 < 0), 1 < 0))",
             needs="lambertw(x) needs x >= -1/e; its other real branch, k = -1, -1/e <= x < 0", pole="x == -exp(-1)",
             aliases=("LambertW", "ProductLog"), defaults=("0",), samples=((0.5, 0.0), (-0.25, 0.0), (-0.25, -1.0)),
             note="the inverse of x*exp(x): the branch k, 0 or -1"),
    Function("expi", X, ("g * exp(x) / x",), domain="x != 0", turns=(), aliases=("Ei",), samples=WIDE,
             note="the exponential integral Ei(x), the integral of exp(t)/t up to x, as in SciPy"),
    Function("expint", NX, (UNKNOWN, "-g * expint(n - 1, x)"), domain="where(x > 0, 1 > 0, where(x == 0, n > 1, 1 < 0))",
             needs="expint(n, x) needs x > 0, or x = 0 and n > 1", pole="x == 0", aliases=("expn",),
             samples=((1.0, 0.5), (2.0, 3.25), (0.5, 0.75)), note="the integral of exp(-x*t)/t**n from 1 on; expint(x) is that of n = 1"),
)  # fmt: skip
