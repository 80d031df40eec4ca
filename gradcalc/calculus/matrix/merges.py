"""Products with a shorter name: x**(p - 1)*x is x**p, exp(x)/sum(exp(x)) is softmax(x), sinh(x)/cosh(x) is tanh(x)."""

from __future__ import annotations

from fractions import Fraction

from gradcalc.calculus.matrix import product
from gradcalc.calculus.matrix.form import UNIT, ZERO, Form, apply, is_call
from gradcalc.calculus.matrix.ones import arguments
from gradcalc.calculus.matrix.sums import add, number, value

Powers = dict[Form, Fraction]
QUOTIENTS = {("sinh", "cosh"): "tanh", ("sin", "cos"): "tan"}


def named_powers(powers: Powers) -> list[Form] | None:
    """x**(p - 1)*x is x**p."""
    for base, power in powers.items():
        if is_call(base, "pow") and power == 1:
            inner, exponent = arguments(base)
            if inner in powers and powers[inner].denominator == 1:
                whole = add(exponent, number(powers[inner]))
                known = value(whole)
                merged = apply("pow", (inner, whole), base.shape) if known is None else product.raise_to(inner, known)
                return [_without(powers, base, inner), merged]
    return None


def quotients(powers: Powers) -> list[Form] | None:
    """sinh(x)/cosh(x) is tanh(x)."""
    for (above, below), name in QUOTIENTS.items():
        for base, power in powers.items():
            if is_call(base, above) and power == 1:
                divisor = apply(below, arguments(base), base.shape)
                if powers.get(divisor) == -1:
                    return [_without(powers, base, divisor), apply(name, arguments(base), base.shape)]
    return None


def softmaxes(powers: Powers) -> list[Form] | None:
    """exp(x)/sum(exp(x)) is softmax(x)."""
    for base, power in powers.items():
        if power < 0 and is_call(base, "sum") and len(arguments(base)) == 1:
            (raised,) = arguments(base)
            if powers.get(raised) == -power and is_call(raised, "exp") and len(raised.shape) == 1:
                named = product.raise_to(apply("softmax", arguments(raised), raised.shape), -power)
                return [_without(powers, base, raised), named]
    return None


def hinges(powers: Powers) -> list[Form] | None:
    """relu(x)*where(x > 0, 1, 0) is relu(x), and alike for max(0, x)."""
    for choice in powers:
        if is_call(choice, "where") and any(power > 0 and _is_step(choice, base) for base, power in powers.items()):
            return [_without(powers, choice)]
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


def _without(powers: Powers, *gone: Form) -> Form:
    return product.as_form({base: power for base, power in powers.items() if base not in gone})
