"""A matrix as lines that fit a width: whole, with fewer digits, or without its middle."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gradcalc.render.document import Grid
from gradcalc.render.width import width

WIDEST = 160  # columns of plain text, which has no edge but must be read
LEGIBLE = 100  # columns of a matrix of formulas
MOST = 8  # rows or columns that are shown whole
MOST_LISTED = 16  # cells below each other
ENDS = (3, 2, 1)  # rows or columns at either end, where the middle is left out
GAP = "  "
MIDDLE = "…"
Cells = list[list[str]]  # with the names, and their own row first


def lines_of(grid: Grid, most: int) -> list[str]:
    """The lines of a matrix, at most `most` columns wide where that can be."""
    if not grid.columns or not grid.rows:
        return ["(empty)"]
    if grid.names:
        return _texts(grid, most)
    lines: list[str] = []
    for cells in _smaller(grid):
        lines = _aligned(cells)
        if max(map(width, lines)) <= most:
            break
    return lines


def _texts(grid: Grid, most: int) -> list[str]:
    """Formulas: all of them, as a matrix or below each other."""
    lines = side_by_side(grid)
    if max(map(width, lines)) <= min(most, LEGIBLE):
        return lines
    return listed(grid)


def side_by_side(grid: Grid) -> list[str]:
    """The texts as a matrix, however wide."""
    return _aligned(_whole(grid, grid.cells), left=True)


def listed(grid: Grid) -> list[str]:
    """The cells below each other, each with its name; of many the first ones."""
    pairs = [pair for named, row in zip(grid.names, grid.cells, strict=True) for pair in zip(named, row, strict=True)]
    more = len(pairs) - MOST_LISTED
    shown = [f"{name} = {cell}" for name, cell in pairs[:MOST_LISTED]]
    return [*shown, f"{MIDDLE} and {more} more"] if more > 0 else shown


def _smaller(grid: Grid) -> Iterator[Cells]:
    """The matrix in ever smaller forms, the largest first."""
    short = grid.brief or grid.cells
    if len(grid.columns) <= MOST:
        rows = _rows(_whole(grid, grid.cells))
        yield rows
        yield _rows(_whole(grid, short))
    for ends in ENDS:
        yield [_ends(row, ends) for row in _rows(_whole(grid, short))]


def _whole(grid: Grid, cells: Sequence[Sequence[str]]) -> Cells:
    return [["", *grid.columns], *([name, *row] for name, row in zip(grid.rows, cells, strict=True))]


def _rows(cells: Cells) -> Cells:
    """The rows, without the middle where they are many."""
    head, *rows = cells
    if len(rows) <= MOST:
        return cells
    return [head, *rows[: ENDS[0]], [MIDDLE] * len(head), *rows[-ENDS[0] :]]


def _ends(row: Sequence[str], ends: int) -> list[str]:
    """A row with its name, without the middle where that leaves something out."""
    name, *cells = row
    return [*row] if len(cells) <= 2 * ends else [name, *cells[:ends], MIDDLE, *cells[-ends:]]


def _aligned(cells: Cells, *, left: bool = False) -> list[str]:
    """The rows as lines; the names at the left, the cells at the right of their columns unless `left`."""
    widths = [max(map(width, column)) for column in zip(*cells, strict=True)]
    lines = []
    for row in cells:
        padded = [
            cell + " " * (most - width(cell)) if left or not place else " " * (most - width(cell)) + cell
            for place, (cell, most) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append(GAP.join(padded).rstrip())
    return lines
