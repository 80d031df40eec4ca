"""JSON from the fields of records: keys, their order, what is left out, and numbers that JSON has not."""

from __future__ import annotations

import json
import math
import re
from array import array
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import gradcalc
from gradcalc import api
from gradcalc.arrays.array import Array
from gradcalc.base.loading import load
from gradcalc.base.span import Span
from gradcalc.render.json import KEYS, MADE, picked, plain, render

pytestmark = pytest.mark.smoke

ROOT = Path(gradcalc.__file__).parent
NAMED = [  # where the classes of those names stand
    (name, ".".join(("gradcalc", *path.relative_to(ROOT).with_suffix("").parts)))
    for path in sorted(ROOT.rglob("*.py"))
    for name in re.findall(r"^class (\w+)", path.read_text("utf-8"), re.MULTILINE)
    if name in (*KEYS, *MADE)
]
CLASSES = {kind: [load(f"{module}:{name}") for name, module in NAMED if name == kind] for kind in (*KEYS, *MADE)}
ONE = SimpleNamespace(a=1, b=None, c=(), d=0.0, inner=SimpleNamespace(e="text"))
PICKED: dict[str, tuple[str, dict[str, Any]]] = {
    "in the order of the keys": ("d a", {"d": 0.0, "a": 1}),
    "under another key": ("first=a", {"first": 1}),
    "of a field": ("e=inner.e", {"e": "text"}),
    "nothing to say": ("b? c? a?", {"a": 1}),
    "zero says something": ("d?", {"d": 0.0}),
    "null where the key always stands": ("b", {"b": None}),
}


@pytest.mark.parametrize(("keys", "record"), PICKED.values(), ids=PICKED)
def test_fields_are_picked(keys: str, record: dict[str, Any]) -> None:
    found = picked(ONE, keys)
    assert (found, list(found)) == (record, list(record))


@dataclass(frozen=True)
class Pair:
    """A kind of record that has no keys of its own."""

    second: float
    first: Any


PLAIN = {
    "a record": (Pair(1.0, Span(2, 5)), {"second": 1.0, "first": [2, 5]}),
    "a record in a record": ([Pair(1.0, Pair(2.0, 0))], [{"second": 1.0, "first": {"second": 2.0, "first": 0}}]),
    "an array": (Array((1, 2), array("d", [1.0, math.inf])), [[1.0, "Infinity"]]),
    "no number": ([1.0, math.nan, -math.inf], [1.0, "NaN", "-Infinity"]),
}  # fmt: skip


@pytest.mark.parametrize(("value", "expected"), PLAIN.values(), ids=PLAIN)
def test_a_value_is_made_plain(value: Any, expected: Any) -> None:
    assert plain(value) == expected


def test_the_schema_stands_first() -> None:
    assert list(json.loads(render(api.diff("x**2"))))[:2] == ["schema", "expression"]


@pytest.mark.parametrize("kind", [*KEYS, *MADE])
def test_keys_are_those_of_a_record_that_exists(kind: str) -> None:
    keys = [text.rstrip("?").lstrip("*") for text in KEYS.get(kind, "").split()]
    fields = {key.partition("=")[2] or key for key in keys}
    assert any(fields <= set(dir(found)) | set(found.__annotations__) for found in CLASSES[kind])


def test_keys_are_spelled_once() -> None:
    keys = {
        kind: [text.rstrip("?").lstrip("*").partition("=")[0] for text in keys.split()] for kind, keys in KEYS.items()
    }
    assert {kind: found for kind, found in keys.items() if len(found) != len(set(found))} == {}
