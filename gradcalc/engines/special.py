"""What the exact engine asks of mpmath: one line for each function that is not written in others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mpmath.ctx_mp import MPContext

LONG = 1 << 64  # from here on exp(x) - 1, 2 sinh(|x|) and 2 cosh(x) are exp(|x|), to billions of digits


def _exp(context: MPContext, x: Any) -> Any:
    """e to the x; mpmath multiplies out a power of e with a whole exponent, which takes minutes for a long one."""
    if abs(x) < LONG:
        return context.exp(x)
    return context.exp(context.fsub(x, 0.5, exact=True)) * context.exp(0.5)


def _expm1(context: MPContext, x: Any) -> Any:
    return context.expm1(x) if abs(x) < LONG else _exp(context, x) - 1


def _sinh(context: MPContext, x: Any) -> Any:
    return context.sinh(x) if abs(x) < LONG else context.sign(x) * _exp(context, abs(x)) / 2


def _cosh(context: MPContext, x: Any) -> Any:
    return context.cosh(x) if abs(x) < LONG else _exp(context, abs(x)) / 2


def _cbrt(context: MPContext, x: Any) -> Any:
    return -context.cbrt(-x) if x < 0 else context.cbrt(x)


def _lgamma(context: MPContext, x: Any) -> Any:
    return context.re(context.loggamma(x))


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
    "erfc": lambda c, x: c.erfc(x),
    "gamma": lambda c, x: c.gamma(x),
    "lgamma": _lgamma,
    "digamma": lambda c, x: c.psi(0, x),
    "polygamma": lambda c, n, x: c.psi(int(n), x),
}
