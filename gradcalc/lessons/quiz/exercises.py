"""What exercises are made of: for each topic the forms of its expressions, with numbers to be put in."""

from __future__ import annotations

TOPICS: dict[str, tuple[str, ...]] = {
    "power": (
        "{a}*x**{n}", "x**{n} + {a}*x**{m}", "{a}*x**{n} - {b}*x + {c}", "{a}/x**{n}", "{a}*sqrt(x)", "x**({n}/{d})",
        "{a}*x**{n} + {b}/x", "(x**{n} - {a})/{b}", "{a}*cbrt(x) + {b}*x",
        "{a}*x**{n} - {b}*x**{m} + {c}*x", "{a}/sqrt(x) + {b}*x**{n}", "({a}*x - {b})**2", "x**{n}*({a}*x + {b})",
        "(x**{n} + {a})/x**2", "{a}*x**-{n} + {b}*x",
    ),
    "product": (
        "x**{n}*sin(x)", "x**{n}*exp(x)", "({a}*x + {b})*cos(x)", "x*log(x)", "exp(x)*sin(x)", "x**{n}*log(x)",
        "({a}*x**{n} + {b})*exp(x)", "sqrt(x)*cos(x)", "x**{n}*(x + {a})**{m}",
        "({a}*x - {b})*(x**{n} + {c})", "x**{n}*cos({a}*x)", "({a}*x + {b})*log(x)", "x**{n}*sinh(x)",
        "x**{n}*exp(-{a}*x)", "({a}*x + {b})**{n}*({c}*x - 1)**{m}", "x*sin(x)*exp({a}*x)",
    ),
    "quotient": (
        "x/(x + {a})", "({a}*x + {b})/({c}*x + {d})", "sin(x)/x", "x**{n}/(x**2 + {a})", "exp(x)/(x + {a})",
        "log(x)/x**{n}", "({a} - x)/({b} + x**2)", "cos(x)/(x**2 + {a})", "(x**2 - {a})/(x**2 + {b})",
        "x**{n}/exp({a}*x)", "({a}*x**2 + {b})/({c}*x - 1)", "(x + {a})/sqrt(x)", "x/sqrt(x**2 + {a})",
        "exp({a}*x)/(1 + exp({a}*x))", "tan(x)/({a}*x + {b})", "({a}*x + {b})/x**{n}",
    ),
    "chain": (
        "sin({a}*x + {b})", "({a}*x**2 + {b})**{n}", "exp(-{a}*x**2)", "sqrt({a}*x**2 + {b})", "log({a}*x**2 + {b})",
        "cos(x**{n})", "sin(x)**{n}", "exp(sin({a}*x))", "tan({a}*x)", "log(cos(x))", "1/(x**2 + {a})**{n}",
        "sin(cos({a}*x))", "atan({a}*x)",
        "exp({a}*x**{m} + {b}*x)", "log({a}*x + {b})**{n}", "sqrt(1 + sin({a}*x))", "({a}*x + {b}/x)**{n}",
        "cos(sqrt({a}*x))", "log(log({a}*x))", "asin({a}*x**2)", "tanh({a}*x**2 + {b})", "1/sqrt({a}*x + {b})",
    ),
    "exponential": (
        "exp({a}*x)", "{a}**x", "x*{a}**x", "log({a}*x)", "exp(x**{n})", "log(x)**{n}", "exp(-x)/x", "x**x",
        "log(x + sqrt(x**2 + {a}))", "exp({a}*x)*log(x)",
        "x**{n}*exp({a}*x)", "{a}**(x**2)", "log((x + {a})/(x + {b}))", "exp({a}*x) + exp(-{a}*x)", "x**(1/x)",
        "log(1 + exp({a}*x))", "({a}*x)**x", "exp(x)/(exp(x) + {a})",
    ),
    "trigonometric": (
        "{a}*sin(x) + {b}*cos(x)", "tan(x) - x", "sin({a}*x)*cos({b}*x)", "sin(x)**2", "x*tan(x)", "1/cos(x)",
        "asin({a}*x)", "atan(x/{a})", "sin(x)/(1 + cos(x))", "x*asin(x)",
        "sin({a}*x)**{n}", "cos(x)**{n}*sin(x)", "tan({a}*x)**2", "1/(1 + tan(x))", "x**{n}*sin({a}*x)", "acos(x/{a})",
        "sin(x**{n}) + cos({a}*x)", "{a}*x - sin({b}*x)/{b}", "1/sin({a}*x)",
    ),
    "partial": (
        "x**{n}*y**{m}", "{a}*x**2*y + {b}*x*y**2", "sin(x*y)", "exp({a}*x + {b}*y)", "log(x**2 + y**2)", "x/(x + y)",
        "sqrt(x**2 + {a}*y**2)", "x*exp(-{a}*y)", "(x - {a}*y)**{n}", "atan(y/x)",
        "{a}*x**{n} - {b}*x*y + {c}*y**{m}", "x**{n}*sin({a}*y)", "exp(-{a}*x**2 - {b}*y**2)", "x*y/(x**2 + y**2)",
        "log({a}*x + {b}*y)", "cos({a}*x - {b}*y)", "x**y", "y**{n}*log(x)", "sqrt({a}*x*y)",
    ),
    "neuron": (
        "z = w*x + b; sigmoid(z)", "z = w*x + b; tanh(z)", "z = w*x + b; relu(z)", "z = w*x + b; (z - y)**2",
        "z = w*x + b; p = sigmoid(z); (p - y)**2", "z = w*x + b; p = sigmoid(z); -log(p)", "z = w*x + b; softplus(-z)",
        "z = w*x + b; z**2/2", "z = w*x + b; exp(-z)", "z = w*x + b; p = tanh(z); (p - y)**2",
        "z = w*x + b; log(1 + z**2)",
        "z = w*x + b; p = sigmoid({a}*z); p**{m}", "z = w*x + b; {a}*sigmoid(z) + {b}*w**2",
    ),
}  # fmt: skip
BY = {"neuron": ("w", "b")}  # what is derived by, where that is not every variable
FACTORS = range(2, 10)
NUMBERS = {"a": FACTORS, "b": FACTORS, "c": FACTORS, "d": range(2, 6), "n": range(2, 7), "m": range(2, 5)}
