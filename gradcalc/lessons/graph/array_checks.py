"""Every gradient in a graph of arrays compared with the exact one, component by component.

A vertex is taken at the numbers that torch holds there: the result is then a function of these, and of nothing before.
"""

from __future__ import annotations

import dataclasses
import math
from array import array
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import partial

from gradcalc.answers.compare import compare
from gradcalc.answers.diagnosis.diagnose import diagnosed
from gradcalc.answers.gradient.forward import judged
from gradcalc.answers.matrices.entries import BEYOND, too_much
from gradcalc.answers.matrices.outputs import outputs
from gradcalc.answers.records import ArrayRow, Forward, Row
from gradcalc.arrays.array import Array, Value, numbers_of, shape_of
from gradcalc.arrays.writer import Unwritable
from gradcalc.base.effort import Allowance, Exhausted
from gradcalc.base.errors import LimitError
from gradcalc.base.real import Real, nearest
from gradcalc.engines import ask
from gradcalc.engines.records import ClosedForm, Missing, Slope
from gradcalc.inputs.question import Question
from gradcalc.lessons.graph.records import Run
from gradcalc.lessons.graph.structure import Part, placeholder, without
from gradcalc.lessons.lesson import Held, flattened
from gradcalc.lessons.lesson import shape_of as held_shape
from gradcalc.problem.problem import Problem
from gradcalc.problem.tolerance import Tolerance
from gradcalc.problem.written_out import component_names, written_out
from gradcalc.syntax.tree import Call, Name, Node, Number

SHARE = 0.5  # of the time, for all the comparisons together
NOT_FINITE = "a number here is not finite, and what depends on it is not verified"
HALF = Number(Fraction(1, 2))
FLOW = placeholder("g")  # what flows into a step
Check = Row | ArrayRow


class ArrayChecks:
    """The comparisons; where they take too long together, the rest is left unverified."""

    def __init__(self, parts: tuple[Part, ...], question: Question, run: Run) -> None:
        assert question.problem.point is not None
        self.question, self.problem = question, question.problem
        self.point = question.problem.point
        self.values = {part.id: as_value(run.vertices[part.id].value) for part in parts}
        self.run = run
        self.tolerance = question.tolerance
        self.limits = question.limits
        self.allowance = Allowance(question.clock.steps(SHARE))
        self.missing = ask.without_autograd(question.problem.root)

    @property
    def value(self) -> float | None:
        """The exact value of the result, rounded once; None where it has none, or would take too long."""
        try:
            with self.allowance.drawn():
                (found,) = self._elements(self.problem.root)
        except (LimitError, Exhausted):
            return None
        return nearest(found, self.problem.format)

    def taken(self, part: Part) -> bool:
        """Elementwise choices may take both of their branches."""
        return True

    def forward(self, part: Part) -> tuple[Forward, ...]:
        """The components of a vertex that is computed; none where that is a comparison, or would take too long."""
        held = flattened(self.run.vertices[part.id].value)
        if not isinstance(part.node, Call) or isinstance(held[0], bool):
            return ()
        try:
            with self.allowance.drawn():
                pairs = zip(self._elements(part.node), held, strict=True)
                return tuple(judged(self.question, value, None if self.run.absent else one) for value, one in pairs)
        except BEYOND:
            return ()

    def _elements(self, node: Node) -> Sequence[Real | None]:
        """The true elements of a part: written out, or by whole arrays where no formula in numbers stands for one."""
        try:
            found = outputs(dataclasses.replace(self.problem, root=node, wrt=()), self.limits).problems
        except Unwritable:
            return ask.elements(node, self.point)
        point = {name: number for one in found for name, number in one.numbers.items()}
        return ask.values([one.root for one in found], point)

    def vertex(self, part: Part) -> Check:
        """The gradient at a vertex; where backward did not come, torch's is 0."""
        gradient = self.run.vertices[part.id].gradient
        if isinstance(part.node, Name) and part.node.name in self.missing:
            return self._check(self.problem.root, self.point, part.node.name, self.missing[part.node.name])
        if isinstance(part.node, Name):
            return self._check(self.problem.root, self.point, part.node.name, gradient, rounded=False)
        name = placeholder(part.id)
        root = without(self.problem, part)
        return self._check(root, {**self.point, name: self.values[part.id]}, name, gradient)

    def edge(self, part: Part, index: int) -> Check | None:
        """What flows back along an edge; None where nothing came to the vertex."""
        flow, above = self.run.edges[part.id, index].flow, self.run.vertices[part.id].gradient
        if flow is None or above is None or part.step is None:
            return None
        product = Call("mul", (Name(FLOW), _with_conditions(part.step)), part.step.span)
        root = Call("sum", (product,)) if isinstance(above, list) else product
        places = {placeholder(place): self.values[one] for place, one in part.inputs}
        return self._check(root, {**places, FLOW: as_value(above)}, placeholder(index), flow)

    def _check(
        self,
        root: Node,
        point: Mapping[str, Value],
        name: str,
        gradient: Held | Missing | None,
        *,
        rounded: bool = True,
    ) -> Check:
        """The comparison of the derivative of `root` by one name with what torch says it is.

        Some values of the point are `rounded`, unless they are all given.
        """
        value = point[name]
        shape = shape_of(value)
        gradient = gradient if self.run.absent is None else Missing(self.run.absent)
        flat = _flat(gradient, len(numbers_of(value)))
        if not all(map(math.isfinite, (number for one in point.values() for number in numbers_of(one)))):
            return _unverified(name, shape, NOT_FINITE)
        try:
            rows = self._rows(self.problem.at(root, point, (name,)), name, flat, rounded)
        except BEYOND as reason:
            return _unverified(name, shape, too_much(reason))
        held = array("d", (one for one in flat if not isinstance(one, Missing)))
        return ArrayRow(name, shape, None, rows, Array(shape, held) if held else None) if shape else rows[0]

    def _rows(self, problem: Problem, name: str, flat: Sequence[float | Missing], rounded: bool) -> tuple[Row, ...]:
        """A comparison for each component. Raises LimitError or Exhausted."""
        with self.allowance.drawn():
            try:
                written = written_out(problem, self.limits)
            except Unwritable:
                return self._whole_rows(problem, name, flat)
            slopes = ask.truth(written.problem).slopes
            return tuple(
                self._row(written.problem, part, slopes[part], number, rounded)
                for part, number in zip(written.parts[name], flat, strict=True)
            )

    def _whole_rows(self, problem: Problem, name: str, flat: Sequence[float | Missing]) -> tuple[Row, ...]:
        """The same by whole arrays. Raises LimitError or Exhausted."""
        truth = ask.array_truth(problem)
        assert truth is not None
        slopes, bare = truth.slopes[name], dataclasses.replace(problem, wrt=(), variables=())
        parts = component_names(name, problem.shapes.get(name, ()), problem.names)
        return tuple(
            self._row(bare, part, slope, number, True) for part, slope, number in zip(parts, slopes, flat, strict=True)
        )

    def _row(self, problem: Problem, part: str, slope: Slope, autograd: float | Missing, rounded: bool) -> Row:
        """The comparison of one component.

        Terms that should cancel do so up to rounding where the numbers in them are rounded: how far autograd may be
        off is then measured by the size of the terms.
        """
        tolerance = self.tolerance
        size = slope.magnitude.nearest(problem.format) if slope.magnitude is not None and rounded else 0.0
        if math.isfinite(size):
            tolerance = Tolerance(tolerance.rtol, tolerance.atol + tolerance.rtol * size)
        why = partial(diagnosed, problem, part, slope, tolerance)
        return compare(problem, part, slope, autograd, ClosedForm(None), tolerance, why)


def _flat(gradient: Held | Missing | None, count: int) -> Sequence[float | Missing]:
    """A gradient's numbers, of so many components; 0 where none came."""
    if gradient is None or isinstance(gradient, Missing):
        return [gradient or 0.0] * count
    return flattened(gradient)


def _unverified(name: str, shape: tuple[int, ...], note: str) -> Check:
    """What stands in for a comparison that was not made."""
    return ArrayRow(name, shape, None, note=note) if shape else Row(name, None, note=note)


def _with_conditions(step: Call) -> Call:
    """The step with a comparison where it makes a choice: the truth of a condition is 0 or 1 among numbers."""
    condition = step.arguments[0]
    if step.function != "where" or not isinstance(condition, Name):
        return step
    return Call("where", (Call("gt", (condition, HALF)), *step.arguments[1:]), step.span)


def as_value(held: Held | bool) -> Value:
    """What torch holds as the value of a variable; a truth is 0 or 1."""
    shape, numbers = held_shape(held), array("d", flattened(held))
    return Array(shape, numbers) if shape else numbers[0]
