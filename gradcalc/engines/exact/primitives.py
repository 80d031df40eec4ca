"""What the exact engine asks of Arb: one line for each function that is not written in others."""

from __future__ import annotations

import operator
from collections.abc import Callable

from flint import acb, arb

from gradcalc.engines.exact.ball import ONE, ZERO, Ball, Undecided, too_large
from gradcalc.engines.exact.transcendental import HIGHER, erfcx

HUGE = arb((1, 1_000_000))  # more bits before the point than the last precision holds
GROWING = ("erfcx", "expi")
SWING = arb((1, -4))  # the radius of a sine whose argument is not known


def sign(x: Ball) -> int:
    """-1, 0 or 1. Raises Undecided where the ball holds zero and more."""
    if x > 0:
        return 1
    if x < 0:
        return -1
    if x.is_zero():
        return 0
    raise Undecided


def _floor(x: Ball) -> Ball:
    """The greatest integer not above `x`. Raises Undecided where an integer lies within the radius."""
    whole = x.floor()
    if not whole.is_exact():
        raise Undecided
    return whole


def _cbrt(x: Ball) -> Ball:
    side = sign(x)
    return x.root(3) if side > 0 else -(-x).root(3) if side else ZERO


def _softplus(x: Ball) -> Ball:
    return x + (-x).exp().log1p() if x > 0 else x.exp().log1p()


def _erfc(x: Ball) -> Ball:
    """The complement of the error function; far out, where Arb takes it for 0, by `erfcx`."""
    value = arb.erfc(x)
    if not value > 0 and x > 1:
        value = erfcx(x) * (-x * x).exp()
    return value if value > 0 else arb.nan()


def _logaddexp(x: Ball, y: Ball) -> Ball:
    """By its larger argument, so that nothing overflows."""
    high, low = (x, y) if x.mid() > y.mid() else (y, x)
    return high + (low - high).exp().log1p()


def finite(function: Callable[..., Ball]) -> Callable[..., Ball]:
    """The function; Undecided where more precision is needed to say anything of its value."""

    def bounded(*arguments: Ball) -> Ball:
        value = function(*arguments)
        if not value.is_finite():
            raise Undecided(large=True)
        return value

    return bounded


def near(function: Callable[[Ball], Ball]) -> Callable[[Ball], Ball]:
    """A function that grows fast, swings or has poles: LimitError where the whole part of its argument is too long."""

    def bounded(x: Ball) -> Ball:
        value = function(x)
        if value.is_finite() and (value.rad() < SWING or not -2 < value < 2):
            return value
        if abs(x) > HUGE:
            raise too_large()
        raise Undecided(large=True)

    return bounded


FINITE: dict[str, Callable[..., Ball]] = {
    "pow": operator.pow,
    "log": arb.log,
    "log1p": arb.log1p,
    "sqrt": arb.sqrt,
    "cbrt": _cbrt,
    "hypot": lambda x, y: (x * x + y * y).sqrt(),
    "asin": arb.asin,
    "acos": arb.acos,
    "atan": arb.atan,
    "atan2": arb.atan2,
    "tanh": arb.tanh,
    "asinh": arb.asinh,
    "acosh": arb.acosh,
    "atanh": arb.atanh,
    "sinc": arb.sinc_pi,
    "erf": arb.erf,
    "polygamma": lambda n, x: acb(x).polygamma(acb(n)).real,
    # forms that do not cancel
    "logaddexp": _logaddexp,
    "logit": lambda x: x.log() - (-x).log1p(),
    **{name: function for name, function in HIGHER.items() if name not in GROWING},
}
NEAR: dict[str, Callable[..., Ball]] = {
    "exp": arb.exp,
    "expm1": arb.expm1,
    "sin": arb.sin,
    "cos": arb.cos,
    "sinh": arb.sinh,
    "cosh": arb.cosh,
    "erfc": _erfc,
    "gamma": arb.gamma,
    "lgamma": lambda x: arb.lgamma(x) if x > 0 else acb(x).lgamma().real,
    "digamma": arb.digamma,
    "softplus": _softplus,  # forms that do not cancel
    "logsigmoid": lambda x: -_softplus(-x),
    **{name: HIGHER[name] for name in GROWING},
}
ARB: dict[str, Callable[..., Ball]] = {
    "add": operator.add, "sub": operator.sub, "mul": operator.mul, "div": operator.truediv, "neg": operator.neg,
    "abs": abs,
    "sign": lambda x: arb(sign(x)),
    "floor": _floor,
    **{name: finite(function) for name, function in FINITE.items()},
    **{name: near(function) for name, function in NEAR.items()},
}  # fmt: skip
WIDER = frozenset({  # Arb has finite values of these outside the domain of the row
    "atan2", "gammainc", "gammaincc", "gammainc_derivative", "betainc", "polygamma", "lambertw", "zeta",
    "zeta_derivative", "expint", "besselj", "bessely", "besseli", "besselk",
})  # fmt: skip
UNCHECKED = {name: one for name, one in (FINITE | {"div": operator.truediv}).items() if name not in WIDER}
CONSTANTS: dict[str, Callable[[], Ball]] = {"pi": arb.pi, "e": lambda: ONE.exp()}
COST = {  # of a function, as that of so many of the cheapest
    "gamma": 200, "factorial": 200, "lgamma": 200, "digamma": 700, "polygamma": 700, "erf": 3, "erfc": 3, "gelu": 3,
    "ndtr": 3, "log_ndtr": 5, "betaln": 600, "beta": 600, "erfinv": 10, "erfcx": 25, "ndtri": 10, "gammainc": 4,
    "gammaincc": 4, "gammainc_derivative": 700, "betainc": 16, "bessely": 34, "besselk": 10, "zeta": 3000,
    "zeta_derivative": 3000, "lambertw": 3, "expi": 60, "expint": 16,
}  # fmt: skip
