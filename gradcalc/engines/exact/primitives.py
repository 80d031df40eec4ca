"""What the exact engine asks of Arb: one line for each function that is not written in others."""

from __future__ import annotations

import operator
from collections.abc import Callable

from flint import acb, arb

from gradcalc.engines.exact.ball import ONE, ZERO, Ball, Undecided, too_large
from gradcalc.engines.exact.transcendental import HIGHER

HUGE = arb((1, 1_000_000))  # more bits before the point than the last precision holds
GROWING = frozenset({"erfcx", "expi"})
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


ARB: dict[str, Callable[..., Ball]] = {
    "add": operator.add, "sub": operator.sub, "mul": operator.mul, "div": operator.truediv, "neg": operator.neg,
    "pow": finite(operator.pow),
    "abs": abs,
    "sign": lambda x: arb(sign(x)),
    "floor": _floor,
    "exp": near(arb.exp),
    "expm1": near(arb.expm1),
    "log": finite(arb.log),
    "log1p": finite(arb.log1p),
    "sqrt": finite(arb.sqrt),
    "cbrt": finite(_cbrt),
    "hypot": finite(lambda x, y: (x * x + y * y).sqrt()),
    "sin": near(arb.sin),
    "cos": near(arb.cos),
    "asin": finite(arb.asin),
    "acos": finite(arb.acos),
    "atan": finite(arb.atan),
    "atan2": finite(arb.atan2),
    "sinh": near(arb.sinh),
    "cosh": near(arb.cosh),
    "tanh": finite(arb.tanh),
    "asinh": finite(arb.asinh),
    "acosh": finite(arb.acosh),
    "atanh": finite(arb.atanh),
    "sinc": finite(arb.sinc_pi),
    "erf": finite(arb.erf),
    "erfc": near(lambda x: value if (value := arb.erfc(x)) > 0 else arb.nan()),
    "gamma": near(arb.gamma),
    "lgamma": near(lambda x: arb.lgamma(x) if x > 0 else acb(x).lgamma().real),
    "digamma": near(arb.digamma),
    "polygamma": finite(lambda n, x: acb(x).polygamma(acb(n)).real),
    # forms that do not cancel
    "softplus": near(_softplus),
    "logsigmoid": near(lambda x: -_softplus(-x)),
    "logaddexp": finite(_logaddexp),
    "logit": finite(lambda x: x.log() - (-x).log1p()),
    **{name: (near if name in GROWING else finite)(function) for name, function in HIGHER.items()},
}  # fmt: skip
CONSTANTS: dict[str, Callable[[], Ball]] = {"pi": arb.pi, "e": lambda: ONE.exp()}
COST = {  # of a function, as that of so many of the cheapest
    "gamma": 200, "factorial": 200, "lgamma": 200, "digamma": 700, "polygamma": 700, "erf": 3, "erfc": 3, "gelu": 3,
    "ndtr": 3, "log_ndtr": 5, "betaln": 600, "beta": 600, "erfinv": 10, "erfcx": 25, "ndtri": 10, "gammainc": 4,
    "gammaincc": 4, "gammainc_derivative": 700, "betainc": 16, "bessely": 34, "besselk": 10, "zeta": 3000,
    "zeta_derivative": 3000, "lambertw": 3, "expi": 60, "expint": 16,
}  # fmt: skip
