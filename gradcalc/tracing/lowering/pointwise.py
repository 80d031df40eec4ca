"""Element by element: arithmetic, elementary and special functions, comparisons, activations."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from gradcalc.tracing.pointwise import FUNCTIONS
from gradcalc.tracing.rules import Pointwise
from gradcalc.tracing.terms import Term, pointwise

Lowering = Callable[..., Any]
ROOT_HALF = math.sqrt(0.5)


def named(name: str) -> Lowering:
    """The function of that name, of as many arrays as it takes."""
    rule = FUNCTIONS[name]
    count = len(rule.partials) if isinstance(rule, Pointwise) else 2 if name in PAIRS else 1

    def lower(*terms: Term | float, **_: Any) -> Term:
        first = next(one for one in terms if isinstance(one, Term))
        return pointwise(rule, *(one if isinstance(one, Term) else first.scalar(one) for one in terms[:count]))

    return lower


PAIRS = {"beyond", "eq", "ne", "lt", "le", "gt", "ge", "logical_and", "logical_or", "logical_xor"}


def add(a: Any, b: Any, alpha: float = 1, sign: int = 1) -> Term:
    """a + alpha * b."""
    first = next(one for one in (a, b) if isinstance(one, Term))
    a, b = (one if isinstance(one, Term) else first.scalar(one) for one in (a, b))
    if alpha != 1:
        b = b * alpha
    result: Term = a + b if sign > 0 else a - b
    return result


def _scaled_sum(x: Term, a: Term, b: Term, value: float = 1, divide: bool = False) -> Term:
    part = a / b if divide else a * b
    return x + (part if value == 1 else part * value)


def divided(a: Any, b: Any, rounding_mode: str | None = None) -> Term:
    """a / b, rounded or not."""
    quotient: Term = named("div")(a, b)
    return quotient if rounding_mode is None else quotient.apply(rounding_mode)


def remainder(a: Any, b: Any, name: str = "floor") -> Term:
    """What a division leaves, of the divisor's sign, or with `trunc` of the dividend's."""
    first = next(one for one in (a, b) if isinstance(one, Term))
    a, b = (one if isinstance(one, Term) else first.scalar(one) for one in (a, b))
    result: Term = a - b * (a / b).apply(name)
    return result


def clamp(x: Term, low: Any = None, high: Any = None) -> Term:
    """Between two bounds, each of which may be missing."""
    below = x if low is None else x.maximum(low)
    return below if high is None else below.minimum(high)


def logaddexp(a: Term, b: Term, base: float | None = None) -> Term:
    """log(exp(a) + exp(b))."""
    scale = 1.0 if base is None else math.log(base)
    if base is not None:
        return a.apply("exp2").__add__(b.apply("exp2")).apply("log2")
    return ((a * scale).exp() + (b * scale).exp()).log()


def xlogy(x: Any, y: Any, name: str = "log") -> Term:
    """x log(y), 0 where x is 0 whatever y is."""
    first = next(one for one in (x, y) if isinstance(one, Term))
    x, y = (one if isinstance(one, Term) else first.scalar(one) for one in (x, y))
    result: Term = x.apply("eq", 0.0).where(0.0, x * y.apply(name)) if x.tape.varies(x.read) else _xlogy(x, y, name)
    return result


def _xlogy(x: Term, y: Term, name: str) -> Term:
    """With constant x: no term where it is 0."""
    zero = x.apply("eq", 0.0)
    return x * zero.where(1.0, y).apply(name)


def lerp(a: Term, b: Term, weight: Term | float) -> Term:
    """From a to b."""
    return a + (b - a) * weight


def logit(x: Term, eps: float | None = None) -> Term:
    """log(x / (1 - x))."""
    y = x if eps is None else clamp(x, eps, 1 - eps)
    return (y / (-y + 1.0)).log()


def nan_to_num(x: Term, nan: float | None = None, posinf: float | None = None, neginf: float | None = None) -> Term:
    """Numbers as they are; infinities too, as torch has something else only where the truth is finite."""
    return x.apply("isnan").where(0.0 if nan is None else nan, x)


def power(x: Any, y: Any) -> Term:
    """x to the power y."""
    first = next(one for one in (x, y) if isinstance(one, Term))
    if y in (2, 2.0) and not isinstance(y, Term):
        return first.square()
    if y in (0.5,) and not isinstance(y, Term):
        return first.sqrt()
    result: Term = named("pow")(x, y)
    return result


def copysign(x: Term, y: Term | float) -> Term:
    """|x| with the sign of y."""
    sign = y.apply("ge", 0.0) if isinstance(y, Term) else x.scalar(float(math.copysign(1, y) > 0))
    size = x.abs()
    return sign.where(size, -size)


PLAIN = {  # ATen's name: the function's
    **{name: name for name in FUNCTIONS if name not in ("where", "integer", "trigamma")},
    "negative": "neg", "fix": "trunc", "special_erf": "erf", "special_erfc": "erfc", "special_expm1": "expm1",
    "special_log1p": "log1p", "special_i0": "i0", "special_i1": "i1", "special_erfinv": "erfinv",
    "special_digamma": "digamma", "special_gammaln": "lgamma", "special_psi": "digamma", "arctan2": "atan2",
    "sgn": "sign", "bitwise_not": "logical_not", "bitwise_and": "logical_and", "bitwise_or": "logical_or",
    "bitwise_xor": "logical_xor", "special_expit": "sigmoid", "greater": "gt", "less": "lt",
    "__and__": "logical_and", "__or__": "logical_or",
}  # fmt: skip
ROWS: dict[str, Lowering] = {
    **{name: named(function) for name, function in PLAIN.items()},
    "add": add,
    "sub": lambda a, b, alpha=1: add(a, b, alpha, -1),
    "rsub": lambda a, b, alpha=1: -add(a, b, alpha, -1) if alpha == 1 else add(-(a * alpha), b),
    "div": divided,
    "true_divide": divided,
    "floor_divide": lambda a, b: divided(a, b, "floor"),
    "remainder": remainder,
    "fmod": lambda a, b: remainder(a, b, "trunc"),
    "pow": power,
    "float_power": power,
    "abs": Term.abs,
    "absolute": Term.abs,
    "frac": lambda x: x - x.apply("trunc"),
    "where": lambda c, a, b: c.where(a, b),
    "maximum": Term.maximum,
    "minimum": Term.minimum,
    "fmax": Term.maximum,
    "fmin": Term.minimum,
    "clamp": clamp,
    "clip": clamp,
    "clamp_min": clamp,
    "clamp_max": lambda x, high: clamp(x, None, high),
    "logaddexp": logaddexp,
    "logaddexp2": lambda a, b: logaddexp(a, b, 2),
    "xlogy": xlogy,
    "special_xlogy": xlogy,
    "special_xlog1py": lambda x, y: xlogy(x, y, "log1p"),
    "special_entr": lambda x: -xlogy(x, x),
    "special_i0e": lambda x: x.apply("i0") * (-x.abs()).exp(),
    "special_erfcx": lambda x: x.square().exp() * x.apply("erfc"),
    "special_log_ndtr": lambda x: ((x * -ROOT_HALF).apply("erfc") * 0.5).log(),
    "special_ndtr": lambda x: (x * -ROOT_HALF).apply("erfc") * 0.5,
    "polygamma": lambda n, x: x.apply("trigamma" if n == 1 else "digamma"),
    "hypot": lambda a, b: (a.square() + b.square()).sqrt(),
    "lerp": lerp,
    "logit": logit,
    "addcmul": _scaled_sum,
    "addcdiv": lambda x, a, b, value=1: _scaled_sum(x, a, b, value, True),
    "deg2rad": lambda x: x * (math.pi / 180),
    "rad2deg": lambda x: x * (180 / math.pi),
    "nan_to_num": nan_to_num,
    "copysign": copysign,
    "heaviside": lambda x, at: x.apply("eq", 0.0).where(at, x.apply("gt", 0.0)),
    "isnan": named("isnan"),
}  # fmt: skip
