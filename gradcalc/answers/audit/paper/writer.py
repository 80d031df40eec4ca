"""The formulas of a recorded run as it goes on, step by step, and what else stands in them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from gradcalc.answers.audit.paper.bound import Bound, Taken
from gradcalc.answers.audit.paper.called import called
from gradcalc.answers.audit.paper.items import beside, choices, owners
from gradcalc.answers.audit.paper.joining import elementwise
from gradcalc.answers.audit.paper.known import Known
from gradcalc.answers.audit.paper.moved import moved_from, name_of_held, origin
from gradcalc.answers.audit.paper.number import Factor, Unwritten
from gradcalc.answers.audit.paper.piece import MATRIX, Axes, Operand, Piece, axes_of, batched, images_of, number_of
from gradcalc.answers.audit.paper.reading import operand, spread
from gradcalc.answers.audit.paper.written import written
from gradcalc.tracing.tape import Cut, Output, Read, Step, Tape
from gradcalc.tracing.truth import Truth

BOOL = "torch.bool"
MOST = 20_000  # numbers of a constant that stands in a formula
MADE = "c"  # the name of constants that have none


@dataclass(eq=False)
class Writer:
    """The formulas of nodes so far, and what else they stand on; the steps that have none, by what they made."""

    truth: Truth
    given: dict[str, Any]
    taken: set[str]
    above: tuple[str, Step] | None = None  # the step that sends a gradient into an array, and its name
    held: dict[int, tuple[str, tuple[int, ...]]] = field(default_factory=dict)  # nodes of constants with names
    cuts: bool = False  # is what the code hides from autograd held constant?
    batch: tuple[int, ...] = ()  # whose items constants have rows for
    images: bool = False  # are images rows?
    known: dict[int, list[tuple[Mapping[int, int], Piece]]] = field(default_factory=dict)
    unwritten: dict[int, Step] = field(default_factory=dict)
    constants: dict[str, Known] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    hot: set[str] = field(default_factory=set)  # constants whose rows have one 1
    named: dict[tuple[int, str], Piece] = field(default_factory=dict)  # constants by their nodes
    conditions: set[int] = field(default_factory=set)  # nodes that are true or false
    fixed: set[int] = field(default_factory=set)  # nodes of formulas of what is held constant alone
    array: str | None = None

    @property
    def tape(self) -> Tape:
        """What was recorded."""
        return self.truth.tape

    def write(self, step: Step) -> None:
        """Put down what a step makes."""
        if not step.outputs or not any(self.tape.varies(one.read) for one in step.outputs):
            return
        try:
            found: Sequence[Piece | Operand | None] = written(self, self._bound(step))
        except Unwritten:
            found = []
        if self.cuts and not any(self.tape.varies(one) and one.cut is None for one in step.inputs):
            self.fixed.update(output.read.node for output in step.outputs)
        for place, output in enumerate(step.outputs):
            self.conditions |= {output.read.node} if str(output.tensor.dtype) == BOOL else set()
            read, piece = output.read, found[place] if place < len(found) else None
            if step.operation.endswith("_"):  # it wrote to a part of a tensor, or to all of it
                read = moved_from(self.tape, read) or read
            size = self.tape.nodes[read.node].size if read.index is None else len(read.index)
            if isinstance(piece, Operand):
                self._keep(read, range(size), piece.piece, spread(piece, output.shape))
            elif piece is not None and math.prod(piece.whole) == size:
                self._keep(read, range(size), piece)
            elif place or not self._by_items(step, output):
                culprit = next((one for each in step.inputs if (one := self.in_the_way(each)) is not None), step)
                self.unwritten.setdefault(read.node, culprit)

    def _keep(self, read: Read, places: Sequence[int], piece: Piece, own: Sequence[int] = ()) -> None:
        """Put down the formula of some of the elements that are read; `own` are its elements, or all in a row."""
        index = places if read.index is None else [read.index[one] for one in places]
        self.known.setdefault(read.node, []).append((dict(zip(index, own or range(len(index)), strict=True)), piece))

    def _by_items(self, step: Step, output: Output) -> bool:
        """Put down what a step makes item by item, where that can be done."""
        try:
            bound = self._bound(step)
        except Unwritten:
            return False
        for _, items in choices(bound):
            try:
                found = [(places, written(self, one)[0]) for one, places in items()]
            except Unwritten:
                continue
            if all(isinstance(piece, Piece) and math.prod(piece.whole) == len(places) for places, piece in found):
                for places, piece in found:
                    if isinstance(piece, Piece):
                        self._keep(output.read, places, piece)
                return True
        return False

    def of(self, read: Read) -> tuple[Piece, list[int]]:
        """The formula that holds elements of a node, and which of its own they are. Raises Unwritten."""
        source: Read | None = read
        while source is not None:
            index = range(self.tape.nodes[source.node].size) if source.index is None else source.index
            for places, piece in self.known.get(source.node, []):
                if all(one in places for one in index):
                    return piece, [places[one] for one in index]
            source = origin(self.truth, source, self.cuts)
        raise Unwritten

    def in_the_way(self, read: Read) -> Step | None:
        """The step without a formula because of which what is read has none."""
        source: Read | None = read
        while source is not None:
            if source.node in self.unwritten:
                return self.unwritten[source.node]
            source = origin(self.truth, source, self.cuts)
        return None

    def _bound(self, step: Step) -> Bound:
        function, args, kwargs = step.call
        reads = iter(step.inputs)
        schema = function._schema
        positional = {one.name: value for one, value in zip(schema.arguments, args, strict=False)}
        values = {name: self._taken(value, reads) for name, value in (positional | dict(kwargs)).items()}
        values |= {
            one.name: one.default_value
            for one in schema.arguments
            if one.name not in values and one.has_default_value()
        }
        return Bound(step.operation.removeprefix("aten."), values, step)

    def _taken(self, value: Any, reads: Iterator[Read]) -> Any:
        if hasattr(value, "untyped_storage"):
            if value.is_complex() or str(value.layout) != "torch.strided":
                raise Unwritten
            return Taken(next(reads), value)
        return [self._taken(one, reads) for one in value] if isinstance(value, list | tuple) else value

    # -- what operations read

    def operand(self, value: Any) -> Operand:
        """A number, or a tensor, as a formula. Raises Unwritten."""
        if isinstance(value, Taken):
            return self._read(value)
        if isinstance(value, int | float):
            return Operand(number_of(float(value)))
        raise Unwritten

    def _read(self, value: Taken) -> Operand:
        shape = tuple(value.tensor.shape)
        if self.tape.varies(value.read) and not self._is_held(value.read):
            try:
                return self._elements(value)
            except Unwritten:
                if not value.tensor.dtype.is_floating_point:
                    return self._whole(value)
                known = [places for places, _ in self.known.get(value.read.node, [])]
                return beside(value, owners(value, known), self._elements)
        cut = self.tape.cuts[value.read.cut] if self.cuts and value.read.cut is not None else None
        if value.read.node in self.held:
            name, whole = self.held[value.read.node]
            return self._own(value, name, axes_of(whole))
        if cut is not None and value.read.node in self.tape.leaves.values():
            _, one = self.known[value.read.node][0]
            return self._own(value, name_of_held(self.tape, value.read, cut), (one.batch, one.sizes), cut)
        numbers = self.numbers(value)
        single = value.tensor.numel() == 1 or (_is_uniform(numbers) and self.name_of(value, "") == "")
        if single and cut is None:
            return Operand(number_of(numbers[0]))
        axes = images_of(shape, filters=False) if self.images and len(shape) > MATRIX + 1 else axes_of(shape)
        mask = str(value.tensor.dtype) == BOOL
        own = ("mask" if mask else MADE) if cut is None else name_of_held(self.tape, value.read, cut)
        piece = self._constant(value, own, numbers, batched(axes, self.batch), cut)
        return operand(replace(piece, text=f"({piece.text} > 0)") if mask else piece, None, shape)

    def _is_held(self, read: Read) -> bool:
        """Is it held constant, and no formula of what is so already?"""
        return self.cuts and read.cut is not None and read.node not in self.fixed

    def _constant(self, value: Taken, own: str, numbers: Sequence[float], axes: Axes, cut: Cut | None) -> Piece:
        """A constant array by its name, also where it is a multiple of one that has a name: `0.5*y`."""
        name, factor = self.name_of(value, own), max(numbers, key=abs)
        if name == MADE and {*numbers} == {0.0, factor}:
            unit = [one / factor for one in numbers]
            if (named := self._called(unit, tuple(value.tensor.shape), name)) != name:
                return replace(self.constant(named, unit, axes), times=Factor(factor))
        return self.constant(name, numbers, axes, cut)

    def _elements(self, value: Taken) -> Operand:
        """What is read of one formula. Raises Unwritten."""
        piece, index = self.of(value.read)
        if value.read.node in self.conditions and str(value.tensor.dtype) != BOOL:  # it was made numbers since
            piece = elementwise("where({0}, 1, 0)", [Operand(piece, tuple(range(-len(piece.sizes), 0)))])
        return operand(piece, index, tuple(value.tensor.shape))

    def _whole(self, value: Taken) -> Operand:
        """Whole numbers, which are no results of steps here: the formula of what made them. Raises Unwritten."""
        step = self.tape.steps[self.tape.nodes[value.read.node].step - 1]
        found = written(self, self._bound(step))[0] if step.call is not None and not step.outputs else None
        if not isinstance(found, Piece):
            raise Unwritten
        return operand(found, value.read.index, tuple(value.tensor.shape))

    def _own(self, value: Taken, name: str, axes: Axes, cut: Cut | None = None) -> Operand:
        """What is read of a constant that has a name: all of it, transposed, a piece."""
        node = value.read.node
        if (node, name) not in self.named:
            numbers = [float(one) for one in self.truth.run.values[node]]
            self.named[node, name] = self.constant(name, numbers, axes, cut)
        return operand(self.named[node, name], value.read.index, tuple(value.tensor.shape))

    def numbers(self, value: Taken) -> list[float]:
        """The numbers of a tensor as they were when it was read."""
        return [float(one) for one in self.truth.run.at(value.read)]

    def name_of(self, value: Taken, otherwise: str = MADE) -> str:
        """The name of a tensor that is no variable: the user's where it has one, or where it is rows of 0 and 1."""
        if self.above is not None and value.tensor is self.above[1].call[1][1]:
            return self.above[0]
        return self._called(self.numbers(value), tuple(value.tensor.shape), otherwise)

    def _called(self, numbers: Sequence[float], shape: tuple[int, ...], otherwise: str) -> str:
        found = called(numbers, shape, self.given)
        self.hot |= {found.name} if found is not None and found.hot else set()
        return otherwise if found is None else found.name

    def constant(self, name: str, numbers: Sequence[float], axes: Axes, cut: Cut | None = None) -> Piece:
        """An array that is no variable, under that name or one like it."""
        batch, sizes = axes
        found = Known(tuple(numbers), batch, sizes, cut)
        if len(numbers) > MOST or not all(map(math.isfinite, numbers)):
            raise Unwritten
        choices = [name, *(f"{name}_{count}" for count in range(2, len(self.constants) + 3))]
        chosen = next(one for one in choices if one not in self.taken and self.constants.get(one, found) == found)
        self.constants[chosen] = found
        return Piece(chosen, sizes, batch=batch)

    def scalar(self, name: str, value: float) -> Operand:
        """A small number under a name, as `eps`."""
        return Operand(self.constant(name, [value], ((), ())))


def _is_uniform(numbers: Sequence[float]) -> bool:
    return bool(numbers) and all(one == numbers[0] for one in numbers)
