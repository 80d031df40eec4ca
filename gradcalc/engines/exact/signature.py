"""A proof that a number is 0: its image in a finite field, where roots, sines and powers of e keep their laws.

A sum that no precision tells from 0 may be 0. Its image is worked out by the same steps as itself: rational numbers go
to residues, e**x to a power of a fixed element, sin(x) to (z - 1/z)/2i, the root of a prime to its root, and a function
without such a law to what a hash makes of its argument. What is 0 by the laws has the image 0; what is not has it by
chance, about once in 2**120 times.
Source: Gonnet, Determining equivalence of expressions in random polynomial time, STOC 1984; Monagan and Gonnet,
Signature functions for algebraic numbers, ISSAC 1994.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce
from hashlib import blake2b
from math import gcd

from flint import ctx, fmpq, fmpz_mod, fmpz_mod_ctx, fmpz_mod_poly_ctx, fq_default, fq_default_ctx

SMALLER_PRIME = 170141183460469231731687303715964105519
PRIME = 2 * SMALLER_PRIME + 1  # each residue has one odd root of each order, and of it or its negative one square root
EXPONENTS = fmpz_mod_ctx(SMALLER_PRIME)
FIELD = fq_default_ctx(modulus=fmpz_mod_poly_ctx(fmpz_mod_ctx(PRIME))([1, 0, 1]))
IMAGINARY = FIELD.gen()  # i
PLAIN = fmpz_mod_ctx(PRIME)
POWER, TURN = PLAIN(4), PLAIN(9)  # e and e**i, of order SMALLER_PRIME
# ZETA stands for e**(2*pi*i/AROUND), AROUND being its order: of its kin, it is one whose cosines are these roots
AROUND = 1_441_440
ZETA = 219575745221598851252321404188089023121 + 321572545260338406901300483209714203529 * IMAGINARY
WRITTEN = 20_000  # bits of a rational number that is kept
MOST_ROOTS = 100  # an exponent with a larger denominator is like any number
FACTORED = 64  # bits of one that is taken apart into primes
NONE = fmpq(0)


@dataclass(frozen=True, slots=True)
class Mark:
    """The image of a number: `top` in the field of PRIME², `low` in that of SMALLER_PRIME, where it is an exponent.

    `rational` is the number itself, where it is one; `turn` how often pi is in it as a term. `log` and `power` are the
    images of its logarithm, and of e to it, and `around` is that of e to i times it, where it was made of these; `sum`
    are the terms of which one is rational.
    """

    top: fq_default
    low: fmpz_mod
    rational: fmpq | None = None
    turn: fmpq = NONE
    log: Mark | None = None
    power: Mark | None = None
    around: fq_default | None = None
    sum: tuple[Mark, fmpq] | None = None


def rational(value: fmpq) -> Mark:
    """The image of a rational number."""
    p, q = int(value.p), int(value.q)
    kept = value if value.height_bits() < WRITTEN else None
    return Mark(FIELD(p % PRIME) / FIELD(q % PRIME), EXPONENTS(p) / EXPONENTS(q), kept)


def opaque(name: str, *arguments: Mark) -> Mark:
    """The image of a function that is known by its arguments alone."""
    text = repr((name, *(str(one.top) for one in arguments)))
    number = int.from_bytes(blake2b(text.encode()).digest(), "big")
    return Mark(FIELD(number % PRIME), EXPONENTS(number // PRIME % SMALLER_PRIME))


ZERO, ONE, HALF = rational(fmpq(0)), rational(fmpq(1)), rational(fmpq(1, 2))
PI = replace(opaque("pi"), turn=fmpq(1))


def equals(a: Mark, whole: int) -> bool:
    """Is it the image of an integer?"""
    by_e = () if whole else (a.power.top if a.power else None, a.around)
    return bool(a.top == FIELD(whole % PRIME)) or any(one is not None and bool(one.is_one()) for one in by_e)


# -- arithmetic


def add(a: Mark, b: Mark) -> Mark:
    """a + b."""
    if a.rational is not None and b.rational is not None:
        return rational(a.rational + b.rational)
    power = mul(a.power or exp(a), b.power or exp(b)) if a.power or b.power else None
    around = None if a.around is None and b.around is None else turned(a) * turned(b)
    return Mark(a.top + b.top, a.low + b.low, None, a.turn + b.turn, None, power, around, _terms(a, b))


def _terms(a: Mark, b: Mark) -> tuple[Mark, fmpq] | None:
    """The terms of a sum of which one is rational."""
    if a.rational is not None:
        a, b = b, a
    if b.rational is None:
        return None
    rest, before = a.sum or (a, NONE)
    return rest, before + b.rational


def neg(a: Mark) -> Mark:
    """-a."""
    return mul(rational(fmpq(-1)), a)


def sub(a: Mark, b: Mark) -> Mark:
    """a - b."""
    return add(a, neg(b))


def mul(a: Mark, b: Mark) -> Mark:
    """a · b."""
    if b.rational is not None:
        a, b = b, a
    if a.rational is None:
        log = add(a.log, b.log) if a.log and b.log else None
        return Mark(a.top * b.top, a.low * b.low, log=log)
    if b.rational is not None:
        return rational(a.rational * b.rational)
    if a.rational == 0:
        return ZERO
    power_of_e = power(b.power, a) if b.power and a.rational.q <= MOST_ROOTS else None
    around = None if b.around is None or a.rational.q != 1 else b.around ** int(a.rational.p)
    return Mark(a.top * b.top, a.low * b.low, turn=a.rational * b.turn, power=power_of_e, around=around)


def inverse(a: Mark) -> Mark:
    """1/a. Raises ZeroDivisionError where the image has none."""
    if a.rational is not None:
        return rational(1 / a.rational)
    return Mark(1 / a.top, 1 / a.low, log=neg(a.log) if a.log else None)


def div(a: Mark, b: Mark) -> Mark:
    """a / b."""
    return mul(a, inverse(b))


# -- powers and roots


def power(base: Mark, exponent: Mark) -> Mark:
    """base ** exponent."""
    r = exponent.rational
    if r is None and exponent.sum:
        return mul(power(base, exponent.sum[0]), power(base, rational(exponent.sum[1])))
    if r is None or (r.q != 1 and base.log):
        return exp(mul(exponent, log(base)))
    if r.q > MOST_ROOTS:
        return mul(power(base, rational(fmpq(r.floor()))), exp(mul(rational(r - r.floor()), log(base))))
    n = int(r.p)
    if r.q != 1:
        return power(root(base, int(r.q)), rational(fmpq(n)))
    if base.rational is not None and base.rational.height_bits() * abs(n) < WRITTEN:
        return rational(base.rational**n)
    return Mark(base.top**n, base.low**n, log=mul(exponent, base.log) if base.log else None)


def root(base: Mark, n: int) -> Mark:
    """The n-th root; of a rational number, by those of its primes, so that the root of a product is one of roots."""
    if base.rational is None or base.rational.height_bits() > FACTORED:
        return root_of(base, n)
    if base.rational <= 0:
        return neg(root(neg(base), n)) if base.rational else ZERO
    parts = [(prime, exponent * side) for prime, exponent, side in _primes(base.rational)]
    roots = [
        mul(rational(prime ** (e // n)), power(root_of(rational(prime), n), rational(fmpq(e % n))))
        for prime, e in parts
    ]
    return reduce(mul, roots, ONE)


def _primes(value: fmpq) -> list[tuple[fmpq, int, int]]:
    """The primes of a positive number, with their exponents and signs."""
    sides = ((value.p, 1), (value.q, -1))
    return [(fmpq(prime), int(exponent), side) for number, side in sides for prime, exponent in number.factor()]


def root_of(base: Mark, n: int) -> Mark:
    """The n-th root: an odd one is the one element whose power it is, a square root one of two."""
    odd = n
    top = base.top
    while odd % 2 == 0:
        odd //= 2
        top = _square_root(top)
        if base.rational is None and _coin(top):
            top = -top
    if odd > 1:
        residue = _plain(top)
        if gcd(odd, PRIME - 1) > 1 or residue is None:
            return opaque(f"root {n}", base)
        top = _lifted(residue ** pow(odd, -1, PRIME - 1))
    return Mark(top, opaque(f"root {n}", base).low, log=div(base.log, rational(fmpq(n))) if base.log else None)


def _coin(element: fq_default) -> bool:
    """Which of two roots stands for the positive one cannot be seen: another precision may take the other."""
    return bool(blake2b(f"{ctx.prec} {element}".encode()).digest()[0] & 1)


def _plain(element: fq_default) -> fmpz_mod | None:
    """The element where it lies in the field of PRIME."""
    real, imaginary = element.to_list()
    return None if imaginary else PLAIN(real)


def _lifted(element: fmpz_mod) -> fq_default:
    """An element of the field of PRIME in that of PRIME²."""
    return FIELD(int(element))


def _square_root(square: fq_default) -> fq_default:
    """A square root, always the same one. Raises ValueError where there is none."""
    residue = _plain(square)
    if residue is None:
        found = square.sqrt()
        return min(found, -found, key=str)
    root = residue ** ((PRIME + 1) // 4)
    return _lifted(root) if root * root == residue else _lifted(root) * IMAGINARY


# -- functions


def exp(u: Mark) -> Mark:
    """e to the power of u."""
    if u.power or u.rational == 0:
        return u.power or ONE
    return Mark(_lifted(POWER ** int(u.low)), opaque("exp", u).low, log=u)


def log(u: Mark) -> Mark:
    """The logarithm of u; of a rational number, by those of its primes."""
    if u.log or u.rational is None or u.rational <= 0 or u.rational.height_bits() > FACTORED:
        return u.log or replace(opaque("log", u), power=u)
    terms = [
        mul(rational(fmpq(exponent * side)), replace(opaque("log", rational(prime)), power=rational(prime)))
        for prime, exponent, side in _primes(u.rational)
    ]
    return reduce(add, terms, ZERO)


def turned(u: Mark) -> fq_default:
    """e to the power of i*u, in which e**(i*pi) is -1."""
    if u.around is not None:
        return u.around
    turns = u.turn * AROUND / 2
    if turns.q != 1:
        return _lifted(TURN ** int(u.low))
    return _lifted(TURN ** int(u.low - rational(u.turn).low * PI.low)) * ZETA ** int(turns.p)
