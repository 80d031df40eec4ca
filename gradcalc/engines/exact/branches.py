"""The smooth function that a tree with kinks is on one side of a point: each kink gives way to the branch that holds.

What decides a branch, and whether two sides have one slope, is proven, however large the slopes beside it are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cache
from math import floor

from gradcalc.base.real import Real
from gradcalc.calculus.simplify import build
from gradcalc.engines.exact.at_point import by_rules, by_series, evaluate
from gradcalc.engines.exact.precision import Unproven
from gradcalc.engines.exact.rules import SIGNS, truth
from gradcalc.engines.records import Slope, Smoothness
from gradcalc.functions import CATALOGUE
from gradcalc.functions.function import rule
from gradcalc.syntax.tree import Call, Node, dependents, number, postorder, rebuilt, substitute, with_arguments

MOST_TERMS = 6  # of the Taylor series that shows on which side of 0 a quantity goes
LARGEST = 2_000  # nodes of a tree that is looked at
Point = Mapping[str, Fraction]


class NoBranch(Exception):
    """A part of which no smooth branch is known on the side."""


def at_kink(root: Node, point: Point, name: str, order: int, blame: Node | None) -> Slope | None:
    """The derivative of an order at a kink, of which the one before exists; None where no branches tell.

    Raises LimitError.
    """
    sides = _both_sides(root, point, name)
    if sides is None:
        return None
    try:
        left, right, gap = (_slope(one, point, name, order) for one in (*sides, build("sub", *sides)))
    except Unproven:
        return None
    if left is None or right is None or gap is None or gap.value is None:
        return None
    if gap.value.mantissa == 0:
        return Slope(Smoothness.SMOOTH, right.value)
    return Slope(Smoothness.KINK, left=left.value, right=right.value, blame=blame)


def _slope(root: Node, point: Point, name: str, order: int) -> Slope | None:
    return by_rules(root, point, (name,))[name] if order == 1 else by_series(root, point, name, order)


def _both_sides(root: Node, point: Point, name: str) -> tuple[Node, Node] | None:
    """What a continuous function is on the left and on the right of a point as `name` moves.

    None where that is not known: at a jump, a pole, an edge, and the corner of a cone.
    """
    if len(postorder(root)) > LARGEST:
        return None
    try:
        left, right = (Side(point, name, direction).branch(root) for direction in (-1, 1))
        joined = all(_vanishes(build("sub", side, root), point) for side in (left, right))
    except (NoBranch, Unproven):
        return None
    return (left, right) if joined else None


def _vanishes(root: Node, point: Point) -> bool:
    value = evaluate(root, point)
    return isinstance(value, Real) and value.mantissa == 0


class Side:
    """One side of a point along a variable: its branches, by the sign that deciding quantities have there."""

    def __init__(self, point: Point, name: str, direction: int) -> None:
        self.point, self.name, self.direction = point, name, direction
        self.lost: set[int] = set()  # parts without a smooth branch: they do no harm in one that is not taken

    def branch(self, root: Node) -> Node:
        """The tree without kinks that `root` is on this side. Raises NoBranch where none is known."""
        found = self._unfolded(root)
        if not self.lost.isdisjoint(map(id, postorder(found))):
            raise NoBranch
        return found

    def _unfolded(self, root: Node) -> Node:
        moving = dependents(postorder(root), [self.name])

        def change(node: Node, arguments: tuple[Node, ...]) -> Node:
            made = with_arguments(node, arguments)
            if not isinstance(made, Call) or id(node) not in moving:
                return made
            try:
                return self._smooth(made)
            except (NoBranch, Unproven):
                self.lost.add(id(made))
                return made

        return rebuilt(root, change)

    def _smooth(self, node: Call) -> Node:
        """A call whose arguments have no kinks, without its own."""
        if node.function in BRANCHES:
            return BRANCHES[node.function](self, node)
        row = CATALOGUE[node.function]
        if node.function in SIGNS or not _has_kinks(node.function):
            return node
        if row.definition is None:
            raise NoBranch
        return self._unfolded(substitute(rule(row.definition), dict(zip(row.parameters, node.arguments, strict=True))))

    def where(self, node: Call) -> Node:
        """The branch that is taken."""
        return node.arguments[1 if self._holds(node.arguments[0]) else 2]

    def abs(self, node: Call) -> Node:
        """The argument, or what is opposite to it."""
        (argument,) = node.arguments
        return argument if self._sign(argument) > 0 else build("neg", argument)

    def sign(self, node: Call) -> Node:
        """The number that a sign is."""
        return number(Fraction(self._sign(node.arguments[0])))

    def floor(self, node: Call) -> Node:
        """The whole number below."""
        (argument,) = node.arguments
        here = evaluate(argument, self.point)
        exact = here.fraction() if isinstance(here, Real) else None
        if exact is None:
            raise NoBranch
        whole = floor(exact)
        beside = build("sub", argument, number(Fraction(whole)))
        return number(Fraction(whole - (exact == whole and self._sign(beside) < 0)))

    def _holds(self, condition: Node) -> bool:
        """Does a condition hold on this side?"""
        if (known := truth(condition)) is not None:
            return known
        assert isinstance(condition, Call)
        if condition.function == "where":
            choice, yes, no = condition.arguments
            return self._holds(yes if self._holds(choice) else no)
        return SIGNS[condition.function](self._sign(build("sub", *condition.arguments)))

    def _sign(self, quantity: Node) -> int:
        """The sign of a smooth quantity on this side: of the first term of its series that is not 0.

        Raises NoBranch where no term shows it.
        """
        here = evaluate(quantity, self.point)
        if not isinstance(here, Real):
            raise NoBranch
        if here.mantissa:
            if _slope(quantity, self.point, self.name, 1) is None:  # it may have no value beside the point
                raise NoBranch
            return _sign_of(here)
        for order in range(1, MOST_TERMS):
            term = _slope(quantity, self.point, self.name, order)
            if term is None or term.value is None:
                raise NoBranch
            if term.value.mantissa:
                return _sign_of(term.value) * (self.direction if order % 2 else 1)
        raise NoBranch


@cache
def _has_kinks(name: str) -> bool:
    """Has a function kinks, of its own or in its definition, as softsign has, though only in its second derivative?"""
    row = CATALOGUE[name]
    parts = () if row.definition is None else postorder(rule(row.definition))
    return row.kink is not None or any(_has_kinks(one.function) for one in parts if isinstance(one, Call))


def _sign_of(value: Real) -> int:
    return 1 if value.mantissa > 0 else -1


BRANCHES: dict[str, Callable[[Side, Call], Node]] = {
    "where": Side.where, "abs": Side.abs, "sign": Side.sign, "floor": Side.floor,
}  # fmt: skip
