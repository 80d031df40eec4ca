"""A comparison as a JSON record."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from gradcalc.answers.records import ArrayRow, Comparison, Diagnosis, Directional, Link, Row
from gradcalc.arrays.array import Array, Value, nested
from gradcalc.arrays.shape import Shape, index_at, size
from gradcalc.engines.records import Corner
from gradcalc.render.json import SCHEMA, span_ends

OPTIONAL = ("reading", "chain", "direction", "corner")  # there only where there is something to say


def comparison(result: Comparison) -> dict[str, Any]:
    """The record of a comparison. Keys may be added to it, never renamed."""
    record: dict[str, Any] = {
        "schema": SCHEMA,
        "expression": result.expression,
        "reading": result.reading,
        "at": None if result.at is None else {name: held(value) for name, value in result.at.items()},
        "dtype": result.dtype,
        "order": result.order,
        "value": result.value,
        "gradient": {
            name: array_row(one) if isinstance(one, ArrayRow) else row(one) for name, one in result.gradient.items()
        },
        "chain": [link(one) for one in result.chain],
        "direction": None if result.direction is None else direction(result.direction),
        "corner": None if result.corner is None else corner(result.corner),
        "verdict": result.verdict,
    }
    return {key: value for key, value in record.items() if key not in OPTIONAL or value}


def direction(one: Directional) -> dict[str, Any]:
    """The record of a derivative along a direction: that of any derivative, with the direction and its length."""
    along = {name: held(value) for name, value in one.along.items()}
    return {"along": along, "length": one.length} | row(one.row)


def corner(one: Corner) -> dict[str, Any]:
    """The record of a point without a gradient: the slopes along lines through it, and what decides where it breaks."""
    return {
        "switch": one.switch,
        "lines": [dataclasses.asdict(line) for line in one.lines],
        "explanation": one.explanation,
    }


def row(one: Row) -> dict[str, Any]:
    """The record of one partial derivative; what explains it stands only where there is something to explain."""
    facts = {
        "formula": one.formula,
        "symbolic": one.symbolic,
        "exact": one.exact,
        "autograd": one.autograd,
        "error": one.error,
        "ulps": one.ulps,
        "verdict": one.verdict,
        "reason": one.reason,
    }
    details = {
        "left": one.left,
        "right": one.right,
        "subdifferential": one.subdifferential,
        "blame": None if one.blame is None else {"text": one.blame.text, "span": span_ends(one.blame.span)},
        "limit": one.limit,
        "explanation": one.explanation,
        "note": one.note,
        "diagnosis": None if one.diagnosis is None else diagnosis(one.diagnosis),
    }
    sides = ("left", "right") if one.left is not None or one.right is not None else ()
    return facts | {key: value for key, value in details.items() if value is not None or key in sides}


def diagnosis(one: Diagnosis) -> dict[str, Any]:
    """The record of a diagnosis: the cause on the graph, and the cure."""
    return {
        "sentence": one.sentence,
        "node": None if one.blame is None else {"text": one.blame.text, "span": span_ends(one.blame.span)},
        "operation": one.operation,
        "stage": one.stage,
        "kind": one.kind,
        "true": one.true,
        "autograd": one.autograd,
        "lost_digits": one.lost_digits,
        "condition": one.condition,
        "cure": one.cure,
    }


def array_row(one: ArrayRow) -> dict[str, Any]:
    """The record of the gradient by an array: the keys of a row, each number a nested list of the variable's shape.

    Of a sample, what is known of the other components alone is autograd's number.
    """
    reasons = [part.reason for part in one.known if part.verdict == one.verdict and part.reason is not None]
    parts = {place: row(part) for place, part in one.sample.items() or enumerate(one.rows)}
    record: dict[str, Any] = {"formula": one.formula, "components": _nested(parts, "formula", one.shape)}
    record |= {key: _nested(parts, key, one.shape) for key in ("symbolic", "exact", "autograd", "error", "ulps")}
    if one.autograd is not None:
        record["autograd"] = one.autograd.nested()
    record |= {"verdict": one.verdict, "reason": reasons[0] if reasons else None}
    sides = ("left", "right") if any("left" in part for part in parts.values()) else ()
    details = {key: _nested(parts, key, one.shape) for key in sides}
    explanations = list(dict.fromkeys(part.explanation for part in one.known if part.explanation is not None))
    if explanations:
        details["explanation"] = explanations
    if one.verdict is not None:
        details["verdicts"] = _nested(parts, "verdict", one.shape)
    if one.sample:
        places = [[position + 1 for position in index_at(place, one.shape)] for place in one.sample]
        details["verified"] = {"components": places, "of": size(one.shape)}
    return record | details | ({"note": one.note} if one.note is not None else {})


def _nested(parts: Mapping[int, dict[str, Any]], key: str, shape: Shape) -> Any:
    """One key of every component as nested lists; None where there is nothing to say."""
    values = {place: part.get(key) for place, part in parts.items()}
    if all(value is None for value in values.values()):
        return None
    return nested([values.get(place) for place in range(size(shape))], shape)


def held(value: Value) -> Any:
    """A number, or the nested lists of an array."""
    return value.nested() if isinstance(value, Array) else value


def link(one: Link) -> dict[str, Any]:
    """The record of one link of the chain rule."""
    return {"of": one.of, "by": one.by, "formula": one.formula, "value": one.value}
