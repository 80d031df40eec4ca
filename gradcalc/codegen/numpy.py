"""Python on NumPy's arrays; what NumPy lacks is SciPy's."""

from __future__ import annotations

from gradcalc.codegen import numpy_arrays
from gradcalc.codegen.language import Language
from gradcalc.codegen.python import literal

HELPERS = {
    "sigmoid": '''
def sigmoid(x):
    """1/(1 + exp(-x)), without its overflow"""
    t = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, t) / (1 + t)
''',
    "softplus": '''
def softplus(x):
    """log(1 + exp(x)), without its overflow"""
    return np.logaddexp(0, x)
''',
    "sech": '''
def sech(x):
    """1/cosh(x), without its overflow"""
    t = np.exp(-np.abs(x))
    return 2 * t / (1 + t * t)
''',
    "csch": '''
def csch(x):
    """1/sinh(x), without its overflow"""
    t = np.exp(-np.abs(x))
    return np.copysign(2 * t / -np.expm1(-2 * np.abs(x)), x)
''',
}
SPECIAL = {
    "erf": "erf", "erfc": "erfc", "erfinv": "erfinv", "erfcx": "erfcx", "gamma": "gamma", "lgamma": "gammaln",
    "digamma": "digamma", "polygamma": "polygamma", "ndtr": "ndtr", "log_ndtr": "log_ndtr", "ndtri": "ndtri",
    "gammainc": "gammainc", "gammaincc": "gammaincc", "betainc": "betainc", "betaln": "betaln", "beta": "beta",
    "besselj": "jv", "bessely": "yv", "besseli": "iv", "besselk": "kv", "i0": "i0", "i0e": "i0e", "i1": "i1",
    "i1e": "i1e", "expi": "expi", "expint": "expn", "zeta": "zeta", "xlogy": "xlogy", "entr": "entr",
    "rel_entr": "rel_entr", "logit": "logit",
}  # fmt: skip
NUMPY = Language(
    name="numpy",
    functions={
        **{name: f"np.{name}" for name in (
            "exp", "expm1", "log", "log2", "log10", "log1p", "sqrt", "cbrt", "hypot", "sin", "cos", "tan", "sinh",
            "cosh", "tanh", "abs", "sign", "floor", "ceil", "round", "trunc", "fmod", "remainder", "heaviside", "sinc",
            "logaddexp", "where",
        )},
        **{name: f"np.arc{name[1:]}" for name in ("asin", "acos", "atan", "atan2", "asinh", "acosh", "atanh")},
        **{name: f"special.{one}" for name, one in SPECIAL.items()},
        "min": "np.minimum", "max": "np.maximum", "clamp": "np.clip", "relu": "np.maximum({0}, 0)",
        "logsigmoid": "(-softplus(-({0})))", "lambertw": "special.lambertw({0}, {1}).real",
        **numpy_arrays.arrays("np", "scipy.linalg", "special.softmax", "special.log_softmax", "special.logsumexp"),
        "softmax": lambda a, axis: f"special.softmax({a}, axis={axis})",
    },
    literal=literal,
    constants={"pi": "np.pi", "e": "np.e"},
    helpers=HELPERS | numpy_arrays.helpers("np"),
    imports={"math.": "import math", "np.": "import numpy as np", "scipy.linalg.": "import scipy.linalg",
             "special.": "from scipy import special"},
    whole=frozenset({"expint"}),
)  # fmt: skip
