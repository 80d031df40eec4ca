"""The chain rule through a graph: every way from the result back to a variable is one product of local derivatives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from gradcalc.lessons.graph.records import Chain, Edge, Kind, Vertex

MOST_WAYS = 4  # written out; the rest are counted
MOST_VARIABLES = 8
Trail: TypeAlias = "tuple[Edge, Trail | None]"  # an edge, and how one came to it: longer by one without being copied


def chains(vertices: Sequence[Vertex], edges: Sequence[Edge]) -> tuple[Chain, ...]:
    """The chain rule for each variable that the result has a derivative by, the first few of them."""
    result = vertices[-1].id
    leaves = [one.id for one in vertices if one.kind is Kind.LEAF and one.id != result]
    tracked = [edge for edge in edges if edge.formula is not None]
    found = (_chain(leaf, result, tracked) for leaf in leaves[:MOST_VARIABLES])
    return tuple(one for one in found if one.ways)


def _chain(leaf: int, result: int, edges: Sequence[Edge]) -> Chain:
    """The ways to one leaf."""
    counts = _counts(leaf, edges)
    into: dict[int, list[Edge]] = {}
    for edge in edges:
        if counts.get(edge.source):
            into.setdefault(edge.target, []).append(edge)
    found: list[tuple[Edge, ...]] = []
    stack: list[Trail] = [(edge, None) for edge in reversed(into.get(result, []))]
    while stack and len(found) < MOST_WAYS:
        trail = stack.pop()
        if trail[0].source == leaf:
            found.append(_from_the_result(trail))
        else:
            stack.extend((edge, trail) for edge in reversed(into[trail[0].source]))
    return Chain(leaf, tuple(found), counts.get(result, 0))


def _from_the_result(trail: Trail) -> tuple[Edge, ...]:
    """The edges of a trail in the order in which they were gone."""
    edges: list[Edge] = []
    rest: Trail | None = trail
    while rest is not None:
        edge, rest = rest
        edges.append(edge)
    return tuple(reversed(edges))


def _counts(leaf: int, edges: Sequence[Edge]) -> Mapping[int, int]:
    """How many ways lead from each vertex to the leaf; the edges come in the order of the forward pass."""
    counts = {leaf: 1}
    for edge in edges:
        if edge.source in counts:
            counts[edge.target] = counts.get(edge.target, 0) + counts[edge.source]
    return counts
