"""Bounds on a function near a point: at most C*r**d in the distance r, from the first terms of its Taylor series."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from flint import arb

from gradcalc.base.real import Real, fraction
from gradcalc.engines.exact import jets
from gradcalc.engines.exact.at_point import at_point, evaluate
from gradcalc.engines.exact.ball import Ball, rational, working
from gradcalc.engines.exact.evaluation import AT_ONCE, PROVING
from gradcalc.engines.exact.values import Undefined
from gradcalc.syntax.tree import Call, Node, free_names, postorder

HIGHEST = 8  # terms of a series
BITS, ROUGH = 256, 64
MOST_PIECES = 400  # of all directions
LIKE_ITS_ARGUMENT = frozenset({
    "sin", "tan", "asin", "atan", "sinh", "tanh", "asinh", "atanh", "expm1", "log1p", "erf", "neg", "abs",
})  # fmt: skip
BOUNDED = frozenset({"sin", "cos", "atan", "tanh", "erf", "sigmoid"})
ROOTS = {"sqrt": Fraction(1, 2), "cbrt": Fraction(1, 3)}


@dataclass(frozen=True, slots=True)
class Bound:
    """Near the point a function is at most C*r**degree, in the distance r; if `sharp`, also at least c*r**degree."""

    degree: Fraction
    sharp: bool


def bound(node: Node, point: Mapping[str, Fraction], names: Sequence[str]) -> Bound | None:
    """A bound on a function near the point; None where none is known."""
    found = _by_series(node, point, names)
    if found is not None or not isinstance(node, Call):
        return found
    if node.function in BOUNDED and node.function not in LIKE_ITS_ARGUMENT:
        return Bound(Fraction(0), sharp=False)
    if node.function == "hypot":
        squares = [Call("mul", (argument, argument)) for argument in node.arguments]
        return bound(Call("sqrt", (Call("add", tuple(squares)),)), point, names)
    parts = [bound(argument, point, names) for argument in node.arguments]
    first = parts[0]
    if first is None:
        return Bound(Fraction(0), sharp=False) if node.function in BOUNDED else None
    if node.function in LIKE_ITS_ARGUMENT:
        bounded = node.function in BOUNDED and first.degree <= 0
        return (
            Bound(Fraction(0), sharp=False)
            if bounded
            else first
            if first.degree > 0 or node.function in ("neg", "abs")
            else None
        )
    if node.function in ROOTS:
        return Bound(first.degree * ROOTS[node.function], first.sharp)
    return _of_two(node.function, first, parts[1], node.arguments[1]) if len(parts) == 2 else None


def _of_two(function: str, one: Bound, other: Bound | None, second: Node) -> Bound | None:
    """The bound on a sum, a product, a quotient or a power."""
    if other is None:
        return None
    if function in ("add", "sub"):
        return Bound(min(one.degree, other.degree), sharp=False)
    if function == "mul":
        return Bound(one.degree + other.degree, one.sharp and other.sharp)
    if function == "div" and other.sharp:
        return Bound(one.degree - other.degree, one.sharp)
    if function == "pow" and not free_names(postorder(second)):
        power = fraction(exponent) if isinstance(exponent := evaluate(second, {}), Real) else None
        return Bound(one.degree * power, one.sharp) if power is not None and (power > 0 or one.sharp) else None
    return None


def _by_series(node: Node, point: Mapping[str, Fraction], names: Sequence[str]) -> Bound | None:
    """The bound by the first terms of a Taylor series that do not vanish; None where there is no such series."""
    there = evaluate(node, point)
    if isinstance(there, Undefined) or None in at_point(node, point, names)[1].values():
        return None
    with working(BITS):
        ways = [_scaled(names, way) for way in _lattice(len(names), HIGHEST)]
        found = [jets.along(node, point, way, HIGHEST, PROVING) for way in ways]
        rows = [row for row in found if row is not None]
        if len(rows) < len(ways):
            return None
        for degree in range(HIGHEST + 1):
            signs = [PROVING.arithmetic.sign(row[degree]) if degree < len(row) else 0 for row in rows]
            if any(signs):
                return Bound(Fraction(degree), _vanishes_nowhere(node, point, names, degree))
    return Bound(Fraction(HIGHEST + 1), sharp=False)


def _scaled(names: Sequence[str], way: Sequence[int]) -> dict[str, Ball]:
    return dict(zip(names, (PROVING.arithmetic.number(Fraction(part)) for part in way), strict=True))


def _lattice(count: int, total: int) -> Iterator[tuple[int, ...]]:
    """Directions at which no form of a degree up to `total` is 0 but the one that is 0 everywhere."""
    return (way for way in product(range(total + 1), repeat=count) if sum(way) == total)


def _vanishes_nowhere(node: Node, point: Mapping[str, Fraction], names: Sequence[str], degree: int) -> bool:
    """Has the first form of a Taylor series one sign in all directions? They are cut into pieces until it shows."""
    if degree == 0:
        return True
    with working(ROUGH):
        left = [
            [(Fraction(-1), Fraction(1))] * place
            + [(Fraction(1), Fraction(1))]
            + [(Fraction(-1), Fraction(1))] * (len(names) - place - 1)
            for place in range(len(names))
        ]
        for _ in range(MOST_PIECES):
            if not left:
                return True
            box = left.pop()
            along = {name: _between(*side) for name, side in zip(names, box, strict=True)}
            terms = jets.along(node, point, along, degree, AT_ONCE)
            if terms is None or not (terms[degree] > 0 or terms[degree] < 0):
                left += _halves(box)
    return False


def _between(low: Fraction, high: Fraction) -> Ball:
    middle, radius = (low + high) / 2, (high - low) / 2
    return rational(middle) + arb(0, rational(radius))


def _halves(box: Sequence[tuple[Fraction, Fraction]]) -> list[list[tuple[Fraction, Fraction]]]:
    """Two parts of a box, cut along its longest side."""
    place = max(range(len(box)), key=lambda k: box[k][1] - box[k][0])
    low, high = box[place]
    middle = (low + high) / 2
    return [[*box[:place], side, *box[place + 1 :]] for side in ((low, middle), (middle, high))]
