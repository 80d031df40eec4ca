"""A point on the graph of a function, `(3, 9)` on y = x**2: the height says nothing new, and is checked."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from gradcalc.base.errors import LimitError, PointError
from gradcalc.base.real import fraction
from gradcalc.engines import ask
from gradcalc.functions.printer import to_text
from gradcalc.inputs.assignment import written
from gradcalc.inputs.point import Point
from gradcalc.inputs.whose import in_order
from gradcalc.problem.resolve import Expression
from gradcalc.syntax.tree import Node, Number, substitute

HEIGHTS = {("x",): "y", ("x", "y"): "z"}  # of a function without a name
NEAR, MOST_DIGITS = Fraction(1, 10**12), 18


def without_height(point: Point | None, found: Expression) -> Point | None:
    """The point with a coordinate for each variable, where it has one more. Raises PointError off the graph."""
    names = found.variables
    places = [one for one in point.assignments if one.place is not None] if point is not None else []
    height = _height(found)
    if point is None or height is None or found.equation or len(places) != len(names) + 1 or point.names:
        return point
    order = in_order([*names, height])
    named = {name: replace(one, name=name, place=None) for name, one in zip(order, places, strict=True)}
    values = {name: written(one, point.limits) for name, one in named.items()}
    if all(len(parts) == 1 for parts in values.values()):
        numbers = {name: parts[0] for name, parts in values.items()}
        claimed = numbers.pop(height)
        true = _value(substitute(found.root, numbers))
        if true is not None and not _agree(claimed, true):
            rest = ",".join(f"{name}={to_text(node)}" for name, node in numbers.items())
            raise PointError(
                f"the point is not on the graph: {height} is {float(true):.6g} there",
                span=named[height].span,
                source=named[height].source,
                hint=f"for the point that is: {point.option} {rest}",
            )
    return replace(point, assignments=tuple(named[name] for name in order if name != height))


def _height(found: Expression) -> str | None:
    """What the value of a function is called, where that is known."""
    last = found.definitions[-1].name if found.definitions else None
    return last or HEIGHTS.get(tuple(sorted(found.variables)))


def _value(tree: Node) -> Fraction | None:
    try:
        return fraction(ask.value(tree, {}))
    except LimitError:
        return None


def _agree(claimed: Node, true: Fraction) -> bool:
    """Is a coordinate the value, as far as its own digits say?"""
    if isinstance(claimed, Number):
        given = claimed.value
        decimals = next((one for one in range(MOST_DIGITS) if (given * 10**one).denominator == 1), 0)
        if decimals:  # it may have been rounded
            return abs(given - true) <= Fraction(1, 10**decimals)
    known = _value(claimed)
    return known is None or abs(known - true) <= NEAR * max(Fraction(1), abs(true))
