"""The functions of numbers: value and partial derivatives in ball arithmetic, one row a function."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from gradcalc.engines.exact.ball import ONE, ZERO, Ball, rational
from gradcalc.tracing.rules import FROZEN, NAN, STEPPED, Partial, Pointwise, Product, Rule, Step, Where, truth

NEGATIVE_INFINITY, INFINITY = Ball("-inf"), Ball("inf")
HALF = rational(Fraction(1, 2))
INFINITE_PLACES: dict[str, Callable[[bool], Ball]] = {  # limits that Arb gives no number for
    "exp": lambda up: INFINITY if up else ZERO,
    "log": lambda up: INFINITY if up else NAN,
    "erf": lambda up: ONE if up else -ONE,
    "atan": lambda up: Ball.pi() / 2 if up else -Ball.pi() / 2,
    "sqrt": lambda up: INFINITY if up else NAN,
    "rsqrt": lambda up: ZERO if up else NAN,
}


def limited(name: str, function: Callable[[Ball], Ball]) -> Callable[[Ball], Ball]:
    """A function with its limits at infinity."""
    limit = INFINITE_PLACES[name]
    return lambda x: function(x) if x.is_finite() or x.is_nan() or not x.is_exact() else limit(x > 0)


def _root(x: Ball) -> Ball:
    """The square root; a ball about 0 is taken for what of it is not negative."""
    return x.nonnegative_part().sqrt() if x.contains(0) and not x.is_exact() else _sqrt(x)


_sqrt = limited("sqrt", Ball.sqrt)


def _inside(function: Callable[[Ball], Ball]) -> Callable[[Ball], Ball]:
    """A function on [-1, 1]; of a ball about an end, what lies inside is taken."""

    def inside(x: Ball) -> Ball:
        if x.is_exact() or not abs(x).contains(1):
            return function(x)
        end = ONE if x > 0 else -ONE
        inner = x.lower() if x > 0 else x.upper()
        return function(end).union(function(inner if abs(inner) < 1 else end))

    return inside


def log(x: Ball) -> Ball:
    """The logarithm; minus infinity at 0, as what a mask holds."""
    return NEGATIVE_INFINITY if x.is_zero() else _log(x)


_log = limited("log", Ball.log)


def power(x: Ball, y: Ball) -> Ball:
    """x to the power y; a whole y takes any x."""
    if y.is_integer():
        return ONE if y.is_zero() else x ** int(float(y)) if abs(y) < 2**31 else x**y
    if x.is_zero():
        return ZERO if y > 0 else NAN
    return x**y


def _power_by_base(x: Ball, y: Ball, value: Ball) -> Ball:
    return ZERO if y.is_zero() else y * power(x, y - 1)


def _power_by_exponent(x: Ball, y: Ball, value: Ball) -> Ball:
    if x.is_zero():
        return ZERO if y > 0 else NAN
    return value * x.log()


def sigmoid(x: Ball) -> Ball:
    """1 / (1 + exp(-x))."""
    return ONE / (ONE + exp(-x))


exp, erf, atan = limited("exp", Ball.exp), limited("erf", Ball.erf), limited("atan", Ball.atan)


def polygamma(order: int, x: Ball) -> Ball:
    """The derivative of an order of digamma, by the Hurwitz zeta function."""
    return x.digamma() if order == 0 else Ball(order).fac() * (-1) ** (order + 1) * Ball(order + 1).zeta(x)


def _lgamma(x: Ball) -> Ball:
    """log |gamma(x)|, by reflection left of 0."""
    return x.lgamma() if x > 0 else (Ball.pi() / abs(x.sin_pi())).log() - (ONE - x).lgamma()


def _bessel(order: int, scaled: bool = False) -> Callable[[Ball], Ball]:
    return lambda x: x.bessel_i(Ball(order)) * (exp(-abs(x)) if scaled else ONE)


def _sinc_slope(x: Ball, value: Ball) -> Ball:
    return ZERO if x.is_zero() else (x.cos_pi() - value) / x


LOG2, LOG10 = Ball.const_log2, Ball.const_log10


def _bell(x: Ball) -> Ball:
    """The derivative of erf."""
    return 2 * exp(-x * x) / Ball.const_sqrt_pi()


Row = tuple[Callable[..., Ball], *tuple[Partial, ...]]
ROWS: dict[str, Row] = {  # name: value, and the partial derivative by each argument, given the arguments and the value
    "add": (lambda a, b: a + b, 1, 1),
    "sub": (lambda a, b: a - b, 1, -1),
    "div": (lambda a, b: a / b, lambda a, b, v: 1 / b, lambda a, b, v: -v / b),
    "neg": (lambda x: -x, -1),
    "pow": (power, _power_by_base, _power_by_exponent),
    "exp": (exp, lambda x, v: v),
    "exp2": (lambda x: exp(x * LOG2()), lambda x, v: v * LOG2()),
    "expm1": (Ball.expm1, lambda x, v: v + 1),
    "log": (log, lambda x, v: 1 / x),
    "log1p": (lambda x: log(1 + x) if x.is_exact() and not x.is_finite() else x.log1p(), lambda x, v: 1 / (1 + x)),
    "log2": (lambda x: log(x) / LOG2(), lambda x, v: 1 / (x * LOG2())),
    "log10": (lambda x: log(x) / LOG10(), lambda x, v: 1 / (x * LOG10())),
    "sqrt": (_root, lambda x, v: HALF / v),
    "rsqrt": (limited("rsqrt", Ball.rsqrt), lambda x, v: -HALF * v / x),
    "reciprocal": (lambda x: 1 / x, lambda x, v: -v * v),
    "square": (lambda x: x * x, lambda x, v: 2 * x),
    "sin": (Ball.sin, lambda x, v: x.cos()),
    "cos": (Ball.cos, lambda x, v: -x.sin()),
    "tan": (Ball.tan, lambda x, v: 1 + v * v),
    "asin": (_inside(Ball.asin), lambda x, v: (1 - x * x).rsqrt()),
    "acos": (_inside(Ball.acos), lambda x, v: -(1 - x * x).rsqrt()),
    "atan": (atan, lambda x, v: 1 / (1 + x * x)),
    "sinh": (Ball.sinh, lambda x, v: x.cosh()),
    "cosh": (Ball.cosh, lambda x, v: x.sinh()),
    "tanh": (Ball.tanh, lambda x, v: 1 - v * v if abs(x) < 1 else x.sech() ** 2),
    "asinh": (Ball.asinh, lambda x, v: (1 + x * x).rsqrt()),
    "acosh": (Ball.acosh, lambda x, v: (x * x - 1).rsqrt()),
    "atanh": (Ball.atanh, lambda x, v: 1 / (1 - x * x)),
    "sigmoid": (sigmoid, lambda x, v: v * sigmoid(-x)),
    "erf": (erf, lambda x, v: _bell(x)),
    "erfc": (lambda x: x.erfc(), lambda x, v: -_bell(x)),
    "erfinv": (lambda x: x.erfinv(), lambda x, v: 1 / _bell(v)),
    "lgamma": (_lgamma, lambda x, v: x.digamma()),
    "digamma": (Ball.digamma, lambda x, v: polygamma(1, x)),
    "trigamma": (lambda x: polygamma(1, x), lambda x, v: polygamma(2, x)),
    "sinc": (Ball.sinc_pi, _sinc_slope),
    "i0": (_bessel(0), lambda x, v: x.bessel_i(ONE)),
    "i1": (_bessel(1), lambda x, v: x.bessel_i(ZERO) - v / x),
    "atan2": (Ball.atan2, lambda y, x, v: x / (x * x + y * y), lambda y, x, v: -y / (x * x + y * y)),
}  # fmt: skip


def _three_way(low: int, equal: int, high: int) -> tuple[Callable[[Ball, Ball], Ball | None], Callable[..., Ball]]:
    """A comparison by its results where a < b, a == b, a > b; equal ones count as equal until decided.

    What is no number is neither less nor greater nor equal.
    """
    results = [truth(bool(one)) for one in (low, equal, high)]
    of_none = truth(bool(low and high))

    def decide(a: Ball, b: Ball) -> Ball | None:
        return results[0] if a < b else results[2] if a > b else of_none if a.is_nan() or b.is_nan() else None

    return decide, lambda a, b: results[1]


def _whole(function: Callable[[Ball], Ball]) -> Callable[[Ball], Ball | None]:
    """A rounding, None where it jumps: its result on either side differs."""

    def decide(x: Ball) -> Ball | None:
        if not x.is_finite():
            return x
        below, above = function(x - TINY), function(x + TINY)
        return below if below.is_exact() and (below - above).is_zero() else None

    return decide


TINY = Ball((1, -300))
COMPARISONS = {"eq": (0, 1, 0), "ne": (1, 0, 1), "lt": (1, 0, 0), "le": (1, 1, 0), "gt": (0, 0, 1), "ge": (0, 1, 1)}


def _rounded(x: Ball) -> Ball:
    """To the nearest whole number, halves to even."""
    low = (x.mid() + HALF).floor()
    return low - 1 if (x.mid() + HALF - low).is_zero() and not (low / 2).is_integer() else low


def _truncated(x: Ball) -> Ball:
    return x.mid().floor() if x.mid() > 0 else x.mid().ceil()


STEPS: dict[str, Rule] = {
    **{name: Step(name, *_three_way(*signs)) for name, signs in COMPARISONS.items()},
    "beyond": Step("beyond", lambda a, b: truth(not a <= b), lambda a, b: ZERO),  # part of a definition: no tie
    "isnan": Step("isnan", lambda x: truth(x.is_nan()), lambda x: ZERO),
    "floor": Step("floor", _whole(Ball.floor), lambda x: x.mid().floor()),
    "ceil": Step("ceil", _whole(Ball.ceil), lambda x: x.mid().ceil()),
    "round": Step("round", _whole(lambda x: (x + HALF).floor()), _rounded),
    "trunc": Step("trunc", _whole(_truncated), _truncated),
    "integer": Step("integer", _whole(_truncated), _truncated, FROZEN),
    "sign": Step("sign", lambda x: ONE if x > 0 else -ONE if x < 0 else None, lambda x: ZERO, STEPPED),
    "logical_not": Step("logical_not", lambda x: truth(x.is_zero()), lambda x: ZERO),
    "logical_and": Step("logical_and", lambda a, b: truth(not (a.is_zero() or b.is_zero())), lambda a, b: ZERO),
    "logical_or": Step("logical_or", lambda a, b: truth(not (a.is_zero() and b.is_zero())), lambda a, b: ZERO),
    "logical_xor": Step("logical_xor", lambda a, b: truth(a.is_zero() != b.is_zero()), lambda a, b: ZERO),
}  # fmt: skip
FUNCTIONS: dict[str, Rule] = {
    "mul": Product("mul", lambda a, b: a * b, (1, 1)),
    "where": Where(),
    **{name: Pointwise(name, row[0], tuple(row[1:])) for name, row in ROWS.items()},
    **STEPS,
}
