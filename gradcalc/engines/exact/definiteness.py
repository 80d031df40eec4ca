"""The signs of the eigenvalues of symmetric matrices of intervals, proven for all of them at once."""

from __future__ import annotations

from itertools import combinations

from flint import arb

from gradcalc.engines.exact.ball import Undecided
from gradcalc.engines.exact.interval import OPERATIONS, Interval, sign

LARGE = arb((1, -1))  # of the largest number outside the diagonal: a pivot that is used alone

Matrix = list[list[Interval]]
add, sub, mul, div = (OPERATIONS[name] for name in ("add", "sub", "mul", "div"))


def inertia(matrix: Matrix) -> tuple[int, int] | None:
    """How many eigenvalues of every symmetric matrix in one of intervals are negative and positive; None where unknown.

    By elimination with pivots of one or two rows, which keeps the signs. Source: Bunch and Parlett, SIAM J. Numer.
    Anal. 8, 1971, 639-655; Sylvester's law of inertia.
    """
    count = len(matrix)
    if not count:
        return 0, 0
    one = max(range(count), key=lambda i: abs(matrix[i][i].middle))
    pair = max(combinations(range(count), 2), key=lambda ij: abs(matrix[ij[0]][ij[1]].middle), default=None)
    alone = pair is None or abs(matrix[one][one].middle) >= abs(matrix[pair[0]][pair[1]].middle) * LARGE
    try:
        return _by_one(matrix, one) if alone or pair is None else _by_two(matrix, *pair)
    except Undecided:
        return None


def _by_one(matrix: Matrix, pivot: int) -> tuple[int, int] | None:
    side = sign(matrix[pivot][pivot])
    rest = [row for row in range(len(matrix)) if row != pivot]
    below = [
        [sub(matrix[i][j], div(mul(matrix[i][pivot], matrix[pivot][j]), matrix[pivot][pivot])) for j in rest]
        for i in rest
    ]
    found = inertia(below) if side else None
    return None if found is None else (found[0] + (side < 0), found[1] + (side > 0))


def _by_two(matrix: Matrix, first: int, last: int) -> tuple[int, int] | None:
    """With a pivot of two rows, whose determinant is negative: it has an eigenvalue of each sign."""
    a, b, c = matrix[first][first], matrix[first][last], matrix[last][last]
    determinant = sub(mul(a, c), mul(b, b))
    if sign(determinant) >= 0:
        return None
    rest = [row for row in range(len(matrix)) if row not in (first, last)]
    below = [[sub(matrix[i][j], _through(matrix, (first, last), (i, j), determinant)) for j in rest] for i in rest]
    found = inertia(below)
    return None if found is None else (found[0] + 1, found[1] + 1)


def _through(matrix: Matrix, pivots: tuple[int, int], place: tuple[int, int], determinant: Interval) -> Interval:
    """What eliminating two rows takes from one place."""
    (p, q), (i, j) = pivots, place
    upper = sub(mul(matrix[q][q], matrix[p][j]), mul(matrix[p][q], matrix[q][j]))
    lower = sub(mul(matrix[p][p], matrix[q][j]), mul(matrix[p][q], matrix[p][j]))
    taken: Interval = div(add(mul(matrix[i][p], upper), mul(matrix[i][q], lower)), determinant)
    return taken
