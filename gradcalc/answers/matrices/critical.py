"""What a Hessian says about the point: symmetry, eigenvalues, definiteness, minimum or maximum."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from gradcalc.answers.matrices.nearby import lies_nearby
from gradcalc.answers.matrices.outputs import Outputs
from gradcalc.answers.matrices.records import Critical, Definiteness, Hessian
from gradcalc.answers.records import ArrayRow, Row
from gradcalc.answers.verdicts import Reason
from gradcalc.arrays.array import Array
from gradcalc.base.effort import Exhausted
from gradcalc.engines import ask
from gradcalc.engines.records import Truth
from gradcalc.inputs.question import Question
from gradcalc.problem.tolerance import Tolerance

SHARE = 0.7  # of the time
SIGNS = {  # are there negative, zero and positive eigenvalues?
    (False, False, True): Definiteness.POSITIVE,
    (False, True, True): Definiteness.POSITIVE_SEMI,
    (False, True, False): Definiteness.ZERO,
    (True, True, False): Definiteness.NEGATIVE_SEMI,
    (True, False, False): Definiteness.NEGATIVE,
    (True, False, True): Definiteness.INDEFINITE,
    (True, True, True): Definiteness.INDEFINITE,
}
DECIDED = {
    Definiteness.POSITIVE: Critical.MINIMUM,
    Definiteness.NEGATIVE: Critical.MAXIMUM,
    Definiteness.INDEFINITE: Critical.SADDLE,
}
ASYMMETRIC = "the mixed derivatives depend on the order here, so there are no eigenvalues to speak of"
SKEWED = "the true matrix is symmetric, autograd's is not: the entries that disagree are to blame"
NO_TIME = "no time to find the eigenvalues"


def with_definiteness(found: Hessian, truths: Sequence[Truth], outputs: Outputs | None, question: Question) -> Hessian:
    """The Hessian with what follows from it at the point; `outputs` are the first derivatives."""
    autograd = found.matrix.autograd
    if autograd is None:
        return found
    by_autograd = is_symmetric(autograd, question.tolerance)
    found = replace(found, symmetric=by_autograd)
    flat = is_flat(list(found.gradient.values()))
    critical = Critical.UNDECIDED if flat else None
    rows = [[slope.value for slope in truth.slopes.values()] for truth in truths]
    reals = [[real for real in row if real is not None and not real.infinite] for row in rows]
    if not truths or list(map(len, reals)) != list(map(len, rows)):
        return replace(found, critical=critical)
    truly = all(reals[i][j].same(reals[j][i]) for i in range(len(reals)) for j in range(i))
    said = (*found.remarks, *((SKEWED,) if truly and by_autograd is False else ()))
    found = replace(found, symmetric=truly, critical=critical, remarks=said)
    try:
        with question.clock.grant(SHARE):
            spectrum = ask.spectrum(reals)
    except Exhausted:
        return replace(found, remarks=(*said, NO_TIME))
    if spectrum is None:
        return replace(found, remarks=said if truly else (*said, ASYMMETRIC))
    definiteness = SIGNS[spectrum.negative > 0, spectrum.zero > 0, spectrum.positive > 0]
    interior = not any(row.reason is Reason.EDGE for row in slopes(list(found.gradient.values())))
    there = DECIDED.get(definiteness, Critical.UNDECIDED) if interior else Critical.UNDECIDED
    return replace(
        found,
        eigenvalues=spectrum.values,
        definiteness=definiteness,
        critical=there if flat else None,
        near=there if not flat and outputs is not None and lies_nearby(outputs, truths) else None,
    )


def is_symmetric(matrix: Array, tolerance: Tolerance) -> bool | None:
    """Are autograd's numbers symmetric, up to rounding? None where some are none."""
    if any(map(math.isnan, matrix.values)):
        return None
    size = matrix.shape[0]
    pairs = ((matrix.values[i * size + j], matrix.values[j * size + i]) for i in range(size) for j in range(i))
    return all(one == other or _alike(one, other, tolerance) for one, other in pairs)


def _alike(one: float, other: float, tolerance: Tolerance) -> bool:
    difference = abs(one - other)
    return math.isfinite(difference) and tolerance.accepts(Fraction(difference), Fraction(max(abs(one), abs(other))))


def is_flat(gradient: Sequence[Row | ArrayRow]) -> bool:
    """Is the true gradient exactly zero?"""
    rows = slopes(gradient)
    return bool(rows) and all(row.exact == "0" for row in rows)


def slopes(gradient: Sequence[Row | ArrayRow]) -> list[Row]:
    """The first derivative by each component."""
    return [row for one in gradient for row in (one.rows if isinstance(one, ArrayRow) else (one,))]
