"""What the exact engine asks of mpmath: one line for each function that is not written in others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mpmath.ctx_mp import MPContext


def _cbrt(context: MPContext, x: Any) -> Any:
    return -context.cbrt(-x) if x < 0 else context.cbrt(x)


def _lgamma(context: MPContext, x: Any) -> Any:
    return context.re(context.loggamma(x))


MPMATH: dict[str, Callable[..., Any]] = {
    "exp": lambda c, x: c.exp(x),
    "expm1": lambda c, x: c.expm1(x),
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
    "sinh": lambda c, x: c.sinh(x),
    "cosh": lambda c, x: c.cosh(x),
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
