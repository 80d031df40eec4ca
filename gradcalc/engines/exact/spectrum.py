"""The eigenvalues of a symmetric matrix, and how many of them are negative, zero and positive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from flint import acb_mat, fmpq, fmpq_mat

from gradcalc.base.effort import spend
from gradcalc.base.real import Real
from gradcalc.engines.exact.ball import as_fraction, as_ratio, rational, working

Matrix = Sequence[Sequence[Fraction]]
PRECISION = 320  # bits, for numbers of like size; more where sizes differ
MOST_PRECISION = 4_000  # bits
EXACT_BITS = 150  # a number that was rounded has more
NEGLIGIBLE = Fraction(1, 10**25)  # of the largest eigenvalue; entries are right to 1e-33 of themselves
ALIKE = Fraction(1, 2**90)
ROTATION, REFLECTION = 1.5, 100  # steps, for each n**3 and n**2 of a matrix of n rows
QUICK_BITS = 300  # of a number that eliminating takes a step for, where each row makes the numbers longer
ROUNDS = 12  # of scaling; each halves how far the exponents of the rows are apart


@dataclass(frozen=True, slots=True)
class Spectrum:
    """Eigenvalues in ascending order, those that are zero exactly 0; and the counts of each sign."""

    values: tuple[float, ...]
    negative: int
    zero: int
    positive: int


def spectrum(entries: Sequence[Sequence[Real]]) -> Spectrum | None:
    """The spectrum of a square matrix; None where it is not symmetric, or far outside the range of floats.

    The signs come from the matrix with its rows and columns scaled to like size, which keeps them (Sylvester's law of
    inertia). What looks like zero is told by a rank without rounding where the entries are exact.
    """
    found = [[real.fraction() for real in row] for row in entries]
    matrix = [[value for value in row if value is not None] for row in found]
    if any(len(row) < len(entries) for row in matrix) or not is_symmetric(matrix):
        return None
    scale = _equilibrium(matrix)
    scaled = _eigenvalues(_scaled(matrix, scale))
    even = len(set(scale)) < 2
    values = [value / Fraction(4) ** scale[0] for value in scaled] if even else _eigenvalues(matrix)
    zero = _negligible(scaled)
    if zero and all(real.mantissa.bit_length() <= EXACT_BITS for row in entries for real in row):
        zero = len(matrix) - rank(matrix)
    tiny = sorted(range(len(matrix)), key=lambda place: abs(scaled[place]))[:zero]
    negative = sum(value < 0 for place, value in enumerate(scaled) if place not in tiny)
    nothing = range(negative, negative + zero)
    floats = tuple(0.0 if place in nothing else _float(value) for place, value in enumerate(values))
    return Spectrum(floats, negative, zero, len(matrix) - negative - zero)


def is_symmetric(matrix: Matrix) -> bool:
    """Is a matrix its own transpose, to all the bits that its entries are known to?"""
    return all(
        abs(matrix[i][j] - matrix[j][i]) <= ALIKE * (abs(matrix[i][j]) + abs(matrix[j][i]))
        for i in range(len(matrix))
        for j in range(i)
    )


def rank(matrix: Matrix) -> int:
    """The rank, without rounding."""
    bits = max(max(value.numerator.bit_length(), value.denominator.bit_length()) for row in matrix for value in row)
    spend(len(matrix) ** 4 * bits / QUICK_BITS)
    return _exactly(matrix).rank()


def solve(matrix: Matrix, right: Sequence[Fraction]) -> list[Fraction] | None:
    """The x of A @ x = b, without rounding; None where A is singular."""
    try:
        found = _exactly(matrix).solve(_exactly([[value] for value in right]))
    except ZeroDivisionError:
        return None
    return list(map(as_ratio, found.entries()))


def _exactly(matrix: Matrix) -> fmpq_mat:
    return fmpq_mat([[fmpq(value.numerator, value.denominator) for value in row] for row in matrix])


def _negligible(values: Sequence[Fraction]) -> int:
    """How many eigenvalues are zero as far as the entries tell."""
    largest = max(map(abs, values))
    return sum(abs(value) <= NEGLIGIBLE * largest for value in values)


def _exponent(value: Fraction) -> int:
    """The power of two that a number other than 0 is near."""
    return value.numerator.bit_length() - value.denominator.bit_length()


def _equilibrium(matrix: Matrix) -> list[int]:
    """The powers of two d such that the largest entry of each row of D·A·D is about 1, D being diag(2**d).

    Source: Ruiz, A scaling algorithm to equilibrate both rows and columns norms in matrices, 2001.
    """
    logs = [{place: _exponent(value) for place, value in enumerate(row) if value} for row in matrix]
    scale = [0] * len(matrix)
    for _ in range(ROUNDS):
        tops = [max((log + scale[place] for place, log in row.items()), default=0) for row in logs]
        scale = [own - round((own + top) / 2) for own, top in zip(scale, tops, strict=True)]
    return scale


def _scaled(matrix: Matrix, scale: Sequence[int]) -> Matrix:
    """D·A·D."""
    return [
        [value * Fraction(2) ** (own + other) for other, value in zip(scale, row, strict=True)]
        for own, row in zip(scale, matrix, strict=True)
    ]


def _eigenvalues(matrix: Matrix) -> list[Fraction]:
    """The eigenvalues in ascending order, to many more digits than the entries have."""
    spend(ROTATION * len(matrix) ** 3 + REFLECTION * len(matrix) ** 2)
    exponents = [_exponent(value) for row in matrix for value in row if value]
    with working(min(PRECISION + (max(exponents) - min(exponents) if exponents else 0), MOST_PRECISION)):
        found = acb_mat([list(map(rational, row)) for row in matrix]).eig(algorithm="approx")
        return sorted(as_fraction(one.real) or Fraction(0) for one in found)


def _float(value: Fraction) -> float:
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")
