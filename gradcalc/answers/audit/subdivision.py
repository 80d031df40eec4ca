"""A range cut into pieces, until on each the function is proven smooth or to have no value, or a place is pinned down.

A function of one variable can break only where some quantity inside it is 0: `x - 0.3` of `abs(x - 0.3)`. A piece on
which none of them is 0 is done. Where each that may be is monotone, its zero, if there is one, is enclosed by Newton's
method; else the piece is cut in two. What is left when the work that is granted is done, is named.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from gradcalc.base.effort import Exhausted, spend
from gradcalc.base.errors import LimitError
from gradcalc.engines.exact.ball import Undecided, working
from gradcalc.engines.exact.factors import factors
from gradcalc.engines.exact.interval import Interval
from gradcalc.engines.exact.switches import switches
from gradcalc.engines.exact.zeros import BITS, FINE_BITS, Function, valued, values_over
from gradcalc.functions.printer import to_text
from gradcalc.syntax.tree import Node, shared, substitute

NARROWEST, NARROW = 80, 30  # powers of two in the range: of what is cut no more, and of what counts as one place
MOST_PIECES = 2000
PIECE = 20  # steps, beside those of the evaluations


@dataclass(frozen=True, slots=True)
class Zero:
    """A place, alone in a narrow interval, where a quantity is 0; `number` is what it is, where that is known."""

    where: Interval
    quantity: str
    number: Node | None


@dataclass(frozen=True, slots=True)
class Left:
    """A piece on which nothing is proven, for it is not decided whether the quantities are 0 there."""

    where: Interval
    quantities: tuple[str, ...]


@dataclass(slots=True)
class Subdivision:
    """What is proven on a range: `zeros` of quantities, pieces without a value, and pieces that are `left`.

    Everywhere else the function is smooth.
    """

    zeros: list[Zero] = field(default_factory=list)
    gaps: list[Interval] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)


@dataclass(frozen=True)
class Quantity:
    """What may be 0: a factor of a quantity that reads `text`."""

    text: str
    function: Function


def subdivided(root: Node, name: str, whole: Interval) -> Subdivision:
    """The range of the one variable of a tree, cut; until the steps granted are used up."""
    walk = _Walk(shared(root), name, list(_quantities(root, name)), whole)
    with working(BITS):
        try:
            walk.run()
            walk.finish()
        except Exhausted:
            walk.give_up()
        return walk.result()


def _quantities(root: Node, name: str) -> Iterator[Quantity]:
    """The factors of all quantities, each once."""
    seen: set[str] = set()
    for text, quantity in switches(root, cones=True).items():
        for factor in factors(quantity, name):
            if (own := to_text(factor)) not in seen:
                seen.add(own)
                yield Quantity(text, Function.of(factor, name))


Piece = tuple[Interval, tuple[int, ...]]  # with the quantities that may be 0 there


class _Walk:
    """The pieces that are still to be looked at, the widest first, and what was found."""

    def __init__(self, root: Node, name: str, quantities: Sequence[Quantity], whole: Interval) -> None:
        self.root, self.name, self.quantities = root, name, quantities
        self.whole = whole
        self.pieces: deque[Piece] = deque([(whole, tuple(range(len(quantities))))])
        self.found = Subdivision()

    def run(self) -> None:
        """Look at every piece."""
        done = 0
        while self.pieces and done < MOST_PIECES:
            done += 1
            spend(PIECE)
            self.look(*self.pieces[0])
            self.pieces.popleft()
        self.give_up()

    def give_up(self) -> None:
        """Leave what was not looked at."""
        self.found.left += [self._left(*piece) for piece in self.pieces]
        self.pieces.clear()

    def _left(self, cell: Interval, open_: Sequence[int]) -> Left:
        return Left(cell, tuple(dict.fromkeys(self.quantities[one].text for one in open_)))

    def look(self, cell: Interval, open_: Sequence[int]) -> None:
        """Settle a piece, or cut it."""
        touched = tuple(one for one in open_ if self._may_be_zero(one, cell))
        found = self._zeros(cell, touched)
        if found is not None:
            self.settle(cell, found)
        elif cell.is_within(NARROWEST, self.whole):
            self.found.left.append(self._left(cell, touched))
        else:
            self.pieces.extend((part, touched) for part in cell.cut())

    def _may_be_zero(self, one: int, cell: Interval) -> bool:
        try:
            found = self.quantities[one].function.over(cell)
        except (Undecided, LimitError):
            return True
        return found is not None and found.holds_zero()

    def _zeros(self, cell: Interval, touched: Sequence[int]) -> list[Zero] | None:
        """The zeros of these quantities in a piece, in order; None where it has to be cut to find them."""
        quantities = [self.quantities[one] for one in touched]
        if not all(one.function.monotone(cell) for one in quantities):
            return None
        found = []
        for one in quantities:
            zeros = one.function.zeros(cell)
            if zeros is None:
                return None
            found += [Zero(zero, one.text, one.function.exact_zero(zero)) for zero in zeros]
        return sorted(found, key=lambda zero: zero.where.low)

    def settle(self, cell: Interval, zeros: Sequence[Zero]) -> None:
        """Note the zeros in a piece, and whether the function has a value on the pieces between them."""
        self.found.zeros += zeros
        ends = [cell.low, *(end for zero in zeros for end in zero.where), cell.high]
        for low, high in zip(ends[::2], ends[1::2], strict=True):
            if low < high:
                between = Interval(low, high)
                valued = self._valued(between)
                if valued is None:
                    self.found.left.append(Left(between, ()))
                elif not valued:
                    self.found.gaps.append(between)

    def _valued(self, cell: Interval) -> bool | None:
        """Has the function a value on a piece on which nothing changes that? None where that is too hard to tell."""
        middle = cell.middle
        try:
            return values_over(self.root, {self.name: Interval(middle, middle)}) is not None
        except (Undecided, LimitError):
            return valued(self.root, {self.name: middle})

    def result(self) -> Subdivision:
        """What was found, from the left to the right, neighbours joined."""
        found = self.found
        found.left = _joined(found.left)
        found.zeros = _first(found.zeros)
        found.gaps = self._bridged([one.where for one in _joined([Left(gap, ()) for gap in found.gaps])])
        return found

    def _bridged(self, gaps: list[Interval]) -> list[Interval]:
        """The gaps, with those as one that only a zero lies between where the function has no value either."""
        bridges = {zero.where.low: zero for zero in self.found.zeros}
        joined: list[Interval] = []
        for gap in gaps:
            bridge = bridges.get(joined[-1].high) if joined else None
            if bridge is not None and bridge.where.high == gap.low and not self._valued_at(bridge):
                gap = Interval(joined.pop().low, gap.high)
            joined.append(gap)
        return joined

    def _valued_at(self, zero: Zero) -> bool | None:
        """Has the function a value there?"""
        if zero.number is None:
            return self._valued(zero.where)
        return valued(substitute(self.root, {self.name: zero.number}), {})

    def finish(self) -> None:
        """Look closer at what was left open in narrow pieces."""
        open_, self.found.left = _joined(self.found.left), []
        self.found.left += [one for one in open_ if not self._touched(one)]

    def _touched(self, left: Left) -> bool:
        """Is all that was left open in a narrow piece that one quantity touches 0 there, in one place? It is noted."""
        functions = [one.function for one in self.quantities if one.text in left.quantities]
        if len(functions) != 1 or not left.where.is_within(NARROW, self.whole):
            return False
        zero = functions[0].exact_zero(left.where)
        if zero is None or not functions[0].alone(left.where, zero):
            return False
        with working(FINE_BITS):
            place = values_over(zero, {})
        assert place is not None
        self.settle(left.where, [Zero(place, left.quantities[0], zero)])
        return True


def _first(zeros: Sequence[Zero]) -> list[Zero]:
    """The zeros from the left to the right; where several quantities have one, that of the innermost."""
    kept: list[Zero] = []
    for zero in sorted(zeros, key=lambda one: one.where.low):
        if not kept or kept[-1].where.meet(zero.where) is None:
            kept.append(zero)
    return kept


def _joined(pieces: Sequence[Left]) -> list[Left]:
    """The pieces in order, with those that touch as one."""
    joined: list[Left] = []
    for piece in sorted(pieces, key=lambda one: one.where.low):
        if joined and joined[-1].where.high == piece.where.low:
            last = joined.pop()
            texts = tuple(dict.fromkeys((*last.quantities, *piece.quantities)))
            piece = Left(Interval(last.where.low, piece.where.high), texts)
        joined.append(piece)
    return joined
