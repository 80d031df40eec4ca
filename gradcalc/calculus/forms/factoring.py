"""The factors of a polynomial, found among the generators that it has: FLINT's time goes by how many there may be."""

from __future__ import annotations

from flint import Ordering, fmpq, fmpq_mpoly, fmpq_mpoly_ctx

Factors = tuple[fmpq, list[tuple[fmpq_mpoly, int]]]


def factored(polynomial: fmpq_mpoly) -> Factors:
    """A number, and polynomials without factors with their powers: what `factor` gives, in less time."""
    used = [place for place, degree in enumerate(polynomial.degrees()) if degree]
    small = fmpq_mpoly_ctx.get(("x", len(used)), Ordering.degrevlex)
    terms = {tuple([powers[place] for place in used]): one for powers, one in polynomial.terms()}
    constant, factors = small.from_dict(terms).factor()
    if len(factors) == 1 and factors[0][1] == 1:  # as most have none
        return constant, [(polynomial / constant, 1)]
    return constant, [(_widened(one, used, polynomial), power) for one, power in factors]


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
