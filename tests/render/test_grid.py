"""Matrices as lines: aligned, and no wider than they may be."""

from __future__ import annotations

import pytest

from gradcalc.render.document import Grid
from gradcalc.render.grid import lines_of


def numbers(rows: int, columns: int) -> Grid:
    """A matrix of the numbers 1, 2, 3, … in full and in brief."""
    cells = tuple(tuple(f"{row * columns + place + 1}.25" for place in range(columns)) for row in range(rows))
    brief = tuple(tuple(cell[:-1] for cell in row) for row in cells)
    return Grid(
        tuple(f"x{place + 1}" for place in range(columns)),
        tuple(f"f{row + 1}" for row in range(rows)),
        cells,
        brief=brief,
    )


WIDTHS = [
    (30, ["      x1    x2    x3", "f1  1.25  2.25  3.25", "f2  4.25  5.25  6.25"]),
    (19, ["     x1   x2   x3", "f1  1.2  2.2  3.2", "f2  4.2  5.2  6.2"]),
    (16, ["     x1  …   x3", "f1  1.2  …  3.2", "f2  4.2  …  6.2"]),
    (3, ["     x1  …   x3", "f1  1.2  …  3.2", "f2  4.2  …  6.2"]),
]


@pytest.mark.parametrize(("width", "lines"), WIDTHS)
def test_a_matrix_loses_digits_first_and_its_middle_then(width: int, lines: list[str]) -> None:
    assert lines_of(numbers(2, 3), width) == lines


def test_many_rows_lose_their_middle() -> None:
    assert lines_of(numbers(9, 1), 80) == [
        "      x1", "f1  1.25", "f2  2.25", "f3  3.25", "…      …", "f7  7.25", "f8  8.25", "f9  9.25",
    ]  # fmt: skip


def test_many_columns_lose_their_middle_and_digits() -> None:
    assert lines_of(numbers(1, 9), 80) == [
        "     x1   x2   x3  …   x7   x8   x9",
        "f1  1.2  2.2  3.2  …  7.2  8.2  9.2",
    ]


def formulas(*texts: str) -> Grid:
    """A matrix of one row of formulas."""
    columns = tuple("xyzuvw"[: len(texts)])
    return Grid(columns, ("f",), (texts,), names=(tuple(f"∂f/∂{name}" for name in columns),))


FORMULAS = [
    (("cos(x)", "1"), 30, ["   x       y", "f  cos(x)  1"]),
    (("cos(x)", "1"), 10, ["∂f/∂x = cos(x)", "∂f/∂y = 1"]),
    (("x" * 101, "1"), 500, [f"∂f/∂x = {'x' * 101}", "∂f/∂y = 1"]),
]


@pytest.mark.parametrize(("texts", "width", "lines"), FORMULAS)
def test_formulas_are_whole_side_by_side_or_below_each_other(
    texts: tuple[str, ...], width: int, lines: list[str]
) -> None:
    assert lines_of(formulas(*texts), width) == lines


def test_of_many_formulas_the_first_are_listed() -> None:
    grid = Grid(
        ("x",),
        tuple(f"f{place}" for place in range(18)),
        tuple(("y" * 120,) for _ in range(18)),
        names=tuple((f"∂f{place}/∂x",) for place in range(18)),
    )
    lines = lines_of(grid, 80)
    assert (len(lines), lines[0], lines[-1]) == (17, f"∂f0/∂x = {'y' * 120}", "… and 2 more")


def test_nothing_is_said_to_be_empty() -> None:
    assert lines_of(Grid((), ("f",), ((),)), 80) == ["(empty)"]
