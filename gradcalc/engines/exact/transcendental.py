"""The higher transcendental functions: what Arb has, and series of our own where it would lose digits or take long."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flint import arb, arb_series, ctx

from gradcalc.engines.exact.ball import ONE, ZERO, Ball, integer, too_large

HALF, TWO = arb((1, -1)), arb(2)
PART, EITHER = arb(HALF, HALF), arb(0, 1)  # any number from 0 to 1, and from -1 to 1
MOST_TERMS = 1 << 17  # of a series
BRIM = 4  # roots of a below a: from there on the lower incomplete gamma function is not small
HIGHEST = 1 << 10  # order of a derivative


def erfcx(x: Ball) -> Ball:
    """exp(x²)·erfc(x); by Kummer's U where erfc is small."""
    square = x * x
    return square.hypgeom_u(HALF, HALF) / arb.pi().sqrt() if x > 1 else square.exp() * x.erfc()


def ndtri(p: Ball) -> Ball:
    """The inverse of the normal distribution's cumulative function."""
    return -TWO.sqrt() * (2 * p).erfcinv()


# -- incomplete gamma and beta functions


def gammaincc(a: Ball, x: Ball) -> Ball:
    """The upper incomplete gamma function, regularised."""
    return x.gamma_upper(a, regularized=1)


def gammainc(a: Ball, x: Ball) -> Ball:
    """The lower incomplete gamma function, regularised; by its series where it may be small."""
    if x.is_zero():
        return ZERO
    if not (2 * x < a or x < a - BRIM * a.sqrt()):
        return 1 - gammaincc(a, x)
    total = ONE
    for term, ratio in _terms(a, x):
        total += term
        tail = term * ratio / (1 - ratio)
        if tail < _nothing_beside(total):
            break
    return _density(a, x) * (total + tail * PART)


def gammainc_derivative(n: Ball, a: Ball, x: Ball) -> Ball:
    """The n-th derivative of `gammainc` by a, from the series of each term of its series."""
    if x.is_zero() or n.is_zero():
        return ZERO if x.is_zero() else gammainc(a, x)
    with _orders(n) as order:
        place = a + 1
        term = (arb_series([a * x.log() - x, x.log()]) - arb_series([place, 1]).lgamma()).exp()
        total = term
        for _ in range(MOST_TERMS):
            term = term * x / arb_series([place, 1])
            place += 1
            total += term
            ratio = x / (place - 1)  # in the sum of the absolute values of all orders, of the next term to this one
            if ratio < HALF and _size(term, order) < _nothing_beside(total[order]):
                return (total[order] + _size(term, order) * EITHER) * arb.fac_ui(order)
    raise too_large()


@contextmanager
def _orders(n: Ball) -> Iterator[int]:
    """Series up to an order, which is handed out; their length, like `ctx.prec`, is that of the whole process."""
    if n > HIGHEST:
        raise too_large()
    before, ctx.cap = ctx.cap, integer(n) + 1
    try:
        yield integer(n)
    finally:
        ctx.cap = before


def _size(term: arb_series, order: int) -> Ball:
    return sum((abs(term[place]) for place in range(order + 1)), ZERO)


def _density(a: Ball, x: Ball) -> Ball:
    """x**a·exp(-x)/Γ(a + 1), the factor before the series."""
    return (a * x.log() - x - (a + 1).lgamma()).exp()


def _terms(a: Ball, x: Ball) -> Iterator[tuple[Ball, Ball]]:
    """The terms x**k/((a + 1)…(a + k)) from k = 1 on, each with the ratio of the next one to it."""
    term, place = ONE, a + 1
    for _ in range(MOST_TERMS):
        term *= x / place
        place += 1
        yield term, x / place
    raise too_large()


def _nothing_beside(total: Ball) -> Ball:
    """What is nothing beside a sum at the precision that is at work, or beside its error."""
    return (abs(total) * arb((1, -ctx.prec)) + total.rad()).upper()


def betainc(a: Ball, b: Ball, x: Ball) -> Ball:
    """The incomplete beta function, regularised."""
    found = x.beta_lower(a, b, regularized=True)
    return found if found.is_finite() else 1 - (1 - x).beta_lower(b, a, regularized=True)


# -- and others


def zeta_derivative(n: Ball, s: Ball, q: Ball) -> Ball:
    """The n-th derivative of Hurwitz's zeta function by s."""
    with _orders(n) as order:
        return arb_series([s, 1]).zeta(q)[order] * arb.fac_ui(order)


def i0e(x: Ball) -> Ball:
    """exp(-|x|)·I₀(x)."""
    return abs(x).bessel_i(ZERO, scaled=True)


def i1e(x: Ball) -> Ball:
    """exp(-|x|)·I₁(x)."""
    size = abs(x).bessel_i(ONE, scaled=True)
    if x > 0:
        return size
    return -size if x < 0 else size * EITHER


def lambertw(x: Ball, k: Ball) -> Ball:
    """The real branches of the inverse of x·exp(x); where they meet, by the first term of Puiseux's series."""
    beyond = 2 * (ONE.exp() * x + 1)
    if not beyond.contains(ZERO):
        return x.lambertw(integer(k))
    apart = beyond.abs_upper().sqrt() * PART
    return -1 - 2 * apart if k < 0 else -1 + apart


def expint(n: Ball, x: Ball) -> Ball:
    """The exponential integral of order n."""
    return 1 / (n - 1) if x.is_zero() else x.expint(n)


def zeta(s: Ball, q: Ball) -> Ball:
    """Riemann's zeta function, or Hurwitz's."""
    return s.zeta() if q == 1 else s.zeta(q)


HIGHER: dict[str, Callable[..., Ball]] = {
    "erfinv": arb.erfinv, "erfcx": erfcx, "ndtri": ndtri,
    "gammainc": gammainc, "gammaincc": gammaincc, "gammainc_derivative": gammainc_derivative, "betainc": betainc,
    "zeta": zeta, "zeta_derivative": zeta_derivative, "lambertw": lambertw, "expi": arb.ei, "expint": expint,
    "besselj": lambda n, x: x.bessel_j(n), "bessely": lambda n, x: x.bessel_y(n),
    "besseli": lambda n, x: x.bessel_i(n), "besselk": lambda n, x: x.bessel_k(n),
    "i0e": i0e, "i1e": i1e,
}  # fmt: skip
