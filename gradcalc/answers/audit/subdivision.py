"""A range cut into pieces, until on each the function is proven smooth or to have no value, or a place is pinned down.

A function of one variable can break only where some quantity inside it is 0: `x - 0.3` of `abs(x - 0.3)`. A piece on
which none of them is 0 is done. Where each that may be is monotone, its zero, if there is one, is enclosed by Newton's
method; else the piece is cut in two. What is left when the work that is granted is done, is named.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gradcalc.answers.audit.pieces import Left, Subdivision, Zero, joined, together, uncut
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
SLOPE = "the derivative"
PIECE = 20  # steps, beside those of the evaluations


@dataclass(frozen=True)
class Quantity:
    """What may be 0: a factor of the quantities that read `texts`."""

    texts: tuple[str, ...]
    function: Function


def subdivided(root: Node, name: str, whole: Interval, slope: Node | None = None) -> Subdivision:
    """The range of the one variable of a tree, cut; until the steps granted are used up.

    With the tree of the derivative it is cut at the zeros of that as well, which are those of the quantity SLOPE.
    """
    found = switches(root, cones=True)
    if slope is not None:
        found |= {text: one for text, one in switches(slope, cones=True).items() if text not in found} | {SLOPE: slope}
    walk = _Walk(shared(root), name, _quantities(found, name), whole)
    with working(BITS):
        try:
            walk.run()
            walk.finish()
        except Exhausted:
            walk.give_up()
        return walk.result()


def _quantities(found: Mapping[str, Node], name: str) -> list[Quantity]:
    """The factors of quantities, each once."""
    parts: dict[str, tuple[Node, list[str]]] = {}
    for text, quantity in found.items():
        for factor in factors(quantity):
            texts = parts.setdefault(to_text(factor), (factor, []))[1]
            texts += [text] if text not in texts else []
    return [Quantity(tuple(texts), Function.of(factor, name)) for factor, texts in parts.values()]


Piece = tuple[Interval, tuple[int, ...]]  # with the quantities that may be 0 there


class _Walk:
    """The pieces that are still to be looked at, the widest first, and what was found."""

    def __init__(self, root: Node, name: str, quantities: Sequence[Quantity], whole: Interval) -> None:
        self.root, self.name, self.quantities = root, name, quantities
        self.whole = whole
        self.pieces: deque[Piece] = deque([(whole, tuple(range(len(quantities))))])
        self.found = Subdivision(factors=[(text, one.function.root) for one in quantities for text in one.texts])

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
        found = [self.quantities[one] for one in open_]
        return Left(
            cell,
            tuple(dict.fromkeys(text for one in found for text in one.texts)),
            tuple(one.function for one in found),
        )

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
        return found is not None and found.holds_zero() and not (found.low == found.high == 0)

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
            found += [Zero(zero, one.texts, one.function.exact_zero(zero)) for zero in zeros]
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
                    self.found.left.append(Left(between))
                else:
                    (self.found.pieces if valued else self.found.gaps).append(between)

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
        found.left = joined(found.left)
        found.zeros = together(found.zeros)
        found.pieces = uncut(found.pieces, found.zeros)
        found.gaps = self._bridged([one.where for one in joined([Left(gap) for gap in found.gaps])])
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
        open_, self.found.left = joined(self.found.left), []
        self.found.left += [one for one in open_ if not self._touched(one)]

    def _touched(self, left: Left) -> bool:
        """Is all that was left open in a narrow piece that quantities are 0 there, in one place? It is noted.

        The derivative may be left open too, as it is next to a pole.
        """
        touched = [one for one in self.quantities if one.function in left.functions]
        own = [one for one in touched if one.texts != (SLOPE,)] or touched
        if not own or not left.where.is_within(NARROW, self.whole):
            return False
        zero = own[0].function.exact_zero(left.where)
        if zero is None or not all(one.function.alone(left.where, zero) for one in own):
            return False
        with working(FINE_BITS):
            place = values_over(zero, {})
        assert place is not None
        texts = tuple(dict.fromkeys(text for one in own for text in one.texts))
        self.settle(left.where, [Zero(place, texts, zero, None if len(own) == len(touched) else left.where)])
        return True
