"""C, of the standard of 2011: numbers of type double, by math.h."""

from __future__ import annotations

from fractions import Fraction

from gradcalc.codegen.language import OPERATORS, Language

HELPERS = {
    "sign": """
static double sign(double x)
{
    return (x > 0) - (x < 0);
}
""",
    "sigmoid": """
/* 1/(1 + exp(-x)), without its overflow */
static double sigmoid(double x)
{
    double t = exp(-fabs(x));
    return (x >= 0 ? 1 : t) / (1 + t);
}
""",
    "softplus": """
/* log(1 + exp(x)), without its overflow */
static double softplus(double x)
{
    return fmax(x, 0) + log1p(exp(-fabs(x)));
}
""",
    "logaddexp": """
/* log(exp(x) + exp(y)), without its overflow */
static double logaddexp(double x, double y)
{
    return fmax(x, y) + log1p(exp(-fabs(x - y)));
}
""",
    "sech": """
/* 1/cosh(x), without its overflow */
static double sech(double x)
{
    double t = exp(-fabs(x));
    return 2 * t / (1 + t * t);
}
""",
    "csch": """
/* 1/sinh(x), without its overflow */
static double csch(double x)
{
    double t = exp(-fabs(x));
    return copysign(2 * t / -expm1(-2 * fabs(x)), x);
}
""",
    "floored": """
/* the remainder with the sign of y */
static double floored(double x, double y)
{
    double r = fmod(x, y);
    return r != 0 && (r < 0) != (y < 0) ? r + y : r;
}
""",
    "digamma": """
/* the derivative of lgamma: its asymptotic series, where recurrence and reflection have led to (DLMF 5.5, 5.11) */
static double digamma(double x)
{
    const double pi = 3.141592653589793;
    double shift = 0;
    if (x <= 0)
        return digamma(1 - x) - pi / tan(pi * x);
    for (; x < 12; x += 1)
        shift += 1 / x;
    double t = 1 / (x * x);
    double series = t * (1./12 - t * (1./120 - t * (1./252 - t * (1./240 - t * (1./132 - t * 691/32760)))));
    return log(x) - 1 / (2 * x) - series - shift;
}
""",
}


def literal(value: Fraction) -> str:
    """A number of type double: `2.0`; an `int` would be divided without its fraction."""
    try:
        return repr(float(value))
    except OverflowError:
        return "INFINITY"


C = Language(
    name="c",
    functions={
        **{name: name for name in (
            "exp", "expm1", "log", "log2", "log10", "log1p", "sqrt", "cbrt", "hypot", "sin", "cos", "tan", "asin",
            "acos", "atan", "atan2", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "floor", "ceil", "trunc",
            "erf", "erfc", "lgamma", "fmod", "pow",
        )},
        "abs": "fabs", "min": "fmin", "max": "fmax", "round": "rint", "gamma": "tgamma", "remainder": "floored",
        "frac": "fmod({0}, 1.0)", "where": "({0} ? {1} : {2})", "logsigmoid": "(-softplus(-({0})))",
        "relu": "fmax({0}, 0.0)",
    },
    literal=literal,
    constants={"pi": "3.141592653589793", "e": "2.718281828459045"},
    helpers=HELPERS,
    imports={"(": "#include <math.h>"},
    operators={name: one for name, one in OPERATORS.items() if name not in ("matmul", "dot", "pow")},
    assignment="const double {} = {};",
)  # fmt: skip
KEYWORDS = frozenset({  # and names that math.h has besides
    "auto", "break", "case", "char", "const", "continue", "default", "do", "double", "else", "enum", "extern", "float",
    "for", "goto", "if", "inline", "int", "long", "register", "restrict", "return", "short", "signed", "sizeof",
    "static", "struct", "switch", "typedef", "union", "unsigned", "void", "volatile", "while", "main", "y0", "y1", "yn",
    "j0", "j1", "jn", "gamma",
})  # fmt: skip
