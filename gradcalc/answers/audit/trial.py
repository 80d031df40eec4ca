"""A formula of code and its closed-form gradient held against the numbers of the run that it was read off."""

from __future__ import annotations

import math
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from gradcalc.answers.audit.paper.bound import Layout
from gradcalc.answers.audit.paper.known import Known
from gradcalc.answers.audit.paper.paper import Paper
from gradcalc.answers.audit.paper.piece import Axes, batch_first, pieces
from gradcalc.arrays.array import Array, Value, nested_of
from gradcalc.arrays.shape import Shape
from gradcalc.base.errors import InternalError, LimitError
from gradcalc.base.floating import FORMATS
from gradcalc.base.real import Real
from gradcalc.engines import ask
from gradcalc.engines.exact.ball import working
from gradcalc.inputs.question import asked
from gradcalc.syntax.tree import Call, Constant, Name, Node, Number, rebuilt
from gradcalc.tracing.evaluate import flows
from gradcalc.tracing.rules import Flow
from gradcalc.tracing.truth import Truth, seed

NEAR = 1e-9  # relative: how well the formula's numbers are the run's
MOST = 10_000  # numbers of a variable at which the formula is tried
FORM = FORMATS["float64"]


@dataclass(frozen=True, slots=True)
class Trial:
    """The points of a formula, one for each item of a batch, and what is true there.

    `slopes` are the true derivatives by each variable, by its name in the formula; `share` is what an item counts for.
    """

    text: str
    points: Sequence[Mapping[str, Value]]
    batched: frozenset[str]
    share: float
    value: float
    slopes: Mapping[str, Sequence[float]]

    @classmethod
    def of(cls, written: Paper, found: Truth, axes: Mapping[str, Axes], layout: Layout) -> Trial:
        """The trial of what was read off a run. Raises LimitError where the point is too large."""
        variables = {formula: _variable(found, name, axes[name], layout) for name, formula in written.names.items()}
        if any(len(one.numbers) > MOST for one in variables.values()):
            raise LimitError(
                "the formula is tried at the point, which has too many numbers",
                hint="no option raises this limit: give a smaller point",
            )
        over, everything = written.over, variables | dict(written.constants)
        count = 1 if over is None else math.prod(over.batch)
        points = [{name: _item(one, place) for name, one in everything.items()} for place in range(count)]
        share = 1 / count if over is not None and over.kind == "mean" else 1.0
        with working(found.bits):
            start = seed(found.tape, found.result)
            back = flows(found.tape, found.run, start, held=True) if layout.cuts else found.flows
        true = {}
        for name, formula in written.names.items():
            own = _true(found, name, back[found.tape.leaves[name]], len(variables[formula].numbers))
            true[formula] = _placed(own, name, axes[name], layout)
        batched = frozenset(name for name, one in variables.items() if one.batch)
        return cls(written.text, points, batched, share, float(found.value), true)

    def require_right(self) -> None:
        """Raises InternalError where the formula has another value or gradient than the run."""
        value, parts = 0.0, []
        for point in self.points:
            own, partials = _at(self.text, point, list(self.slopes))
            value += own * self.share
            parts.append(partials)
        right = _near([value], [self.value])
        if not right or not all(self._near(name, [one[name] for one in parts]) for name in self.slopes):
            raise InternalError(f"the formula `{self.text}` is not what the code computes")

    def holds(self, name: str, form: Node, shapes: Mapping[str, Shape]) -> bool:
        """Has a closed form of the gradient by a variable the run's numbers?"""
        sizes = {
            letter: size
            for one, value in self.points[0].items()
            if isinstance(value, Array)
            for letter, size in zip(shapes.get(one, ()), value.shape, strict=True)
            if isinstance(letter, str)
        }

        def change(node: Node, arguments: tuple[Node, ...]) -> Node:
            if isinstance(node, Constant | Name) and node.name in sizes:
                return Number(Fraction(sizes[node.name]))
            return replace(node, arguments=arguments) if isinstance(node, Call) else node

        root = rebuilt(form, change)
        found = [ask.elements(root, point, together=True) for point in self.points]
        return self._near(name, [[_plain(one) for one in item] for item in found])

    def _near(self, name: str, items: Sequence[Sequence[float]]) -> bool:
        """Are the derivatives by a variable, item by item, those of the run?"""
        if name in self.batched:
            return _near([number * self.share for item in items for number in item], self.slopes[name])
        return _near([sum(column) * self.share for column in zip(*items, strict=True)], self.slopes[name])


def _variable(found: Truth, name: str, axes: Axes, layout: Layout) -> Known:
    numbers = [float(one) for one in found.run.values[found.tape.leaves[name]]]
    return Known(tuple(_placed(numbers, name, axes, layout)), *axes)


def _placed(numbers: Sequence[float], name: str, axes: Axes, layout: Layout) -> Sequence[float]:
    """The numbers of a variable, item by item where it has the batch as its second axis."""
    return [numbers[one] for one in batch_first(*axes)] if name in layout.inner else numbers


def _true(found: Truth, name: str, flow: Flow, count: int) -> list[float]:
    """The true derivatives by a variable; nan at a corner or a pole, where the rules say nothing."""
    numbers = [0.0 if one is None else float(one) for one in flow or [None] * count]
    return [
        math.nan if (name, place) in found.sides or (name, place) in found.open else one
        for place, one in enumerate(numbers)
    ]


def _item(one: Known, place: int) -> Value:
    """The numbers of one item of a batch."""
    numbers = list(pieces(one.batch, one.numbers))[place] if one.batch else one.numbers
    return Array(one.sizes, array("d", numbers)) if one.sizes else numbers[0]


def _at(text: str, point: Mapping[str, Value], names: Sequence[str]) -> tuple[float, dict[str, Sequence[float]]]:
    """The true value and partial derivatives of a formula at a point; nan where there is none."""
    problem = asked(text, at={name: nested_of(one) for name, one in point.items()}, wrt=list(names)).problem
    if any(isinstance(one, Array) for one in point.values()):
        whole, slopes = ask.nearly(problem)
        return _plain(whole), {name: [_plain(one) for one in slopes[name]] for name in names}
    tried = ask.truth(problem)
    return _plain(tried.value), {name: [_plain(one.value)] for name, one in tried.slopes.items()}


def _plain(value: Real | None) -> float:
    """A plain number; nan where there is none."""
    return math.nan if value is None else value.nearest(FORM)


def _near(found: Sequence[float], true: Sequence[float]) -> bool:
    """Are numbers those of the run, beside the largest of them? What has no derivative by the rules is passed over."""
    size = max((abs(one) for one in true if one == one), default=0.0)
    pairs = zip(found, true, strict=True)
    return all(one != one or other != other or abs(one - other) <= NEAR * size for one, other in pairs)
