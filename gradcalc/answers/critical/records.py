"""What comes out of the search for critical points: the points, what else may be an extremum, and what is left open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gradcalc.answers.audit.box import Box
from gradcalc.answers.audit.proof import Piece
from gradcalc.answers.matrices.records import Critical
from gradcalc.arrays.array import Value
from gradcalc.base.printing import Printed


@dataclass(frozen=True, slots=True)
class Point:
    """A place where every derivative is 0, to the nearest floats, with the function's value and what it has there.

    `exact` holds its coordinates in closed form where they are proven to be that. `alone` says that the box around it
    holds no other. Of a Lagrangian, `constrained` says what the point is where the constraints hold.
    """

    at: Mapping[str, float]
    exact: Mapping[str, str | None]
    value: float | None
    kind: Critical
    alone: bool = True
    constrained: Critical | None = None


@dataclass(frozen=True, slots=True)
class Break:
    """A place where there is no derivative, which may be an extremum all the same: `kind` says so where it is one."""

    at: Mapping[str, float]
    what: str
    quantity: str
    kind: Critical | None


@dataclass(slots=True)
class Found:
    """What a search comes to, so far."""

    points: list[Point] = field(default_factory=list)
    breaks: list[Break] = field(default_factory=list)
    flat: list[Piece] = field(default_factory=list)
    undecided: list[Piece] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class CriticalPoints(Printed):
    """All the critical points of an expression in a box.

    `flat` are pieces on which every point is critical; in those that are `undecided` there may be more than what is
    listed. `remarks` are what else there is to say, a sentence each.
    """

    expression: str
    reading: str | None
    function: str
    box: Box
    fixed: Mapping[str, Value]
    points: tuple[Point, ...]
    breaks: tuple[Break, ...] = ()
    flat: tuple[Piece, ...] = ()
    undecided: tuple[Piece, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Is it proven that there are no others?"""
        return not self.undecided

    @property
    def verdict(self) -> str | None:
        """`undecided` where something was left open."""
        return None if self.complete else "undecided"
