"""What the exact engine asks of mpmath: one line for each function that is not written in others."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from mpmath.ctx_mp import MPContext

MANY_TERMS = 1000  # of a series, more of which take long
FAR = 2**20  # e**-FAR is below every precision in use


def _exp(context: MPContext, x: Any) -> Any:
    """The exponential function; mpmath's own multiplies out whole powers of e, which takes seconds far out."""
    if abs(x) < FAR:
        return context.exp(x)
    with context.extraprec(context.mag(x) + 10):
        halvings = context.nint(x / context.ln2)
        rest = context.exp(x - halvings * context.ln2)
    return context.ldexp(+rest, int(halvings))


def _expm1(context: MPContext, x: Any) -> Any:
    return context.expm1(x) if abs(x) < FAR else _exp(context, x) - 1


def _sinh(context: MPContext, x: Any) -> Any:
    return context.sinh(x) if abs(x) < FAR else context.sign(x) * _cosh(context, x)


def _cosh(context: MPContext, x: Any) -> Any:
    return context.cosh(x) if abs(x) < FAR else _exp(context, x if x > 0 else context.fneg(x, exact=True)) / 2


def power(context: MPContext, base: Any, exponent: Any) -> Any:
    """base ** exponent with a base that is not 0; a negative one takes whole exponents."""
    if abs(exponent) < FAR:
        return context.power(base, exponent)
    with context.extraprec(context.mag(exponent) + abs(context.mag(base)).bit_length() + 10):
        size = _exp(context, exponent * context.log(abs(base)))
    odd = base < 0 and context.nint(exponent) % 2 == 1
    return -size if odd else +size


def _cbrt(context: MPContext, x: Any) -> Any:
    return -context.cbrt(-x) if x < 0 else context.cbrt(x)


def _lgamma(context: MPContext, x: Any) -> Any:
    return context.re(context.loggamma(x))


def _erfc(context: MPContext, x: Any) -> Any:
    """The complementary error function; mpmath's own overflows far out.

    Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.23.
    """
    if x < FAR:
        return context.erfc(x)
    square = context.fmul(x, x, exact=True)
    total, term = context.zero, context.one
    for odd in itertools.count(1, 2):
        total += term
        if abs(term) < context.eps:
            break
        term *= -odd / (2 * square)
    return _exp(context, context.fneg(square, exact=True)) * total / (x * context.sqrt(context.pi))


def _polygamma(context: MPContext, order: int, x: Any) -> Any:
    """The derivative of digamma of that order; a high one by its series, where mpmath's own way takes minutes.

    Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 6.4.10.
    """
    if order and x < -MANY_TERMS and order < MANY_TERMS:
        return _reflected(context, order, x)
    if order * 2 < context.prec or abs(x) > MANY_TERMS:
        return context.psi(order, x)
    total, term = context.zero, context.inf
    place = context.convert(x)
    while place <= 0 or abs(term) > context.eps * abs(total):
        term = power(context, place, context.mpf(-order - 1))
        total, place = total + term, context.fadd(place, 1, exact=True)
    sign = 1 if order % 2 else -1
    return sign * context.gamma(order + 1) * total


def _reflected(context: MPContext, order: int, x: Any) -> Any:
    """polygamma far below 0 from its value at 1 - x; mpmath would take a step for each whole number between.

    Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 6.4.7.
    """
    with context.extraprec((order + 2) * context.mag(x) + 64):  # the two terms may differ by that much
        cotangent = context.cot(context.pi * x)
        coefficients = [0, 1]  # of the derivatives of the cotangent, as polynomials in it
        for _ in range(order):
            slopes = [*(degree * each for degree, each in enumerate(coefficients)), 0, 0, 0][1:]
            coefficients = [-slopes[k] - (slopes[k - 2] if k > 1 else 0) for k in range(len(coefficients) + 1)]
        bend = context.pi ** (order + 1) * context.polyval(coefficients[::-1], cotangent)
        value = (-1) ** order * context.psi(order, 1 - x) - bend
    return +value


MPMATH: dict[str, Callable[..., Any]] = {
    "exp": _exp,
    "expm1": _expm1,
    "log": lambda c, x: c.log(x),
    "log1p": lambda c, x: c.log1p(x),
    "sqrt": lambda c, x: c.sqrt(x),
    "cbrt": _cbrt,
    "hypot": lambda c, x, y: c.hypot(x, y),
    "sin": lambda c, x: c.sin(x),
    "cos": lambda c, x: c.cos(x),
    "tan": lambda c, x: c.tan(x),
    "asin": lambda c, x: c.asin(x),
    "acos": lambda c, x: c.acos(x),
    "atan": lambda c, x: c.atan(x),
    "atan2": lambda c, y, x: c.atan2(y, x),
    "sinh": _sinh,
    "cosh": _cosh,
    "tanh": lambda c, x: c.tanh(x),
    "asinh": lambda c, x: c.asinh(x),
    "acosh": lambda c, x: c.acosh(x),
    "atanh": lambda c, x: c.atanh(x),
    "erf": lambda c, x: c.erf(x),
    "erfc": _erfc,
    "gamma": lambda c, x: c.gamma(x),
    "lgamma": _lgamma,
    "digamma": lambda c, x: c.psi(0, x),
    "polygamma": lambda c, n, x: _polygamma(c, int(c.nint(n)), x),
}
CLOSELY = frozenset(  # they grow fast, swing or have poles: their argument must be known within a small distance
    {"exp", "expm1", "sin", "cos", "tan", "sinh", "cosh", "erfc", "gamma", "lgamma", "digamma", "polygamma"}
)
MOST_BITS = {  # where more take seconds
    "gamma": 1536, "factorial": 1536, "lgamma": 1536, "digamma": 1536, "polygamma": 1536,
    "beta": 1536, "betaln": 1536, "erf": 4608, "erfc": 4608, "gelu": 4608, "ndtr": 4608, "log_ndtr": 4608,
}  # fmt: skip
