"""Operations that have no row: judged by differences of their own values in float64, where all others are exact."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

from gradcalc.base.effort import spend
from gradcalc.engines.exact.ball import ONE, ZERO, Ball
from gradcalc.engines.torch import torch
from gradcalc.tracing.differences_torch import Slopes
from gradcalc.tracing.line import Side
from gradcalc.tracing.rules import NAN, OPAQUE, Flow, Numbers, Rule
from gradcalc.tracing.storages_torch import tensors_in
from gradcalc.tracing.terms import Term, picked

Tensor = Any
Maker: TypeAlias = Callable[[Sequence[Tensor]], Any]
LEAST_SCALE = 1e-3  # of the largest number of an argument: a smaller one is moved as if it were that large
COLUMN, PER_NUMBER = 300.0, 0.05  # steps of work: the differences by one number, and for each number in and out


@dataclass(eq=False)
class Region:
    """One or more operations in a row, as a function of real tensors: `play` makes its results of them.

    `results` are flat float64 tensors, `tensors` what it was recorded with.
    """

    tensors: Sequence[Tensor]
    play: Callable[[Sequence[Tensor]], Sequence[Tensor]]
    ways: dict[tuple[float, ...], Slopes] = field(default_factory=dict, init=False)

    @cached_property
    def results(self) -> list[Tensor]:
        """The numbers of its results, complex ones as pairs."""
        return [_real(one) for one in self.play(self.tensors)]

    @property
    def size(self) -> int:
        """How many numbers go in."""
        return sum(one.numel() for one in self.tensors)

    @cached_property
    def columns(self) -> list[Slopes]:
        """The slopes of all results by every number that goes in."""
        scales = [_scale(one) for one in self.tensors]
        found = []
        for place, tensor in enumerate(self.tensors):
            for element in range(tensor.numel()):
                spend(COLUMN + PER_NUMBER * (self.size + sum(map(len, self.results))))
                along = [torch.zeros_like(one, memory_format=torch.contiguous_format) for one in self.tensors]
                along[place].view(-1)[element] = scales[place].reshape(-1)[element]
                found.append(self.along(along, self.noise))
        return found

    @cached_property
    def jacobian(self) -> list[Tensor]:
        """For each result the derivative of every number of it by every number that goes in, a row a result's number.

        Raises Exhausted where that is more work than was granted.
        """
        scale = torch.cat([_scale(one).reshape(-1) for one in self.tensors])
        whole = torch.stack([one.smooth.slope for one in self.columns], 1) / scale
        return list(torch.split(whole, [len(one) for one in self.results]))

    @cached_property
    def broken(self) -> list[Tensor]:
        """For each result the numbers of it that have a corner, a jump or an infinite slope here."""
        found = torch.stack([one.broken for one in self.columns], 1).any(1)
        return list(torch.split(found, [len(one) for one in self.results]))

    def along(self, way: Sequence[Tensor], noise: Tensor | None = None) -> Slopes:
        """The slopes of all results, one behind the other, along a way."""
        key = tuple(torch.cat([one.reshape(-1) for one in way]).tolist())

        def line(part: float) -> Tensor:
            moved = [one + part * step for one, step in zip(self.tensors, way, strict=True)]
            return torch.cat([_real(one) for one in self.play(moved)])

        if key not in self.ways:
            self.ways[key] = Slopes(line, noise, {0.0: torch.cat(self.results)})
        return self.ways[key]

    @cached_property
    def noise(self) -> Tensor:
        """How far rounding throws all results."""
        return self.along([_scale(one) for one in self.tensors]).noise


def _scale(tensor: Tensor) -> Tensor:
    """How large a step is one of a number's own scale: its size, or that of its neighbours where it is 0."""
    size = tensor.abs()
    largest = float(size.max()) if size.numel() else 1.0
    return torch.where(size > largest * LEAST_SCALE, size, torch.full_like(size, largest or 1.0))


@dataclass(frozen=True, slots=True, eq=False)
class Hidden:
    """A complex or sparse tensor: which result of a region it is, and what on the tape goes into that."""

    region: Region
    terms: Sequence[Term]
    which: int


@dataclass(eq=False)
class Assembly:
    """An operation at hand, made into a region: real tensors that depend on a leaf are its arguments."""

    term: Callable[[Tensor], Term]
    hidden: Mapping[int, Hidden]
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
        if id(value) in self.hidden:
            inner = self.hidden[id(value)]
            self.tensors.extend(inner.region.tensors)
            self.terms.extend(inner.terms)
            return lambda given: inner.region.play(given[begin : begin + len(inner.terms)])[inner.which]
        double = value.detach().double().clone() if value.is_floating_point() else value
        if is_hidden(value) or not value.is_floating_point() or not (term := self.term(value)).tape.varies(term.read):
            return lambda given: double
        self.tensors.append(double)
        self.terms.append(term)
        if self.symmetric:
            return lambda given: (given[begin] + given[begin].mT) / 2
        return lambda given: given[begin]


def moved(term: Term, shape: Sequence[int], function: Callable[..., Tensor], device: Any = None) -> Term:
    """What an operation that only moves numbers makes: it is run once more on their places."""
    where = torch.arange(1, term.size + 1, dtype=torch.float64, device=device).reshape(term.shape)
    found = function(where).reshape(-1).tolist()
    return picked([term], [(0, int(one) - 1) if one else None for one in found], shape)


def is_hidden(tensor: Tensor) -> bool:
    """Is it complex or sparse, so that its numbers are not on the tape?"""
    return tensor.is_complex() or tensor.layout is not torch.strided


def _real(tensor: Tensor) -> Tensor:
    dense = tensor if tensor.layout is torch.strided else tensor.to_dense()
    whole = torch.view_as_real(dense.resolve_conj()) if dense.is_complex() else dense
    return whole.detach().to("cpu", torch.float64).reshape(-1)


@dataclass(frozen=True, eq=False)
class Opaque(Rule):
    """One result of a region: to first order about what was recorded."""

    region: Region
    which: int

    def values(self, inputs: Sequence[Numbers], ties: list[int]) -> Numbers:
        here = [Ball(one) for one in self.region.results[self.which].tolist()]
        moved = [
            one - Ball(number)
            for numbers, tensor in zip(inputs, self.region.tensors, strict=True)
            for one, number in zip(numbers, tensor.reshape(-1).tolist(), strict=True)
        ]
        largest = max((abs(one).mid() for one in moved), default=ZERO)
        ties += self.region.broken[self.which].nonzero().reshape(-1).tolist()
        if largest.is_zero() or not largest.is_finite():
            return here
        way = torch.tensor([float(one.mid() / largest) for one in moved], dtype=torch.float64)
        return self._along(here, way, largest)

    def _along(self, here: Numbers, way: Tensor, length: Ball) -> Numbers:
        """The numbers a small step away: by the slope, or as a corner, a jump or an infinite slope has it."""
        sizes = [one.numel() for one in self.region.tensors]
        pairs = list(zip(way.split(sizes), self.region.tensors, strict=True))
        size = max(float(_scale(tensor).max()) for one, tensor in pairs if bool(one.any()))
        before = sum(map(len, self.region.results[: self.which]))
        slopes = self.region.along([size * one.reshape(tensor.shape) for one, tensor in pairs], self.region.noise)
        found = []
        for place, (one, bent) in enumerate(zip(here, self.region.broken[self.which].tolist(), strict=True)):
            if not bent:
                row = self.region.jacobian[self.which][place]
                found.append(one + Ball(float(row @ way)) * length)
                continue
            kind, number = slopes.side(1, before + place)
            part = length / Ball(size)
            found.append(one + Ball(number) * {Side.SLOPE: part, Side.INFINITE: part.sqrt()}.get(kind, ONE))
            if kind is Side.NONE:
                found[-1] = NAN
        return found

    def flows(self, inputs: Sequence[Numbers], values: Numbers, flow: Flow, varies: Sequence[bool]) -> list[Flow]:
        return self._back(inputs, flow, self.region.jacobian[self.which])

    def variances(self, inputs: Sequence[Numbers], values: Numbers, flow: Flow, varies: Sequence[bool]) -> list[Flow]:
        return self._back(inputs, flow, self.region.jacobian[self.which].square())

    def _back(self, inputs: Sequence[Numbers], flow: Flow, jacobian: Tensor) -> list[Flow]:
        given = [0.0 if g is None else float(g) for g in flow]
        rest = iter((torch.tensor(given, dtype=torch.float64) @ jacobian).tolist())
        return [[Ball(next(rest)) for _ in one] for one in inputs]

    def marks(self, inputs: Sequence[Numbers], marks: list[int]) -> list[list[int]]:
        way = 0
        for mark in marks:
            way |= mark
        return [[way | OPAQUE if way else 0] * len(one) for one in inputs]
