"""The images of functions in a finite field: the circular ones, and gamma, which keep their laws there."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce

from flint import fmpq

from gradcalc.engines.exact.signature import (
    IMAGINARY,
    ONE,
    PI,
    ZERO,
    Mark,
    add,
    div,
    inverse,
    mul,
    opaque,
    rational,
    root,
    root_of,
    sub,
    turned,
)

STEPS = 1000  # from a number down to 1


def angle(x: Mark, y: Mark, distance: Mark | None = None) -> Mark:
    """The angle from the first axis to the point (x, y), which is so far from the origin."""
    distance = distance or root(add(mul(x, x), mul(y, y)), 2)
    return replace(opaque("angle", x, y), around=(x.top + IMAGINARY * y.top) / distance.top)


def gamma(u: Mark) -> Mark:
    """The gamma function; of a rational number, by its value between 1/2 and 1."""
    if u.rational is None or not -STEPS < u.rational < STEPS:
        return opaque("gamma", u)
    first, above, below = _reduced(u.rational)
    upper = rational(max(first, 1 - first))
    value = ONE if first == 1 else root_of(PI, 2) if first == fmpq(1, 2) else opaque("gamma", upper)
    if first < fmpq(1, 2):
        value = div(PI, mul(value, sin(mul(upper, PI))))
    return div(reduce(mul, above, value), reduce(mul, below, ONE))


def digamma(u: Mark) -> Mark:
    """The logarithmic derivative of gamma, the same way."""
    if u.rational is None or not -STEPS < u.rational < STEPS:
        return opaque("digamma", u)
    first, above, below = _reduced(u.rational)
    upper = rational(max(first, 1 - first))
    value = opaque("digamma", upper)
    if first < fmpq(1, 2):
        value = add(value, div(mul(PI, cos(mul(upper, PI))), sin(mul(upper, PI))))
    return sub(reduce(add, map(inverse, above), value), reduce(add, map(inverse, below), ZERO))


def _reduced(value: fmpq) -> tuple[fmpq, list[Mark], list[Mark]]:
    """The number above 0, to 1, that is whole steps away; all on the way up from it, and all on the way up to it."""
    steps = int(value.ceil()) - 1
    first = value - steps
    return first, [rational(first + k) for k in range(steps)], [rational(value + k) for k in range(-steps)]


def sin(u: Mark) -> Mark:
    """The sine."""
    z = turned(u)
    return Mark((z - 1 / z) / (2 * IMAGINARY), opaque("sin", u).low)


def cos(u: Mark) -> Mark:
    """The cosine."""
    z = turned(u)
    return Mark((z + 1 / z) / 2, opaque("cos", u).low)
