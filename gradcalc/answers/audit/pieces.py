"""What a range is cut into: zeros of quantities, and pieces that are smooth, or have no value, or are left open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from gradcalc.engines.exact.interval import Interval
from gradcalc.engines.exact.zeros import Function
from gradcalc.syntax.tree import Node


@dataclass(frozen=True, slots=True)
class Zero:
    """A place, alone in a narrow interval, where quantities are 0; `number` is what it is, where that is known."""

    where: Interval
    quantities: tuple[str, ...]
    number: Node | None
    around: Interval | None = None  # where it is not known what the derivative does


@dataclass(frozen=True, slots=True)
class Left:
    """A piece on which nothing is proven: it is not decided whether the quantities, or these factors, are 0 there."""

    where: Interval
    quantities: tuple[str, ...] = ()
    functions: tuple[Function, ...] = ()

    def with_next(self, other: Left) -> Left:
        """Two pieces as one, with what lies between them."""
        texts = tuple(dict.fromkeys((*self.quantities, *other.quantities)))
        functions = tuple({id(one): one for one in (*self.functions, *other.functions)}.values())
        return Left(Interval(self.where.low, other.where.high), texts, functions)


@dataclass(slots=True)
class Subdivision:
    """What is proven on a range: `zeros` of quantities, pieces without a value, and pieces that are `left`.

    On the other `pieces` the function is smooth.
    """

    zeros: list[Zero] = field(default_factory=list)
    pieces: list[Interval] = field(default_factory=list)
    gaps: list[Interval] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    factors: list[tuple[str, Node]] = field(default_factory=list)  # of each quantity


def uncut(pieces: Sequence[Interval], zeros: Sequence[Zero]) -> list[Interval]:
    """The pieces from the left to the right, with those as one that no zero lies between."""
    ends = {end for zero in zeros for end in zero.where.fractions()}
    joined: list[Interval] = []
    for piece in sorted(pieces, key=lambda one: one.low):
        if joined and joined[-1].high == piece.low and piece.fractions()[0] not in ends:
            piece = Interval(joined.pop().low, piece.high)
        joined.append(piece)
    return joined


def together(zeros: Sequence[Zero]) -> list[Zero]:
    """The zeros from the left to the right, those of several quantities in one place as one."""
    kept: list[Zero] = []
    for zero in sorted(zeros, key=lambda one: one.where.low):
        if kept and kept[-1].where.meet(zero.where) is not None:
            last = kept.pop()
            where = Interval(last.where.low, max(last.where.high, zero.where.high))
            texts = tuple(dict.fromkeys((*last.quantities, *zero.quantities)))
            zero = Zero(where, texts, last.number or zero.number, last.around or zero.around)
        kept.append(zero)
    return kept


def joined(pieces: Sequence[Left]) -> list[Left]:
    """The pieces in order, with those that touch as one."""
    joined: list[Left] = []
    for piece in sorted(pieces, key=lambda one: one.where.low):
        if joined and joined[-1].where.high == piece.where.low:
            piece = joined.pop().with_next(piece)
        joined.append(piece)
    return joined
