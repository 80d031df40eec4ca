"""The truth about a graph: the slope of the result along each vertex, and of each step along each of its arguments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from gradcalc.base.real import Real
from gradcalc.engines.exact.at_point import enough
from gradcalc.engines.exact.ball import Ball, as_fraction, as_real, working
from gradcalc.engines.exact.evaluation import Evaluator
from gradcalc.engines.exact.precision import refined
from gradcalc.engines.exact.singularity import at_singularity
from gradcalc.engines.exact.values import Flow, Undefined, Values
from gradcalc.engines.records import Slope, Smoothness
from gradcalc.lessons.graph.structure import Part, Place, placeholder, without
from gradcalc.problem.problem import Problem
from gradcalc.syntax.tree import Call, Name, Node, children, postorder

FINEST = 8192  # bits
OUT_OF_RANGE = "a value here is too far out of range to look at either side of it"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything at one precision: values by node, flows by vertex, local derivatives by edge.

    `special` are the vertices at a kink or a pole of theirs, `beneath` those that such a one is computed from, and
    `taken` those that the result really came from: without the branches that `where` did not choose.
    """

    values: Values
    flows: Mapping[int, Flow | Undefined]
    locals: Mapping[Place, Ball | Undefined]
    special: frozenset[int]
    beneath: frozenset[int] = frozenset()
    taken: frozenset[int] | None = None  # None where the result has no value


class Truth:
    """A graph at a point. Raises LimitError, when made, where a value is too large to compute with."""

    def __init__(self, parts: Sequence[Part], problem: Problem, edges: Sequence[Place]) -> None:
        self.parts = parts
        self.problem = problem
        self.edges = edges
        self.order = postorder(problem.root)
        self.point = {name: Fraction(value) for name, value in problem.numbers.items()}
        self.nodes = self._nodes()
        self.found = refined(problem.root, self._snapshot, _all_known)
        self.finest: Values | None = None

    @property
    def value(self) -> Real | None:
        """The value of the result; None where it has none."""
        return self.value_of(self.parts[-1])

    def value_of(self, part: Part) -> Real | None:
        """The value of a vertex; None where it has none."""
        assert part.node is not None
        value = self.found.values[id(part.node)]
        return as_real(value) if isinstance(value, Ball) else None

    def is_true(self, part: Part) -> bool:
        """Does the comparison hold that a vertex is?"""
        return self.found.values[id(part.node)] is True

    def taken(self, part: Part) -> bool:
        """Did the result come from this vertex, not from the other branch of a choice?"""
        return self.found.taken is None or part.id in self.found.taken

    def along_vertex(self, part: Part) -> Slope:
        """The slope of the result along a vertex."""
        value = self.found.values[id(self.problem.root)]
        if isinstance(value, Undefined):
            return Slope(Smoothness.UNDEFINED, blame=value.node, why=value.condition)
        flow = self.found.flows[part.id]
        if part.id not in self.found.beneath and isinstance(flow, Flow):
            return Slope(Smoothness.SMOOTH, as_real(flow.value), magnitude=as_real(flow.size))
        if isinstance(part.node, Name):
            return at_singularity(self.problem.root, self.point, part.node.name, 1)
        name = placeholder(part.id)
        return self._beside(without(self.problem, part), {name: part.node}, name)

    def along_edge(self, part: Part, index: int) -> Slope:
        """The slope of a vertex's own step along one of its arguments."""
        assert isinstance(part.node, Call)
        assert part.step is not None
        value, local = self.found.values[id(part.node)], self.found.locals[part.id, index]
        if isinstance(value, Undefined):
            return Slope(Smoothness.UNDEFINED, blame=value.node, why=value.condition)
        if part.id not in self.found.special and isinstance(local, Ball):
            slope = as_real(local)
            return Slope(Smoothness.SMOOTH, slope, magnitude=slope)
        places = {placeholder(place): part.node.arguments[place] for place, _ in part.inputs}
        return self._beside(part.step, places, placeholder(index))

    # -- by the rules

    def _nodes(self) -> dict[int, list[Node]]:
        """The nodes of each vertex: a variable stands in several places of the tree."""
        places: dict[str, list[Node]] = {}
        for node in self.order:
            if isinstance(node, Name):
                places.setdefault(node.name, []).append(node)
        return {
            part.id: places.get(part.node.name, []) if isinstance(part.node, Name) else [part.node]
            for part in self.parts
        }

    def _snapshot(self, evaluator: Evaluator) -> Snapshot:
        values = self._values(evaluator)
        special = [
            part.id
            for part in self.parts
            if isinstance(part.node, Call) and evaluator.at_singularity(part.node, values)
        ]
        locals_ = {place: self._local(evaluator, place, values) for place in self.edges}
        if isinstance(values[id(self.problem.root)], Undefined):
            return Snapshot(values, {}, locals_, frozenset(special))
        active = evaluator.active(values, self.problem.root)
        beneath = postorder(
            *(child for node in evaluator.singular(self.problem.root, values) for child in children(node))
        )
        return Snapshot(
            values=values,
            flows=self._gathered(evaluator, evaluator.flows(self.problem.root, values, self.problem.wrt)),
            locals=locals_,
            special=frozenset(special),
            beneath=self._vertices(beneath),
            taken=self._vertices(active),
        )

    def _values(self, evaluator: Evaluator) -> Values:
        return evaluator.everywhere(self.problem.root, evaluator.point(self.point))

    def _local(self, evaluator: Evaluator, place: Place, values: Values) -> Ball | Undefined:
        """The local derivative on an edge, by the catalogue's rule."""
        node = self.parts[place[0] - 1].node
        assert isinstance(node, Call)
        value = values[id(node)]
        if isinstance(value, Undefined):
            return value
        return evaluator.local(node, place[1], values)

    def _vertices(self, nodes: Iterable[Node]) -> frozenset[int]:
        """The vertices that some of the nodes belong to."""
        reached = {id(node) for node in nodes}
        return frozenset(key for key, own in self.nodes.items() if any(id(node) in reached for node in own))

    def _gathered(self, evaluator: Evaluator, flows: Mapping[int, Flow | Undefined]) -> dict[int, Flow | Undefined]:
        """The flows of nodes as those of vertices; nothing flows into a branch that is not taken."""
        found: dict[int, Flow | Undefined] = {}
        for key, nodes in self.nodes.items():
            found[key] = Flow(evaluator.zero, evaluator.zero)
            for node in nodes:
                if id(node) in flows:
                    found[key] = evaluator.joined(found[key], flows[id(node)])
        return found

    # -- where the rules do not decide

    def _beside(self, root: Node, places: Mapping[str, Node], name: str) -> Slope:
        """The slope of `root` along `name` from either side, where the names of `places` stand for nodes."""
        if self.finest is None:  # a kink must be met exactly
            with working(FINEST):
                self.finest = self._values(Evaluator())
        point = dict(self.point)
        for place, node in places.items():
            value = self.finest[id(node)]
            number = as_fraction(value) if isinstance(value, Ball) else None
            if number is None:
                return Slope(Smoothness.UNDEFINED, blame=node, why=OUT_OF_RANGE)
            point[place] = number
        return at_singularity(root, point, name, 1)


def _all_known(snapshot: Snapshot) -> bool:
    """Are all derivatives known well enough to be rounded?"""
    flows = [flow.value for flow in snapshot.flows.values() if isinstance(flow, Flow)]
    return all(map(enough, (*flows, *snapshot.locals.values())))
