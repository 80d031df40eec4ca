"""What every kind of node knows: its numbers from those it reads, and how a gradient flows back through it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from gradcalc.engines.exact.ball import ONE, ZERO, Ball

Numbers: TypeAlias = list[Ball]
Flow: TypeAlias = list[Ball | None]  # None where no smooth way leads to the result
NAN = Ball("nan")
SMOOTH, STEPPED, FROZEN = 1, 2, 4  # ways from an element to the result: smooth, through a step, through whole numbers
OPAQUE = 8  # and through an operation that has no row


class Rule(ABC):
    """A kind of node."""

    @property
    def products(self) -> float:
        """How many products of numbers it takes, beyond one for each number that goes in or comes out."""
        return 0.0

    @abstractmethod
    def values(self, inputs: Sequence[Numbers], ties: list[int]) -> Numbers:
        """The numbers, flat; notes in `ties` the elements whose branch is not decided, or equal."""

    @abstractmethod
    def flows(self, inputs: Sequence[Numbers], values: Numbers, flow: Flow, varies: Sequence[bool]) -> list[Flow]:
        """The gradient by each input, from that by the values; an empty one where an input does not vary."""

    def variances(self, inputs: Sequence[Numbers], values: Numbers, flow: Flow, varies: Sequence[bool]) -> list[Flow]:
        """The variance of the gradient by each input, from that by the values, whose errors are independent.

        Where the way back is by products of what goes in, or of what comes out, it is by those of their squares.
        """
        return self.flows([squares(one) for one in inputs], squares(values), flow, varies)

    @abstractmethod
    def marks(self, inputs: Sequence[Numbers], marks: list[int]) -> list[list[int]]:
        """The ways to the result from each element of each input, from those of the values, taken or not."""


def squares(numbers: Numbers) -> Numbers:
    """Their squares."""
    return [one * one for one in numbers]


@dataclass(frozen=True, slots=True)
class Given(Rule):
    """Numbers that are what they are: a leaf, or a constant."""

    numbers: Numbers

    def values(self, inputs: Sequence[Numbers], ties: list[int]) -> Numbers:
        return self.numbers

    def flows(self, inputs: Sequence[Numbers], values: Numbers, flow: Flow, varies: Sequence[bool]) -> list[Flow]:
        return []

    def marks(self, inputs: Sequence[Numbers], marks: list[int]) -> list[list[int]]:
        return []


@dataclass(frozen=True, slots=True)
class Frozen(Given):
    """Numbers as they were recorded, although they depend on others: whole numbers, places, random draws."""

    def flows(self, inputs: Sequence[Numbers], values: Numbers, flow: Flow, varies: Sequence[bool]) -> list[Flow]:
        return [[] for _ in inputs]

    def marks(self, inputs: Sequence[Numbers], marks: list[int]) -> list[list[int]]:
        way = FROZEN if any(marks) else 0
        return [[way] * len(one) for one in inputs]


Partial: TypeAlias = Callable[..., Ball] | int


@dataclass(frozen=True, slots=True)
class Pointwise(Rule):
    """A smooth function of numbers, element by element. A partial takes the arguments and the value; 1 and -1 stand."""

    name: str
    function: Callable[..., Ball]
    partials: tuple[Partial, ...]

    def values(self, inputs: Sequence[Numbers], ties: list[int]) -> Numbers:
        return list(map(self.function, *inputs))

    def flows(self, inputs: Sequence[Numbers], values: Numbers, flow: Flow, varies: Sequence[bool]) -> list[Flow]:
        pairs = zip(self.partials, varies, strict=True)
        return [self._flow(partial, inputs, values, flow) if one else [] for partial, one in pairs]

    def _flow(self, partial: Partial, inputs: Sequence[Numbers], values: Numbers, flow: Flow) -> Flow:
        if isinstance(partial, int):
            return flow if partial == 1 else [None if g is None else -g for g in flow]
        rows = zip(flow, values, *inputs, strict=True)
        return [None if g is None else g * partial(*xs, value) for g, value, *xs in rows]

    def variances(self, inputs: Sequence[Numbers], values: Numbers, flow: Flow, varies: Sequence[bool]) -> list[Flow]:
        ones: Flow = [None if g is None else ONE for g in flow]
        return [
            [None if g is None or d is None else g * d * d for g, d in zip(flow, by, strict=True)] if by else []
            for by in self.flows(inputs, values, ones, varies)
        ]

    def marks(self, inputs: Sequence[Numbers], marks: list[int]) -> list[list[int]]:
        return [marks for _ in inputs]


@dataclass(frozen=True, slots=True)
class Product(Pointwise):
    """a * b; where one factor is 0 whatever the leaves are, no way leads through the other."""

    def flows(self, inputs: Sequence[Numbers], values: Numbers, flow: Flow, varies: Sequence[bool]) -> list[Flow]:
        a, b = inputs
        by_a = _scaled(flow, b, varies[1]) if varies[0] else []
        return [by_a, _scaled(flow, a, varies[0]) if varies[1] else []]


def _scaled(flow: Flow, factors: Numbers, vary: bool) -> Flow:
    if vary:
        return [None if g is None else g * factor for g, factor in zip(flow, factors, strict=True)]
    pairs = zip(flow, factors, strict=True)
    return [None if g is None or factor.is_zero() else g * factor for g, factor in pairs]


@dataclass(frozen=True, slots=True)
class Step(Rule):
    """A function with no slope but jumps: a comparison, a rounding. `decide` gives None where it jumps just there.

    `at` is the value there, as torch has it. Whole numbers as results (`way`) are no part of autograd's graph.
    """

    name: str
    decide: Callable[..., Ball | None]
    at: Callable[..., Ball]
    way: int = STEPPED

    def values(self, inputs: Sequence[Numbers], ties: list[int]) -> Numbers:
        found = list(map(self.decide, *inputs))
        for place, one in enumerate(found):
            if one is None:
                ties.append(place)
                found[place] = self.at(*(numbers[place] for numbers in inputs))
        return found  # type: ignore[return-value]  # every None has been replaced

    def flows(self, inputs: Sequence[Numbers], values: Numbers, flow: Flow, varies: Sequence[bool]) -> list[Flow]:
        return [[None] * len(flow) if one else [] for one in varies]

    def marks(self, inputs: Sequence[Numbers], marks: list[int]) -> list[list[int]]:
        ways = [self.way if mark else 0 for mark in marks]
        return [ways for _ in inputs]


@dataclass(frozen=True, slots=True)
class Where(Rule):
    """A choice between two, by a number that is 0 or not."""

    def values(self, inputs: Sequence[Numbers], ties: list[int]) -> Numbers:
        return [b if c.is_zero() else a for c, a, b in zip(*inputs, strict=True)]

    def flows(self, inputs: Sequence[Numbers], values: Numbers, flow: Flow, varies: Sequence[bool]) -> list[Flow]:
        conditions = [c.is_zero() for c in inputs[0]]
        yes = [None if no else g for no, g in zip(conditions, flow, strict=True)]
        other = [g if no else None for no, g in zip(conditions, flow, strict=True)]
        return [[None] * len(flow) if varies[0] else [], yes if varies[1] else [], other if varies[2] else []]

    def marks(self, inputs: Sequence[Numbers], marks: list[int]) -> list[list[int]]:
        return [[STEPPED if mark else 0 for mark in marks], marks, marks]


@dataclass(frozen=True, slots=True)
class Held(Rule):
    """A number near the largest of each group, held constant: what a shift-invariant function may be shifted by."""

    groups: Sequence[Sequence[int]]

    def values(self, inputs: Sequence[Numbers], ties: list[int]) -> Numbers:
        (numbers,) = inputs
        found = (max((numbers[place].mid() for place in group), key=_order) for group in self.groups)
        return [ZERO if one < 0 and not one.is_finite() else one for one in found]  # of minus infinities alone

    def flows(self, inputs: Sequence[Numbers], values: Numbers, flow: Flow, varies: Sequence[bool]) -> list[Flow]:
        return [[None] * len(inputs[0])]

    def marks(self, inputs: Sequence[Numbers], marks: list[int]) -> list[list[int]]:
        return [[0] * len(inputs[0])]


def _order(number: Ball) -> float:
    return float(number)


def truth(value: bool) -> Ball:
    """1 or 0."""
    return ONE if value else ZERO
