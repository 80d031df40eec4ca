"""Where the gradient of a function of several variables is 0 in a box: each such place is proven, and alone.

Krawczyk's operator shows that a box holds no zero of the gradient, or one, and contracts to it. Source: Krawczyk,
Computing 4, 1969, 187-201; Moore, Kearfott and Cloud, Introduction to Interval Analysis, 2009, chapter 8.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

from flint import arb, arb_mat

from gradcalc.base.errors import LimitError
from gradcalc.calculus.reverse import gradient
from gradcalc.engines.exact.ball import Undecided, working
from gradcalc.engines.exact.evaluation import Evaluator
from gradcalc.engines.exact.factors import branches
from gradcalc.engines.exact.interval import OPERATIONS, THROUGHOUT, Interval
from gradcalc.engines.exact.values import Undefined, Values
from gradcalc.engines.exact.zeros import FINE, FINE_BITS
from gradcalc.syntax.tree import Call, Node, children, free_names, postorder, shared

ROUNDS = 60  # of contraction
NEARER = 12  # steps towards the nearest of the means of gradients
BESIDE = arb((1, -3))  # by which part a box is widened, so that a zero on its side is inside
TINY = arb((1, -70))  # the same of a box that is a point
HALF = arb((1, -1))  # of the length of a side: what leaves more of every one gains little

Box = tuple[Interval, ...]
add, sub, mul = (OPERATIONS[name] for name in ("add", "sub", "mul"))
MOST_TOUCHING = 400  # parts that are left, to be told which of them touch
NOTHING, ONE = Interval.between(0, 0), Interval.between(1, 1)


@dataclass(frozen=True)
class Field:
    """A function with its first and its second derivatives, as trees that share what they have in common."""

    names: tuple[str, ...]
    root: Node
    first: tuple[Node, ...]
    second: tuple[tuple[Node, ...], ...]
    pieces: tuple[tuple[Node, ...], ...]  # the first derivatives in each way that their choices may be made

    @classmethod
    def of(cls, root: Node, names: Sequence[str], first: Sequence[Node] | None = None) -> Field:
        """The field of a tree that has no other variables; `first` may stand for its derivatives.

        Raises LimitError where it is too large.
        """
        first = [*gradient(root, names).values()] if first is None else list(first)
        second = [node for one in first for node in gradient(one, names).values()]
        whole, *rest = children(shared(Call("all", (root, *first, *second))))
        count = len(names)
        rows = tuple(tuple(rest[start : start + count]) for start in range(count, len(rest), count))
        pieces = tuple(children(one) for one in branches(Call("all", tuple(rest[:count]))))
        return cls(tuple(names), whole, tuple(rest[:count]), rows, pieces)

    def over(self, box: Box) -> Seen:
        """What is known of it throughout a box."""
        values, place = Values(), dict(zip(self.names, box, strict=True))
        whole, undecided = _looked_up(self.root, place, values)
        if whole is None and not undecided:
            return Seen(valueless=True)
        for node in self.first:
            found, open_ = _looked_up(node, place, values)
            undecided |= open_ or found is None
            if found is not None and not found.holds_zero():
                return Seen(excluded=True)
        return Seen(undecided=undecided, excluded=undecided and self._is_turned(place, values))

    def _is_turned(self, place: dict[str, Interval], values: Values) -> bool:
        """Do the gradients in all branches point to one side throughout a box? Then none of their means is 0."""
        vectors = []
        for piece in self.pieces:
            found = [_looked_up(node, place, values) for node in piece]
            if any(open_ for _, open_ in found):
                return False
            vectors.append([one for one, _ in found if one is not None])
        full = [vector for vector in vectors if len(vector) == len(self.names)]
        if not full:
            return False
        along = [_point(arb(part)) for part in _nearest([[float(one.middle) for one in vector] for vector in full])]
        return all(_dot(along, vector).low > 0 for vector in full)

    def is_smooth(self, box: Box) -> bool:
        """Are the function and its first derivatives proven to have no kink and no pole in a box?"""
        values, place = Values(), dict(zip(self.names, box, strict=True))
        evaluator = Evaluator(THROUGHOUT)
        try:
            for node in (self.root, *self.first):
                evaluator.evaluate(node, place, values)  # type: ignore[arg-type]  # as in zeros.py
                if any(free_names(postorder(one)) for one in evaluator.singular(node, values)):
                    return False
        except (Undecided, LimitError):
            return False
        return True

    def hessian(self, box: Box) -> list[list[Interval]] | None:
        """The second derivatives throughout a box; None where one is not known."""
        found = self._throughout([node for row in self.second for node in row], box)
        count = len(self.names)
        return None if found is None else [found[start : start + count] for start in range(0, count * count, count)]

    def gradient_at(self, point: Box) -> list[Interval] | None:
        """The first derivatives at a point; None where one is not known."""
        return self._throughout(self.first, point)

    def _throughout(self, nodes: Sequence[Node], box: Box) -> list[Interval] | None:
        values, place = Values(), dict(zip(self.names, box, strict=True))
        found = [_looked_up(node, place, values)[0] for node in nodes]
        known = [one for one in found if one is not None]
        return known if len(known) == len(found) else None


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of a field throughout a box: it has no value there, or no zero, or something is not decided."""

    valueless: bool = False
    excluded: bool = False
    undecided: bool = False


def _nearest(points: list[list[float]]) -> list[float]:
    """About the point nearest to the origin of all means of points. Source: Gilbert, SIAM J. Control 4, 1966, 61-80."""
    best = points[0]
    for _ in range(NEARER):
        towards = min(points, key=lambda one: sum(map(operator.mul, one, best)))
        way = [b - a for a, b in zip(best, towards, strict=True)]
        length = sum(part * part for part in way)
        part = -sum(map(operator.mul, best, way)) / length if length else 0.0
        best = [a + min(max(part, 0.0), 1.0) * b for a, b in zip(best, way, strict=True)]
    return best


def _looked_up(node: Node, place: dict[str, Interval], values: Values) -> tuple[Interval | None, bool]:
    """The values of a node over a box, and whether that is not decided."""
    try:
        found = Evaluator(THROUGHOUT).evaluate(node, place, values)[id(node)]  # type: ignore[arg-type]  # as in zeros.py
    except (Undecided, LimitError):
        return None, True
    assert isinstance(found, Interval | Undefined)
    return (found, False) if isinstance(found, Interval) else (None, False)


# -- Krawczyk's operator


def contracted(field: Field, box: Box) -> Box | None:
    """A box that holds all zeros of the gradient that the box does; None where there is none, or nothing is gained.

    Where it lies inside the box, there is one zero, and one alone.
    """
    second = field.hessian(box)
    middle = tuple(Interval(one.middle, one.middle) for one in box)
    first = field.gradient_at(middle)
    if second is None or first is None:
        return None
    try:
        inverse = arb_mat([[one.middle for one in row] for row in second]).inv()
    except ZeroDivisionError:
        return None
    solver = [[_point(inverse[i, j]) for j in range(len(box))] for i in range(len(box))]
    away = [sub(one, centre) for one, centre in zip(box, middle, strict=True)]
    found = []
    for i, row in enumerate(solver):
        rest = [sub(ONE if i == j else NOTHING, _dot(row, [line[j] for line in second])) for j in range(len(box))]
        found.append(add(sub(middle[i], _dot(row, first)), _dot(rest, away)))
    return tuple(found)


def _point(ball: arb) -> Interval:
    return Interval(ball.mid(), ball.mid())


def _dot(row: Sequence[Interval], column: Sequence[Interval]) -> Interval:
    total: Interval = reduce(add, map(mul, row, column))
    return total


def inside(one: Box, other: Box) -> bool:
    """Does a box lie in the interior of another?"""
    return all(a.low > b.low and a.high < b.high for a, b in zip(one, other, strict=True))


def meet(one: Box, other: Box) -> Box | None:
    """What two boxes have in common; None where that is nothing."""
    found = [a.meet(b) for a, b in zip(one, other, strict=True)]
    known = tuple(each for each in found if each is not None)
    return known if len(known) == len(found) else None


def widened(box: Box) -> Box:
    """A somewhat larger box."""
    found = []
    for one in box:
        more = one.width * BESIDE + (abs(one.middle) + 1) * TINY
        found.append(Interval((one.low - more).lower(), (one.high + more).upper()))
    return tuple(found)


def around(ball: arb) -> Interval:
    """A narrow interval about a number, with room for it in its interior."""
    room = (abs(ball) + 1) * arb((1, -60))
    return Interval((ball - room).lower(), (ball + room).upper())


def pinned(field: Field, box: Box) -> Box:
    """A far narrower box around the one zero in a box."""
    with working(FINE_BITS):
        for _ in range(ROUNDS):
            found = contracted(field, box)
            closer = None if found is None else meet(found, box)
            if closer is None or all(b.width <= max(abs(b.low), abs(b.high)) * arb((1, -FINE)) for b in closer):
                return closer or box
            if all(b.width > a.width * HALF for a, b in zip(box, closer, strict=True)):
                return closer
            box = closer
    return box


def clusters(parts: Sequence[Box]) -> list[Box]:
    """Boxes around parts that touch; one around all where there are many."""
    found: list[Box] = []
    for part in parts[:MOST_TOUCHING] if len(parts) <= MOST_TOUCHING else [_around(parts)]:
        touching = [one for one in found if meet(one, part) is not None]
        found = [one for one in found if meet(one, part) is None]
        found.append(_around([part, *touching]))
    return found


def _around(parts: Sequence[Box]) -> Box:
    return tuple(
        Interval(min(one.low for one in side), max(one.high for one in side)) for side in zip(*parts, strict=True)
    )
