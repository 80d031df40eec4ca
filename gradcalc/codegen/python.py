"""Python without a library: numbers, by the module `math`."""

from __future__ import annotations

from fractions import Fraction

from gradcalc.codegen.language import OPERATORS, Language
from gradcalc.functions.printer import BINARY

WHOLE = 2**53  # numbers from here on are written as floats
HELPERS = {
    "sign": '''
def sign(x):
    """-1, 0 or 1"""
    return math.copysign(1, x) if x else 0
''',
    "sigmoid": '''
def sigmoid(x):
    """1/(1 + exp(-x)), without its overflow"""
    t = math.exp(-abs(x))
    return (1 if x >= 0 else t) / (1 + t)
''',
    "softplus": '''
def softplus(x):
    """log(1 + exp(x)), without its overflow"""
    return max(x, 0) + math.log1p(math.exp(-abs(x)))
''',
    "logaddexp": '''
def logaddexp(x, y):
    """log(exp(x) + exp(y)), without its overflow"""
    return max(x, y) + math.log1p(math.exp(-abs(x - y)))
''',
    "sech": '''
def sech(x):
    """1/cosh(x), without its overflow"""
    t = math.exp(-abs(x))
    return 2 * t / (1 + t * t)
''',
    "csch": '''
def csch(x):
    """1/sinh(x), without its overflow"""
    t = math.exp(-abs(x))
    return math.copysign(2 * t / -math.expm1(-2 * abs(x)), x)
''',
    "digamma": '''
def digamma(x):
    """The derivative of lgamma: its asymptotic series, where recurrence and reflection have led to (DLMF 5.5, 5.11)"""
    if x <= 0:
        return digamma(1 - x) - math.pi / math.tan(math.pi * x)
    shift = 0.0
    while x < 12:
        shift += 1 / x
        x += 1
    t = 1 / (x * x)
    series = t * (1/12 - t * (1/120 - t * (1/252 - t * (1/240 - t * (1/132 - t * 691/32760)))))
    return math.log(x) - 1 / (2 * x) - series - shift
''',
}


def literal(value: Fraction) -> str:
    """A number as Python reads it back: a whole one as it is, others as the nearest float."""
    if value.denominator == 1 and abs(value) < WHOLE:
        return str(value.numerator)
    try:
        return repr(float(value))
    except OverflowError:
        return "math.inf"


PYTHON = Language(
    name="python",
    functions={
        **{name: f"math.{name}" for name in (
            "exp", "expm1", "log", "log2", "log10", "log1p", "sqrt", "cbrt", "hypot", "sin", "cos", "tan", "asin",
            "acos", "atan", "atan2", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "floor", "ceil", "trunc",
            "erf", "erfc", "gamma", "lgamma", "fmod",
        )},
        "abs": "abs", "min": "min", "max": "max", "round": "round", "pow": "math.pow", "where": "({1} if {0} else {2})",
        "frac": "math.fmod({0}, 1)", "logsigmoid": "(-softplus(-({0})))", "relu": "max({0}, 0)",
    },
    literal=literal,
    constants={"pi": "math.pi", "e": "math.e"},
    helpers=HELPERS,
    imports={"math.": "import math"},
    operators={name: one for name, one in OPERATORS.items() if name not in ("matmul", "dot")} | {
        "remainder": (" % ", *BINARY["mul"][1:]),
    },
    lazy=True,
)  # fmt: skip
