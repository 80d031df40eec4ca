"""The elementary functions: exponential, logarithmic, trigonometric, hyperbolic, and the pieces of the number line."""

from __future__ import annotations

from gradcalc.functions.function import NO_GRADIENT, Function

X = ("x",)
XY = ("x", "y")
POSITIVE = ((0.5,), (1.75,), (20.0,))
ABOVE_ONE = ((1.5,), (2.75,), (20.0,))
INSIDE_ONE = ((0.5,), (-0.75,), (0.05,))
PAIRS = ((1.5, 2.25), (-0.75, 1.25), (3.0, -2.0))

ELEMENTARY = (
    # exponential and logarithmic
    Function("exp",   X, ("g * out",), turns=(), bare=True),
    Function("expm1", X, ("g * (out + 1)",), turns=()),
    Function("log",   X, ("g / x",), domain="x > 0", turns=(), aliases=("ln",), bare=True, samples=POSITIVE, latex=r"\ln"),
    Function("log2",  X, ("g / (x * log(2))",), "log(x) / log(2)", domain="x > 0", turns=(), samples=POSITIVE, latex=r"\log_{2}"),
    Function("log10", X, ("g / (x * log(10))",), "log(x) / log(10)", domain="x > 0", turns=(), samples=POSITIVE, latex=r"\log_{10}"),
    Function("log1p", X, ("g / (1 + x)",), domain="x > -1", turns=(), samples=POSITIVE),
    # powers and roots
    Function("sqrt",  X, ("g / (2 * out)",), domain="x >= 0", pole="x == 0", turns=(), bare=True, samples=POSITIVE, latex=r"\sqrt{%s}"),
    Function("cbrt",  X, ("g / (3 * out**2)",), pole="x == 0", turns=(), latex=r"\sqrt[3]{%s}"),
    Function("hypot", XY, ("g * x / out", "g * y / out"), kink="out == 0", samples=PAIRS),
    # trigonometric
    Function("sin", X, ("g * cos(x)",), turns=("pi/2 + pi*k",), bare=True, latex=r"\sin"),
    Function("cos", X, ("-g * sin(x)",), turns=("pi*k",), bare=True, latex=r"\cos"),
    Function("tan", X, ("g * (1 + out**2)",), "sin(x) / cos(x)", domain="cos(x) != 0", needs="cos(x) is 0 there", turns=(), bare=True, latex=r"\tan"),
    Function("cot", X, ("-g * (1 + out**2)",), "cos(x) / sin(x)", domain="sin(x) != 0", needs="sin(x) is 0 there", turns=(), bare=True, latex=r"\cot"),
    Function("sec", X, ("g * out * tan(x)",), "1 / cos(x)", domain="cos(x) != 0", needs="cos(x) is 0 there", turns=("pi*k",), bare=True, latex=r"\sec"),
    Function("csc", X, ("-g * out * cot(x)",), "1 / sin(x)", domain="sin(x) != 0", needs="sin(x) is 0 there", turns=("pi/2 + pi*k",), bare=True, latex=r"\csc"),
    # and their inverses
    Function("asin", X, ("g / sqrt(1 - x**2)",), domain="abs(x) <= 1", pole="abs(x) == 1", turns=(),
             aliases=("arcsin",), bare=True, samples=INSIDE_ONE, latex=r"\arcsin"),
    Function("acos", X, ("-g / sqrt(1 - x**2)",), domain="abs(x) <= 1", pole="abs(x) == 1", turns=(),
             aliases=("arccos",), bare=True, samples=INSIDE_ONE, latex=r"\arccos"),
    Function("atan", X, ("g / (1 + x**2)",), turns=(), aliases=("arctan",), bare=True, latex=r"\arctan"),
    Function("acot", X, ("-g / (1 + x**2)",), "atan(1 / x)", domain="x != 0", turns=(), aliases=("arccot",), bare=True),
    Function("asec", X, ("g / (abs(x) * sqrt(x**2 - 1))",), "acos(1 / x)", domain="abs(x) >= 1", pole="abs(x) == 1", turns=(),
             aliases=("arcsec",), bare=True, samples=((1.5,), (-2.75,), (20.0,))),
    Function("acsc", X, ("-g / (abs(x) * sqrt(x**2 - 1))",), "asin(1 / x)", domain="abs(x) >= 1", pole="abs(x) == 1", turns=(),
             aliases=("arccsc",), bare=True, samples=((1.5,), (-2.75,), (20.0,))),
    Function("atan2", ("y", "x"), ("g * x / (x**2 + y**2)", "-g * y / (x**2 + y**2)"),
             domain="abs(x) + abs(y) > 0", needs="the origin has no angle", kink="where(x < 0, y == 0, 1 < 0)", aliases=("arctan2",), samples=PAIRS),
    # hyperbolic
    Function("sinh", X, ("g * cosh(x)",), turns=(), bare=True, latex=r"\sinh"),
    Function("cosh", X, ("g * sinh(x)",), turns=("0",), bare=True, latex=r"\cosh"),
    Function("tanh", X, ("g / cosh(x)**2",), turns=(), bare=True, latex=r"\tanh"),
    Function("coth", X, ("-g / sinh(x)**2",), "1 / tanh(x)", domain="x != 0", turns=(), bare=True, latex=r"\coth"),
    Function("sech", X, ("-g * out * tanh(x)",), "1 / cosh(x)", turns=("0",), bare=True),
    Function("csch", X, ("-g * out / tanh(x)",), "1 / sinh(x)", domain="x != 0", turns=(), bare=True),
    # and their inverses
    Function("asinh", X, ("g / sqrt(x**2 + 1)",), turns=(), aliases=("arcsinh", "arsinh"), bare=True),
    Function("acosh", X, ("g / sqrt(x**2 - 1)",), domain="x >= 1", pole="x == 1", turns=(),
             aliases=("arccosh", "arcosh"), bare=True, samples=ABOVE_ONE),
    Function("atanh", X, ("g / (1 - x**2)",), domain="abs(x) < 1", turns=(),
             aliases=("arctanh", "artanh"), bare=True, samples=INSIDE_ONE),
    Function("acoth", X, ("g / (1 - x**2)",), "atanh(1 / x)", domain="abs(x) > 1", turns=(),
             aliases=("arccoth", "arcoth"), bare=True, samples=((1.5,), (-2.75,), (20.0,))),
    Function("asech", X, ("-g / (x * sqrt(1 - x**2))",), "acosh(1 / x)", domain="where(x > 0, x <= 1, 1 < 0)",
             needs="asech(x) needs 0 < x <= 1",
             pole="x == 1", turns=(), aliases=("arcsech", "arsech"), bare=True, samples=((0.5,), (0.95,), (0.05,))),
    Function("acsch", X, ("-g / (abs(x) * sqrt(1 + x**2))",), "asinh(1 / x)", domain="x != 0", turns=(),
             aliases=("arccsch", "arcsch"), bare=True),
    # pieces
    Function("abs",   X, ("g * sign(x)",), kink="x == 0", turns=("0",), aliases=("Abs",), latex=r"\left|%s\right|"),
    Function("sign",  X, ("0 * g",), kink="x == 0", turns=(), aliases=("sgn",), latex=r"\operatorname{sgn}"),
    Function("floor", X, ("0 * g",), kink="x == floor(x)", turns=(), latex=r"\left\lfloor %s\right\rfloor"),
    Function("ceil",  X, ("0 * g",), "-floor(-x)", kink="x == floor(x)", turns=(), aliases=("ceiling",), latex=r"\left\lceil %s\right\rceil"),
    Function("min", XY, ("g * where(x <= y, 1, 0)", "g * where(x <= y, 0, 1)"), "where(x <= y, x, y)",
             kink="x == y", fold=True, aliases=("Min", "minimum"), samples=PAIRS, latex=r"\min"),
    Function("max", XY, ("g * where(x >= y, 1, 0)", "g * where(x >= y, 0, 1)"), "where(x >= y, x, y)",
             kink="x == y", fold=True, aliases=("Max", "maximum"), samples=PAIRS, latex=r"\max"),
    Function("where", ("c", "x", "y"), (NO_GRADIENT, "where(c, g, 0)", "where(c, 0, g)"), samples=()),
)  # fmt: skip
