"""The picture of the graph of real code, before it has a syntax: a box for each operation, in the user's words."""

from __future__ import annotations

import math
from dataclasses import replace

from gradcalc.answers.audit.records import CodeEdge, CodeGraph, CodeVertex
from gradcalc.lessons.graph.records import Kind
from gradcalc.render.graph.code_words import LEAVES, gradient, lines, local, made, tensor, titles
from gradcalc.render.graph.picture_parts import Arrow, Box, Drawing

FEW = 4  # numbers that stand on an arrow or in a box


def drawing(graph: CodeGraph) -> Drawing:
    """The picture: forward with plain arrows, from the top down."""
    last, named = graph.vertices[-1].id, titles(graph.vertices)
    boxes = tuple(_box(one, named[one.id], one.id == last) for one in graph.vertices)
    arrows = tuple(Arrow(one.source, one.target, _on_arrow(one), False) for one in graph.edges)
    return Drawing(boxes, arrows, (f"{graph.audit.target}: {graph.verdict}",), False, True)


def _on_arrow(edge: CodeEdge) -> tuple[str, ...]:
    if edge.vjp is None:
        return ()
    few = edge.local is not None and math.prod(map(int, edge.vjp)) <= FEW
    return tuple(lines(local(edge if few else replace(edge, local=None))))


def _box(one: CodeVertex, named: tuple[str, str], result: bool) -> Box:
    wrong = (f"wrong: {one.reason}",) if one.reason else ()
    flows = () if one.operation == "constant" else (f"grad {gradient(one, FEW)}".replace("grad None", "no grad"),)
    told = (f"data {tensor(one.value, one.shape, FEW)}", *flows, *wrong)
    small = " · ".join(filter(None, (made(one), "" if one.line is None else f"line {one.line}")))
    title, *more = lines(*named)
    kind, broken = LEAVES.get(one.operation, Kind.INTERMEDIATE), tuple(part for text in told for part in lines(text))
    return Box(one.id, title, broken, small, kind, result, bool(one.reason), tuple(more), told)
