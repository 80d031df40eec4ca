"""What an operation got: its arguments by their names, its tensors as they were read."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from gradcalc.answers.audit.paper.number import Unwritten
from gradcalc.answers.audit.paper.piece import MATRIX, Axes, Operand, Piece, axes_of, batched, images_of, without_ones
from gradcalc.tracing.tape import Cut, Read, Step, Tape
from gradcalc.tracing.truth import Truth

Tensor = Any


@dataclass(frozen=True, slots=True)
class Bound:
    """The arguments of an operation by their names, tensors as they were read."""

    name: str
    values: Mapping[str, Any]
    step: Step

    def get(self, name: str, other: Any = None) -> Any:
        """An argument, or something else where it has none."""
        return self.values.get(name, other)


@dataclass(frozen=True, slots=True)
class Taken:
    """A tensor as an operation reads it."""

    read: Read
    tensor: Tensor


@dataclass(frozen=True, slots=True)
class Layout:
    """How a run is read: with `cuts`, what the code hides from autograd is a constant.

    With a `batch`, constants of its size have a row for each item; of `images` they are rows too, one for each channel;
    where they are `flat`, one for each item. Where it `rearranges`, elements are read in any order, and what is linear
    as a product, by matrices that tell which.
    """

    cuts: bool = False
    batch: tuple[int, ...] = ()
    images: bool = False
    flat: bool = False
    rearranges: bool = False
    inner: frozenset[str] = frozenset()  # variables of three axes whose second one is that of the batch

    def is_inner(self, shape: Sequence[int]) -> bool:
        """Is the second one of three axes that of the batch?"""
        return bool(self.inner) and len(shape) == MATRIX + 1 and (shape[1],) == self.batch

    def axes(self, shape: Sequence[int]) -> Axes:
        """The axes of a constant array."""
        if self.flat and len(shape) > MATRIX:
            return (), without_ones((shape[0], math.prod(shape[1:])))
        images = self.images and len(shape) > MATRIX + 1
        return batched(images_of(shape, filters=False) if images else axes_of(shape), self.batch)


class Writing(Protocol):
    """What a row may ask of who writes, and tell: constants, remarks, the formula of an array."""

    given: dict[str, Any]
    above: tuple[str, Step] | None
    remarks: list[str]
    hot: set[str]
    matrices: dict[str, str]
    layout: Layout
    inner: set[bool]
    array: str | None

    @property
    def truth(self) -> Truth:
        """What is true of the run."""

    @property
    def tape(self) -> Tape:
        """What was recorded."""

    def of(self, read: Read) -> tuple[Piece, list[int]]:
        """The formula that holds elements of a node, and which of its own they are. Raises Unwritten."""

    def operand(self, value: Any) -> Operand:
        """A number, or a tensor, as a formula. Raises Unwritten."""

    def numbers(self, value: Taken) -> list[float]:
        """The numbers of a tensor as they were when it was read."""

    def name_of(self, value: Taken, otherwise: str = "c") -> str:
        """The name of a tensor that is no variable."""

    def constant(self, name: str, numbers: Sequence[float], axes: Axes, cut: Cut | None = None) -> Piece:
        """An array that is no variable, under that name or one like it."""

    def scalar(self, name: str, value: float) -> Operand:
        """A small number under a name, as `eps`."""


def bound(step: Step) -> Bound:
    """The arguments of a step by their names, with those that were left out. Raises Unwritten."""
    function, args, kwargs = step.call
    reads = iter(step.inputs)
    schema = function._schema
    positional = {one.name: value for one, value in zip(schema.arguments, args, strict=False)}
    values = {name: _taken(value, reads) for name, value in (positional | dict(kwargs)).items()}
    values |= {
        one.name: one.default_value for one in schema.arguments if one.name not in values and one.has_default_value()
    }
    return Bound(step.operation.removeprefix("aten."), values, step)


def _taken(value: Any, reads: Iterator[Read]) -> Any:
    if hasattr(value, "untyped_storage"):
        if value.is_complex() or str(value.layout) != "torch.strided":
            raise Unwritten
        return Taken(next(reads), value)
    return [_taken(one, reads) for one in value] if isinstance(value, list | tuple) else value
