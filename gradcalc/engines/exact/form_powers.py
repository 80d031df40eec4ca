"""Powers, roots, logarithms and powers of e in closed form; a function without laws is a kernel of its own."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from hashlib import blake2b

from flint import acb, arb, fmpq

from gradcalc.engines.exact.form import (
    IMAGINARY,
    ONE,
    UNIT,
    UNITY,
    ZERO,
    Form,
    Kernel,
    Powers,
    add,
    content,
    div,
    mul,
    of,
    rational,
    sub,
    whole_power,
)
from gradcalc.engines.exact.form_zeros import value

FACTORED = 64  # bits of a number that is taken apart into primes
VALUES: dict[str, Callable[[acb], acb]] = {"erf": acb.erf, "gamma": acb.gamma, "digamma": acb.digamma}


def opaque(name: str, *arguments: Form) -> Form:
    """The value of a function that is known by its arguments alone."""
    key = blake2b(repr((name, *(one.key for one in arguments))).encode(), digest_size=16).hexdigest()
    known = value(arguments[0]) if name in VALUES else None
    return _real(key, None if known is None else VALUES[name](known).real)


def number(key: str, ball: arb) -> Form:
    """A real number of which nothing more is known than its value."""
    return _real(f"={key}", ball)


def _real(key: str, ball: arb | None) -> Form:
    above_zero = ball is not None and bool(ball > 0)
    found = None if ball is None else acb(ball)
    return of(Kernel(key, found, found.log() if above_zero and found is not None else None, positive=above_zero))


PI = number("pi", arb.pi())


def _is_plain(u: Form) -> bool:
    """Is it a sum of products of real kernels?"""
    kernels = (kernel for powers in u.above for kernel, _ in powers)
    return not u.below and all(one is not UNITY and (one.power_of is None or one.positive) for one in kernels)


# -- powers of e


def exp(u: Form) -> Form:
    """e to the power of a real number. Raises Unwieldy."""
    if not _is_plain(u):
        return _power_of_e(u, positive=True)
    return reduce(mul, (_exp_of(powers, c) for powers, c in u.above.items()), ONE)


def turned(u: Form) -> Form:
    """e to the power of i*u, of a real number. Raises Unwieldy."""
    if not _is_plain(u):
        return _power_of_e(mul(IMAGINARY, u), positive=False)
    return reduce(mul, (_turned_of(powers, c) for powers, c in u.above.items()), ONE)


def _exp_of(powers: Powers, coefficient: fmpq) -> Form:
    """e to the power of a real product."""
    log = Form({powers: UNIT})
    kernel = _only(powers)
    if kernel is None or kernel.exp is None:
        return _power_of_e(log, coefficient, positive=True)
    return power(kernel.exp, rational(coefficient))


def _turned_of(powers: Powers, coefficient: fmpq) -> Form:
    """e to the power of i times a real product."""
    log = mul(IMAGINARY, Form({powers: UNIT}))
    kernel = _only(powers)
    if kernel is not None and kernel.key == "=pi":
        return of(UNITY, coefficient / 2)
    if kernel is None or kernel.turn is None:
        return _power_of_e(log, coefficient, positive=False)
    if coefficient.q == 1:
        return whole_power(kernel.turn, int(coefficient.p))
    return of(Kernel(f"e^{log.key}", None, value(log), kernel.turn, power_of=log), coefficient)


def _only(powers: Powers) -> Kernel | None:
    """The kernel that a product is, if it is one alone."""
    return powers[0][0] if len(powers) == 1 and powers[0][1] == 1 else None


def _power_of_e(u: Form, coefficient: fmpq | None = None, *, positive: bool) -> Form:
    """e to the power of a multiple; of a sum without one, of its first coefficient."""
    if coefficient is None:
        coefficient, _ = content(u.above)
        u = mul(u, rational(1 / coefficient))
    return of(Kernel(f"e^{u.key}", None, value(u), positive=positive, power_of=u), coefficient)


def log(u: Form) -> Form:
    """The logarithm of a number above 0; of a product of such, the sum of theirs."""
    if len(u.above) == 1 and not u.below:
        ((powers, coefficient),) = u.above.items()
        if coefficient > 0 and all(kernel.positive for kernel, _ in powers):
            parts = [mul(rational(exponent), _log_of(kernel)) for kernel, exponent in powers]
            return reduce(add, parts, _log_of_rational(coefficient))
    if u.below and all(_is_above_zero(Form(factor)) for factor, _ in u.below.values()):
        below = [mul(rational(fmpq(-n)), log(Form(factor))) for factor, n in u.below.values()]
        return reduce(add, below, log(Form(u.above)))
    return _log_kernel(u)


def _is_above_zero(form: Form) -> bool:
    found = value(form)
    return found is not None and bool(found.real > 0)


def _log_kernel(u: Form) -> Form:
    known = value(u)
    return of(Kernel(f"log {u.key}", None if known is None else acb(known.real).log(), exp=u))


def _log_of(kernel: Kernel) -> Form:
    if kernel.power_of is not None:
        return kernel.power_of
    return _log_kernel(kernel.base or of(kernel))


def _log_of_rational(number: fmpq) -> Form:
    """The logarithm of a rational number, by those of its primes."""
    if number == 1:
        return ZERO
    if number.height_bits() > FACTORED:
        return _log_kernel(rational(number))
    return reduce(add, (mul(rational(e), _log_kernel(rational(p))) for p, e in _primes(number)), ZERO)


def _primes(number: fmpq) -> list[tuple[fmpq, fmpq]]:
    """The primes of a number above 0, with their exponents."""
    sides = ((number.p, 1), (number.q, -1))
    return [(fmpq(prime), fmpq(int(e) * side)) for whole, side in sides for prime, e in whole.factor()]


# -- powers and roots


def power(base: Form, exponent: Form) -> Form:
    """base ** exponent, of a number above 0, or with a whole exponent. Raises Unwieldy."""
    r = exponent.rational
    if r is None:
        whole = exponent.above.get((), fmpq(0)) if not exponent.below else fmpq(0)
        rest = exp(mul(sub(exponent, rational(whole)), log(base)))
        return mul(power(base, rational(whole)), rest) if whole else rest
    if r.q == 1:
        return whole_power(base, int(r.p))
    if not base.above:
        return ZERO
    if base.below:
        parts = [(Form(factor), n) for factor, n in base.below.values()]
        if not all(_is_above_zero(factor) for factor, _ in parts):
            return _root(base, r)
        below = reduce(mul, (power(factor, rational(r * n)) for factor, n in parts), ONE)
        return div(power(Form(base.above), exponent), below)
    if len(base.above) > 1:
        return _root(base, r)
    ((powers, coefficient),) = base.above.items()
    if coefficient < 0 or not all(kernel.positive and kernel.log is not None for kernel, _ in powers):
        return _root(base, r)
    return reduce(mul, (of(kernel, own * r) for kernel, own in powers), _root_of_rational(coefficient, r))


def _root(base: Form, r: fmpq) -> Form:
    """A rational power of a number above 0."""
    known = value(base)
    logarithm = None if known is None else acb(known.real).log()
    return of(Kernel(f"({base.key})", known, logarithm, base, positive=True), r)


def _root_of_rational(number: fmpq, r: fmpq) -> Form:
    """A rational power of a rational number above 0, by those of its primes."""
    if number.height_bits() > FACTORED:
        return _root(rational(number), r)
    kernels = [
        (Kernel(str(p), acb(arb(p)), acb(arb(p)).log(), rational(p), positive=True), e) for p, e in _primes(number)
    ]
    return reduce(mul, (of(kernel, e * r) for kernel, e in kernels), ONE)


def root(base: Form, n: int) -> Form:
    """The n-th root of a number that is not below 0."""
    return power(base, rational(fmpq(1, n)))
