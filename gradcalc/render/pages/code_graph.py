"""The graph of real code: a table of its vertices, the lines to blame; as JSON, and as boxes and arrows."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from gradcalc.answers.audit.records import CodeEdge, CodeGraph, CodeVertex
from gradcalc.arrays.shape import text as shape_text
from gradcalc.lessons.graph.numbers import short
from gradcalc.lessons.graph.records import Kind
from gradcalc.render.document import BAD, GOOD, Block, Document, Facts, Note, Table
from gradcalc.render.graph.dot import written as dot_written
from gradcalc.render.graph.mermaid import written as mermaid_written
from gradcalc.render.graph.picture_parts import Arrow, Box, Drawing
from gradcalc.render.json import picked, plain
from gradcalc.render.pages.code_audit import blamed
from gradcalc.render.pages.code_audit import quiet as verdicts

MOST_ROWS = 60  # of the table; the others are in --json and in pictures
NARROW, MOST_LINES = 34, 3  # characters of a line of a label in a picture, and lines
FEW = 4  # local derivatives that stand on an arrow
LEAVES = {"leaf": Kind.LEAF, "constant": Kind.UNTRACKED}
EDGE = "from=source to=target local vjp"
VERTEX = "id label operation line shape value grad_fn gradient reason"


def document(graph: CodeGraph) -> Document:
    """What the code computes, from what, with torch's numbers and what is wrong."""
    audit, shown = graph.audit, graph.vertices[:MOST_ROWS]
    into: dict[int, list[CodeEdge]] = {}
    for edge in graph.edges:
        into.setdefault(edge.target, []).append(edge)
    blocks: list[Block] = [
        Facts((("graph", audit.target), ("dtype", audit.dtype))),
        Table(
            ("", "source", "from", "value", "grad_fn", "gradient", "local derivatives", ""),
            tuple(_row(one, into.get(one.id, [])) for one in shown),
            tuple(BAD if one.reason else GOOD for one in shown),
        ),
    ]
    if len(graph.vertices) > len(shown):
        blocks.append(Note(f"{len(shown)} of {len(graph.vertices)} are shown; --json has them all"))
    for one in audit.blame:
        blocks += blamed(one)
    return Document((*blocks, *map(Note, audit.notes)))


def _row(one: CodeVertex, edges: Sequence[CodeEdge]) -> tuple[str, ...]:
    came, local = (
        joint.join(texts)
        for joint, texts in ((" ", [f"#{edge.source + 1}" for edge in edges]), (", ", map(_local, edges)))
    )
    marked = f"wrong: {one.reason}" if one.reason else ""
    return f"#{one.id + 1}", one.label, came, short(one.value), _made(one), _gradient(one), local, marked


def _local(edge: CodeEdge) -> str:
    """The local derivative; of arrays the shape of what flows back, of a constant nothing."""
    if edge.local is not None:
        return short(edge.local)
    return "-" if edge.vjp is None else f"vjp {shape_text(edge.vjp)}"


def _made(one: CodeVertex) -> str:
    return one.grad_fn or (one.operation if one.operation in LEAVES else "None")


def _gradient(one: CodeVertex) -> str:
    if one.operation == "constant":
        return ""
    return "None" if one.gradient is None else short(one.gradient)


def record(graph: CodeGraph) -> Mapping[str, Any]:
    """The object that --json prints."""
    audit = graph.audit
    return {
        "schema": 2,
        "target": audit.target,
        "dtype": audit.dtype,
        "nodes": [plain(picked(one, VERTEX)) for one in graph.vertices],
        "edges": [plain(picked(one, EDGE)) for one in graph.edges],
        "verdict": graph.verdict.value,
    }


def quiet(graph: CodeGraph) -> str:
    """The verdict for each component, a line each."""
    return verdicts(graph.audit)


def dot(graph: CodeGraph) -> str:
    """The graph as a DOT program."""
    return dot_written(drawing(graph))


def mermaid(graph: CodeGraph) -> str:
    """The graph as a Mermaid flowchart."""
    return mermaid_written(drawing(graph))


def drawing(graph: CodeGraph) -> Drawing:
    """The picture: forward with plain arrows, from the top down."""
    last = graph.vertices[-1].id
    boxes = tuple(_box(one, one.id == last) for one in graph.vertices)
    arrows = tuple(Arrow(one.source, one.target, _on_arrow(one), False) for one in graph.edges)
    return Drawing(boxes, arrows, (f"{graph.audit.target}: {graph.verdict}",), False, True)


def _on_arrow(edge: CodeEdge) -> tuple[str, ...]:
    if edge.vjp is None:
        return ()
    few = edge.local is not None and math.prod(map(int, edge.vjp)) <= FEW
    return (_local(edge if few else replace(edge, local=None)),)


def _box(one: CodeVertex, result: bool) -> Box:
    wrong = (f"wrong: {one.reason}",) if one.reason else ()
    constant = one.operation == "constant"
    gradient = [] if constant else ["no grad" if one.gradient is None else f"grad {_gradient(one)}"]
    small = " · ".join(filter(None, (_made(one), "" if one.line is None else f"line {one.line}")))
    kind = LEAVES.get(one.operation, Kind.INTERMEDIATE)
    lines = [part for text in (f"data {short(one.value)}", *gradient) for part in _wrapped(text)]
    title, *more = _wrapped(one.label)
    return Box(
        one.id,
        title,
        (*lines, *wrong),
        small,
        kind,
        result,
        bool(one.reason),
        tuple(more),
    )


def _wrapped(text: str) -> list[str]:
    """A text in a few lines."""
    return textwrap.wrap(text, NARROW, max_lines=MOST_LINES, placeholder=" …") or [text]
