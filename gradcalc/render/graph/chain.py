"""The chain rule as on a blackboard: names, formulas, numbers put in, numbers, and what they come to."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence

from gradcalc.lessons.graph.numbers import short
from gradcalc.lessons.graph.records import Chain, Edge, Graph, Vertex
from gradcalc.render.document import Block, Note, Verbatim
from gradcalc.render.graph.notation import Notation, factor

MOST_FACTORS = 8
SPELLINGS: tuple[Callable[[Edge], str], ...] = (  # of a local derivative: the formula, numbers put in, the number
    lambda edge: edge.written or "",
    lambda edge: edge.filled or "",
    lambda edge: short(edge.local),
)
WIDTH = 78
LONGEST_LINE = 110


def chain(graph: Graph, notation: Notation) -> list[Block]:
    """The chain rule for each variable: the products written out where they are few and short, else counted."""
    vertices = {vertex.id: vertex for vertex in graph.vertices}
    written, counted = [], []
    for one in graph.chains:
        vertex = vertices[one.variable]
        if len(one.ways) < one.count or any(len(way) > MOST_FACTORS for way in one.ways):
            counted.append(_counted(one, vertex, notation))
        elif any(len(way) > 1 for way in one.ways):
            written.append("\n".join(_lines(one, vertex, notation)))
    blocks: list[Block] = [Verbatim("\n\n".join(written), "chain rule", formulas=True)] if written else []
    return blocks + [Note(text) for text in counted]


def _counted(one: Chain, vertex: Vertex, notation: Notation) -> str:
    """The chain rule in a sentence."""
    name = notation.gradient(vertex)
    if one.count == 1:
        return f"{name} is the product of the {len(one.ways[0])} local derivatives on the way."
    return f"{name} is the sum of {one.count:,} products of local derivatives, one for each way back to {vertex.label}."


def _lines(one: Chain, vertex: Vertex, notation: Notation) -> list[str]:
    """The derivative as sums of products, in one notation after the other; each product begins a line."""
    name = notation.gradient(vertex)
    sums = [
        tuple(" · ".join(map(notation.local, way)) for way in one.ways),
        *(_products(one.ways, text) for text in SPELLINGS),
        (short(vertex.gradient),),
    ]
    lines: list[str] = []
    for products in dict.fromkeys(sums):
        for index, product in enumerate(products):
            lead = f"{' ' * len(name) if lines else name} {'+' if index else '='} "
            lines.extend(textwrap.wrap(product, WIDTH, initial_indent=lead, subsequent_indent=" " * (len(lead) + 2)))
    return lines


def one_line(graph: Graph, notation: Notation) -> list[str]:
    """The chain rule in a line for each variable: formulas, numbers, and what they come to, as far as that fits."""
    vertices = {vertex.id: vertex for vertex in graph.vertices}
    found = []
    for one in graph.chains:
        vertex = vertices[one.variable]
        name, number = notation.gradient(vertex), short(vertex.gradient)
        sums = [" + ".join(_products(one.ways, text)) for text in SPELLINGS[::2]] if one.count == len(one.ways) else []
        line = " = ".join(dict.fromkeys([name, *sums, number]))
        found.append(line if len(line) <= LONGEST_LINE else f"{name} = {number}")
    return found


def _products(ways: Sequence[Sequence[Edge]], text: Callable[[Edge], str]) -> tuple[str, ...]:
    """The product along each way."""
    if len(ways) == 1 and len(ways[0]) == 1:
        return (text(ways[0][0]),)
    return tuple(" · ".join(factor(text(edge)) for edge in way) for way in ways)
