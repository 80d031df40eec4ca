"""A computational graph: a tree from the result back to the leaves, what torch holds, the chain rule; and as JSON."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import partial
from typing import Any

from gradcalc.answers.records import ArrayRow, rows_of
from gradcalc.answers.verdicts import Reason
from gradcalc.base.words import first_of, joined
from gradcalc.lessons.graph.numbers import short
from gradcalc.lessons.graph.records import Chain, Edge, Graph, Kind, Vertex
from gradcalc.lessons.lesson import shape_of
from gradcalc.render.document import BAD, GOOD, Document, Facts, Note, Table
from gradcalc.render.graph.branches import doubtful, trees, wrong
from gradcalc.render.graph.chain import chain
from gradcalc.render.graph.notation import Notation
from gradcalc.render.json import HEAD, forward_record, picked, plain
from gradcalc.render.numbers import either
from gradcalc.render.rows import notes
from gradcalc.render.words import head, in_words, off

NAMED = 5  # how many a sentence lists
REST = "result=result.id left_out warning refusal absent verdict"  # keys that end the record
EDGE = "from=source to=target local formula argument flow taken check"
NODE = (  # what torch holds first, then what gradcalc knows about it
    "id name operation value grad_fn is_leaf requires_grad grad gradient kind names label expression=text steps check"
)


def document(graph: Graph) -> Document:
    """The whole lesson."""
    notation = Notation(graph)
    planted, shown = trees(graph, notation)
    return Document(
        (
            _head(graph, notation),
            *planted,
            *_cut(graph, len(shown)),
            *_held(graph, shown, notation),
            *chain(graph, notation),
            *_intermediate(graph, notation),
            *_remarks(graph, notation),
            *_checked(graph, notation),
        )
    )


def quiet(graph: Graph) -> str:
    """The true gradient alone, one component a line."""
    rows = [row for one in graph.vertices if one.kind is Kind.LEAF for row in rows_of(one.check)]
    return "".join(f"{either(row.symbolic, 'nan')}\n" for row in rows)


def record(graph: Graph) -> dict[str, Any]:
    """The record of a graph. Keys may be added to it, never renamed."""
    places = {(edge.target, edge.argument): index for index, edge in enumerate(graph.edges)}
    parts = {
        "nodes": [_beside(one, NODE) | _forward(one) for one in graph.vertices],
        "edges": [_edge(one) for one in graph.edges],
        "chain": [_chain(one, places) for one in graph.chains],
    }
    return (
        picked(graph, f"{HEAD} value")
        | _forward(graph.result)
        | picked(graph, "retain_grad")
        | parts
        | picked(graph, REST)
    )


def _forward(one: Vertex) -> dict[str, Any]:
    """What torch's value is worth, where it was compared."""
    return {"forward": forward_record(one.forward, shape_of(one.value))} if one.forward else {}


def _edge(one: Edge) -> dict[str, Any]:
    """An edge, in the direction of the forward pass; the arguments count from 1."""
    found = _beside(one, EDGE)
    return found | {"argument": one.argument + 1}


def _chain(one: Chain, places: dict[tuple[int, int], int]) -> dict[str, Any]:
    """The ways to a variable, each as places in the list of edges, from the result back."""
    ways = [[places[edge.target, edge.argument] for edge in way] for way in one.ways]
    return {"variable": one.variable, "ways": ways, "count": one.count}


def _beside(one: Vertex | Edge, keys: str) -> dict[str, Any]:
    """A vertex or an edge; its check is a derivative's record without the formula, which stands beside it."""
    found = picked(one, keys)
    if one.check is not None:
        found["check"] = {key: value for key, value in plain(one.check).items() if key != "formula"}
    return found


# -- for people


def _head(graph: Graph, notation: Notation) -> Facts:
    """The expression, the point, and the exact value."""
    named = any(one.names for one in graph.vertices if one.text is not None)
    name = "program" if named else notation.symbols[graph.result.id]
    return head(name, graph, either(graph.value, "undefined"))


def _held(graph: Graph, ids: Collection[int], notation: Notation) -> Iterator[Table | Note]:
    """What torch holds at each vertex, or that it lacks a function."""
    if graph.absent is not None:
        yield Note(f"{graph.absent}: the numbers are the true values and derivatives.")
        return
    shown = [one for one in graph.vertices if one.id in ids]
    rows = tuple(
        (
            notation.symbols[one.id],
            one.grad_fn or "None",
            "yes" if one.is_leaf else "no",
            str(one.requires_grad),
            "None" if one.grad is None else short(one.grad),
            _judged(one),
        )
        for one in shown
    )
    tones = tuple(BAD if doubtful(one.check) or wrong(one) else GOOD for one in shown)
    yield Table(("node", "grad_fn", "leaf", "requires_grad", ".grad", "check"), rows, tones, "in torch", spill=1)


def _judged(one: Vertex) -> str:
    """The verdict on a vertex's gradient, and on its value where that is wrong."""
    found = wrong(one)
    value = [f"value: {off(found[0])}"] if found else []
    return "; ".join([*([] if one.check is None else [in_words(one.check)]), *value]) or "-"


def _cut(graph: Graph, shown: int) -> Iterator[Note]:
    """How much is not shown."""
    if len(graph.vertices) > shown:
        yield Note(f"{shown} of {len(graph.vertices):,} nodes are shown, --json has them all.")


def _intermediate(graph: Graph, notation: Notation) -> Iterator[Note]:
    """Who keeps a gradient and who does not, in torch's words."""
    passing = [one for one in graph.vertices if one.kind is Kind.INTERMEDIATE]
    if not passing:
        return
    names = _names([notation.symbols[one.id] for one in passing])
    if graph.retain_grad:
        yield Note(
            f"retain_grad() was called on {names} before backward(), so torch kept their gradients in .grad. "
            "Without it only leaves keep theirs."
        )
    elif graph.warning is not None:
        yield Note(
            f"{names} {'is no leaf' if len(passing) == 1 else 'are no leaves'}: backward() passes a gradient through "
            f"and keeps none, so .grad is None. With --retain-grad it is kept; --json has torch's warning."
        )


def _remarks(graph: Graph, notation: Notation) -> Iterator[Note]:
    """What else a student may stumble over."""
    if graph.refusal is not None:
        yield Note(f"backward() has nothing to go back through, and torch says so: {graph.refusal}")
    composed = [one for one in graph.vertices if len(one.steps) > 1]
    for one in composed[:NAMED]:
        yield Note(f"{notation.symbols[one.id]} is one step here, torch takes {len(one.steps)}: {', '.join(one.steps)}")
    if graph.left_out:
        yield Note(f"The result does not use {_names(graph.left_out)}.")


def _checked(graph: Graph, notation: Notation) -> Iterator[Note]:
    """The verdict, and a sentence for each reason not to agree."""
    named = [(partial(notation.gradient, one), one.check) for one in graph.vertices]
    named += [(partial(notation.local, one), one.check) for one in graph.edges if one.taken]
    said = [
        (name(), row.explanation, BAD)
        for name, check in named
        for row in rows_of(check)
        if row.explanation is not None and row.explanation != graph.absent  # which is said of all
    ]
    yield from notes(dict.fromkeys(said), listing=_names)
    checks = [check for _, check in named if check is not None]
    unverified = dict.fromkeys(check.note for check in checks if check.verdict is None and check.note is not None)
    yield from (Note(f"Not every gradient is verified: {note}.") for note in unverified)
    uncompared = any(row.reason is Reason.NO_AUTOGRAD for check in checks for row in rows_of(check))
    if graph.agrees and checks and not unverified and not uncompared:
        arrays = any(isinstance(check, ArrayRow) for check in checks)
        what = "gradient, at the nodes and along the edges," if arrays else "local derivative and every gradient"
        values = "" if any(map(wrong, graph.vertices)) else "value, every "
        yield Note(f"Every {values}{what} agrees with the exact value.", GOOD)


def _names(names: Sequence[str]) -> str:
    """A few names for a sentence."""
    return joined(names) if len(names) <= NAMED + 1 else first_of(names, NAMED, NAMED)
