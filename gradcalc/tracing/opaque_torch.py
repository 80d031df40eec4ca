"""Operations that have no row: judged by differences of their own values in float64, where all others are exact."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from gradcalc.base.errors import LimitError
from gradcalc.engines.exact.ball import ZERO, Ball
from gradcalc.engines.torch import torch
from gradcalc.tracing.arrays import added
from gradcalc.tracing.rules import OPAQUE, Flow, Numbers, Rule
from gradcalc.tracing.storages_torch import tensors_in
from gradcalc.tracing.terms import Term, picked

Tensor = Any
Maker: TypeAlias = Callable[[Sequence[Tensor]], Any]
STEP = 2.0**-13  # relative; the error of the extrapolated quotients is about its fourth power, and rounding over it
MOST_ELEMENTS = 3_000  # of what such an operation works on


@dataclass(eq=False)
class Region:
    """One or more operations in a row, as a function of real tensors: `play` makes its results of them.

    `results` are flat float64 tensors, `tensors` what it was recorded with.
    """

    tensors: Sequence[Tensor]
    play: Callable[[Sequence[Tensor]], Sequence[Tensor]]
    slopes: list[Tensor] | None = field(default=None, init=False)

    def results(self) -> list[Tensor]:
        """The numbers of its results, complex ones as pairs."""
        return [_real(one) for one in self.play(self.tensors)]

    def jacobian(self) -> list[Tensor]:
        """For each result the derivative of every number of it by every number that goes in, a row a result's number.

        Central differences of two steps, extrapolated. Source: Richardson, Phil. Trans. A 226, 1927.
        """
        if self.slopes is None:
            if sum(one.numel() for one in self.tensors) > MOST_ELEMENTS:
                raise LimitError(
                    "an operation that has no rule works on too many numbers to take differences of",
                    hint="no option raises this limit: audit the part of the code before it, or fewer numbers",
                )
            columns: list[list[Tensor]] = []
            for place, tensor in enumerate(self.tensors):
                for element in range(tensor.numel()):
                    size = STEP * max(abs(float(tensor.reshape(-1)[element])), 1e-3)
                    far, near = (self._quotient(place, element, size / part) for part in (1, 2))
                    columns.append([(4 * b - a) / 3 for a, b in zip(far, near, strict=True)])
            self.slopes = [torch.stack(column, 1) for column in zip(*columns, strict=True)]
        return self.slopes

    def _quotient(self, place: int, element: int, step: float) -> list[Tensor]:
        """The symmetric difference quotients by one number."""
        both = []
        for sign in (1, -1):
            moved = [one.clone() for one in self.tensors]
            moved[place].view(-1)[element] += sign * step
            both.append([_real(one) for one in self.play(moved)])
        return [(a - b) / (2 * step) for a, b in zip(*both, strict=True)]


@dataclass(frozen=True, slots=True, eq=False)
class Complex:
    """A complex tensor: which result of a region it is, and what on the tape goes into that."""

    region: Region
    terms: Sequence[Term]
    which: int


@dataclass(eq=False)
class Assembly:
    """An operation at hand, made into a region: real tensors that depend on a leaf are its arguments."""

    term: Callable[[Tensor], Term]
    complex: Mapping[int, Complex]
    symmetric: bool = False
    tensors: list[Tensor] = field(default_factory=list)
    terms: list[Term] = field(default_factory=list)

    def region(self, function: Callable[..., Any], args: Any, kwargs: Mapping[str, Any]) -> Region:
        """What makes the operation's results of those tensors."""
        making = [self._maker(one) for one in args]
        naming = {key: self._maker(one) for key, one in kwargs.items() if key != "dtype"}

        def play(given: Sequence[Tensor]) -> list[Tensor]:
            with torch.no_grad():
                named = {key: make(given) for key, make in naming.items()}
                return list(tensors_in(function(*(make(given) for make in making), **named)))

        return Region(self.tensors, play)

    def _maker(self, value: Any) -> Maker:
        """How to make an argument again."""
        if isinstance(value, list | tuple):
            parts = [self._maker(one) for one in value]
            return lambda given: [part(given) for part in parts]
        if not isinstance(value, torch.Tensor):
            return lambda given: value
        begin = len(self.tensors)
        if id(value) in self.complex:
            inner = self.complex[id(value)]
            self.tensors.extend(inner.region.tensors)
            self.terms.extend(inner.terms)
            return lambda given: inner.region.play(given[begin : begin + len(inner.terms)])[inner.which]
        double = value.detach().double().clone() if value.is_floating_point() else value
        if not value.is_floating_point() or not (term := self.term(value)).tape.varies(term.read):
            return lambda given: double
        self.tensors.append(double)
        self.terms.append(term)
        if self.symmetric:
            return lambda given: (given[begin] + given[begin].mT) / 2
        return lambda given: given[begin]


def moved(term: Term, shape: Sequence[int], function: Callable[..., Tensor]) -> Term:
    """What an operation that only moves numbers makes: it is run once more on their places."""
    where = torch.arange(1, term.size + 1, dtype=torch.float64).reshape(term.shape)
    found = function(where).reshape(-1).tolist()
    return picked([term], [(0, int(one) - 1) if one else None for one in found], shape)


def _real(tensor: Tensor) -> Tensor:
    whole = torch.view_as_real(tensor.resolve_conj()) if tensor.is_complex() else tensor
    return whole.detach().to(torch.float64).reshape(-1)


@dataclass(frozen=True, eq=False)
class Opaque(Rule):
    """One result of a region, linear about what was recorded."""

    region: Region
    which: int

    def values(self, inputs: Sequence[Numbers], ties: list[int]) -> Numbers:
        here = self.region.results()[self.which].tolist()
        moved = [
            one - Ball(number)
            for numbers, tensor in zip(inputs, self.region.tensors, strict=True)
            for one, number in zip(numbers, tensor.reshape(-1).tolist(), strict=True)
        ]
        changed = [(place, one) for place, one in enumerate(moved) if not one.is_zero()]
        if not changed:
            return [Ball(one) for one in here]
        rows = self.region.jacobian()[self.which].tolist()
        return [
            Ball(one) + sum((Ball(row[place]) * step for place, step in changed), ZERO)
            for one, row in zip(here, rows, strict=True)
        ]

    def flows(self, inputs: Sequence[Numbers], values: Numbers, flow: Flow, varies: Sequence[bool]) -> list[Flow]:
        rows = self.region.jacobian()[self.which].tolist()
        found: list[Flow] = [[None] * len(one) for one in inputs]
        for g, row in zip(flow, rows, strict=True):
            if g is not None:
                rest = iter(row)
                for back in found:
                    for place in range(len(back)):
                        added(back, place, g * Ball(next(rest)))
        return found

    def marks(self, inputs: Sequence[Numbers], marks: list[int]) -> list[list[int]]:
        way = 0
        for mark in marks:
            way |= mark
        return [[way | OPAQUE if way else 0] * len(one) for one in inputs]
