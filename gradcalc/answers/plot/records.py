"""What there is to draw: curves in strokes, marks where the function breaks, surfaces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from gradcalc.answers.audit.box import Box
from gradcalc.arrays.array import Value
from gradcalc.base.printing import Drawn

Ends = tuple[float, float]


class Kind(StrEnum):
    """What a mark marks."""

    KINK = "kink"
    INFINITE = "infinite slope"
    POLE = "pole"
    JUMP = "jump"
    HOLE = "hole"
    OTHER = "no limit"

    def cuts(self, order: int) -> bool:
        """Does the curve of an order come to no end there?"""
        return self in (Kind.POLE, Kind.OTHER) or (order > 0 and self is Kind.INFINITE)


@dataclass(frozen=True, slots=True)
class Stroke:
    """Points that a line joins; `first` and `last` say whether that end belongs to it, None where it just ends."""

    x: tuple[float, ...]
    y: tuple[float, ...]
    first: bool | None = None
    last: bool | None = None

    @property
    def ends(self) -> list[tuple[float, float, bool]]:
        """The points where it does not just end, and whether each belongs to it."""
        ends = ((self.x[0], self.y[0], self.first), (self.x[-1], self.y[-1], self.last))
        return [(x, y, belongs) for x, y, belongs in ends if belongs is not None]


@dataclass(frozen=True, slots=True)
class Curve:
    """The function (order 0), or a derivative of it; `limits` are those of a picture that shows what matters."""

    order: int
    formula: str | None
    strokes: tuple[Stroke, ...]
    limits: Ends


@dataclass(frozen=True, slots=True)
class Mark:
    """A place where the function breaks, and how: proven. `value` is what it has just there."""

    at: float
    kind: Kind
    quantity: str
    value: float | None = None
    left: float | None = None
    right: float | None = None


@dataclass(frozen=True, slots=True)
class TangentLine:
    """The tangent at a point, `slope*(x - at) + value`."""

    at: float
    value: float
    slope: float

    def over(self, ends: Ends) -> Ends:
        """Its heights at two places."""
        low, high = (self.value + self.slope * (x - self.at) for x in ends)
        return low, high


@dataclass(frozen=True, slots=True)
class Special:
    """A critical point, and what it is."""

    at: tuple[float, ...]
    value: float
    kind: str
    exact: tuple[str | None, ...] = ()


@dataclass(frozen=True, slots=True)
class LinePlot(Drawn):
    """A function of one variable on a range. `gaps` have no value, of `undecided` pieces nothing is proven."""

    expression: str
    name: str
    variable: str
    ends: Ends
    fixed: Mapping[str, Value]
    curves: tuple[Curve, ...]
    marks: tuple[Mark, ...]
    gaps: tuple[Ends, ...] = ()
    undecided: tuple[Ends, ...] = ()
    tangent: TangentLine | None = None
    critical: tuple[Special, ...] = ()

    @property
    def verdict(self) -> str | None:
        """`undecided` where something was left open."""
        return "undecided" if self.undecided else None


@dataclass(frozen=True, slots=True)
class Arrow:
    """The gradient at a point."""

    at: Ends
    gradient: Ends


@dataclass(frozen=True, slots=True)
class SurfacePlot(Drawn):
    """A function of two variables over a box: its values on a grid, row by row from the lowest second variable on.

    None where it has no value. `breaks` holds, by quantity, values whose zeros are where it may break. A `path` of
    points is what a descent went through.
    """

    expression: str
    name: str
    variables: tuple[str, str]
    box: Box
    fixed: Mapping[str, Value]
    x: tuple[float, ...]
    y: tuple[float, ...]
    values: tuple[tuple[float | None, ...], ...]
    limits: Ends
    arrows: tuple[Arrow, ...] = ()
    breaks: Mapping[str, tuple[tuple[float | None, ...], ...]] | None = None
    critical: tuple[Special, ...] = ()
    path: tuple[Ends, ...] = ()
    open: bool = False  # was something about critical points not proven?

    @property
    def verdict(self) -> str | None:
        """`undecided` where critical points were left open."""
        return "undecided" if self.open else None
