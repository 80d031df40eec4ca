"""Products with a shorter name: x**(p - 1)*x is x**p, exp(x)/sum(exp(x)) is softmax(x), sinh(x)/cosh(x) is tanh(x).

What merges comes as pieces to be multiplied: forms, and forms with the power that they are to be raised to.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TypeAlias

from gradcalc.calculus.matrix.form import UNIT, ZERO, Form, Powers, Product, Sum, apply, as_form, common, is_call
from gradcalc.calculus.matrix.ones import arguments, is_ones, lean
from gradcalc.calculus.matrix.sums import add, number, value

Pieces: TypeAlias = Sequence[Form | tuple[Form, Fraction]]
QUOTIENTS = {("sinh", "cosh"): "tanh", ("sin", "cos"): "tan"}


def unfolded(powers: Powers) -> Pieces | None:
    """Whole powers of products, and of multiples, as products of powers."""
    if not any(power.denominator == 1 and _is_composite(base) for base, power in powers.items()):
        return None
    return list(powers.items())


def _is_composite(base: Form) -> bool:
    return isinstance(base, Product) or (isinstance(base, Sum) and len(base.terms) < 2)


def magnitudes(powers: Powers) -> Pieces | None:
    """abs(x)**2 is x**2, sign(x)*abs(x) is x, sign(x)/abs(x) is 1/x."""
    for base, power in powers.items():
        if is_call(base, "abs") and power.denominator == 1:
            (inner,) = arguments(base)
            sign = apply("sign", (inner,), inner.shape)
            if power % 2 == 0 or sign in powers:
                rest = {one: p for one, p in powers.items() if one is not base and one is not sign}
                turned = powers.get(sign, Fraction(0)) + (power if power % 2 else 0)
                return [as_form(rest), (inner, power), *([sign] if turned % 2 else [])]
        if is_call(base, "sign") and power != 1:
            return [as_form(powers | {base: power % 2}) if power % 2 else as_form(without(powers, base))]
    return None


def named_powers(powers: Powers) -> Pieces | None:
    """x**(p - 1)*x is x**p."""
    for base, power in powers.items():
        if is_call(base, "pow") and power == 1:
            inner, exponent = arguments(base)
            if inner in powers and powers[inner].denominator == 1:
                whole = add(exponent, number(powers[inner]))
                known = value(whole)
                merged = apply("pow", (inner, whole), base.shape) if known is None else (inner, known)
                return [as_form(without(powers, base, inner)), merged]
    return None


def quotients(powers: Powers) -> Pieces | None:
    """sinh(x)/cosh(x) is tanh(x)."""
    for (above, below), name in QUOTIENTS.items():
        for base, power in powers.items():
            if is_call(base, above) and power == 1:
                divisor = apply(below, arguments(base), base.shape)
                if powers.get(divisor) == -1:
                    return [as_form(without(powers, base, divisor)), apply(name, arguments(base), base.shape)]
    return None


def softmaxes(powers: Powers) -> Pieces | None:
    """exp(x)/sum(exp(x)) is softmax(x)."""
    for base, power in powers.items():
        if power < 0 and is_call(base, "sum") and len(arguments(base)) == 1:
            (raised,) = arguments(base)
            if powers.get(raised) == -power and is_call(raised, "exp") and len(raised.shape) == 1:
                named = apply("softmax", arguments(raised), raised.shape)
                return [as_form(without(powers, base, raised)), (named, -power)]
    return None


def hinges(powers: Powers) -> Pieces | None:
    """relu(x)*where(x > 0, 1, 0) is relu(x), and alike for max(0, x)."""
    for choice in powers:
        if is_call(choice, "where") and any(power > 0 and _is_step(choice, base) for base, power in powers.items()):
            return [as_form(without(powers, choice))]
    return None


def _is_step(choice: Form, base: Form) -> bool:
    """Is a choice 1 where a hinge is above 0, and 0 where it is 0 for good?"""
    condition, *branches = arguments(choice)
    if is_call(base, "relu"):
        (inner,) = arguments(base)
        return is_call(condition, "gt") and arguments(condition) == (inner, ZERO) and branches == [UNIT, ZERO]
    if is_call(base, "max") and ZERO in arguments(base):
        steps = [ZERO, UNIT] if arguments(base)[0] is ZERO else [UNIT, ZERO]
        return is_call(condition, "ge") and arguments(condition) == arguments(base) and branches == steps
    return False


def leaned(powers: Powers) -> Pieces | None:
    """The factors without ones that another factor makes unnecessary."""
    shape = common(list(powers))
    for base, power in powers.items():
        lighter = lean(base)
        if lighter is not base and common([lighter, *(one for one in powers if one is not base)]) == shape:
            return [(lighter, power), as_form(without(powers, base))]
        if is_ones(base) and power != 1:
            return [base, as_form(without(powers, base))]
    return None


def without(powers: Powers, *gone: Form) -> Powers:
    """The other factors."""
    return {base: power for base, power in powers.items() if base not in gone}


IDENTITIES = (named_powers, quotients, softmaxes, hinges)
