"""A proposed derivative beside the true one, point by point, as numbers of the exact engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from gradcalc.answers.trials.points import Sample
from gradcalc.base.errors import LimitError
from gradcalc.base.real import Real
from gradcalc.engines import ask
from gradcalc.syntax.tree import Node


@dataclass(frozen=True, slots=True)
class Pair:
    """The proposed and the true derivative at a point; `proposed` is None where it has no value.

    `slopes` has the true derivatives by whatever variables they are known by.
    A `special` point shows what is right and wrong, but no slip: formulas need not hold there.
    """

    point: Mapping[str, float]
    proposed: Real | None
    true: Real
    special: bool = False
    slopes: Mapping[str, Real] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        """Are the two the same number?"""
        return self.proposed is not None and self.proposed.same(self.true)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A proposed derivative of `function` by `name`, at points where both have a value."""

    function: Node
    name: str
    proposed: Node
    pairs: Sequence[Pair]

    def is_tree(self, tree: Node) -> bool:
        """Does the proposed derivative have this tree's value, at every point?"""
        return all(pair.proposed is not None and is_value(tree, pair.point, pair.proposed) for pair in self.pairs)

    def is_slope(self, variable: str) -> bool | None:
        """Is the proposed derivative the one by another variable, at every point? None where that is not known."""
        if any(variable not in pair.slopes for pair in self.pairs):
            return None
        return all(pair.proposed is not None and pair.proposed.same(pair.slopes[variable]) for pair in self.pairs)


def pairs(found: Iterable[Sample], tree: Node, name: str) -> Iterator[Pair]:
    """A proposed derivative by `name` beside the true one, at each point where it can be computed."""
    for one in found:
        try:
            proposed = ask.value(tree, one.point)
        except LimitError:
            continue
        yield Pair(one.point, proposed, one.slopes[name], one.special, one.slopes)


def value(tree: Node, point: Mapping[str, float]) -> Real | None:
    """The exact value of a tree at a point; None where it has none, or is too large to compute."""
    try:
        return ask.value(tree, point)
    except LimitError:
        return None


def is_value(tree: Node, point: Mapping[str, float], number: Real) -> bool:
    """Is this the tree's value at the point?"""
    found = value(tree, point)
    return found is not None and found.same(number)
