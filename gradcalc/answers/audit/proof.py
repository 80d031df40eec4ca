"""What is proven of a function of one variable on a range: where it breaks, and where it has no value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from gradcalc.answers.audit.breaks import Break, break_at
from gradcalc.answers.audit.pieces import Left, Zero
from gradcalc.answers.audit.subdivision import subdivided
from gradcalc.base.effort import Exhausted
from gradcalc.base.errors import LimitError
from gradcalc.base.memory import REMEMBERED, Memory
from gradcalc.engines.exact.interval import Interval
from gradcalc.inputs.question import Question
from gradcalc.problem.problem import Problem
from gradcalc.syntax.tree import Node, number, substitute

CUTTING, LOOKING = 0.2, 0.4  # of the time: to cut the range, and to look at the places that come out
MOST_PIECES = 6  # that are listed


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the range, from one point to another, to the nearest floats; `quantities` may be 0 there."""

    first: Mapping[str, float]
    last: Mapping[str, float]
    quantities: tuple[str, ...] = ()

    def holds(self, point: Mapping[str, float]) -> bool:
        """Is a point of the line in it?"""
        return all(self.first[name] <= point[name] <= self.last[name] for name in self.first)


@dataclass(frozen=True, slots=True)
class Between:
    """What there is between the samples of a range; `followed` where every place was looked into."""

    breaks: tuple[Break, ...] = ()
    gaps: tuple[Piece, ...] = ()
    undecided: tuple[Piece, ...] = ()
    followed: bool = True

    def beside(self, told: Sequence[Mapping[str, float]]) -> Between:
        """The same without what points tell of."""
        return replace(
            self,
            breaks=tuple(one for one in self.breaks if not any(_is_at(one, point) for point in told)),
            gaps=tuple(gap for gap in self.gaps if not any(map(gap.holds, told))),
        )


def _is_at(one: Break, point: Mapping[str, float]) -> bool:
    return all(point[name] == value for name, value in one.at.items())


PROVEN = Memory[Between](8)  # what was audited is drawn too


def proven(question: Question, name: str, ends: tuple[float, float]) -> Between:
    """Where the problem's function breaks between two ends, by a proof; what that leaves open is `undecided`."""
    problem = question.problem
    if len(problem.source) > REMEMBERED:
        return _proven(question, name, ends)
    asked = (problem.source, problem.variables, tuple(problem.numbers.items()), name, ends, problem.dtype)
    return PROVEN.recall(asked, lambda: _proven(question, name, ends))


def _proven(question: Question, name: str, ends: tuple[float, float]) -> Between:
    problem = question.problem
    whole = Interval.between(*ends)
    with question.clock.grant(CUTTING):
        found = subdivided(of_one(problem, name), name, whole)
    breaks: list[Break] = []
    left = list(found.left)
    zeros = iter(found.zeros)
    try:
        with question.clock.grant(LOOKING):
            for zero in zeros:
                try:
                    one = break_at(problem, name, zero, whole)
                except LimitError:
                    left.append(_as_left(zero))
                    continue
                breaks += [one] if one is not None else []
    except Exhausted:
        left += map(_as_left, zeros)
    open_ = sorted(left, key=lambda one: one.where.low)
    undecided = [piece_of(problem, name, one.where, one.quantities) for one in few(open_)]
    gaps = [piece_of(problem, name, gap) for gap in found.gaps]
    return Between(tuple(breaks), tuple(gaps), tuple(undecided), followed=not undecided)


def of_one(problem: Problem, name: str) -> Node:
    """The function with the values of all variables but one put in."""
    others = {other: number(Fraction(value)) for other, value in problem.numbers.items() if other != name}
    return substitute(problem.root, others) if others else problem.root


def _as_left(zero: Zero) -> Left:
    return Left(zero.where, zero.quantities)


def few(pieces: list[Left]) -> list[Left]:
    """The pieces; where there are too many to list, what lies between the two nearest is counted to them."""
    while len(pieces) > MOST_PIECES:
        place = min(range(1, len(pieces)), key=lambda one: pieces[one].where.low - pieces[one - 1].where.high)
        pieces[place - 1 : place + 1] = [pieces[place - 1].with_next(pieces[place])]
    return pieces


def piece_of(problem: Problem, name: str, where: Interval, quantities: tuple[str, ...] = ()) -> Piece:
    first, last = ({name: problem.format.nearest(end)} for end in where.fractions())
    return Piece(first, last, quantities)
