"""What values the parts of an expression can take, whatever its variables are: never too few, often too many."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

from flint import arb

from gradcalc.engines.exact.ball import ONE, ZERO, Ball, rational
from gradcalc.engines.exact.primitives import ARB, CONSTANTS
from gradcalc.functions import CATALOGUE
from gradcalc.functions.function import rule
from gradcalc.syntax.tree import Call, Constant, Name, Node, Number

INFINITY = arb.pos_inf()


class Reach(NamedTuple):
    """All numbers from `low` to `high`, exact or infinite; without these themselves where they are `open`."""

    low: Ball = -INFINITY
    high: Ball = INFINITY
    open_low: bool = False
    open_high: bool = False

    def holds_zero(self) -> bool:
        """Is 0 one of the numbers?"""
        above = self.high > 0 or (self.high.is_zero() and not self.open_high)
        return above and (self.low < 0 or (self.low.is_zero() and not self.open_low))

    def is_point(self) -> bool:
        """Is it a single number?"""
        return bool(self.low == self.high)


ALL = Reach()
Reaches = Callable[..., Reach]


def _ends(low: Ball, high: Ball, open_low: bool = False, open_high: bool = False) -> Reach:
    """From the ball of the one end to that of the other, rounded outwards; what is no number is no bound."""
    low = -INFINITY if low.is_nan() else low.lower() if low.is_finite() else low
    high = INFINITY if high.is_nan() else high.upper() if high.is_finite() else high
    return Reach(low, high, open_low, open_high)


def _add(a: Reach, b: Reach) -> Reach:
    return _ends(a.low + b.low, a.high + b.high, a.open_low or b.open_low, a.open_high or b.open_high)


def _neg(a: Reach) -> Reach:
    return Reach(-a.high, -a.low, a.open_high, a.open_low)


def _mul(a: Reach, b: Reach) -> Reach:
    no_zero = not (a.holds_zero() or b.holds_zero())
    ends = []
    for x, x_open in ((a.low, a.open_low), (a.high, a.open_high)):
        for y, y_open in ((b.low, b.open_low), (b.high, b.open_high)):
            zero = x.is_zero() or y.is_zero()
            ends.append((ZERO, no_zero) if zero else (x * y, x_open or y_open))
    low, high = min(ends, key=lambda end: end[0].lower())[0], max(ends, key=lambda end: end[0].upper())[0]
    missing = [all(left_out for end, left_out in ends if end.overlaps(extreme)) for extreme in (low, high)]
    return _ends(low, high, *missing)


def _inverse(a: Reach) -> Reach:
    """Of what is not 0."""
    if a.high <= 0:
        return _neg(_inverse(_neg(a)))
    if not a.low >= 0:
        return ALL
    low = ZERO if not a.high.is_finite() else 1 / a.high
    return _ends(low, INFINITY if a.low.is_zero() else 1 / a.low, low.is_zero(), a.open_low)


def _abs(a: Reach) -> Reach:
    if a.low >= 0:
        return a
    if a.high <= 0:
        return _neg(a)
    return Reach(ZERO, max(-a.low, a.high))


def _pow(a: Reach, b: Reach) -> Reach:
    """With a number for the exponent; else above 0 where the base is."""
    if not b.is_point():
        return Reach(ZERO, INFINITY, open_low=True) if a.low >= 0 and not a.holds_zero() else ALL
    exponent = b.low
    if exponent < 0:
        return _inverse(_pow(a, Reach(-exponent, -exponent)))
    if not exponent.is_integer():
        a = Reach(max(a.low, ZERO), max(a.high, ZERO), a.open_low, a.open_high)  # below 0 there is no power
    elif (exponent / 2).is_integer():
        a = _abs(a)
    low, high = (end if end.is_zero() or not end.is_finite() else end**exponent for end in (a.low, a.high))
    return Reach(ONE, ONE) if exponent.is_zero() else _ends(low, high, a.open_low, a.open_high)


def _rising(name: str, low: Ball, high: Ball, start: Ball = -INFINITY) -> Reaches:
    """A function that rises from `low` to `high`, from `start` on."""

    def of(a: Reach) -> Reach:
        below, above = a.low > start, a.high.is_finite() and a.high > start
        return _ends(
            ARB[name](a.low) if below else low,
            ARB[name](a.high) if above else high if not a.high.is_finite() else low,
            a.open_low or (not below and not start.is_finite()),
            a.open_high,
        )

    return of


def _within(low: Ball, high: Ball) -> Reaches:
    """A function of which nothing more is known than its least and its largest value."""
    return lambda *arguments: Reach(low, high)


TWO, RIGHT = arb(2), arb.pi() / 2
OPERATIONS: dict[str, Reaches] = {
    "add": _add, "neg": _neg, "mul": _mul, "abs": _abs, "pow": _pow,
    "sub": lambda a, b: _add(a, _neg(b)),
    "div": lambda a, b: _mul(a, _inverse(b)),
    "min": lambda a, b: Reach(min(a.low, b.low), min(a.high, b.high)),
    "max": lambda a, b: Reach(max(a.low, b.low), max(a.high, b.high)),
    "hypot": lambda a, b: Reach(max(_abs(a).low, _abs(b).low), INFINITY),
    "exp": _rising("exp", ZERO, INFINITY),
    "expm1": _rising("expm1", -ONE, INFINITY),
    "softplus": _rising("softplus", ZERO, INFINITY),
    "sinh": _rising("sinh", -INFINITY, INFINITY),
    "asinh": _rising("asinh", -INFINITY, INFINITY),
    "cbrt": _rising("cbrt", -INFINITY, INFINITY),
    "tanh": _rising("tanh", -ONE, ONE),
    "erf": _rising("erf", -ONE, ONE),
    "atan": _rising("atan", -RIGHT, RIGHT),
    "log": _rising("log", -INFINITY, INFINITY, ZERO),
    "sqrt": _rising("sqrt", ZERO, INFINITY, ZERO),
    "log1p": _rising("log1p", -INFINITY, INFINITY, -ONE),
    "acosh": _within(ZERO, INFINITY), "cosh": _within(ONE, INFINITY),
    "floor": lambda a: _ends(a.low.floor(), a.high.floor()),
    "sin": _within(-ONE, ONE), "cos": _within(-ONE, ONE), "sign": _within(-ONE, ONE),
    "erfc": _within(ZERO, TWO), "asin": _within(-RIGHT, RIGHT), "acos": _within(ZERO, RIGHT * 2),
}  # fmt: skip


def reach(node: Node, known: Mapping[str, Reach], found: dict[int, Reach]) -> Reach:
    """What values a node can take, where names are as `known`; the others may be anything. `found` is what is kept."""
    if id(node) not in found:
        found[id(node)] = _reach(node, known, found)
    return found[id(node)]


def _reach(node: Node, known: Mapping[str, Reach], found: dict[int, Reach]) -> Reach:
    if isinstance(node, Name):
        return known.get(node.name, ALL)
    if isinstance(node, Number | Constant):
        ball = rational(node.value) if isinstance(node, Number) else CONSTANTS[node.name]()
        return _ends(ball, ball)
    if not isinstance(node, Call):
        return ALL
    if node.function == "where":
        sure = holds(node.arguments[0], known, found)
        yes, no = (reach(branch, known, found) for branch in node.arguments[1:])
        both = Reach(min(yes.low, no.low), max(yes.high, no.high))
        return both if sure is None else yes if sure else no
    if node.function == "mul":
        return _product(node, known, found)
    return _applied(node.function, [reach(argument, known, found) for argument in node.arguments])


def _product(node: Node, known: Mapping[str, Reach], found: dict[int, Reach]) -> Reach:
    """What values a product can take: equal factors make squares."""
    total, factors = Reach(ONE, ONE), list(_factors(node))
    while factors:
        factor, sign = factors.pop()
        total = total if sign > 0 else _neg(total)
        one = reach(factor, known, found)
        twin = next((other for other in factors if other[0] == factor), None)
        if twin is not None:
            factors.remove(twin)
            total, one = (total if twin[1] > 0 else _neg(total)), _pow(one, Reach(TWO, TWO))
        total = _mul(total, one)
    return total


def _factors(node: Node) -> Iterator[tuple[Node, int]]:
    """The factors of a product, each with a sign."""
    sign = 1
    while isinstance(node, Call) and node.function == "neg":
        node, sign = node.arguments[0], -sign
    if not (isinstance(node, Call) and node.function == "mul"):
        yield node, sign
        return
    yield Number(Fraction(sign)), 1
    for argument in node.arguments:
        yield from _factors(argument)


def _applied(function: str, arguments: list[Reach]) -> Reach:
    """What values a function can take of what its arguments can take."""
    row = CATALOGUE[function]
    if function in OPERATIONS:
        return OPERATIONS[function](*arguments)
    if row.definition is None or len(arguments) != len(row.parameters):
        return ALL
    return reach(rule(row.definition), dict(zip(row.parameters, arguments, strict=True)), {})


# -- conditions


def holds(condition: Node, known: Mapping[str, Reach], found: dict[int, Reach]) -> bool | None:
    """Is a condition true whatever the variables are, or false? None where that depends, or does not show."""
    if not isinstance(condition, Call):
        return None
    if condition.function == "where":
        choice, *branches = condition.arguments
        sure = holds(choice, known, found)
        yes, no = (holds(branch, known, found) for branch in branches)
        return yes if sure or (sure is None and yes is no) else no if sure is False else None
    compared = COMPARISONS.get(condition.function)
    sides = [reach(side, known, found) for side in condition.arguments]
    return compared(*sides) if compared else None


def _above(a: Reach, b: Reach) -> bool | None:
    """a > b?"""
    if a.low > b.high or (a.low == b.high and (a.open_low or b.open_high)):
        return True
    return False if a.high <= b.low else None


def _not(answer: bool | None) -> bool | None:
    return None if answer is None else not answer


def _equal(a: Reach, b: Reach) -> bool | None:
    if _above(a, b) or _above(b, a):
        return False
    return True if a.is_point() and b.is_point() and a.low == b.low else None


COMPARISONS: dict[str, Callable[[Reach, Reach], bool | None]] = {
    "gt": _above, "lt": lambda a, b: _above(b, a), "le": lambda a, b: _not(_above(a, b)),
    "ge": lambda a, b: _not(_above(b, a)), "eq": _equal, "ne": lambda a, b: _not(_equal(a, b)),
}  # fmt: skip
