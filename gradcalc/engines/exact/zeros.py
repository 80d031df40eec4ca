"""The zeros of a function of one variable on an interval: that there is none, or one, is proven, and that is enclosed.

Source: Moore, Kearfott and Cloud, Introduction to Interval Analysis, 2009, chapters 6 and 8.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from flint import arb

from gradcalc.base.errors import LimitError
from gradcalc.base.floating import Format
from gradcalc.base.real import Real
from gradcalc.calculus.reverse import gradient
from gradcalc.calculus.simplify import build
from gradcalc.engines.exact.at_point import evaluate
from gradcalc.engines.exact.ball import Ball, Undecided, as_fraction, working
from gradcalc.engines.exact.evaluation import Evaluator
from gradcalc.engines.exact.interval import OPERATIONS, THROUGHOUT, Interval, sign
from gradcalc.engines.exact.values import Undefined
from gradcalc.syntax.tree import Constant, Node, number, shared, substitute

BITS = 96  # of the ends of intervals
FINE_BITS, FINE = 512, 440  # bits to pin a zero down with, and how narrow it then is
ROUNDS = 600
SIMPLE = 10**12  # a denominator up to this is no accident in an interval so narrow
FEW = 1000  # the same of a multiple of pi
MOST_TOUCHING = 4  # derivatives that are 0 beside the function


@dataclass(frozen=True)
class Function:
    """A function of one variable, with its derivative."""

    root: Node
    slope: Node
    name: str

    @classmethod
    def of(cls, root: Node, name: str) -> Function:
        """The function that a tree is, which has no other variable. Raises LimitError where it is too large."""
        root = shared(root)
        return cls(root, shared(gradient(root, [name])[name]), name)

    def over(self, cell: Interval) -> Interval | None:
        """What its values on an interval lie in; None where it has none. Raises Undecided and LimitError.

        Where they may be 0, the mean value theorem may show that they are not.
        """
        found = values_over(self.root, {self.name: cell})
        if found is None or not found.holds_zero() or cell.low == cell.high:
            return found
        middle = Interval(cell.middle, cell.middle)
        try:
            slope, centre = (values_over(self.slope, {self.name: cell}), values_over(self.root, {self.name: middle}))
        except (Undecided, LimitError):
            return found
        if slope is None or centre is None:
            return found
        change = OPERATIONS["mul"](slope, OPERATIONS["sub"](cell, middle))
        return found.meet(OPERATIONS["add"](centre, change)) or found

    def monotone(self, cell: Interval) -> bool:
        """Is its derivative proven to be nowhere 0 on an interval?"""
        try:
            slope = values_over(self.slope, {self.name: cell})
        except (Undecided, LimitError):
            return False
        return slope is not None and not slope.holds_zero()

    def sign(self, place: Ball) -> int | None:
        """Its sign at an exact number; None where it has no value, or the sign is not proven."""
        try:
            found = values_over(self.root, {self.name: Interval(place, place)})
            return None if found is None else sign(found)
        except Undecided:
            at = as_fraction(place)
            return None if at is None else self.sign_at(number(at))
        except LimitError:
            return None

    def sign_at(self, place: Node) -> int | None:
        """The same at a number that is written as a tree."""
        return value_sign(substitute(self.root, {self.name: place}))

    def zeros(self, cell: Interval) -> list[Interval] | None:
        """Where it is 0, on an interval on which it is monotone: nowhere, or in one place, that is pinned down.

        None where a sign at an end is not proven.
        """
        before, after = self.sign(cell.low), self.sign(cell.high)
        if before is None or after is None:
            return None
        if before == 0 or after == 0:
            end = cell.high if before else cell.low
            return [Interval(end, end)]
        return [] if before == after else [self._pinned(cell, before)]

    def _pinned(self, cell: Interval, before: int) -> Interval:
        """A far narrower interval around its zero, before which it has a sign: by Newton's method, or by halves."""
        with working(FINE_BITS):
            for _ in range(ROUNDS):
                if cell.width <= max(abs(cell.low), abs(cell.high)) * arb((1, -FINE)):
                    break
                found = self._newton(cell)
                if found is None or found.width > cell.width / 2:
                    found = self._half(found or cell, before)
                if found is None:
                    break
                cell = found
        return cell

    def _newton(self, cell: Interval) -> Interval | None:
        middle = Interval(cell.middle, cell.middle)
        slope, centre = values_over(self.slope, {self.name: cell}), values_over(self.root, {self.name: middle})
        if slope is None or centre is None or slope.holds_zero():
            return None
        return cell.meet(OPERATIONS["sub"](middle, OPERATIONS["div"](centre, slope)))

    def _half(self, cell: Interval, before: int) -> Interval | None:
        middle = cell.middle
        there = self.sign(middle)
        if there is None:
            return None
        if there == 0:
            return Interval(middle, middle)
        return Interval(middle, cell.high) if there == before else Interval(cell.low, middle)

    def exact_zero(self, cell: Interval) -> Node | None:
        """A simple number in a narrow interval at which it is proven to be 0, as a tree; None where there is none."""
        return next((place for place in simple_numbers(cell) if self.sign_at(place) == 0), None)

    def alone(self, cell: Interval, zero: Node) -> bool:
        """Is a zero in an interval, where it may only touch 0, proven to be its one zero there?

        It is where some derivative has no zero, and all those before it have this one.
        """
        function = self
        for _ in range(MOST_TOUCHING):
            if function.monotone(cell):
                return True
            function = Function.of(function.slope, self.name)
            if function.sign_at(zero) != 0:
                return False
        return False


def values_over(root: Node, box: dict[str, Interval]) -> Interval | None:
    """What the values of a tree over a box lie in; None where it has none. Raises Undecided and LimitError."""
    found = Evaluator(THROUGHOUT).evaluate(root, box)[id(root)]  # type: ignore[arg-type]  # numbers are intervals here
    assert isinstance(found, Interval | Undefined)
    return found if isinstance(found, Interval) else None


def may_be_zero(root: Node, box: dict[str, Interval]) -> bool:
    """Is it not proven that a tree is nowhere 0 in a box?"""
    try:
        found = values_over(root, box)
    except (Undecided, LimitError):
        return True
    return found is not None and found.holds_zero()


def value_sign(root: Node) -> int | None:
    """The sign of a tree without variables; None where it has no value, or the sign is not proven."""
    try:
        value = evaluate(root, {})
    except LimitError:
        return None
    return (value.mantissa > 0) - (value.mantissa < 0) if isinstance(value, Real) else None


def nearest_value(root: Node, box: dict[str, Interval], form: Format) -> float | None:
    """The number of a format nearest to the value of a tree in a narrow box; None where none is proven."""
    with working(FINE_BITS):
        try:
            found = values_over(root, box)
        except (Undecided, LimitError):
            return None
    if found is None or found.holds_zero():  # within 2**-400 of 0, as far as numbers of ordinary size go
        return None if found is None else 0.0
    return form.nearest(sum(found.fractions(), Fraction(0)) / 2)


def valued(root: Node, place: dict[str, Ball]) -> bool | None:
    """Has a tree a value at exact numbers? None where that is too hard to tell."""
    point = {name: at for name, number in place.items() if (at := as_fraction(number)) is not None}
    try:
        return isinstance(evaluate(root, point), Real) if len(point) == len(place) else None
    except LimitError:
        return None


def simple_numbers(cell: Interval) -> list[Node]:
    """The rational number of a small denominator in a narrow interval, and such a multiple of pi, as trees."""
    with working(FINE_BITS):
        found: list[Node] = []
        for unit, most in ((arb(1), SIMPLE), (arb.pi(), FEW)):
            ends = Interval((cell.low / unit).lower(), (cell.high / unit).upper())
            ratio = simplest(*ends.fractions(), most)
            if ratio is not None:
                found.append(number(ratio) if unit == 1 else _of_pi(ratio))
        return found


def simplest(low: Fraction, high: Fraction, most: int) -> Fraction | None:
    """The rational number of the least denominator from one end to the other; None where that is more than `most`.

    By the continued fraction that the ends share. Source: Graham, Knuth and Patashnik, Concrete Mathematics, 1994,
    section 4.5.
    """
    if low <= 0 <= high:
        return Fraction(0)
    if high < 0:
        found = simplest(-high, -low, most)
        return None if found is None else -found
    (above, below), (other_above, other_below) = low.as_integer_ratio(), high.as_integer_ratio()
    before, now = (0, 1), (1, 0)  # numerators and denominators of the last two convergents
    while now[1] <= most:
        whole = -(-above // below)
        if whole * other_below <= other_above:
            last = Fraction(whole * now[0] + before[0], whole * now[1] + before[1])
            return last if last.denominator <= most else None
        whole -= 1
        before, now = now, (whole * now[0] + before[0], whole * now[1] + before[1])
        above, below, other_above, other_below = (
            other_below, other_above - whole * other_below, below, above - whole * below,
        )  # fmt: skip
    return None


def _of_pi(ratio: Fraction) -> Node:
    return build("div", build("mul", number(ratio.numerator), Constant("pi")), number(ratio.denominator))
