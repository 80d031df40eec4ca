"""What a line of LaTeX is made of, as TeX has it: atoms side by side, with what stands below and above them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from gradcalc.base.span import Span

NOWHERE = Span(0, 0)


@dataclass(slots=True)
class Atom:
    """One thing in a row.

    `kind` is `name`, `word`, `number`, `group`, `fence`, `fraction`, `binomial`, `root`, `accent`, `function`, `big`,
    `environment`, `lines`, `operator`, `text`, `align` or `break`. `rows` are what it is made of: above and below a
    fraction's bar, inside brackets, the cells of a matrix. `style` is that of its letters, bold or calligraphic.
    """

    kind: str
    text: str
    span: Span
    rows: list[list[Atom]] = field(default_factory=list)
    below: list[Atom] | None = None
    above: list[Atom] | None = None
    primes: int = 0
    style: str = ""
    columns: int = 0  # of a matrix, whose rows are `rows` in order
    core: Span = NOWHERE  # the place of the atom with what belongs to its name, without its exponent
    exponent: Span = NOWHERE  # and that of the exponent, with its braces

    def __post_init__(self) -> None:
        if self.core is NOWHERE:
            self.core = self.span

    @property
    def bare(self) -> bool:
        """Does nothing stand below or above it?"""
        return self.below is None and self.above is None and not self.primes


Row = list[Atom]


def operator(text: str, span: Span) -> Atom:
    """An operator."""
    return Atom("operator", text, span)


def is_operator(atom: Atom, *texts: str) -> bool:
    """Is it one of these operators?"""
    return atom.kind == "operator" and atom.text in texts


def parted(row: Row, *texts: str) -> list[Row]:
    """The parts of a row between some operators, or between its breaks."""
    parts: list[Row] = [[]]
    for atom in row:
        if is_operator(atom, *texts) or (atom.kind in texts):
            parts.append([])
        else:
            parts[-1].append(atom)
    return parts


def spanning(row: Row) -> Span:
    """The place of a row that is not empty."""
    return row[0].span.join(row[-1].span)


def inside(row: Row) -> Iterator[Atom]:
    """Every atom of a row, and of the rows within."""
    stack = list(reversed(row))
    while stack:
        atom = stack.pop()
        yield atom
        for part in (*atom.rows, atom.below or [], atom.above or []):
            stack.extend(part)
