"""The graph of a function that torch lacks: true values and derivatives stand where torch's would."""

from __future__ import annotations

import math
from collections.abc import Sequence

from gradcalc.base.real import Real
from gradcalc.lessons.graph.records import Passage, Run, Seen
from gradcalc.lessons.graph.scalar_truth import Truth
from gradcalc.lessons.graph.structure import Part, Place
from gradcalc.problem.problem import Problem
from gradcalc.syntax.tree import Name


def run_without(parts: Sequence[Part], problem: Problem, absent: str) -> Run:
    """What there would be to see, each number rounded once; nan where there is none. Raises as `Truth` does."""
    flowing = flowing_through(parts, problem)
    places = [(part.id, index) for part in parts for index, source in part.inputs if {part.id, source} <= flowing]
    truth = Truth(parts, problem, places)
    return Run(
        {part.id: _seen(part, truth, problem, part.id in flowing) for part in parts},
        {place: _passage(parts[place[0] - 1], place, truth, problem) for place in places},
        warning=None,
        refusal=None,
        absent=absent,
        truth=truth,
    )


def flowing_through(parts: Sequence[Part], problem: Problem) -> set[int]:
    """The vertices that a gradient flows through: what a variable reaches, but for comparisons."""
    found: set[int] = set()
    for part in parts:
        asked = isinstance(part.node, Name) and part.node.name in problem.wrt
        reached = any(source in found for _, source in part.inputs)
        if asked or (reached and part.step is not None and not part.is_comparison):
            found.add(part.id)
    return found


def _seen(part: Part, truth: Truth, problem: Problem, flowing: bool) -> Seen:
    return Seen(
        value=truth.is_true(part) if part.is_comparison else _number(truth.value_of(part), problem),
        grad_fn=None,
        is_leaf=isinstance(part.node, Name),
        requires_grad=flowing,
        grad=None,
        gradient=_number(truth.along_vertex(part).value, problem) if flowing else None,
        steps=(),
    )


def _passage(part: Part, place: Place, truth: Truth, problem: Problem) -> Passage:
    return Passage(_number(truth.along_edge(part, place[1]).value, problem), flow=None)


def _number(value: Real | None, problem: Problem) -> float:
    return math.nan if value is None else value.nearest(problem.format)
