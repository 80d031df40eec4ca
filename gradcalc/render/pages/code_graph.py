"""The graph of real code: a table of its vertices, the lines to blame; as JSON, and as boxes and arrows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gradcalc.answers.audit.records import CodeEdge, CodeGraph, CodeVertex, Finding
from gradcalc.render.document import BAD, GOOD, Block, Document, Facts, Note, Table
from gradcalc.render.graph.code_drawing import drawing
from gradcalc.render.graph.code_words import gradient, local, made, tensor, titles
from gradcalc.render.graph.dot import written as dot_written
from gradcalc.render.graph.mermaid import written as mermaid_written
from gradcalc.render.json import picked, plain
from gradcalc.render.pages.code_audit import blamed
from gradcalc.render.pages.code_audit import quiet as verdicts
from gradcalc.render.wrapped import beside

MOST_ROWS, LAST_ROWS = 60, 12  # of the table, and those at its end; the others are in --json and in pictures
EDGE = "from=source to=target local vjp"
VERTEX = "id label operation line shape value grad_fn gradient overwritten reason"
COLUMNS = "", "source", "from", "value", "grad_fn", "gradient", "local derivatives", ""
MARGIN, LABELS = 5, 10  # columns of a number and of a name, where the rows stand as lists
NONE = "-, "  # the local derivatives by constants
REACH = "(2, 3) -1 to 4: a tensor of that shape, and how far its numbers reach"
SHAPES = "vjp (2, 3): an array by an array has no one local derivative; that is the shape of what flows back along it"
RIGHT = "every gradient agrees with the true one"


def document(graph: CodeGraph) -> Document:
    """What the code computes, from what, with torch's numbers and what is wrong."""
    audit, shown = graph.audit, _shown(graph.vertices)
    into: dict[int, list[CodeEdge]] = {}
    for edge in graph.edges:
        into.setdefault(edge.target, []).append(edge)
    named = {key: "".join(parts) for key, parts in titles(graph.vertices).items()}
    rows = tuple(_row(one, named[one.id], into.get(one.id, [])) for one in shown)
    tones = tuple(BAD if one.reason else GOOD for one in shown)
    blocks: list[Block] = [
        Facts((("graph", audit.target), ("dtype", audit.dtype))),
        Table(COLUMNS, rows, tones, narrow=tuple(line for row in rows for line in _narrow(row))),
    ]
    if len(graph.vertices) > len(shown):
        blocks.append(Note(f"{len(shown)} of {len(graph.vertices)} are shown; --json has them all"))
    cells = " ".join(cell for row in rows for cell in row[3:7])
    blocks += [Note(legend) for mark, legend in ((" to ", REACH), ("vjp (", SHAPES)) if mark in cells]
    for one in audit.blame:
        blocks += blamed(one)
    if graph.verdict is Finding.AGREE:
        blocks.append(Note(RIGHT, GOOD))
    return Document((*blocks, *map(Note, audit.notes)))


def _shown(vertices: Sequence[CodeVertex]) -> list[CodeVertex]:
    """All of them; of many the first ones, the last ones, and those in between that are wrong."""
    if len(vertices) <= MOST_ROWS:
        return [*vertices]
    first, between, last = (
        vertices[: MOST_ROWS - LAST_ROWS],
        vertices[MOST_ROWS - LAST_ROWS : -LAST_ROWS],
        vertices[-LAST_ROWS:],
    )
    return [*first, *[one for one in between if one.reason][:MOST_ROWS], *last]


def _row(one: CodeVertex, named: str, edges: Sequence[CodeEdge]) -> tuple[str, ...]:
    came, slopes = " ".join(f"#{edge.source + 1}" for edge in edges), ", ".join(map(local, edges))
    marked = f"wrong: {one.reason}" if one.reason else ""
    return f"#{one.id + 1}", named, came, tensor(one.value, one.shape), made(one), gradient(one), slopes, marked


def _narrow(row: tuple[str, ...]) -> Iterator[str]:
    """A row as a short list, for a terminal that is too narrow for the table."""
    number, named, came, value, maker, flows, slopes, marked = row
    yield from beside(number, [*([marked] if marked else []), named], MARGIN)
    yield from beside("", [f"{maker} of {came}" if came else maker], MARGIN)
    told = "" if set(slopes) <= set(NONE) else slopes
    for label, text in (("value", value), ("gradient", flows), ("local", told)):
        if text:
            yield from beside(f"{' ' * MARGIN}{label}", [text], MARGIN + LABELS)


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
