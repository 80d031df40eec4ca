"""Eigenvalues, and the signs of those that are nearly zero."""

from __future__ import annotations

from fractions import Fraction

import pytest

from gradcalc.base.real import Real
from gradcalc.engines.exact.ball import as_real, from_fraction
from gradcalc.engines.exact.spectrum import rank, solve, spectrum

F = Fraction
Rows = list[list[Fraction]]


def reals(matrix: list[list[Fraction]]) -> list[list[Real]]:
    """Entries as the exact engine gives them: those that are no binary fractions rounded to 200 bits."""
    return [[as_real(from_fraction(F(value))) for value in row] for row in matrix]


SPECTRA: list[tuple[Rows, tuple[float, ...], tuple[int, int, int]]] = [
    ([[F(2)]], (2.0,), (0, 0, 1)),
    ([[F(0)]], (0.0,), (0, 1, 0)),
    ([[F(2), F(0)], [F(0), F(-3)]], (-3.0, 2.0), (1, 0, 1)),
    ([[F(1), F(1)], [F(1), F(1)]], (0.0, 2.0), (0, 1, 1)),
    ([[F(1, 3), F(1, 3)], [F(1, 3), F(1, 3)]], (0.0, 0.6666666666666666), (0, 1, 1)),
    ([[F(1, 9), F(1, 21)], [F(1, 21), F(1, 49)]], (0.0, 0.13151927437641722), (0, 1, 1)),
    ([[F(0), F(1)], [F(1), F(0)]], (-1.0, 1.0), (1, 0, 1)),
    ([[F(1), F(0)], [F(0), F(1, 10**300)]], (1e-300, 1.0), (0, 0, 2)),
    ([[F(0), F(1, 2**400)], [F(1, 2**400), F(1)]], (-1.4996968138956309e-241, 1.0), (1, 0, 1)),
    ([[F(1), F(1)], [F(1), 1 + F(1, 2**120)]], (3.76158192263132e-37, 2.0), (0, 0, 2)),
]


@pytest.mark.parametrize(("matrix", "values", "signs"), SPECTRA)
def test_eigenvalues_and_their_signs(matrix: Rows, values: tuple[float, ...], signs: tuple[int, int, int]) -> None:
    found = spectrum(reals(matrix))
    assert found is not None
    assert (found.values, (found.negative, found.zero, found.positive)) == (values, signs)


def test_a_matrix_that_is_not_symmetric_has_no_spectrum() -> None:
    assert spectrum(reals([[F(0), F(1)], [F(2), F(0)]])) is None


def test_entries_far_beyond_floats_have_no_spectrum() -> None:
    assert spectrum([[Real(1, 10**6)]]) is None


RANKS: list[tuple[Rows, int]] = [
    ([[F(0), F(0)], [F(0), F(0)]], 0),
    ([[F(1), F(2)], [F(2), F(4)]], 1),
    ([[F(0), F(1)], [F(1), F(0)]], 2),
    ([[F(0), F(0), F(1)], [F(0), F(0), F(2)], [F(1), F(2), F(0)]], 2),
]


@pytest.mark.parametrize(("matrix", "expected"), RANKS)
def test_the_rank_is_exact(matrix: Rows, expected: int) -> None:
    assert rank(matrix) == expected


SYSTEMS: list[tuple[Rows, list[Fraction], list[Fraction] | None]] = [
    ([[F(2)]], [F(1)], [F(1, 2)]),
    ([[F(0), F(1)], [F(1), F(1)]], [F(3), F(5)], [F(2), F(3)]),
    ([[F(1), F(2)], [F(2), F(4)]], [F(1), F(1)], None),
]


@pytest.mark.parametrize(("matrix", "right", "solution"), SYSTEMS)
def test_a_system_is_solved_without_rounding(
    matrix: Rows, right: list[Fraction], solution: list[Fraction] | None
) -> None:
    assert solve(matrix, right) == solution
