"""Arithmetic that rounds every operation to the digits of a format, and derives as torch does; nothing overflows."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from gradcalc.base.floating import to_even
from gradcalc.engines.exact.arithmetic import PLAIN, Arithmetic
from gradcalc.engines.exact.ball import Ball, Undecided, known, rational
from gradcalc.engines.exact.evaluation import AT_ONCE
from gradcalc.engines.exact.rules import SIGNS, Rules
from gradcalc.functions import ARRAY_FUNCTIONS, CATALOGUE
from gradcalc.functions.autograd import TORCH_RULES

WORKING = 256  # bits that an operation is computed with before it is rounded
SPARE = 16  # bits beyond those of the format that it must be known to


class _Rounded(Rules):
    """The catalogue's rules with every operation rounded; derivatives as torch works them out."""

    def text(self, name: str, index: int) -> str | None:
        own = TORCH_RULES.get(name)
        return super().text(name, index) if own is None else own[index]


@cache
def rounded(bits: int, native: frozenset[str]) -> Rules:
    """The rules with every operation rounded to so many bits; a `native` one is so as a whole."""

    def rounding(operation: Callable[..., Ball]) -> Callable[..., Ball]:
        return lambda *arguments: _nearest(operation(*arguments), bits)

    scalars = [name for name in CATALOGUE if name not in ARRAY_FUNCTIONS and name not in SIGNS and name != "where"]
    whole = [name for name in scalars if name in native or CATALOGUE[name].definition is None]
    operations = {name: rounding(AT_ONCE.operation(name)) for name in whole}
    constants = {name: _constant(make, bits) for name, make in PLAIN.constants.items()}
    return _Rounded(Arithmetic(lambda value: _nearest(rational(value), bits), constants, operations, PLAIN.sign))


def _constant(make: Callable[[], Ball], bits: int) -> Callable[[], Ball]:
    return lambda: _nearest(make(), bits)


def _nearest(ball: Ball, bits: int) -> Ball:
    """The nearest number of so many bits, ties to even. Raises Undecided where it is not known which that is."""
    if not known(ball, bits + SPARE) and not ball.is_zero():
        raise Undecided
    mantissa, exponent = ball.mid().man_exp()
    spare = mantissa.bit_length() - bits
    if spare <= 0:
        return ball.mid()
    return Ball((to_even(int(mantissa), 1 << spare), exponent + spare))
