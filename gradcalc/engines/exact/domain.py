"""The domain of an expression: is there any, and how far is a point from it, so that a search can walk towards it?"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from gradcalc.base.errors import LimitError
from gradcalc.base.real import Real
from gradcalc.engines.exact.at_point import evaluate
from gradcalc.engines.exact.ball import Ball, Undecided, as_fraction, working
from gradcalc.engines.exact.evaluation import Evaluator
from gradcalc.engines.exact.reach import Reach, holds, reach
from gradcalc.engines.exact.rules import SIGNS
from gradcalc.engines.exact.values import Undefined, Values
from gradcalc.functions import CATALOGUE
from gradcalc.functions.function import rule
from gradcalc.syntax.tree import Call, Node, Number, dependents, free_names, postorder

PRECISION = 256  # bits; a search needs a direction, no digits


@dataclass(frozen=True, slots=True, order=True)
class Shortfall:
    """What a point lacks: so many parts of the expression without a value, and the first of them so far from one."""

    parts: int
    gap: float


INSIDE, BEYOND = Shortfall(0, 0.0), Shortfall(sys.maxsize, math.inf)


def nowhere(root: Node) -> Call | None:
    """A part that has no real value whatever the variables are, `0/0` or `log(-x**2 - 1)`: no point is in the domain.

    The branches of a `where` are left out where its condition decides at a point which of them counts.
    """
    order = postorder(root)
    varying = dependents(order, free_names(order))
    found: dict[int, Reach] = {}
    stack = [root]
    while stack:
        node = stack.pop()
        if not isinstance(node, Call):
            continue
        if node.function == "where":
            stack.extend(_sure(node, id(node.arguments[0]) not in varying))
        elif id(node) in varying or node.function in SIGNS:
            stack.extend(node.arguments)
            if _is_outside(node, found):
                return node
        elif isinstance(value := _constant(node), Undefined):
            assert isinstance(value.node, Call)
            return value.node
    return None


def _constant(node: Node) -> Real | Undefined | None:
    """The value of a part without variables; None where it is not decided whether it has one."""
    try:
        return evaluate(node, {})
    except LimitError:
        return None


def _is_outside(node: Call, found: dict[int, Reach]) -> bool:
    """Are all values that the arguments of a call can take outside its domain?"""
    row = CATALOGUE.get(node.function)
    if row is None or row.domain is None or len(row.parameters) != len(node.arguments):
        return False
    with working(PRECISION):
        known = {
            name: reach(argument, {}, found) for name, argument in zip(row.parameters, node.arguments, strict=True)
        }
        return holds(rule(row.domain), known, {}) is False


def _sure(choice: Call, constant: bool) -> Sequence[Node]:
    """The parts of a choice that count at every point: its condition and, where that is `constant`, what it chooses."""
    condition, yes, no = choice.arguments
    if not constant:
        return (condition,)
    chosen = _constant(Call("where", (condition, Number(Fraction(1)), Number(Fraction(0)))))
    return (condition, yes if chosen.mantissa else no) if isinstance(chosen, Real) else (condition,)


def shortfall(root: Node, point: Mapping[str, float]) -> Shortfall:
    """How far `point` is from where `root` has a value; less is nearer, and what is not decided the worst."""
    with working(PRECISION):
        try:
            return _shortfall(root, {name: Fraction(number) for name, number in point.items()})
        except (LimitError, Undecided):
            return BEYOND


def _shortfall(root: Node, point: Mapping[str, Fraction]) -> Shortfall:
    evaluator = Evaluator()
    values = evaluator.evaluate(root, evaluator.point(point))
    missing = values[id(root)]
    if not isinstance(missing, Undefined):
        return INSIDE
    parts = sum(isinstance(values[id(node)], Undefined) for node in evaluator.active(values, root))
    return Shortfall(parts, min(_gaps(missing, values, evaluator), default=math.inf))


def _gaps(missing: Undefined, values: Values, evaluator: Evaluator) -> Iterator[float]:
    """By how much each comparison fails that the domain of the undefined call asks for."""
    call = missing.node
    assert isinstance(call, Call)
    row = CATALOGUE[call.function]
    if row.domain != missing.condition:  # the condition of a function that this one is defined by
        return
    bound = {name: values[id(argument)] for name, argument in zip(row.parameters, call.arguments, strict=True)}
    condition = rule(row.domain)
    known = evaluator.evaluate(condition, bound)
    for node in evaluator.active(known, condition):
        if isinstance(node, Call) and node.function in SIGNS and known[id(node)] is False:
            sides = [known[id(side)] for side in node.arguments]
            if not all(isinstance(side, Number) for side in node.arguments):
                yield _distance(*sides)


def _distance(left: object, right: object) -> float:
    """|left - right|, roughly."""
    if not isinstance(left, Ball) or not isinstance(right, Ball):
        return math.inf
    one, two = as_fraction(left), as_fraction(right)
    if one is None or two is None:
        return math.inf
    difference = abs(one - two)
    return math.inf if difference > Fraction(10) ** 300 else float(difference)
