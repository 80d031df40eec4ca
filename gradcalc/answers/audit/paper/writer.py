"""The formulas of a recorded run as it goes on, step by step, and what else stands in them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from gradcalc.answers.audit.paper.bound import Bound, Layout, Taken, bound
from gradcalc.answers.audit.paper.constants import constant
from gradcalc.answers.audit.paper.items import beside, choices, ordered, owners
from gradcalc.answers.audit.paper.joining import elementwise
from gradcalc.answers.audit.paper.known import Known
from gradcalc.answers.audit.paper.moved import moved_from, name_of_held, origin
from gradcalc.answers.audit.paper.number import Unwritten
from gradcalc.answers.audit.paper.picks import called, picked
from gradcalc.answers.audit.paper.piece import MATRIX, Axes, Operand, Piece, axes_of, number_of
from gradcalc.answers.audit.paper.reading import operand, spread
from gradcalc.answers.audit.paper.rearranged import rearranged
from gradcalc.answers.audit.paper.written import written
from gradcalc.tracing.tape import Cut, Output, Read, Step, Tape
from gradcalc.tracing.truth import Truth, stuck

BOOL = "torch.bool"
MOST = 20_000  # numbers of a constant that stands in a formula
IDENTITY = "I"  # the name of the unit matrix


@dataclass(eq=False)
class Writer:
    """The formulas of nodes so far, and what else they stand on; the steps that have none, by what they made."""

    truth: Truth
    given: dict[str, Any]
    taken: set[str]
    above: tuple[str, Step] | None = None  # the step that sends a gradient into an array, and its name
    held: dict[int, tuple[str, tuple[int, ...]]] = field(default_factory=dict)  # nodes of constants with names
    layout: Layout = field(default_factory=Layout)
    loose: bool = False  # are elements read in any order, just now?
    known: dict[int, list[tuple[Mapping[int, int], Piece]]] = field(default_factory=dict)
    unwritten: dict[int, Step] = field(default_factory=dict)
    constants: dict[str, Known] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    hot: set[str] = field(default_factory=set)  # constants whose rows have one 1
    inner: set[bool] = field(default_factory=set)  # do batches run faster than rows in what a step reads?
    matrices: dict[str, str] = field(default_factory=dict)  # constants, and the operations that they stand for
    named: dict[tuple[int, str], Piece] = field(default_factory=dict)  # constants by their nodes
    conditions: set[int] = field(default_factory=set)  # nodes that are true or false
    fixed: set[int] = field(default_factory=set)  # nodes of formulas of what is held constant alone
    array: str | None = None

    @cached_property
    def stuck(self) -> list[bool]:
        """The nodes that no small step moves, such as whole numbers."""
        return stuck(self.tape)

    @property
    def tape(self) -> Tape:
        """What was recorded."""
        return self.truth.tape

    def write(self, step: Step) -> None:
        """Put down what a step makes."""
        if not step.outputs or not any(self.tape.varies(one.read) for one in step.outputs):
            return
        found = self._found(step)
        if self.layout.cuts and not any(self.tape.varies(one) and one.cut is None for one in step.inputs):
            self.fixed.update(output.read.node for output in step.outputs)
        for place, output in enumerate(step.outputs):
            self.conditions |= {output.read.node} if str(output.tensor.dtype) == BOOL else set()
            read, piece = output.read, found[place] if place < len(found) else None
            if step.operation.endswith("_"):  # it wrote to a part of a tensor, or to all of it
                read = moved_from(self.tape, read) or read
            size = self.tape.nodes[read.node].size if read.index is None else len(read.index)
            if isinstance(piece, Operand):
                self._keep(read, range(size), piece.piece, spread(piece, output.shape))
            elif piece is not None and piece.number and size > 1:
                self._keep(read, range(size), piece, [0] * size)
            elif piece is not None and math.prod(piece.whole) == size:
                self._keep(read, ordered(range(size), piece, output.shape, self.inner), piece)
            elif place or not (self._by_items(step, output) or self._rearranged(step, read, size)):
                culprit = next((one for each in step.inputs if (one := self.in_the_way(each)) is not None), step)
                self.unwritten.setdefault(read.node, culprit)

    def _found(self, step: Step) -> Sequence[Piece | Operand | None]:
        self.inner = set()
        with suppress(Unwritten):
            return written(self, bound(step))
        return []

    def _rearranged(self, step: Step, read: Read, size: int) -> bool:
        """Put down what a step makes of elements in any order, where such may be read."""
        self.loose = self.layout.rearranges
        piece = next(iter(self._found(step)), None) if self.loose else None
        self.loose = False
        if not isinstance(piece, Piece) or math.prod(piece.whole) != size:
            return False
        self._keep(read, range(size), piece)
        return True

    def _keep(self, read: Read, places: Sequence[int], piece: Piece, own: Sequence[int] = ()) -> None:
        """Put down the formula of some of the elements that are read; `own` are its elements, or all in a row."""
        index = places if read.index is None else [read.index[one] for one in places]
        self.known.setdefault(read.node, []).append((dict(zip(index, own or range(len(index)), strict=True)), piece))

    def _by_items(self, step: Step, output: Output) -> bool:
        """Put down what a step makes item by item, where that can be done."""
        try:
            given = bound(step)
        except Unwritten:
            return False
        for items in choices(given, sorted(self._batches())):
            try:
                found = [(places, *self._item(one)) for one, places in items()]
            except Unwritten:
                continue
            for places, shape, piece in found:
                self._keep(output.read, ordered(places, piece, shape, self.inner), piece)
            return True
        return False

    def _item(self, given: Bound) -> tuple[tuple[int, ...], Piece]:
        """What an operation makes of one item. Raises Unwritten."""
        self.inner = set()
        piece, shape = written(self, given)[0], given.step.outputs[0].shape
        if not isinstance(piece, Piece) or math.prod(piece.whole) != math.prod(shape):
            raise Unwritten
        return shape, piece

    def of(self, read: Read) -> tuple[Piece, list[int]]:
        """The formula that holds elements of a node, and which of its own they are. Raises Unwritten."""
        source: Read | None = read
        while source is not None:
            index = range(self.tape.nodes[source.node].size) if source.index is None else source.index
            for places, piece in self.known.get(source.node, []):
                if all(one in places for one in index):
                    return piece, [places[one] for one in index]
            source = origin(self.truth, source, self.layout.cuts)
        raise Unwritten

    def in_the_way(self, read: Read) -> Step | None:
        """The step without a formula because of which what is read has none."""
        source: Read | None = read
        while source is not None:
            if source.node in self.unwritten:
                return self.unwritten[source.node]
            source = origin(self.truth, source, self.layout.cuts)
        return None

    # -- what operations read

    def operand(self, value: Any) -> Operand:
        """A number, or a tensor, as a formula. Raises Unwritten."""
        if isinstance(value, Taken):
            found = self._read(value)
            if found.apart and found.places:
                self.inner.add(found.inner)
            return found
        if isinstance(value, int | float):
            return Operand(number_of(float(value)))
        raise Unwritten

    def _read(self, value: Taken) -> Operand:
        if self.tape.varies(value.read) and not self._is_held(value.read):
            with suppress(Unwritten):
                return self._elements(value)
            try:
                known = [places for places, _ in self.known.get(value.read.node, [])]
                return beside(value, owners(value, known), self._elements)
            except Unwritten:
                if not value.tensor.dtype.is_floating_point:
                    with suppress(Unwritten):
                        return self._whole(value)
                if not self.stuck[value.read.node]:
                    if not self.loose:
                        raise
                    return rearranged(self, value, self.known)
        cut = self.tape.cuts[value.read.cut] if self.layout.cuts and value.read.cut is not None else None
        if value.read.node in self.held:
            name, whole = self.held[value.read.node]
            return self._own(value, name, axes_of(whole))
        if cut is not None and value.read.node in self.tape.leaves.values():
            _, one = self.known[value.read.node][0]
            return self._own(value, name_of_held(self.tape, value.read, cut), (one.batch, one.sizes), cut)
        return constant(self, value, cut)

    def _is_held(self, read: Read) -> bool:
        """Is it held constant, and no formula of what is so already?"""
        return self.layout.cuts and read.cut is not None and read.node not in self.fixed

    def _elements(self, value: Taken) -> Operand:
        """What is read of one formula. Raises Unwritten."""
        piece, index = self.of(value.read)
        if value.read.node in self.conditions and str(value.tensor.dtype) != BOOL:  # it was made numbers since
            piece = elementwise("where({0}, 1, 0)", [Operand(piece, tuple(range(-len(piece.sizes), 0)))])
        return operand(piece, index, tuple(value.tensor.shape), self._batches())

    def _batches(self) -> set[int]:
        """How many items batches have."""
        return {math.prod(piece.batch) for each in self.known.values() for _, piece in each if piece.batch}

    def _whole(self, value: Taken) -> Operand:
        """Whole numbers, which are no results of steps here: the formula of what made them. Raises Unwritten."""
        step = self.tape.steps[self.tape.nodes[value.read.node].step - 1]
        found = written(self, bound(step))[0] if step.call is not None and not step.outputs else None
        if not isinstance(found, Piece) or step.operation == "aten._to_copy":  # which cuts decimals off
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

    def name_of(self, value: Taken, otherwise: str = "c") -> str:
        """The name of a tensor that is no variable: the user's where it has one, or where it is rows of 0 and 1."""
        if self.above is not None and value.tensor is self.above[1].call[1][1]:
            return self.above[0]
        numbers, shape = self.numbers(value), tuple(value.tensor.shape)
        name, hot = called(self.given, numbers, shape)
        self.hot |= {name} if hot else set()
        unit = len(shape) == MATRIX and picked(numbers, shape[1]) == [*range(shape[0])]
        return name or (IDENTITY if unit else otherwise)

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
