"""Which closed forms are proven to be 0: by the laws of their kernels, of roots of unity and of square roots."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from math import lcm

from flint import acb, arb, fmpq, fmpq_poly, fmpz_poly

from gradcalc.engines.exact.form import (
    HALF_ORDER,
    NONE,
    UNITY,
    ZERO,
    Form,
    Kernel,
    Powers,
    Sum,
    add,
    gather,
    mul,
    of,
    sub,
    times,
)

MOST_ORDER = 2_000  # of a root of unity
MOST_ROOTS = 4  # square roots that are taken out of a sum
GAUSSIAN = 50  # the largest prime whose root is written in roots of unity


def value(form: Form) -> acb | None:
    """The number, at the precision at work; None where a part of it is not known."""
    below = [(_value(factor), power) for factor, power in form.below.values()]
    above = _value(form.above)
    if above is None or any(one is None for one, _ in below):
        return None
    for one, power in below:
        assert one is not None
        above /= one**power
    return above


def _value(terms: Sum) -> acb | None:
    total = acb(0)
    for powers, coefficient in terms.items():
        term = acb(arb(coefficient))
        for kernel, exponent in powers:
            if kernel.log is not None:
                term *= (kernel.log * acb(arb(exponent))).exp()
            elif kernel.value is not None and exponent.q == 1:
                term *= kernel.value ** int(exponent.p)
            else:
                return None
        total += term
    return total


def is_zero(form: Form) -> bool:
    """Is a form proven to be 0?"""
    return _vanishes(form.above, MOST_ROOTS)


def _vanishes(terms: Sum, roots: int) -> bool:
    """Is a sum 0 by the laws of its kernels?"""
    if not terms or _is_zero_by_unity(terms):
        return True
    root = next((k for powers in terms for k, e in powers if k.base is not None and e == HALF_ORDER), None)
    if root is None or not roots:
        return False
    with_root = {_without(powers, root): c for powers, c in terms.items() if dict(powers).get(root) == HALF_ORDER}
    rest = {powers: c for powers, c in terms.items() if root not in dict(powers)}
    if len(with_root) + len(rest) < len(terms):  # another power of it is there too
        return False
    assert root.base is not None
    norm = sub(times(rest, rest), mul(times(with_root, with_root), root.base))
    other = value(sub(Form(rest), mul(Form(with_root), of(root, HALF_ORDER))))
    return other is not None and not other.contains(0) and _vanishes(norm.above, roots - 1)


def _without(powers: Powers, kernel: Kernel) -> Powers:
    return tuple(power for power in powers if power[0] != kernel)


def _is_zero_by_unity(terms: Sum) -> bool:
    """Is the sum 0 as one of roots of unity, the roots of small primes among them?"""
    if not any(kernel is UNITY for powers in terms for kernel, _ in powers):
        return False
    written: Sum = {}
    for powers, coefficient in terms.items():
        roots = [k for k, e in powers if e == HALF_ORDER and k.key.isdigit() and int(k.key) < GAUSSIAN]
        rest = Form({tuple(power for power in powers if power[0] not in roots): coefficient})
        gather(written, reduce(mul, (_gauss(int(kernel.key)) for kernel in roots), rest).above)
    groups: dict[Powers, list[tuple[fmpq, fmpq]]] = {}
    for powers, coefficient in written.items():
        exponent = dict(powers).get(UNITY, NONE)
        groups.setdefault(_without(powers, UNITY), []).append((exponent, coefficient))
    return all(_is_zero_of_roots(group) for group in groups.values())


def _is_zero_of_roots(terms: Iterable[tuple[fmpq, fmpq]]) -> bool:
    """Is a sum of multiples of roots of unity 0? It is if the cyclotomic polynomial divides it."""
    order = lcm(*(int(exponent.q) for exponent, _ in terms))
    if order > MOST_ORDER:
        return False
    coefficients = [NONE] * order
    for exponent, coefficient in terms:
        coefficients[int((exponent * order).p)] += coefficient
    return not (fmpq_poly(coefficients) % fmpq_poly(fmpz_poly.cyclotomic(order))).coeffs()


def _gauss(prime: int) -> Form:
    """The square root of a prime as a sum of roots of unity. Source: Gauss, Summatio quarumdam serierum, 1811."""
    if prime == 2:
        return add(of(UNITY, fmpq(1, 8)), of(UNITY, fmpq(-1, 8)))
    squares = {k * k % prime for k in range(1, prime)}
    total = reduce(add, (of(UNITY, fmpq(k, prime), fmpq(1 if k in squares else -1)) for k in range(1, prime)), ZERO)
    return total if prime % 4 == 1 else mul(total, of(UNITY, fmpq(-1, 4)))
