"""What exercises are made of: for each topic the forms of its expressions, with numbers to be put in."""

from __future__ import annotations

TOPICS: dict[str, tuple[str, ...]] = {
    "power": (
        "{a}*x**{n}", "x**{n} + {a}*x**{m}", "{a}*x**{n} - {b}*x + {c}", "{a}/x**{n}", "{a}*sqrt(x)", "x**({n}/{d})",
        "{a}*x**{n} + {b}/x", "(x**{n} - {a})/{b}", "{a}*cbrt(x) + {b}*x",
    ),
    "product": (
        "x**{n}*sin(x)", "x**{n}*exp(x)", "({a}*x + {b})*cos(x)", "x*log(x)", "exp(x)*sin(x)", "x**{n}*log(x)",
        "({a}*x**{n} + {b})*exp(x)", "sqrt(x)*cos(x)", "x**{n}*(x + {a})**{m}",
    ),
    "quotient": (
        "x/(x + {a})", "({a}*x + {b})/({c}*x + {d})", "sin(x)/x", "x**{n}/(x**2 + {a})", "exp(x)/(x + {a})",
        "log(x)/x**{n}", "({a} - x)/({b} + x**2)", "cos(x)/(x**2 + {a})", "(x**2 - {a})/(x**2 + {b})",
    ),
    "chain": (
        "sin({a}*x + {b})", "({a}*x**2 + {b})**{n}", "exp(-{a}*x**2)", "sqrt({a}*x**2 + {b})", "log({a}*x**2 + {b})",
        "cos(x**{n})", "sin(x)**{n}", "exp(sin({a}*x))", "tan({a}*x)", "log(cos(x))", "1/(x**2 + {a})**{n}",
        "sin(cos({a}*x))", "atan({a}*x)",
    ),
    "exponential": (
        "exp({a}*x)", "{a}**x", "x*{a}**x", "log({a}*x)", "exp(x**{n})", "log(x)**{n}", "exp(-x)/x", "x**x",
        "log(x + sqrt(x**2 + {a}))", "exp({a}*x)*log(x)",
    ),
    "trigonometric": (
        "{a}*sin(x) + {b}*cos(x)", "tan(x) - x", "sin({a}*x)*cos({b}*x)", "sin(x)**2", "x*tan(x)", "1/cos(x)",
        "asin({a}*x)", "atan(x/{a})", "sin(x)/(1 + cos(x))", "x*asin(x)",
    ),
    "partial": (
        "x**{n}*y**{m}", "{a}*x**2*y + {b}*x*y**2", "sin(x*y)", "exp({a}*x + {b}*y)", "log(x**2 + y**2)", "x/(x + y)",
        "sqrt(x**2 + {a}*y**2)", "x*exp(-{a}*y)", "(x - {a}*y)**{n}", "atan(y/x)",
    ),
    "neuron": (
        "z = w*x + b; sigmoid(z)", "z = w*x + b; tanh(z)", "z = w*x + b; relu(z)", "z = w*x + b; (z - y)**2",
        "z = w*x + b; p = sigmoid(z); (p - y)**2", "z = w*x + b; p = sigmoid(z); -log(p)", "z = w*x + b; softplus(-z)",
    ),
}  # fmt: skip
BY = {"neuron": ("w", "b")}  # what is derived by, where that is not every variable
FACTORS = range(2, 10)
NUMBERS = {"a": FACTORS, "b": FACTORS, "c": FACTORS, "d": range(2, 6), "n": range(2, 7), "m": range(2, 5)}
