"""The whole lesson: the graph found, run by torch, checked by the exact engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Unpack

from gradcalc.answers.records import ArrayRow, Row, rows_of
from gradcalc.answers.trials.claims import unconfirmed_step
from gradcalc.answers.verdicts import Reason, Verdict, overall, worst
from gradcalc.base.loading import loading
from gradcalc.functions.printer import to_text
from gradcalc.inputs.point import Given
from gradcalc.inputs.question import Question
from gradcalc.lessons.graph.array_checks import ArrayChecks
from gradcalc.lessons.graph.link_trials import LinkTrials
from gradcalc.lessons.graph.numbers import numeral
from gradcalc.lessons.graph.records import Edge, Graph, Kind, Run, Vertex
from gradcalc.lessons.graph.scalar_checks import ScalarChecks
from gradcalc.lessons.graph.structure import (
    OUT,
    Part,
    in_terms_of_itself,
    local_derivative,
    placeholder,
    shortened,
    structure,
)
from gradcalc.lessons.graph.ways import chains
from gradcalc.lessons.lesson import Options, posed
from gradcalc.problem.problem import reading, unused
from gradcalc.syntax.blackboard import on_blackboard
from gradcalc.syntax.tree import (
    Call,
    Name,
    Node,
    Number,
    substitute,
)

CHECKS: dict[bool, type[ScalarChecks | ArrayChecks]] = {False: ScalarChecks, True: ArrayChecks}  # are there arrays?


def graph(
    expression: str,
    *,
    at: Given | None = None,
    retain_grad: bool = False,
    **options: Unpack[Options],
) -> Graph:
    """The computational graph of `expression` at a point, with the gradients that flow back through it.

    Every value, every local derivative, and the gradient at every vertex, is torch's and is compared with the exact
    one. With `retain_grad`, torch is told to keep the gradients of intermediate vertices. The other arguments are those
    of `gradcalc.diff`; every variable needs a value.

    Raises a GradcalcError as `gradcalc.diff` does.
    """
    question = posed(expression, at, **options)
    problem = question.problem
    lesson = _Lesson(question, retain_grad)
    vertices, edges = lesson.vertices(), lesson.edges()
    checks = [vertex.check for vertex in vertices] + [edge.check for edge in edges if edge.taken]
    values = [forward.counted for vertex in vertices for forward in vertex.forward]
    assert problem.point is not None
    return Graph(
        expression=problem.source,
        reading=reading(problem),
        at=problem.point,
        dtype=problem.dtype,
        retain_grad=retain_grad,
        value=lesson.checks.value,
        vertices=vertices,
        edges=edges,
        chains=() if problem.arrays or any(map(_is_bare, edges)) else chains(vertices, edges),
        warning=lesson.run.warning,
        refusal=lesson.run.refusal,
        left_out=unused(problem),
        verdict=overall((_verdict(checks), *values)),
        absent=lesson.run.absent,
    )


def _verdict(checks: Sequence[Row | ArrayRow | None]) -> Verdict | None:
    """The worst verdict of a derivative; None where torch has none to compare."""
    verdicts = [check.verdict for check in checks if check is not None and check.verdict is not None]
    uncompared = any(row.reason is Reason.NO_AUTOGRAD for check in checks for row in rows_of(check))
    return worst(verdicts) if verdicts or not uncompared else None


class _Lesson:
    """What torch and the exact engine say about one problem, put together vertex by vertex and edge by edge."""

    def __init__(self, question: Question, retain_grad: bool) -> None:
        problem = question.problem
        self.problem = problem
        self.trials = LinkTrials(problem)
        self.numerals: dict[int, Node] = {}
        self.parts = structure(problem)
        with loading():
            from gradcalc.lessons.graph.run_torch import run
        self.run: Run = run(self.parts, problem, retain_grad)
        self.checks = CHECKS[problem.arrays](self.parts, question, self.run)

    def vertices(self) -> tuple[Vertex, ...]:
        """Every vertex, in the order of the forward pass."""
        return tuple(self._vertex(part) for part in self.parts)

    def edges(self) -> tuple[Edge, ...]:
        """Every edge, in the order of what they lead to."""
        return tuple(self._edge(part, index, source) for part in self.parts for index, source in part.inputs)

    def _vertex(self, part: Part) -> Vertex:
        seen = self.run.vertices[part.id]
        return Vertex(
            id=part.id,
            names=part.names,
            label=to_text(part.label),
            text=None if isinstance(part.body, Name) else to_text(part.body),
            written=None if isinstance(part.body, Name) else on_blackboard(part.body),
            operation=part.body.function if isinstance(part.body, Call) else None,
            kind=Kind.UNTRACKED if not seen.requires_grad else Kind.LEAF if seen.is_leaf else Kind.INTERMEDIATE,
            value=seen.value,
            grad_fn=seen.grad_fn,
            steps=seen.steps,
            is_leaf=seen.is_leaf,
            requires_grad=seen.requires_grad,
            grad=seen.grad,
            gradient=seen.gradient,
            forward=self.checks.forward(part),
            check=self.checks.vertex(part) if seen.requires_grad or self._is_asked(part) else None,
        )

    def _is_asked(self, part: Part) -> bool:
        """Is this a variable to derive by, though torch may have no gradient?"""
        return isinstance(part.node, Name) and part.node.name in self.problem.wrt

    def _edge(self, part: Part, index: int, source: int) -> Edge:
        taken, passage = self.checks.taken(part), self.run.edges.get((part.id, index))
        if passage is None:
            return Edge(source, part.id, index, taken=taken)
        check = self.checks.edge(part, index)
        edge = Edge(source, part.id, index, taken=taken, local=passage.local, flow=passage.flow, check=check)
        return self._with_formula(edge, part, index)

    def _with_formula(self, edge: Edge, part: Part, index: int) -> Edge:
        """The edge with its local derivative as a formula, where there is one, and with numbers put in.

        Raises InternalError where that is wrong, and no number of torch's would mark what it spoils.
        """
        values = {placeholder(place): self.run.vertices[one].value for place, one in part.inputs}
        local = local_derivative(part.step, index, values)
        if part.step is None or local is None:
            return edge
        told, short = local, shortened(part.step)
        if short is not part.step and (spoken := local_derivative(short, index, values)) is not None:
            told = spoken
        told = in_terms_of_itself(told, part)
        labels: dict[str, Node] = {placeholder(place): self.parts[one - 1].label for place, one in part.inputs}
        formula = _put_in(told, {**labels, OUT: part.label})
        if self.trials.refute(part.step, local, index, values):
            if self.run.absent is not None:
                raise unconfirmed_step(to_text(part.body), to_text(formula))
            return edge
        numbers = {placeholder(place): self._numeral(one) for place, one in part.inputs}
        filled = _put_in(told, {**numbers, OUT: self._numeral(part.id)})
        written = on_blackboard(formula)
        with_numbers = written if filled is formula else on_blackboard(filled)
        return replace(edge, formula=to_text(formula), written=written, filled=with_numbers)

    def _numeral(self, vertex: int) -> Node:
        """The value of a vertex in a formula."""
        if vertex not in self.numerals:
            self.numerals[vertex] = numeral(self.run.vertices[vertex].value)
        return self.numerals[vertex]


def _put_in(told: Node, meant: Mapping[str, Node]) -> Node:
    """A local derivative with labels, or numbers, for its placeholders; the same one where it has none."""
    return told if isinstance(told, Number) else substitute(told, meant)


def _is_bare(edge: Edge) -> bool:
    """Has an edge a local derivative without a formula?"""
    return edge.local is not None and edge.formula is None
