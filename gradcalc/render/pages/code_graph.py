"""The graph of real code: a table of its vertices, the lines to blame; as JSON, and as boxes and arrows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gradcalc.answers.audit.records import CodeGraph, CodeVertex
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
WIDEST = 44  # characters of a label in a picture
VERTEX = "id label operation line shape value grad_fn gradient reason"


def document(graph: CodeGraph) -> Document:
    """What the code computes, from what, with torch's numbers and what is wrong."""
    audit, shown = graph.audit, graph.vertices[:MOST_ROWS]
    blocks: list[Block] = [
        Facts((("graph", audit.target), ("dtype", audit.dtype))),
        Table(
            ("", "source", "from", "value", "grad_fn", "gradient", ""),
            tuple(map(_row, shown)),
            tuple(BAD if one.reason else GOOD for one in shown),
        ),
    ]
    if len(graph.vertices) > len(shown):
        blocks.append(Note(f"{len(shown)} of {len(graph.vertices)} are shown; --json has them all"))
    for one in audit.blame:
        blocks += blamed(one)
    return Document((*blocks, *map(Note, audit.notes)))


def _row(one: CodeVertex) -> tuple[str, ...]:
    came = " ".join(f"#{source + 1}" for source in one.sources)
    marked = f"wrong: {one.reason}" if one.reason else ""
    return f"#{one.id + 1}", one.label, came, short(one.value), _made(one), _gradient(one), marked


def _made(one: CodeVertex) -> str:
    return one.grad_fn or ("leaf" if one.operation == "leaf" else "None")


def _gradient(one: CodeVertex) -> str:
    return "None" if one.gradient is None else short(one.gradient)


def record(graph: CodeGraph) -> Mapping[str, Any]:
    """The object that --json prints."""
    audit = graph.audit
    return {
        "schema": 2,
        "target": audit.target,
        "dtype": audit.dtype,
        "nodes": [plain(picked(one, VERTEX)) for one in graph.vertices],
        "edges": [{"from": source, "to": one.id} for one in graph.vertices for source in one.sources],
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
    arrows = tuple(Arrow(source, one.id, (), False) for one in graph.vertices for source in one.sources)
    return Drawing(boxes, arrows, (f"{graph.audit.target}: {graph.verdict}",), False, True)


def _box(one: CodeVertex, result: bool) -> Box:
    label = one.label if len(one.label) <= WIDEST else f"{one.label[: WIDEST - 1]}…"
    wrong = (f"wrong: {one.reason}",) if one.reason else ()
    lines = (f"data {short(one.value)}", "no grad" if one.gradient is None else f"grad {_gradient(one)}", *wrong)
    small = " · ".join(filter(None, (_made(one), "" if one.line is None else f"line {one.line}")))
    kind = Kind.LEAF if one.operation == "leaf" else Kind.INTERMEDIATE
    return Box(
        one.id,
        label,
        lines,
        small,
        kind,
        result,
        bool(one.reason),
    )
