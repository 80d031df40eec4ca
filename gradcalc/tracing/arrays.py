"""The kinds of node that take elements together: picking, sums, products, running ones, sorting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from operator import mul

from gradcalc.engines.exact.ball import ONE, ZERO, Ball
from gradcalc.tracing.rules import FROZEN, SMOOTH, Flow, Numbers, Rule

Groups = Sequence[Sequence[int]]


def added(flow: Flow, place: int, more: Ball | None) -> None:
    """Add to one element of a flow."""
    if more is not None:
        before = flow[place]
        flow[place] = more if before is None else before + more


@dataclass(frozen=True, slots=True)
class Pick(Rule):
    """Elements of several inputs in a new order; a place is the input and the element, or None for a 0.

    The last `deciding` inputs are the whole numbers that the places were decided by.
    """

    places: Sequence[tuple[int, int] | None]
    deciding: int = 0

    def values(self, inputs: Sequence[Numbers], ties: list[int]) -> Numbers:
        return [ZERO if place is None else inputs[place[0]][place[1]] for place in self.places]

    def flows(self, inputs: Sequence[Numbers], values: Numbers, flow: Flow, varies: Sequence[bool]) -> list[Flow]:
        found: list[Flow] = [[None] * len(one) if vary else [] for one, vary in zip(inputs, varies, strict=True)]
        for place, g in zip(self.places, flow, strict=True):
            if place is not None and g is not None and varies[place[0]]:
                added(found[place[0]], place[1], g)
        return found

    def marks(self, inputs: Sequence[Numbers], marks: list[int]) -> list[list[int]]:
        found = [[0] * len(one) for one in inputs]
        for place, mark in zip(self.places, marks, strict=True):
            if place is not None:
                found[place[0]][place[1]] |= mark
        if self.deciding and any(marks):  # what was not picked might have been
            first = len(inputs) - self.deciding
            found = [[way | SMOOTH for way in one] for one in found[:first]]
            found += [[FROZEN] * len(one) for one in inputs[first:]]
        return found


class Grouped(Rule):
    """A rule on groups of the elements of one input, one result a group."""

    groups: Groups

    def marks(self, inputs: Sequence[Numbers], marks: list[int]) -> list[list[int]]:
        found = [0] * len(inputs[0])
        for group, mark in zip(self.groups, marks, strict=True):
            for place in group:
                found[place] |= mark
        return [found]


@dataclass(frozen=True)
class Sum(Grouped):
    """The sum of each group."""

    groups: Groups

    def values(self, inputs: Sequence[Numbers], ties: list[int]) -> Numbers:
        (numbers,) = inputs
        return [sum([numbers[place] for place in group], ZERO) for group in self.groups]

    def flows(self, inputs: Sequence[Numbers], values: Numbers, flow: Flow, varies: Sequence[bool]) -> list[Flow]:
        found: Flow = [None] * len(inputs[0])
        for group, g in zip(self.groups, flow, strict=True):
            if g is not None:
                for place in group:
                    before = found[place]
                    found[place] = g if before is None else before + g
        return [found]


@dataclass(frozen=True)
class Prod(Grouped):
    """The product of each group."""

    groups: Groups

    def values(self, inputs: Sequence[Numbers], ties: list[int]) -> Numbers:
        (numbers,) = inputs
        return [_product([numbers[place] for place in group]) for group in self.groups]

    def flows(self, inputs: Sequence[Numbers], values: Numbers, flow: Flow, varies: Sequence[bool]) -> list[Flow]:
        found: Flow = [None] * len(inputs[0])
        for group, g in zip(self.groups, flow, strict=True):
            if g is not None:
                for place, others in zip(group, _others([inputs[0][one] for one in group]), strict=True):
                    added(found, place, g * others)
        return [found]


def _product(numbers: Numbers) -> Ball:
    return _running(numbers)[-1] if numbers else ONE


def _running(numbers: Numbers) -> Numbers:
    return list(accumulate(numbers, mul))


def _others(numbers: Numbers) -> Numbers:
    """For each number the product of all the others."""
    before = [ONE, *_running(numbers)[:-1]]
    behind = [ONE, *_running(numbers[::-1])[:-1]][::-1]
    return [one * other for one, other in zip(before, behind, strict=True)]


@dataclass(frozen=True)
class RunningSum(Rule):
    """The sums of the beginnings of each group; the groups are all the elements."""

    groups: Groups

    def values(self, inputs: Sequence[Numbers], ties: list[int]) -> Numbers:
        found = list(inputs[0])
        for group in self.groups:
            for place, total in zip(group, accumulate(inputs[0][one] for one in group), strict=True):
                found[place] = total
        return found

    def flows(self, inputs: Sequence[Numbers], values: Numbers, flow: Flow, varies: Sequence[bool]) -> list[Flow]:
        found: Flow = [None] * len(flow)
        for group in self.groups:
            total: Ball | None = None
            for place in reversed(group):
                g = flow[place]
                total = g if total is None else total if g is None else total + g
                found[place] = total
        return [found]

    def marks(self, inputs: Sequence[Numbers], marks: list[int]) -> list[list[int]]:
        found = list(marks)
        for group in self.groups:
            for later, place in zip(group[:0:-1], group[-2::-1], strict=False):
                found[place] |= found[later]
        return [found]


@dataclass(frozen=True)
class RunningProduct(RunningSum):
    """The products of the beginnings of each group."""

    def values(self, inputs: Sequence[Numbers], ties: list[int]) -> Numbers:
        found = list(inputs[0])
        for group in self.groups:
            for place, total in zip(group, _running([inputs[0][one] for one in group]), strict=True):
                found[place] = total
        return found

    def flows(self, inputs: Sequence[Numbers], values: Numbers, flow: Flow, varies: Sequence[bool]) -> list[Flow]:
        found: Flow = [None] * len(flow)
        for group in self.groups:
            for length, last in enumerate(group, 1):
                if (g := flow[last]) is not None:
                    for place, others in zip(
                        group[:length], _others([inputs[0][one] for one in group[:length]]), strict=True
                    ):
                        added(found, place, g * others)
        return [found]


@dataclass(frozen=True)
class Sorted(Rule):
    """Each group in ascending order, at the group's own places; equal neighbours are ties."""

    groups: Groups

    def values(self, inputs: Sequence[Numbers], ties: list[int]) -> Numbers:
        found = list(inputs[0])
        for group in self.groups:
            order = self._order(inputs[0], group)
            for place, source in zip(group, order, strict=True):
                found[place] = inputs[0][source]
            for low, high in pairwise(group):
                if not found[low] < found[high]:
                    ties.extend((low, high))
        return found

    def _order(self, numbers: Numbers, group: Sequence[int]) -> list[int]:
        return sorted(group, key=lambda place: _Key(numbers[place]))

    def flows(self, inputs: Sequence[Numbers], values: Numbers, flow: Flow, varies: Sequence[bool]) -> list[Flow]:
        found: Flow = [None] * len(flow)
        for group in self.groups:
            for place, source in zip(group, self._order(inputs[0], group), strict=True):
                found[source] = flow[place]
        return [found]

    def variances(self, inputs: Sequence[Numbers], values: Numbers, flow: Flow, varies: Sequence[bool]) -> list[Flow]:
        return self.flows(inputs, values, flow, varies)

    def marks(self, inputs: Sequence[Numbers], marks: list[int]) -> list[list[int]]:
        found = list(marks)
        for group in self.groups:
            ways = 0
            for place in group:
                ways |= marks[place]
            for place in group:
                found[place] = ways
        return [found]


class _Key:
    """Orders balls by what is certain, or else by their middles."""

    __slots__ = ("number",)

    def __init__(self, number: Ball) -> None:
        self.number = number

    def __lt__(self, other: _Key) -> bool:
        return bool(self.number.mid() < other.number.mid())
