"""A computational graph as JSON: its nodes, its edges, the chain rule, and the verdict on every derivative."""

from __future__ import annotations

from typing import Any

from gradcalc.answers.records import ArrayRow, Row
from gradcalc.lessons.graph.records import Chain, Edge, Graph, Vertex
from gradcalc.render import json
from gradcalc.render.pages import comparison_json


def record(graph: Graph) -> dict[str, Any]:
    """The record of a graph. Keys may be added to it, never renamed."""
    places = {(edge.target, edge.argument): index for index, edge in enumerate(graph.edges)}
    facts = {
        "schema": json.SCHEMA,
        "expression": graph.expression,
        "reading": graph.reading,
        "at": {name: comparison_json.held(value) for name, value in graph.at.items()},
        "dtype": graph.dtype,
        "value": graph.value,
        "retain_grad": graph.retain_grad,
        "nodes": [_node(one) for one in graph.vertices],
        "edges": [_edge(one) for one in graph.edges],
        "chain": [_chain(one, places) for one in graph.chains],
        "result": graph.result.id,
        "left_out": graph.left_out,
        "warning": graph.warning,
        "refusal": graph.refusal,
        "verdict": graph.verdict,
    }
    return {key: value for key, value in facts.items() if key != "reading" or value is not None}


def _node(one: Vertex) -> dict[str, Any]:
    """A vertex: what torch holds first, then what gradcalc knows about it."""
    return {
        "id": one.id,
        "name": one.names[0] if one.names else None,
        "operation": one.operation,
        "value": one.value,
        "grad_fn": one.grad_fn,
        "is_leaf": one.is_leaf,
        "requires_grad": one.requires_grad,
        "grad": one.grad,
        "gradient": one.gradient,
        "kind": one.kind,
        "names": one.names,
        "label": one.label,
        "expression": one.text,
        "steps": one.steps,
        "check": _check(one.check),
    }


def _edge(one: Edge) -> dict[str, Any]:
    """An edge, in the direction of the forward pass."""
    return {
        "from": one.source,
        "to": one.target,
        "local": one.local,
        "formula": one.formula,
        "argument": one.argument + 1,
        "flow": one.flow,
        "taken": one.taken,
        "check": _check(one.check),
    }


def _chain(one: Chain, places: dict[tuple[int, int], int]) -> dict[str, Any]:
    """The ways to a variable, each as places in the list of edges, from the result back."""
    ways = [[places[edge.target, edge.argument] for edge in way] for way in one.ways]
    return {"variable": one.variable, "ways": ways, "count": one.count}


def _check(check: Row | ArrayRow | None) -> dict[str, Any] | None:
    if check is None:
        return None
    found = comparison_json.array_row(check) if isinstance(check, ArrayRow) else comparison_json.row(check)
    return {key: value for key, value in found.items() if key != "formula"}
