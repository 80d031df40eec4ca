"""Formulas as people write them, out of papers, notes, forums and manuals, with transcriptions and values of our own.

A line of a table: the formula (⏎ for a new line), its transcription into gradcalc's language, the shapes of its arrays,
and its value, which NumPy worked out from the transcription. Where it is to be refused, `!` and words of the refusal
stand in place of the transcription. A name without a value of its own has the one that `number` makes of it.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TABLES = Path(__file__).parent
Nested = Any  # a number, or lists of them


@dataclass(frozen=True, slots=True)
class Formula:
    """One line of a table."""

    text: str
    transcription: str
    sizes: Mapping[str, tuple[int, ...]]
    numbers: Mapping[str, float]
    values: tuple[float, ...]

    @property
    def refusal(self) -> str | None:
        """Words of the refusal; None where the formula is to be read."""
        return self.transcription[1:] if self.transcription.startswith("!") else None

    def value_of(self, name: str) -> Nested:
        """The value of a variable; a square matrix has 2 more on its diagonal, so that it has an inverse."""
        if name in self.numbers:
            return self.numbers[name]
        if name not in self.sizes:
            return number(name)
        *rows, columns = self.sizes[name]
        if not rows:
            return [number(f"{name}{place}") for place in range(columns)]
        return [
            [
                number(f"{name}{row * columns + place}") + 2 * (rows[0] == columns and row == place)
                for place in range(columns)
            ]
            for row in range(rows[0])
        ]


def number(name: str) -> float:
    """A number between 0.2 and 0.9 for a name, always the same."""
    return round(0.2 + 0.001 * (zlib.crc32(name.encode()) % 700), 3)


def table(name: str) -> list[Formula]:
    """The formulas of a table."""
    return [_formula(line) for line in (TABLES / f"{name}.tsv").read_text(encoding="utf-8").splitlines()]


def _formula(line: str) -> Formula:
    text, transcription, shapes, values = (line + "\t\t\t").split("\t")[:4]
    given = [one.partition("=") for one in shapes.split() if ":=" not in one]
    return Formula(
        text.replace("⏎", "\n"),
        transcription,
        {name: tuple(map(int, sizes.split(","))) for name, _, sizes in given},
        {name: float(value) for name, _, value in (one.partition(":=") for one in shapes.split() if ":=" in one)},
        tuple(map(float, values.split())),
    )
