"""Where a function of several variables has no gradient: the directions along which it breaks.

The partial derivatives look along the axes alone. `max(x, y)` at a tie breaks along both, yet not along the line on
which both grow alike; `sqrt(abs(x*y))` at the origin breaks along neither, yet along the diagonals.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations, pairwise, product
from math import lcm

from gradcalc.base.real import Real, fraction, nearest
from gradcalc.engines.exact.at_point import by_rules
from gradcalc.engines.exact.evaluation import Evaluator
from gradcalc.engines.exact.precision import refined
from gradcalc.engines.exact.sides import one_sided
from gradcalc.engines.exact.switches import quantities
from gradcalc.engines.records import Corner, Line, Slope, Smoothness
from gradcalc.functions import CATALOGUE
from gradcalc.functions.function import rule
from gradcalc.functions.printer import to_text
from gradcalc.problem.problem import Problem
from gradcalc.syntax.tree import Call, Node, free_names, postorder

Direction = tuple[Fraction, ...]  # one part for each name

MOST_NAMES = 6
MOST_NODES = 15_000  # that all the directions together may cost, or there are fewer: about a second
FEW_NAMES = 3  # every sum and difference of so many axes is tried; of more, those of any two
SIMPLE = 1000  # a ratio of whole numbers up to this is written as such
SAME = Fraction(1, 2**80)
ZERO = Real(0, 0)
EXISTING = (Smoothness.KINK, Smoothness.SMOOTH)


def corner(problem: Problem, slopes: Mapping[str, Slope]) -> Corner | None:
    """How the problem's function breaks at its point, seen along lines through it.

    None where it has a gradient, where fewer than two variables, or more than `MOST_NAMES`, meet in a corner, and where
    the function is too large for more lines than the axes. `slopes` are the true partial derivatives. Raises
    LimitError where values are too large to be told apart.
    """
    names = [name for name, slope in slopes.items() if slope.magnitude is None and slope.smoothness in EXISTING]
    if not 1 < len(names) <= MOST_NAMES:
        return None
    point = {name: Fraction(value) for name, value in problem.numbers.items()}
    switch = _switch(problem.root, point, names)
    tangents = [] if switch is None else [_tangent(pair) for pair in _pairs(switch[1])]
    directions = list(dict.fromkeys([*tangents, *_lattice(len(names))]))[: MOST_NODES // len(postorder(problem.root))]
    if len(directions) <= len(names):  # no more than the axes
        return None
    found = [(one, _line(problem, point, dict(zip(names, one, strict=True)), slopes)) for one in directions]
    lines = [(one, line) for one, line in found if line is not None]
    if not any(line.breaks or line.expected is not None for _, line in lines):
        return None
    decided = switch is not None and all(line.breaks == (_dot(switch[1], one) != 0) for one, line in lines)
    return Corner(tuple(line for _, line in lines), switch[0] if switch and decided else None)


def _line(
    problem: Problem, point: Mapping[str, Fraction], along: Mapping[str, Fraction], slopes: Mapping[str, Slope]
) -> Line | None:
    """What the function does along one line; None where the line leaves the domain."""
    sides = [one_sided(problem.root, point, along, side) for side in (-1, 1)]
    if any(side.undefined for side in sides):
        return None
    noise = SAME * _size(slopes, along)
    before, behind = (_settled(side.slope, noise) for side in sides)
    breaks = before is None or behind is None or before.infinite or not before.equals(behind, SAME, noise)
    left, right = (nearest(slope, problem.format) for slope in (before, behind))
    shown = {name: float(part) for name, part in along.items()}
    return Line(shown, left, right, breaks, None if breaks else _missed(behind, along, slopes, problem))


def _size(slopes: Mapping[str, Slope], along: Mapping[str, Fraction]) -> Fraction:
    """The size of the one-sided slopes along the axes, next to which the rounding of a direction is nothing."""
    found = [fraction(value) for name in along for value in (slopes[name].left, slopes[name].right)]
    return max((abs(value) for value in found if value is not None), default=Fraction(0))


def _settled(slope: Real | None, noise: Fraction) -> Real | None:
    """A slope; 0 where it is no more than noise."""
    value = fraction(slope)
    return ZERO if value is not None and abs(value) <= noise else slope


def _missed(
    slope: Real | None, along: Mapping[str, Fraction], slopes: Mapping[str, Slope], problem: Problem
) -> float | None:
    """What the partial derivatives add up to along a direction, where all of them exist and it is not the slope."""
    parts = [fraction(slopes[name].value) for name in along]
    true = fraction(slope)
    if true is None or any(part is None for part in parts):
        return None
    total = sum((part * share for part, share in zip(parts, along.values(), strict=True) if part), Fraction(0))
    size = max(abs(true), abs(total))
    return None if abs(true - total) <= SAME * size else problem.format.nearest(total)


# -- the quantity whose sign decides


def _switch(root: Node, point: Mapping[str, Fraction], names: Sequence[str]) -> tuple[str, Direction] | None:
    """The one quantity that every corner at the point turns on, as text, with its gradient; None for several."""
    found = []
    for node in _corners(root, point, names):
        quantity = _quantity(node)
        gradient = None if quantity is None else _gradient(quantity, point, names)
        if quantity is None or gradient is None or not any(gradient):
            return None
        found.append((to_text(quantity), gradient))
    alike = all(_parallel(one[1], two[1]) for one, two in pairwise(found))
    return found[0] if found and alike else None


def _corners(root: Node, point: Mapping[str, Fraction], names: Sequence[str]) -> list[Call]:
    """The calls on the way to the names that stand at a kink or a pole of theirs."""

    def attempt(evaluator: Evaluator) -> list[Call]:
        values = evaluator.evaluate(root, evaluator.point(point))
        return [
            node
            for node in evaluator.singular(root, values)
            if not set(names).isdisjoint(free_names(evaluator.active(values, node)))
        ]

    return refined(root, attempt, lambda nodes: True)


def _quantity(node: Call) -> Node | None:
    """What is 0 just where a call has its corner, if that is one quantity: `x - y` of `max(x, y)`."""
    kink = CATALOGUE[node.function].kink
    condition = None if kink is None else rule(kink)
    if not isinstance(condition, Call) or condition.function != "eq":
        return None
    return next((quantity for _, quantity in quantities(node, condition)), None)


def _gradient(root: Node, point: Mapping[str, Fraction], names: Sequence[str]) -> Direction | None:
    slopes = by_rules(root, point, names)
    parts = [None if slope is None else fraction(slope.value) for slope in slopes.values()]
    return None if any(part is None for part in parts) else tuple(part or Fraction(0) for part in parts)


# -- directions


def _lattice(count: int) -> Iterator[Direction]:
    """The axes, and the sums and differences of any two or, of few, of any number of them."""
    for parts in sorted(product((1, 0, -1), repeat=count), key=lambda parts: parts.count(0), reverse=True):
        used = [part for part in parts if part]
        if used and used[0] > 0 and (count <= FEW_NAMES or len(used) <= 2):
            yield tuple(map(Fraction, parts))


def _pairs(gradient: Direction) -> Iterator[Direction]:
    """Directions that a quantity does not change in: two of its variables move, against each other."""
    for i, j in combinations(range(len(gradient)), 2):
        if gradient[i] or gradient[j]:
            parts = [Fraction(0)] * len(gradient)
            parts[i], parts[j] = gradient[j], -gradient[i]
            yield tuple(parts)


def _tangent(direction: Direction) -> Direction:
    """A direction in small whole numbers where it has such, else with 1 as its largest part; the first one positive."""
    largest = max(direction, key=abs)
    first = next(part for part in direction if part)
    parts = [part / abs(largest) * (1 if first > 0 else -1) for part in direction]
    simple = [part.limit_denominator(SIMPLE) for part in parts]
    if any(abs(one - two) > SAME for one, two in zip(parts, simple, strict=True)):
        return tuple(parts)
    scale = lcm(*(part.denominator for part in simple))
    return tuple(part * scale for part in simple)


def _parallel(one: Direction, two: Direction) -> bool:
    pairs = combinations(list(zip(one, two, strict=True)), 2)
    return all(abs(a * d - b * c) <= SAME * max(abs(a * d), abs(b * c)) for (a, b), (c, d) in pairs)


def _dot(gradient: Direction, direction: Direction) -> Fraction:
    """How fast a quantity changes along a direction; 0 where that is no more than the rounding of both."""
    terms = [a * b for a, b in zip(gradient, direction, strict=True)]
    total = sum(terms, Fraction(0))
    return Fraction(0) if abs(total) <= SAME * max(map(abs, terms)) else total
