"""An evaluation of expressions that shares nothing with gradcalc's own: mpmath's functions, and a walk of ten lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import mpmath
from mpmath import mpf

from gradcalc.base.limits import Limits
from gradcalc.functions import CATALOGUE
from gradcalc.functions.function import rule
from gradcalc.problem.resolve import read
from gradcalc.syntax.tree import Constant, Name, Node, Number

Real = Any  # mpmath's number


class NoValue(Exception):
    """The point is outside the domain."""


def inside(domain: Callable[..., bool], function: Callable[..., Real]) -> Callable[..., Real]:
    """The function, restricted to a domain."""

    def restricted(*arguments: Real) -> Real:
        if not domain(*arguments):
            raise NoValue
        return function(*arguments)

    return restricted


def no_pole(x: Real) -> bool:
    return bool(x > 0 or x != mpmath.floor(x))


def power(x: Real, y: Real) -> Real:
    if x > 0:
        return mpmath.power(x, y)
    if x == 0 and y >= 0:
        return mpf(int(y == 0))
    if x == 0 or y != mpmath.floor(y):
        raise NoValue
    return (-1) ** (int(y) % 2) * mpmath.power(-x, y)


def softplus(x: Real) -> Real:
    return max(x, mpf(0)) + mpmath.log1p(mpmath.exp(-abs(x)))


def selu(x: Real) -> Real:
    scale = mpf("1.0507009873554804934193349852946")  # Klambauer et al., 2017, appendix A1
    slope = mpf("1.6732632423543772848170429916717")
    return scale * (x if x > 0 else slope * mpmath.expm1(x))


def hardsigmoid(x: Real) -> Real:
    return min(max(x + 3, mpf(0)), mpf(6)) / 6


def huber(p: Real, y: Real, d: Real) -> Real:
    within, beyond = min(abs(p - y), d), max(abs(p - y) - d, mpf(0))
    return within**2 / 2 + d * beyond


def shares(x: Real, y: Real) -> bool:
    return bool((x > 0 and y > 0) or (x == 0 and y >= 0))


def rel_entr(x: Real, y: Real) -> Real:
    return x * (mpmath.log(x) - mpmath.log(y)) if x else mpf(0)


def gammainc_derivative(n: Real, a: Real, x: Real) -> Real:
    """By differences with twice the digits."""
    digits = mpmath.mp.dps
    with mpmath.workdps(digits * (n + 2)):
        step = mpf(10) ** -(digits * (n + 2) / (n + 1))
        places = [a + (n / 2 - k) * step for k in range(int(n) + 1)]
        terms = [
            (-1) ** k * mpmath.binomial(n, k) * mpmath.gammainc(one, 0, x, regularized=True)
            for k, one in enumerate(places)
        ]
        return mpmath.fsum(terms) / step**n


def bessel(function: Callable[..., Real]) -> Callable[..., Real]:
    """A Bessel function that is real for negative arguments where its order is whole."""
    return inside(
        lambda n, x: x > 0 or n == mpmath.floor(n) or (x == 0 and n > 0), lambda n, x: mpmath.re(function(n, x))
    )


def lambertw(x: Real, k: Real) -> Real:
    if x < -mpmath.exp(-1) or (k, x < 0) not in ((0, True), (0, False), (-1, True)):
        raise NoValue
    return mpmath.re(mpmath.lambertw(x, int(k)))


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "add": lambda x, y: x + y, "sub": lambda x, y: x - y, "mul": lambda x, y: x * y, "neg": lambda x: -x,
    "div": inside(lambda x, y: y != 0, lambda x, y: x / y), "pow": power,
    "lt": lambda x, y: x < y, "le": lambda x, y: x <= y, "gt": lambda x, y: x > y,
    "ge": lambda x, y: x >= y, "eq": lambda x, y: x == y, "ne": lambda x, y: x != y,
    "exp": mpmath.exp, "expm1": mpmath.expm1,
    "log": inside(lambda x: x > 0, mpmath.log), "log1p": inside(lambda x: x > -1, mpmath.log1p),
    "log2": inside(lambda x: x > 0, lambda x: mpmath.log(x, 2)), "log10": inside(lambda x: x > 0, mpmath.log10),
    "sqrt": inside(lambda x: x >= 0, mpmath.sqrt), "hypot": mpmath.hypot,
    "cbrt": lambda x: mpmath.sign(x) * mpmath.cbrt(abs(x)),
    "sin": mpmath.sin, "cos": mpmath.cos, "tan": mpmath.tan, "sec": mpmath.sec,
    "cot": inside(lambda x: x != 0, mpmath.cot), "csc": inside(lambda x: x != 0, mpmath.csc),
    "asin": inside(lambda x: abs(x) <= 1, mpmath.asin), "acos": inside(lambda x: abs(x) <= 1, mpmath.acos),
    "atan": mpmath.atan, "acot": inside(lambda x: x != 0, mpmath.acot),
    "asec": inside(lambda x: abs(x) >= 1, mpmath.asec), "acsc": inside(lambda x: abs(x) >= 1, mpmath.acsc),
    "atan2": inside(lambda y, x: x != 0 or y != 0, mpmath.atan2),
    "sinh": mpmath.sinh, "cosh": mpmath.cosh, "tanh": mpmath.tanh, "sech": mpmath.sech,
    "coth": inside(lambda x: x != 0, mpmath.coth), "csch": inside(lambda x: x != 0, mpmath.csch),
    "asinh": mpmath.asinh, "acosh": inside(lambda x: x >= 1, mpmath.acosh),
    "atanh": inside(lambda x: abs(x) < 1, mpmath.atanh), "acoth": inside(lambda x: abs(x) > 1, mpmath.acoth),
    "asech": inside(lambda x: 0 < x <= 1, mpmath.asech), "acsch": inside(lambda x: x != 0, mpmath.acsch),
    "abs": abs, "sign": mpmath.sign, "floor": mpmath.floor, "ceil": mpmath.ceil, "min": min, "max": max,
    "erf": mpmath.erf, "erfc": mpmath.erfc,
    "gamma": inside(no_pole, mpmath.gamma), "factorial": inside(lambda x: no_pole(x + 1), mpmath.factorial),
    "lgamma": inside(no_pole, lambda x: mpmath.log(abs(mpmath.gamma(x)))),
    "digamma": inside(no_pole, mpmath.digamma),
    "polygamma": inside(
        lambda n, x: n >= 0 and n == mpmath.floor(n) and no_pole(x), lambda n, x: mpmath.polygamma(int(n), x)
    ),
    "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)), "logsigmoid": lambda x: -softplus(-x), "softplus": softplus,
    "relu": lambda x: max(x, mpf(0)), "leaky_relu": lambda x, a: x if x > 0 else a * x,
    "elu": lambda x, a: x if x > 0 else a * mpmath.expm1(x), "selu": selu,
    "silu": lambda x: x / (1 + mpmath.exp(-x)), "gelu": lambda x: x * mpmath.ncdf(x),
    "mish": lambda x: x * mpmath.tanh(softplus(x)), "softsign": lambda x: x / (1 + abs(x)),
    "hardtanh": inside(lambda x, low, high: low < high, lambda x, low, high: min(max(x, low), high)),
    "logit": inside(lambda x: 0 < x < 1, lambda x: mpmath.log(x) - mpmath.log(1 - x)),
    "logaddexp": lambda x, y: max(x, y) + mpmath.log1p(mpmath.exp(-abs(x - y))),
    "bce": inside(lambda p, y: 0 < p < 1, lambda p, y: -(y * mpmath.log(p) + (1 - y) * mpmath.log(1 - p))),
    "mse": lambda p, y: (p - y) ** 2,
    "clamp": lambda x, low, high: min(max(x, low), high), "round": mpmath.nint,
    "trunc": lambda x: mpmath.sign(x) * mpmath.floor(abs(x)),
    "frac": lambda x: mpmath.sign(x) * (abs(x) - mpmath.floor(abs(x))),
    "remainder": inside(lambda x, y: y != 0, lambda x, y: x - y * mpmath.floor(x / y)),
    "fmod": inside(lambda x, y: y != 0, lambda x, y: x - y * mpmath.sign(x / y) * mpmath.floor(abs(x / y))),
    "heaviside": lambda x, y: y if x == 0 else mpf(int(x > 0)),
    "sinc": lambda x: mpmath.sincpi(x), "ndtr": mpmath.ncdf, "log_ndtr": lambda x: mpmath.log(mpmath.ncdf(x)),
    "beta": inside(lambda a, b: a > 0 and b > 0, mpmath.beta),
    "betaln": inside(lambda a, b: a > 0 and b > 0, lambda a, b: mpmath.log(mpmath.beta(a, b))),
    "relu6": lambda x: min(max(x, mpf(0)), mpf(6)), "hardsigmoid": hardsigmoid,
    "hardswish": lambda x: x * hardsigmoid(x),
    "celu": inside(lambda x, a: a != 0, lambda x, a: max(x, mpf(0)) + min(mpf(0), a * mpmath.expm1(x / a))),
    "softshrink": inside(lambda x, t: t >= 0, lambda x, t: mpmath.sign(x) * max(abs(x) - t, mpf(0))),
    "hardshrink": lambda x, t: mpf(0) if -t <= x <= t else x, "tanhshrink": lambda x: x - mpmath.tanh(x),
    "gelu_tanh": lambda x: x / 2 * (1 + mpmath.tanh(mpmath.sqrt(2 / mpmath.pi) * (x + mpf("0.044715") * x**3))),
    "huber": inside(lambda p, y, d: d > 0, huber),
    "smooth_l1": inside(lambda p, y, b: b >= 0, lambda p, y, b: huber(p, y, b) / b if b else abs(p - y)),
    "hinge": lambda y, t: max(mpf(0), 1 - y * t),
    "bce_with_logits": lambda z, y: y * softplus(-z) + (1 - y) * softplus(z),
    "xlogy": inside(lambda x, y: x == 0 or y > 0, lambda x, y: x * mpmath.log(y) if x else mpf(0)),
    "entr": inside(lambda x: x >= 0, lambda x: -x * mpmath.log(x) if x else mpf(0)),
    "erfinv": inside(lambda x: abs(x) < 1, mpmath.erfinv), "erfcx": lambda x: mpmath.exp(x**2) * mpmath.erfc(x),
    "ndtri": inside(lambda p: 0 < p < 1, lambda p: mpmath.sqrt(2) * mpmath.erfinv(2 * p - 1)),
    "gammainc": inside(lambda a, x: a > 0 and x >= 0, lambda a, x: mpmath.gammainc(a, 0, x, regularized=True)),
    "gammaincc": inside(lambda a, x: a > 0 and x >= 0, lambda a, x: mpmath.gammainc(a, x, regularized=True)),
    "gammainc_derivative": inside(lambda n, a, x: a > 0 and x >= 0, gammainc_derivative),
    "betainc": inside(
        lambda a, b, x: a > 0 and b > 0 and 0 <= x <= 1, lambda a, b, x: mpmath.betainc(a, b, 0, x, regularized=True)
    ),
    "besselj": bessel(mpmath.besselj), "besseli": bessel(mpmath.besseli),
    "bessely": inside(lambda n, x: x > 0, mpmath.bessely), "besselk": inside(lambda n, x: x > 0, mpmath.besselk),
    "i0": lambda x: mpmath.besseli(0, x), "i0e": lambda x: mpmath.exp(-abs(x)) * mpmath.besseli(0, x),
    "i1": lambda x: mpmath.besseli(1, x), "i1e": lambda x: mpmath.exp(-abs(x)) * mpmath.besseli(1, x),
    "zeta": inside(lambda s, q: s != 1 and q > 0, mpmath.zeta),
    "zeta_derivative": inside(lambda n, s, q: s != 1 and q > 0, lambda n, s, q: mpmath.zeta(s, q, int(n))),
    "lambertw": lambertw, "expi": inside(lambda x: x != 0, mpmath.ei),
    "expint": inside(lambda n, x: x > 0 or (x == 0 and n > 1), lambda n, x: mpmath.re(mpmath.expint(n, x))),
    "rel_entr": inside(shares, rel_entr), "kl_div": inside(shares, lambda x, y: rel_entr(x, y) - x + y),
}  # fmt: skip


def evaluate(node: Node, point: Mapping[str, Real]) -> Real:
    """The value of a tree at mpmath's working precision. Raises NoValue outside the domain."""
    if isinstance(node, Number):
        return mpf(node.value.numerator) / node.value.denominator
    if isinstance(node, Name):
        return point[node.name]
    if isinstance(node, Constant):
        return +(mpmath.pi if node.name == "pi" else mpmath.e)
    if node.function == "where":
        condition, yes, no = node.arguments
        return evaluate(yes if evaluate(condition, point) else no, point)
    return function(node.function)(*(evaluate(argument, point) for argument in node.arguments))


def function(name: str) -> Callable[..., Real]:
    """A function by its line here, or by the definition that its row has: such a row needs no line."""
    row = CATALOGUE[name]
    if name in FUNCTIONS or row.definition is None:
        return FUNCTIONS[name]
    return lambda *arguments: evaluate(rule(row.definition), dict(zip(row.parameters, arguments, strict=True)))


def derivative(root: Node, point: Mapping[str, Real], name: str, order: int = 1) -> Real:
    """The derivative of an order by one name, by a central difference.

    At n digits the step is 10**(-n / (order + 2)): truncation and rounding errors are then both about its square.
    """
    step = mpf(10) ** (-mpmath.mp.dps / (order + 2)) * max(1, abs(point[name]))
    terms = [
        (-1) ** k
        * mpmath.binomial(order, k)
        * evaluate(root, {**point, name: point[name] + (mpf(order) / 2 - k) * step})
        for k in range(order + 1)
    ]
    return mpmath.fsum(terms) / step**order


def tree(text: str) -> Node:
    """The tree of an expression."""
    return read(text, Limits()).root
