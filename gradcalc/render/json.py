"""Results as JSON, strictly RFC 8259: the fields of their records under their keys; what is not finite is a string."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence, Sized
from dataclasses import fields, is_dataclass
from functools import cache
from operator import attrgetter
from typing import Any

from gradcalc.answers.records import ArrayRow, Forward, Row
from gradcalc.answers.verdicts import Verdict, overall
from gradcalc.arrays.array import Array, nested
from gradcalc.arrays.shape import Shape, index_at, size
from gradcalc.base.errors import GradcalcError
from gradcalc.base.span import Span

SCHEMA = 1
SAFE = {type(None), str, int, bool}  # what a long list may have in it and stay as it is
HEAD = "expression reading? at dtype"  # what records begin with
KEYS = {  # of each kind of record, in their order, as `picked` reads them; a kind that is not here has its fields
    "Comparison": f"{HEAD} order value exact_value? forward gradient chain? implicit? direction? tangent? corner?"
    " rounding? culprit? where? remarks? verdict",
    "Where": "definitions expression gradient",
    "Implicit": "of function partials curve? sentence?",
    "Tangent": "equation slopes? constant? note?",
    "Forward": "autograd ulps verdict reason lost_digits? diagnosis?",
    "Directional": "along length *row",
    "Diagnosis": "sentence node=blame operation stage kind true autograd lost_digits condition cure near?",
    "Corner": "switch lines explanation",
    "CounterExample": "at proposed true difference exact?",
    "Check": "expression reading? of? sizes? at gradient verdict",
    "Finding": "proposed formula verdict proved points counterexample hint note? letter?",
    "RangeAudit": "expression range=box dtype samples stretches breaks half_lost worst gaps undecided proven verdict",
    "CriticalPoints": "expression reading? range=box at=fixed points breaks flat undecided remarks complete verdict",
    "Point": "at exact value kind alone constrained?",
    "Stretch": "first last samples=count verdict reason explanation worst? diagnosis?",
    "Sample": "at=point variable lost_digits verdict",
    "Weights": "w b",
    "Function": "name parameters defaults aliases definition vjp=texts domain kink pole needs? note?",
    "Meaning": "word use says do command prints file",
    "Meanings": "words",
    "Described": "*row signature torch without example",
}
FACTS = "formula symbolic exact autograd error ulps verdict reason"
DETAILS = "subdifferential? blame? limit? explanation? note? diagnosis?"
NUMBERS = ("symbolic", "exact", "autograd", "error", "ulps")


def render(record: Any) -> str:
    """One record as one line, with nothing in it that a terminal would obey."""
    text = json.dumps(whole(record), allow_nan=False, ensure_ascii=False)
    if not text.isprintable():
        text = "".join(letter if letter.isprintable() else json.dumps(letter)[1:-1] for letter in text)
    return text + "\n"


def error(problem: GradcalcError) -> dict[str, Any]:
    """The record of bad input, or of a limit."""
    return {"error": picked(problem, "kind message expression=source span hint")}


def whole(record: Any) -> dict[str, Any]:
    """A record with the number of its schema in front."""
    found: dict[str, Any] = plain(record)
    return {"schema": SCHEMA} | found


def plain(value: Any) -> Any:
    """What JSON has for a value, all the way down."""
    if isinstance(value, float):
        return number(value)
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        kinds = set(map(type, value))
        safe = kinds <= SAFE or (kinds == {float} and all(map(math.isfinite, value)))
        return value if safe else [plain(item) for item in value]
    if isinstance(value, Array):
        return plain(value.nested())
    if isinstance(value, Span):
        return [value.start, value.end]
    if is_dataclass(value):
        return plain(_record(value))
    return value


def number(value: float) -> float | str:
    """A float, or the string that stands for one that is not finite."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return value


def picked(one: object, keys: str) -> dict[str, Any]:
    """Fields of a record under their keys, in the order of `keys`.

    `key=field` takes a field of another name, `a.b` that of a field; `key?` stands only where it has something to say,
    and of `*field` the keys are the record's own.
    """
    found: dict[str, Any] = {}
    for key, value_of, optional, spread in _read(keys):
        value = value_of(one)
        if spread:
            found |= _record(value)
        elif not optional or says(value):
            found[key] = value
    return found


@cache
def _read(keys: str) -> list[tuple[str, Callable[[Any], Any], bool, bool]]:
    """Each key, where its value comes from, and whether it is optional or spread."""
    found: list[tuple[str, Callable[[Any], Any], bool, bool]] = []
    for text in keys.split():
        key, _, field = text.rstrip("?").lstrip("*").partition("=")
        found.append((key, attrgetter(field or key), text.endswith("?"), text.startswith("*")))
    return found


def says(value: Any) -> bool:
    """Is there something to say? A number always is; None and what is empty are not."""
    return value is not None and not (isinstance(value, Sized) and not len(value))


def _record(one: Any) -> dict[str, Any]:
    """The keys and values of a record."""
    kinds = [kind.__name__ for kind in type(one).__mro__]
    if kinds[0] in MADE:
        return MADE[kinds[0]](one)
    keys = next((KEYS[kind] for kind in kinds if kind in KEYS), None)
    return picked(one, keys or " ".join(field.name for field in fields(one)))


# -- what is more than its fields


def _row(one: Row) -> dict[str, Any]:
    """One partial derivative; what explains it stands only where there is something to explain."""
    sides = {} if one.left is None and one.right is None else {"left": one.left, "right": one.right}
    return picked(one, FACTS) | sides | picked(one, DETAILS)


def _array_row(one: ArrayRow) -> dict[str, Any]:
    """The gradient by an array: the keys of a row, each number a nested list of the variable's shape.

    Of a very large one, what explains a number stands with a few components alone.
    """
    parts = one.sample or dict(enumerate(one.rows))

    def each(key: str) -> Any:
        values = {place: getattr(part, key) for place, part in parts.items()}
        shown = any(value is not None for value in values.values())
        return nested([values.get(place) for place in range(size(one.shape))], one.shape) if shown else None

    record = {"formula": one.formula, "components": each("formula")} | {key: each(key) for key in NUMBERS}
    if one.autograd is not None:
        record["autograd"] = one.autograd
    if one.symbolic is not None:
        true = [None if math.isnan(value) else value for value in one.symbolic.values]
        record["symbolic"] = nested(true, one.shape)
    record |= {"verdict": one.verdict, "reason": reason_of(one.known, one.verdict)}
    if any(part.left is not None or part.right is not None for part in one.known):
        record |= {"left": each("left"), "right": each("right")}
    if explanations := once(part.explanation for part in one.known):
        record["explanation"] = explanations
    if diagnoses := each("diagnosis"):
        record["diagnosis"] = diagnoses
    if one.symbolic is not None:
        record["verdicts"] = nested(_verdicts(one), one.shape)
    elif one.verdict is not None:
        record["verdicts"] = each("verdict")
    if one.unknown:
        looked_at = (place for place in range(size(one.shape)) if place not in one.unknown)
        places = [[position + 1 for position in index_at(place, one.shape)] for place in looked_at]
        record["verified"] = {"components": places, "of": size(one.shape)}
    return record | ({} if one.note is None else {"note": one.note})


def forward_record(values: Sequence[Forward], shape: Shape) -> dict[str, Any]:
    """torch's values of a function of several components: nested lists of its shape."""

    def each(key: str) -> Any:
        parts = [getattr(one, key) for one in values]
        return nested(parts, shape) if any(part is not None for part in parts) else None

    verdict = overall(one.verdict for one in values)
    record = {key: each(key) for key in ("autograd", "ulps")} | {"verdict": verdict}
    record |= {"reason": reason_of(values, verdict)}
    details = {"verdicts": each("verdict") if shape else None} | {
        key: each(key) for key in ("lost_digits", "diagnosis")
    }
    return record | {key: value for key, value in details.items() if value is not None}


def _verdicts(one: ArrayRow) -> list[str | None]:
    """The verdict on every component; None on one that was not looked at, or has nothing to be compared."""
    others = {**dict.fromkeys(one.unknown), **one.worse}
    return [others.get(place, Verdict.AGREE) for place in range(size(one.shape))]


def reason_of(rows: Iterable[Row | Forward], verdict: str | None) -> str | None:
    """The first reason for a verdict."""
    return next((row.reason for row in rows if row.verdict == verdict and row.reason is not None), None)


def once(texts: Iterable[str | None]) -> list[str]:
    """Each text once."""
    return list(dict.fromkeys(text for text in texts if text is not None))


MADE: dict[str, Callable[[Any], dict[str, Any]]] = {"Row": _row, "ArrayRow": _array_row}
