"""How near to a point a function may still change its course: by the size of the numbers that it is made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import ceil

from gradcalc.engines.exact.ball import Ball, from_fraction, magnitude, working
from gradcalc.engines.exact.evaluation import AT_ONCE, Evaluator
from gradcalc.engines.exact.values import Values
from gradcalc.syntax.tree import Call, Node, Number, dependents, free_names, postorder

ROUGH = 64  # bits
ADDED = frozenset({"add", "sub", "neg"})
MULTIPLIED = frozenset({"mul", "div", "matmul", "dot"})
SLOWEST = 2**32  # the reciprocal of the least power whose limit shows from steps of any size


def steepness(root: Node, point: Mapping[str, Fraction], along: Iterable[str]) -> int:
    """The bits of the distance within which a function takes no other course along names; about, and rather too many.

    A function of an argument changes within the reciprocal of what the argument is multiplied by: tanh(1e400*x)
    within 1e-400, or 1329 bits. What the function is multiplied by, and what is added to it, do not count. Of an array
    the point does not tell the values: then the numbers that are written count alone.
    """
    order = postorder(root)
    moving = dependents(order, along)
    values = _values(root, point) if point.keys() >= set(free_names(order)) else Values()
    sizes: dict[int, int] = {}
    for node in order:
        sizes[id(node)] = _size(node, sizes, values)
    bent = [node for node in order if isinstance(node, Call) and id(node) in moving and not _linear(node, moving)]
    return max((max(_slow(node), *(sizes[id(argument)] for argument in node.arguments)) for node in bent), default=0)


def _values(root: Node, point: Mapping[str, Fraction]) -> Values:
    """About the values of the parts, as far as they are known at once."""
    with working(ROUGH):
        evaluator = Evaluator(AT_ONCE)
        return evaluator.together((root,), evaluator.point(point))


def _linear(node: Call, moving: set[int]) -> bool:
    """Is a call a sum, or a multiple of one argument?"""
    if node.function == "div":
        return id(node.arguments[1]) not in moving
    return node.function in ADDED or (
        node.function in MULTIPLIED and sum(id(argument) in moving for argument in node.arguments) == 1
    )


def _size(node: Node, sizes: Mapping[int, int], values: Values) -> int:
    """How many powers of two a part is, or its argument was, away from 1."""
    value = from_fraction(node.value) if isinstance(node, Number) else values.get(id(node))
    own = abs(magnitude(value) or 0) if isinstance(value, Ball) and value.is_finite() else 0
    if not isinstance(node, Call):
        return own
    parts = [sizes[id(argument)] for argument in node.arguments]
    if node.function in MULTIPLIED:
        return sum(parts)
    exponent = _exponent(node)
    if exponent is not None:
        return max(own, ceil(parts[0] * max(exponent, Fraction(1))))
    return max(parts, default=0) if node.function in ADDED else max([own, *parts])


def _exponent(node: Call) -> Fraction | None:
    """The size of the number that a power has for an exponent."""
    if node.function != "pow" or not isinstance(node.arguments[1], Number):
        return None
    return abs(node.arguments[1].value)


def _slow(node: Call) -> int:
    """The bits of the distance at which a power with a tiny exponent shows where it goes."""
    exponent = _exponent(node)
    return ceil(1 / exponent) if exponent and exponent * SLOWEST < 1 else 0
