"""A function of one variable on a range: sampled piece by piece, as the proof of where it breaks cuts it."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gradcalc.answers.audit import breaks as found_breaks
from gradcalc.answers.audit.breaks import Break
from gradcalc.answers.audit.proof import proven
from gradcalc.answers.plot.function import Function, tangent_at
from gradcalc.answers.plot.records import Curve, Ends, Kind, LinePlot, Mark, Stroke, TangentLine
from gradcalc.answers.plot.view import limits
from gradcalc.answers.verdicts import Verdict
from gradcalc.inputs.question import Question

GRID = 240  # pieces of the range, to begin with
HALVINGS = 24  # towards a place where the function breaks
ROUNDS, MOST = 4, 2_000  # of refinement, and points in all
BEND = 0.004  # of the picture's height: how far a curve may be from the line that is drawn
BESIDE = 1e-12  # of the range: what counts as just beside a place
GROWING = 3.0  # times as large sixteen times nearer: it runs away
SOLID = {Kind.KINK, Kind.INFINITE}  # where the function itself goes on
FAR, NEAR = range(6, 11), range(30, 41)  # halvings of the range: how far from a place it is looked at
GROWN = 1.2
NARROW = 0.01  # of the range: no line crosses what is not proven and as narrow as that
KINDS = {
    found_breaks.POLE: Kind.POLE, found_breaks.JUMP: Kind.JUMP, found_breaks.HOLE: Kind.HOLE,
    found_breaks.INFINITE: Kind.INFINITE, found_breaks.KINK: Kind.KINK,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the range with nothing in it that breaks; what is at its two ends, if anything is."""

    low: float
    high: float
    before: Mark | None = None
    after: Mark | None = None


def line_plot(question: Question, variable: str, ends: Ends, order: int, name: str, tangent: float | None) -> LinePlot:
    """The curves of the orders from 0 on, with the marks."""
    function = Function(question.problem, variable, order)
    between = proven(question, variable, ends)
    marks = tuple(_mark(one, function, variable, ends) for one in between.breaks)
    gaps = tuple((one.first[variable], one.last[variable]) for one in between.gaps)
    open_ = tuple((one.first[variable], one.last[variable]) for one in between.undecided)
    narrow = [one for one in open_ if one[1] - one[0] < NARROW * (ends[1] - ends[0])]
    pieces = _pieces(ends, marks, [*gaps, *narrow])
    sampled = [_samples(piece, function, ends) for piece in pieces]
    line = None if tangent is None else tangent_at(function, tangent)
    heights = _heights(sampled, pieces, marks, function, ends, line)
    for _ in range(ROUNDS):
        sampled = [_refined(xs, function, heights) for xs in sampled]
    curves = tuple(
        Curve(one, None, tuple(_strokes(one, sampled, pieces, function, ends)), heights[one])
        for one in range(order + 1)
    )
    fixed = {one: value for one, value in question.problem.numbers.items() if one != variable}
    return LinePlot(question.problem.source, name, variable, ends, fixed, curves, marks, gaps, open_, line)


def _mark(one: Break, function: Function, variable: str, ends: Ends) -> Mark:
    """A break, with the values just beside it, as far as there are any."""
    at = one.at[variable]
    kind = KINDS.get(one.what, Kind.INFINITE if one.verdict is Verdict.INFINITE else Kind.OTHER)
    step = (ends[1] - ends[0]) * BESIDE
    if kind is Kind.POLE and not _grows(function, at, ends[1] - ends[0]):
        kind = Kind.OTHER
    own = function.at(at)[0]
    beside = (function.at(side)[0] for side in (at - step, at + step))
    left, right = (None if kind.cuts(0) else own if _same(own, side) else side for side in beside)
    return Mark(at, kind, one.quantity, own, left, right)


def _same(own: float | None, beside: float | None) -> bool:
    """Does the function come to the value that it has, as far as a value just beside it tells?"""
    return own is not None and beside is not None and math.isclose(own, beside, rel_tol=1e-9, abs_tol=1e-9)


def _grows(function: Function, at: float, width: float) -> bool:
    """Does the function grow towards a place, as at a pole, or does it only swing, as sin(1/x) at 0?"""

    def most(halvings: range) -> float:
        near = (function.at(at + side * width * 2.0**-k)[0] for k in halvings for side in (1, -1))
        return max((abs(one) for one in near if one is not None), default=math.inf)  # beyond what can be computed

    near = most(NEAR)
    return math.isinf(near) or near > GROWN * most(FAR)


def _pieces(ends: Ends, marks: Sequence[Mark], gaps: Sequence[Ends]) -> list[Piece]:
    """The parts of the range between breaks, without those that have no value."""
    known: dict[float, Mark | None] = {**dict.fromkeys(ends), **{mark.at: mark for mark in marks}}
    places = sorted(known.items(), key=lambda one: one[0])
    found: list[Piece] = []
    for (low, before), (high, after) in itertools.pairwise(places):
        start = low
        for first, last in sorted(gaps):
            if first < high and last > low:
                if first > start:
                    found.append(Piece(start, first, before if start == low else None, None))
                start = max(start, last)
        if start < high:
            found.append(Piece(start, high, before if start == low else None, after))
    return found


def _samples(piece: Piece, function: Function, ends: Ends) -> list[float]:
    """Places of a piece: an even grid of the range, and closer and closer to its ends."""
    width = piece.high - piece.low
    step = (ends[1] - ends[0]) / GRID
    first, last = math.ceil((piece.low - ends[0]) / step), math.floor((piece.high - ends[0]) / step)
    grid = [ends[0] + step * index for index in range(first, last + 1)]
    near = [width * 2.0**-k for k in range(2, HALVINGS)]
    close = [*(piece.low + one for one in near), *(piece.high - one for one in near)]
    edge = [piece.low, piece.high]
    return sorted({x for x in (*grid, *close, *edge) if piece.low <= x <= piece.high})


def _heights(
    sampled: Sequence[Sequence[float]], pieces: Sequence[Piece], marks: Sequence[Mark], function: Function, ends: Ends,
    line: TangentLine | None,
) -> list[Ends]:  # fmt: skip
    """How high the picture of each order is."""
    found = []
    for order in range(len(function.trees)):
        away = {mark.at for mark in marks if mark.kind.cuts(order)}
        away |= {end for piece in pieces for end in _running(piece, function, order)}
        points = [(x, y) for x in _apart(sampled, pieces, ends) if (y := function.at(x)[order]) is not None]
        seen = [] if order else [y for mark in marks if not mark.kind.cuts(0) for y in _beside(mark, ends)]
        also = seen if line is None or order else [*seen, line.value]
        found.append(limits(points, sorted(away), ends[1] - ends[0], also))
    return found


def _beside(mark: Mark, ends: Ends) -> list[float]:
    """What the function has at a mark, and what it comes to there from inside the range."""
    found = [mark.value, mark.left if mark.at > ends[0] else None, mark.right if mark.at < ends[1] else None]
    return [one for one in found if one is not None]


def _apart(sampled: Sequence[Sequence[float]], pieces: Sequence[Piece], ends: Ends) -> list[float]:
    """The places without those that crowd at the ends of the pieces, where the range itself goes on."""
    step = (ends[1] - ends[0]) / GRID / 2
    found: list[float] = []
    for piece, xs in zip(pieces, sampled, strict=True):
        low = piece.low if piece.low == ends[0] and piece.before is None else piece.low + step
        high = piece.high if piece.high == ends[1] and piece.after is None else piece.high - step
        found += [x for x in xs if low <= x <= high] or list(xs)
    return found


def _running(piece: Piece, function: Function, order: int) -> Iterator[float]:
    """The ends of a piece towards which an order grows without bound, as far as can be seen."""
    width = piece.high - piece.low
    for end, side in ((piece.low, 1), (piece.high, -1)):
        far, near, nearest = (function.at(end + side * width * 2.0**-k)[order] for k in (4, 8, 16))
        if far is None or near is None or nearest is None:
            continue
        if abs(nearest - near) > GROWING * abs(near - far) > 0 and abs(nearest) > GROWING * abs(far):
            yield end


def _refined(xs: list[float], function: Function, heights: Sequence[Ends]) -> list[float]:
    """The places with others between them, where a curve bends more than a line shows."""
    found: list[float] = []
    if len(xs) > MOST:
        return xs
    for index, x in enumerate(xs):
        if index and (_bends(xs, index - 1, function, heights) or _bends(xs, index, function, heights)):
            found.append((xs[index - 1] + x) / 2)
        found.append(x)
    return sorted(set(found))


def _bends(xs: Sequence[float], index: int, function: Function, heights: Sequence[Ends]) -> bool:
    """Is a curve at a place far from the line between its neighbours, in the picture?"""
    if not 0 < index < len(xs) - 1:
        return False
    before, x, after = xs[index - 1 : index + 2]
    share = (x - before) / (after - before)
    for one, here, other, (low, high) in zip(*map(function.at, (before, x, after)), heights, strict=True):
        if one is None or here is None or other is None or not all(map(math.isfinite, (one, here, other))):
            continue
        away = abs(here - (one + (other - one) * share))
        seen = min(one, here, other) < high and max(one, here, other) > low
        if seen and away > BEND * (high - low):
            return True
    return False


def _strokes(
    order: int, sampled: Sequence[Sequence[float]], pieces: Sequence[Piece], function: Function, ends: Ends
) -> Iterator[Stroke]:
    """The lines of an order: cut where it breaks, and where the function has no value."""
    step = (ends[1] - ends[0]) * BESIDE
    waiting: list[Stroke] = []
    for piece, xs in zip(pieces, sampled, strict=True):
        places = [x for x in xs if piece.low < x < piece.high]
        first, start = _end(piece.low, piece.before, step, order, function, piece.low == ends[0])
        last, stop = _end(piece.high, piece.after, -step, order, function, piece.high == ends[1])
        points = [*start, *((x, y) for x in places if (y := function.at(x)[order]) is not None), *stop]
        points = [(x, y) for x, y in points if math.isfinite(y)]
        if not points:
            continue
        stroke = Stroke(tuple(x for x, _ in points), tuple(y for _, y in points), first, last)
        joins = waiting and piece.before is not None and piece.before.kind in SOLID and not order
        if joins and waiting[-1].x[-1] == stroke.x[0]:
            one = waiting.pop()
            stroke = Stroke(one.x + stroke.x[1:], one.y + stroke.y[1:], one.first, stroke.last)
        waiting.append(stroke)
    yield from waiting


def _end(
    at: float, mark: Mark | None, inwards: float, order: int, function: Function, outermost: bool
) -> tuple[bool | None, list[tuple[float, float]]]:
    """How a line ends: whether its last point belongs to the curve (None: it just ends), and that point, if any."""
    own, beside = function.at(at)[order], function.at(at + inwards)[order]
    if mark is None:
        closed = None if outermost else True
        return (closed, [(at, own)]) if own is not None and math.isfinite(own) else (None, [])
    if mark.kind.cuts(order) or beside is None:
        return None, []
    if not order and mark.kind in SOLID:
        return None, [(at, own)] if own is not None else []
    belongs = not order and _same(own, beside)
    return belongs, [(at, own if belongs and own is not None else beside)]
