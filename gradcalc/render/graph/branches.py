"""The tree of a graph: from the result down to the leaves, each vertex in full once and by name afterwards."""

from __future__ import annotations

from gradcalc.answers.records import ArrayRow, Forward, Row
from gradcalc.answers.verdicts import Verdict
from gradcalc.lessons.graph.numbers import short
from gradcalc.lessons.graph.records import Edge, Graph, Vertex
from gradcalc.render.document import BAD, PLAIN, Branch, Tree
from gradcalc.render.graph.notation import Notation, equation, factor, steps
from gradcalc.render.words import in_words

MOST_SHOWN = 40  # vertices; what hangs directly on the last of them is shown too
MOST_TERMS = 4  # of a sum
DEEPEST = 9  # levels of a tree, which then fits a terminal; what hangs deeper gets a tree of its own
REST = Branch("…")
GAP = "   "


def trees(graph: Graph, notation: Notation) -> tuple[list[Tree], set[int]]:
    """The tree of the result, and trees for what hangs too deep in it; and the vertices in them."""
    planter = _Planter(graph, notation)
    planted: list[Tree] = []
    while planter.waiting and len(planter.shown) < MOST_SHOWN:
        planted.append(Tree(planter.branch(planter.waiting.pop(0), 0)))
    return planted, planter.shown


class _Planter:
    """Draws branches, and remembers what is drawn and what waits for a tree of its own."""

    def __init__(self, graph: Graph, notation: Notation) -> None:
        self.notation = notation
        self.vertices = {vertex.id: vertex for vertex in graph.vertices}
        self.into: dict[int, list[Edge]] = {}
        self.flows: dict[int, list[Edge]] = {}
        for edge in graph.edges:
            self.into.setdefault(edge.target, []).append(edge)
            if edge.flow is not None:
                self.flows.setdefault(edge.source, []).append(edge)
        self.shown: set[int] = set()
        used = {edge.source for edge in graph.edges}
        self.waiting = [graph.result.id, *(key for key in self.vertices if key not in used and key != graph.result.id)]

    def branch(self, key: int, depth: int, edge: Edge | None = None) -> Branch:
        """A vertex and what it is computed from."""
        above = None if edge is None else self._local(edge)
        vertex = self.vertices[key]
        if key in self.shown and edge is not None:
            return Branch(f"{self.notation.symbols[key]} = {short(vertex.value)} (see above)", above)
        self.shown.add(key)
        edges = self.into.get(key, [])
        if edges and (depth == DEEPEST or len(self.shown) >= MOST_SHOWN):
            self.waiting.append(key)
            branches: tuple[Branch, ...] = (REST,)
        else:
            branches = tuple(self.branch(one.source, depth + 1, one) for one in edges)
        return Branch(self._line(vertex), above, branches, BAD if doubtful(vertex.check) or wrong(vertex) else PLAIN)

    def _line(self, vertex: Vertex) -> str:
        """`z = sin(y) = 0.412118   du/dz = 1.51001`."""
        value = short(vertex.value)
        constant = vertex.written == value and vertex.names
        text = equation(vertex) if constant else f"{equation(vertex)} = {value}"
        return f"{text}{GAP}{self._gradient(vertex)}{remark(vertex.check)}"

    def _gradient(self, vertex: Vertex) -> str:
        """The gradient; where it comes over several edges, as a sum."""
        if not vertex.requires_grad:
            return "(requires no gradient)"
        if vertex.gradient is None:
            return "(no gradient flows back to it)"
        flows = [factor(short(edge.flow)) for edge in self.flows.get(vertex.id, [])]
        terms = flows if len(flows) <= MOST_TERMS else [*flows[:2], "…", flows[-1]]
        total = short(vertex.gradient)
        return " = ".join([self.notation.gradient(vertex), *([" + ".join(terms)] if len(terms) > 1 else []), total])

    def _local(self, edge: Edge) -> str:
        """`z'(y): -0.91113 ← cos(9) ← cos(y)`."""
        aside = "" if edge.taken else ", a branch not taken"
        if edge.local is None:
            flow = "no gradient flows" if edge.flow is None else f"{short(edge.flow)} flows"
            return f"{flow} to {self.notation.symbols[edge.source]}{aside}{remark(edge.check)}"
        return f"{self.notation.local(edge)}: {' ← '.join(steps(edge))}{aside}{remark(edge.check)}"


def doubtful(check: Row | ArrayRow | None) -> bool:
    """Is there something to say about a derivative?"""
    return check is not None and check.verdict not in (None, Verdict.AGREE)


def wrong(vertex: Vertex) -> list[Forward]:
    """The components of a vertex's value that torch has wrong."""
    return [one for one in vertex.forward if one.verdict is Verdict.DISAGREE]


def remark(check: Row | ArrayRow | None) -> str:
    """The verdict on a derivative, where it is not plain agreement."""
    return f" ({in_words(check)})" if check is not None and doubtful(check) else ""
