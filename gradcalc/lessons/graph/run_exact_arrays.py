"""The graph of a function of arrays that torch lacks: true values and gradients by whole arrays."""

from __future__ import annotations

import math
from array import array
from collections.abc import Mapping, Sequence

from gradcalc.arrays.array import Array, Value, nested_of, numbers_of, shape_of
from gradcalc.arrays.infer import infer
from gradcalc.base.real import Real
from gradcalc.engines import ask
from gradcalc.functions import ARRAY_FUNCTIONS
from gradcalc.lessons.graph.records import Passage, Run, Seen
from gradcalc.lessons.graph.run_exact import flowing_through
from gradcalc.lessons.graph.structure import Part, placeholder, without
from gradcalc.problem.problem import Problem
from gradcalc.syntax.tree import Call, Name, Node

ABOVE = placeholder("g")  # what flows into a step


def run_arrays_without(parts: Sequence[Part], problem: Problem, absent: str) -> Run:
    """What there would be to see, each number rounded once; nan where there is none. Raises LimitError."""
    found = _Exactly(parts, problem)
    places = [(part, index) for part in parts for index, source in part.inputs if {part.id, source} <= found.flowing]
    return Run(
        {part.id: found.seen(part) for part in parts},
        {(part.id, index): found.passage(part, index) for part, index in places},
        warning=None,
        refusal=None,
        absent=absent,
    )


class _Exactly:
    """Values and gradients, each where torch's would stand."""

    def __init__(self, parts: Sequence[Part], problem: Problem) -> None:
        assert problem.point is not None
        self.problem, self.point = problem, problem.point
        self.flowing = flowing_through(parts, problem)
        self.shapes = infer(problem.root, problem.shapes)
        self.values = {part.id: self._value(part.node) for part in parts}
        self.gradients = {part.id: self._gradient(part) for part in parts if part.id in self.flowing}

    def seen(self, part: Part) -> Seen:
        """A vertex."""
        gradient = self.gradients.get(part.id)
        return Seen(
            value=nested_of(self.values[part.id]),
            grad_fn=None,
            is_leaf=isinstance(part.node, Name),
            requires_grad=part.id in self.flowing,
            grad=None,
            gradient=None if gradient is None else nested_of(gradient),
            steps=(),
        )

    def passage(self, part: Part, index: int) -> Passage:
        """What passes along an edge: the local derivative where there is one for each element, and the flow."""
        assert part.step is not None
        places = {placeholder(place): self.values[one] for place, one in part.inputs}
        above, name = self.gradients[part.id], placeholder(index)
        product = Call("mul", (Name(ABOVE), part.step))
        flow = self._slopes(_summed(product, above), {**places, ABOVE: above}, name)
        elementwise = part.step.function not in ARRAY_FUNCTIONS and shape_of(above) == shape_of(places[name])
        has_own = elementwise or not shape_of(above)
        local = self._slopes(_summed(part.step, above), places, name) if has_own else None
        return Passage(None if local is None else nested_of(local), nested_of(flow))

    def _gradient(self, part: Part) -> Value:
        if isinstance(part.node, Name):
            return self._slopes(self.problem.root, self.point, part.node.name)
        name = placeholder(part.id)
        return self._slopes(without(self.problem, part), {**self.point, name: self.values[part.id]}, name)

    def _slopes(self, root: Node, point: Mapping[str, Value], name: str) -> Value:
        truth = ask.array_truth(self.problem.at(root, point, (name,)))
        assert truth is not None
        return self._rounded([slope.value for slope in truth.slopes[name]], shape_of(point[name]))

    def _value(self, node: Node) -> Value:
        if isinstance(node, Name):
            return self.point[node.name]
        return self._rounded(ask.elements(node, self.point), tuple(map(int, self.shapes[id(node)])))

    def _rounded(self, reals: Sequence[Real | None], shape: tuple[int, ...]) -> Value:
        form = self.problem.format
        numbers = [math.nan if one is None else one.nearest(form) for one in reals]
        return Array(shape, array("d", numbers)) if shape else numbers[0]


def _summed(root: Node, above: Value) -> Node:
    return Call("sum", (root,)) if len(numbers_of(above)) > 1 or shape_of(above) else root
