"""What a check comes to: for each proposed partial derivative whether it is right, and where it is not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

from gradcalc.base.printing import Printed
from gradcalc.base.real import Written

Numbers: TypeAlias = Any  # a float, None, or nested lists of them


class Judgement(StrEnum):
    """What is said of a proposed gradient, from best to worst."""

    RIGHT = "right"
    UNDECIDED = "undecided"  # the true derivative is not known
    UNDEFINED = "undefined"  # it, or the true derivative, has no value at a point where the other has one
    WRONG = "wrong"


SEVERITY = list(Judgement)


FIRST = "f'"  # what the function is called where a second derivative is judged


@dataclass(frozen=True, slots=True)
class CounterExample:
    """A point where the proposed value is not the true one; None stands for a value that does not exist.

    `difference` is proposed minus true, rounded once from the exact difference. By an array the three are nested
    lists of its shape.
    """

    at: Mapping[str, Numbers]
    proposed: Numbers
    true: Numbers
    difference: Numbers

    @property
    def exact(self) -> Mapping[str, str] | None:
        """The digits of the two values, where a number of them was asked for."""
        found = {"proposed": self.proposed, "true": self.true}
        return {key: value.text for key, value in found.items() if isinstance(value, Written)} or None


@dataclass(frozen=True, slots=True)
class Finding:
    """One proposed partial derivative, and what was found about it.

    `proved`: SymPy simplified the difference from the true derivative to 0. `points`: how many points the two were
    compared at. `letter` says what a letter was taken for that nobody defined: `s = sigmoid(z)`. `note` says why
    there is no formula of the true derivative, where there is none.
    """

    name: str
    proposed: str
    formula: str | None
    verdict: Judgement
    proved: bool = False
    points: int = 0
    counterexample: CounterExample | None = None
    hint: str | None = None
    note: str | None = None
    letter: str | None = None


@dataclass(frozen=True, slots=True)
class Check(Printed):
    """The whole answer: a finding for each variable, and the worst of their verdicts."""

    expression: str
    reading: str | None  # how the expression was understood, where that is not obvious
    function: str | None  # what a program calls its result, where it has a name
    sizes: Mapping[str, int]  # what was put for the dimensions that have names
    at: Mapping[str, Numbers] | None
    gradient: Mapping[str, Finding]
    verdict: Judgement
    of: str | None = None  # the dependent variable of an equation

    @property
    def right(self) -> bool:
        """Is every proposed partial derivative right?"""
        return self.verdict is Judgement.RIGHT
