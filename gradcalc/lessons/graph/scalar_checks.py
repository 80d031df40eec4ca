"""Every derivative in a graph of numbers, compared with the exact one."""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import replace
from functools import cached_property, partial

from gradcalc.answers.compare import compare
from gradcalc.answers.diagnosis.diagnose import diagnosed, spared
from gradcalc.answers.gradient.forward import judged
from gradcalc.answers.records import Diagnosis, Forward, Row
from gradcalc.base.effort import Allowance
from gradcalc.base.real import nearest
from gradcalc.engines import ask
from gradcalc.engines.records import ClosedForm, Missing, Slope, Smoothness
from gradcalc.inputs.question import Question
from gradcalc.lessons.graph.records import Run
from gradcalc.lessons.graph.scalar_truth import Truth
from gradcalc.lessons.graph.structure import Part
from gradcalc.lessons.lesson import Held
from gradcalc.syntax.tree import Call

SHARE = 0.3  # of the time, for the cause


class ScalarChecks:
    """The comparisons. Raises LimitError, when made, where a value is too large to compute with."""

    def __init__(self, parts: tuple[Part, ...], question: Question, run: Run) -> None:
        self.question, self.problem = question, question.problem
        self.run = run
        self.tolerance = question.tolerance
        self.missing = ask.without_autograd(question.problem.root)
        self._rows: dict[Hashable, Row] = {}  # a large sum has thousands of edges that are all alike
        self.truth = run.truth or Truth(parts, self.problem, list(run.edges))

    @property
    def value(self) -> float | None:
        """The exact value of the result, rounded once; None where it has none."""
        return nearest(self.truth.value, self.problem.format)

    def taken(self, part: Part) -> bool:
        """Did the result come from this vertex, not from the other branch of a choice?"""
        return self.truth.taken(part)

    def forward(self, part: Part) -> tuple[Forward, ...]:
        """The value of a vertex that is computed, and that the result came from; none of a comparison's."""
        value = self.run.vertices[part.id].value
        if (
            self.run.absent is not None
            or not isinstance(part.node, Call)
            or not isinstance(value, float)
            or not self.taken(part)
        ):
            return ()
        question = self.question.about(replace(self.problem, root=part.node))
        return (judged(question, self.truth.value_of(part), value),)

    def vertex(self, part: Part) -> Row:
        """The gradient at a vertex; where backward did not come, torch's is 0."""
        gradient = self.run.vertices[part.id].gradient
        slope = self.truth.along_vertex(part)
        if self.run.absent is not None:  # by a variable, the slope is confirmed without the rules
            return self._compared(slope, Missing(self.run.absent), *part.names[:1])
        if part.names and (missing := self.missing.get(part.names[0])) is not None:
            return self._compared(slope, missing, part.names[0])
        return self._row(slope, gradient or 0.0)

    def edge(self, part: Part, index: int) -> Row:
        """The local derivative on an edge."""
        slope = self.truth.along_edge(part, index)
        if self.run.absent is not None:
            return self._compared(slope, Missing(self.run.absent))
        return self._row(slope, self.run.edges[part.id, index].local)

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
        return compare(self.problem, name, slope, autograd, ClosedForm(None), self.tolerance, lambda: self._cause)

    @cached_property
    def _cause(self) -> Diagnosis | None:
        """The cause of what is wrong in the whole graph: what it spoils may show up anywhere in it."""
        name, allowance = self.problem.wrt[0], Allowance(self.question.clock.steps(SHARE))
        slope = ask.truth(self.problem).slopes[name]
        return spared(allowance, partial(diagnosed, self.problem, name, slope, self.tolerance))
