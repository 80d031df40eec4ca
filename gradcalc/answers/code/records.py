"""What comes out where a program is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gradcalc.answers.records import Comparison
from gradcalc.base.printing import Printed


@dataclass(frozen=True, slots=True)
class Code(Printed):
    """A program that computes a function and its gradient, and the pytest file that checks it.

    `computes` is the equal expression that it computes, where that is not the one that was asked about.
    """

    expression: str
    language: str
    source: str
    test: str | None = None
    computes: str | None = None
    verdict: ClassVar[None] = None  # nothing is compared


@dataclass(frozen=True, slots=True)
class Typeset(Printed):
    """A function, `formula` in the language, and its gradient, to be written as LaTeX."""

    formula: str
    comparison: Comparison
    verdict: ClassVar[None] = None  # nothing is compared
