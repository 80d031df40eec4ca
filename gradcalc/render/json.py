"""Results as JSON, strictly RFC 8259: a number that is not finite is one of three strings."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from gradcalc.base.errors import GradcalcError

SCHEMA = 1
SAFE = {type(None), str, int, bool}  # what a long list may have in it and stay as it is


def render(record: Mapping[str, Any]) -> str:
    """One record as one line, with nothing in it that a terminal would obey."""
    text = json.dumps(plain(record), allow_nan=False, ensure_ascii=False)
    if not text.isprintable():
        text = "".join(letter if letter.isprintable() else json.dumps(letter)[1:-1] for letter in text)
    return text + "\n"


def plain(value: Any) -> Any:
    """The value with its floats made safe, all the way down."""
    if isinstance(value, float):
        return number(value)
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        kinds = set(map(type, value))
        safe = kinds <= SAFE or (kinds == {float} and all(map(math.isfinite, value)))
        return value if safe else [plain(item) for item in value]
    return value


def number(value: float) -> float | str:
    """A float, or the string that stands for one that is not finite."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return value


def error(problem: GradcalcError) -> dict[str, Any]:
    """The record of bad input, or of a limit."""
    return {
        "schema": SCHEMA,
        "error": {
            "kind": problem.kind,
            "message": problem.message,
            "expression": problem.source,
            "span": span_ends(problem.span),
            "hint": problem.hint,
        },
    }


def span_ends(span: Any) -> list[int] | None:
    return None if span is None else [span.start, span.end]
