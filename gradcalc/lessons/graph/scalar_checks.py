"""Every derivative in a graph of numbers, compared with the exact one."""

from __future__ import annotations

import math
from collections.abc import Hashable
from functools import cached_property

from gradcalc.answers.compare import compare
from gradcalc.answers.records import Row
from gradcalc.base.real import nearest
from gradcalc.engines import ask
from gradcalc.engines.records import ClosedForm, Missing, Slope, Smoothness, Stress
from gradcalc.inputs.question import Question
from gradcalc.lessons.graph.records import Run
from gradcalc.lessons.graph.scalar_truth import Truth
from gradcalc.lessons.graph.structure import Part
from gradcalc.lessons.lesson import Held


class ScalarChecks:
    """The comparisons. Raises LimitError, when made, where a value is too large to compute with."""

    def __init__(self, parts: tuple[Part, ...], question: Question, run: Run) -> None:
        self.problem = question.problem
        self.run = run
        self.tolerance = question.tolerance
        self.missing = ask.without_autograd(question.problem.root)
        self._rows: dict[Hashable, Row] = {}  # a large sum has thousands of edges that are all alike
        self.truth = Truth(parts, self.problem, list(run.edges))

    @property
    def value(self) -> float | None:
        """The exact value of the result, rounded once; None where it has none."""
        return nearest(self.truth.value, self.problem.format)

    def taken(self, part: Part) -> bool:
        """Did the result come from this vertex, not from the other branch of a choice?"""
        return self.truth.taken(part)

    def vertex(self, part: Part) -> Row:
        """The gradient at a vertex; where backward did not come, torch's is 0."""
        gradient = self.run.vertices[part.id].gradient
        slope = self.truth.along_vertex(part)
        if part.names and (missing := self.missing.get(part.names[0])) is not None:
            return self._compared(slope, missing, part.names[0])
        return self._row(slope, gradient or 0.0)

    def edge(self, part: Part, index: int) -> Row:
        """The local derivative on an edge."""
        return self._row(self.truth.along_edge(part, index), self.run.edges[part.id, index].local)

    def _row(self, slope: Slope, autograd: Held | None) -> Row:
        """The comparison of one derivative."""
        assert isinstance(autograd, float)
        if slope.smoothness is not Smoothness.SMOOTH:
            return self._compared(slope, autograd)
        key = (slope.value, slope.magnitude, autograd, math.copysign(1.0, autograd))
        if key not in self._rows:
            self._rows[key] = self._compared(slope, autograd)
        return self._rows[key]

    def _compared(self, slope: Slope, autograd: float | Missing, name: str = "") -> Row:
        return compare(self.problem, name, slope, autograd, ClosedForm(None), self.tolerance, lambda: self._stress)

    @cached_property
    def _stress(self) -> Stress:
        """The dangers on the way through the whole graph: what they spoil may show up anywhere in it."""
        return ask.stress(self.problem, self.problem.wrt[0])
