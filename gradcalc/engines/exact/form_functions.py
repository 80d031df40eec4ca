"""Circular functions and gamma in closed form; and the proof that a number in closed form is a whole one."""

from __future__ import annotations

from functools import reduce

from flint import acb, arb, fmpq

from gradcalc.engines.exact.form import (
    HALF,
    IMAGINARY,
    ONE,
    ZERO,
    Form,
    Kernel,
    add,
    div,
    inverse,
    mul,
    neg,
    of,
    rational,
    sub,
)
from gradcalc.engines.exact.form_powers import PI, exp, opaque, root, turned
from gradcalc.engines.exact.form_zeros import is_zero, value

STEPS = 1000  # from a number down to 1


def sin(u: Form) -> Form:
    """The sine."""
    return div(mul(HALF, sub(turned(u), turned(neg(u)))), IMAGINARY)


def cos(u: Form) -> Form:
    """The cosine."""
    return mul(HALF, add(turned(u), turned(neg(u))))


def angle(x: Form, y: Form, distance: Form | None = None) -> Form:
    """The angle from the first axis to the point (x, y), which is so far from the origin."""
    distance = distance or root(add(mul(x, x), mul(y, y)), 2)
    one, other = value(x), value(y)
    known = None if one is None or other is None else acb(arb.atan2(other.real, one.real))
    turn = div(add(x, mul(IMAGINARY, y)), distance)
    return of(Kernel(f"angle {x.key} {y.key}", known, turn=turn))


def gamma(u: Form) -> Form:
    """The gamma function; of a rational number, by its value between 1/2 and 1."""
    if u.rational is None or not -STEPS < u.rational < STEPS:
        return opaque("gamma", u)
    first, above, below = _stepped(u.rational)
    upper = rational(max(first, 1 - first))
    found = ONE if first == 1 else root(PI, 2) if first == fmpq(1, 2) else opaque("gamma", upper)
    if first < fmpq(1, 2):
        found = div(PI, mul(found, sin(mul(upper, PI))))
    return div(reduce(mul, above, found), reduce(mul, below, ONE))


def digamma(u: Form) -> Form:
    """The logarithmic derivative of gamma, the same way."""
    if u.rational is None or not -STEPS < u.rational < STEPS:
        return opaque("digamma", u)
    first, above, below = _stepped(u.rational)
    upper = rational(max(first, 1 - first))
    found = opaque("digamma", upper)
    if first < fmpq(1, 2):
        found = add(found, div(mul(PI, cos(mul(upper, PI))), sin(mul(upper, PI))))
    return sub(reduce(add, map(inverse, above), found), reduce(add, map(inverse, below), ZERO))


def _stepped(number: fmpq) -> tuple[fmpq, list[Form], list[Form]]:
    """The number above 0, to 1, that is whole steps away; all on the way up from it, and all on the way up to it."""
    steps = int(number.ceil()) - 1
    first = number - steps
    return first, [rational(first + k) for k in range(steps)], [rational(number + k) for k in range(-steps)]


# -- proof


def equals(a: Form, whole: int) -> bool:
    """Is it proven to be this integer, if it is real and within 2**-64 of it?

    A real number is 0 where e to it is 1, and one that is small where e to i times it is.
    """
    gap = sub(a, rational(fmpq(whole)))
    if is_zero(gap):
        return True
    kernels = {kernel for powers in gap.above for kernel, _ in powers}
    by_log = any(kernel.exp is not None for kernel in kernels) and is_zero(sub(exp(gap), ONE))
    return by_log or (any(kernel.turn is not None for kernel in kernels) and is_zero(sub(turned(gap), ONE)))
