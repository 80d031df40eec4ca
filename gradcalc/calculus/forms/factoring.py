"""The factors of a polynomial, found among the generators that it has: FLINT's time goes by how many there may be."""

from __future__ import annotations

from math import gcd, lcm

from flint import Ordering, fmpq, fmpq_mpoly, fmpq_mpoly_ctx

Factors = tuple[fmpq, list[tuple[fmpq_mpoly, int]]]


def factored(polynomial: fmpq_mpoly) -> Factors:
    """A number, and polynomials without factors with their powers: what `factor` gives, in less time."""
    degrees = polynomial.degrees()
    used = [place for place, degree in enumerate(degrees) if degree]
    if _has_none(polynomial, [place for place in used if degrees[place] == 1], used):
        constant = _content(polynomial)
        return constant, [(polynomial / constant, 1)]
    small = fmpq_mpoly_ctx.get(("x", len(used)), Ordering.degrevlex)
    terms = {tuple([powers[place] for place in used]): one for powers, one in polynomial.terms()}
    constant, factors = small.from_dict(terms).factor()
    if len(factors) == 1 and factors[0][1] == 1:  # as most have none
        return constant, [(polynomial / constant, 1)]
    return constant, [(_widened(one, used, polynomial), power) for one, power in factors]


def _has_none(polynomial: fmpq_mpoly, single: list[int], used: list[int]) -> bool:
    """Is a polynomial, a monomial times x and a rest without x that have nothing in common, seen to have no factors?"""
    monomials = polynomial.monoms()
    alone = any(sum(one[place] != 0 for one in monomials) == 1 for place in single)
    return alone and all(any(one[place] == 0 for one in monomials) for place in used)


def _content(polynomial: fmpq_mpoly) -> fmpq:
    """What is left out of a polynomial with whole coefficients that have nothing in common, the first one positive."""
    values = polynomial.coeffs()
    size = fmpq(gcd(*(int(one.p) for one in values)), lcm(*(int(one.q) for one in values)))
    return size if values[0] > 0 else -size


def _widened(factor: fmpq_mpoly, used: list[int], like: fmpq_mpoly) -> fmpq_mpoly:
    """A polynomial in all the generators again."""
    context = like.context()
    nothing = [0] * context.nvars()
    terms = {}
    for powers, one in factor.terms():
        wide = nothing.copy()
        for place, power in zip(used, powers, strict=True):
            wide[place] = int(power)
        terms[tuple(wide)] = one
    found: fmpq_mpoly = context.from_dict(terms)
    return found
