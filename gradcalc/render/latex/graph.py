"""A computational graph as LaTeX: forward, the local derivatives, and the chain rule, with their numbers."""

from __future__ import annotations

from collections.abc import Iterator

from gradcalc.lessons.graph.records import Chain, Edge, Graph, Kind
from gradcalc.render.latex.equations import (
    LINE,
    Equation,
    Missing,
    aligned,
    differential,
    factor,
    formula,
    name,
    number,
    quotient,
)
from gradcalc.syntax.letters import canonical

MOST_FACTORS = 8


def latex(graph: Graph) -> str:
    """Values forward, local derivatives, and for each variable the products of the chain rule."""
    return aligned(_Speech(graph).equations())


class _Speech:
    """The words for one graph."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.names = [one.label for one in graph.vertices if canonical(one.label) == one.label]
        self.tracked = [one for one in graph.vertices if one.kind is not Kind.UNTRACKED]
        self.labels = {one.id: self.text(one.label) for one in self.tracked}  # a comparison alone is no formula

    def text(self, text: str) -> str:
        """A formula in terms of labels."""
        return formula(text, self.names) if text not in self.names else name(text)

    def equations(self) -> Iterator[Equation | Missing]:
        """Every line."""
        for vertex in self.tracked:
            own = () if vertex.text is None else (self.text(vertex.text),)
            rights = tuple(one for one in (*own, number(vertex.value)) if one and one != self.labels[vertex.id])
            if rights:
                yield Equation(self.labels[vertex.id], rights)
        yield from (Equation(self.local(edge), self.values(edge)) for edge in self.graph.edges if self.values(edge))
        yield from (line for chain in self.graph.chains for line in self.chain(chain))

    def local(self, edge: Edge) -> str:
        """`\\frac{\\partial z}{\\partial y}`; what is more than a name or a call in parentheses."""
        target, source = (differential(self.labels[one]) for one in (edge.target, edge.source))
        return quotient(target, source, partial=not self.graph.straight)

    def values(self, edge: Edge) -> tuple[str, ...]:
        """A local derivative: its formula, and its number."""
        found = (None if edge.formula is None else self.text(edge.formula), number(edge.local))
        return tuple(one for one in found if one is not None)

    def chain(self, chain: Chain) -> Iterator[Equation | Missing]:
        """The derivative by a variable: products of names, of formulas and of numbers, where they are few."""
        left = quotient(
            self.labels[self.graph.result.id], self.labels[chain.variable], partial=len(self.graph.chains) > 1
        )
        if len(chain.ways) < chain.count or any(len(way) > MOST_FACTORS for way in chain.ways):
            yield Missing(left, f"the sum of {chain.count:,} products of local derivatives")
            return
        total = number(next(one.gradient for one in self.graph.vertices if one.id == chain.variable))
        lines = [
            [self.local(edge) for way in chain.ways for edge in way],
            [factor(self.values(edge)[0]) for way in chain.ways for edge in way],
            [factor(self.values(edge)[-1]) for way in chain.ways for edge in way],
        ]
        rights = [self._sum(chain, iter(line)) for line in lines]
        yield Equation(left, tuple(dict.fromkeys(one for one in (*rights, total) if one)))

    def _sum(self, chain: Chain, factors: Iterator[str]) -> str:
        """Products along each way; where they are long, each on a line of its own."""
        products = [r" \cdot ".join(next(factors) for _ in way) for way in chain.ways]
        return " + ".join(products) if sum(map(len, products)) <= LINE else " \\\\\n&\\quad + ".join(products)
