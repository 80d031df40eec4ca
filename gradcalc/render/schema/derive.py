"""A JSON Schema of types: of the records with their keys, and of whatever stands in their fields."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum
from pathlib import PurePath
from typing import Any, ClassVar, ForwardRef, TypeAlias, Union, get_args, get_origin, get_type_hints

from gradcalc.arrays.array import Array
from gradcalc.base.span import Span
from gradcalc.render.json import KEYS

Schema: TypeAlias = dict[str, Any]
Keys: TypeAlias = Mapping[str, Any]  # of an object: the type of each; `key?` for one that may be missing
NUMBER: Schema = {"anyOf": [{"type": "number"}, {"enum": ["NaN", "Infinity", "-Infinity"]}]}
SIMPLE: dict[Any, Schema] = {
    str: {"type": "string"}, bool: {"type": "boolean"}, int: {"type": "integer"}, float: {"$ref": "#/$defs/number"},
    None: {"type": "null"}, type(None): {"type": "null"}, Any: {}, object: {}, PurePath: {"type": "string"},
    Span: {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Nested:
    """A value, or lists of such, one inside the other, as deep as an array has dimensions."""

    of: Any


@dataclass(frozen=True, slots=True)
class Listed:
    """A list of such."""

    of: Any


@dataclass(frozen=True, slots=True)
class Named:
    """An object of such, by name."""

    of: Any


class Either:
    """One of several."""

    def __init__(self, *of: Any) -> None:
        self.of = of


@dataclass(frozen=True, slots=True)
class Made:
    """An object with keys of its own, by the name that it is referred to."""

    name: str
    keys: Keys


def picked(kind: type, keys: str) -> dict[str, Any]:
    """The types of what `json.picked` takes from a record, under the same keys."""
    found: dict[str, Any] = {}
    for text in keys.split():
        key, _, path = text.rstrip("?").lstrip("*").partition("=")
        hint = _resolved(kind, path or key)
        found |= own(hint) if text.startswith("*") else {key + "?" * text.endswith("?"): hint}
    return found


def own(kind: type) -> dict[str, Any]:
    """The keys of a record: those that are named for its kind, else its fields."""
    named = next((KEYS[one.__name__] for one in kind.__mro__ if one.__name__ in KEYS), None)
    return picked(kind, named or " ".join(one.name for one in fields(kind)))


def _resolved(kind: Any, path: str) -> Any:
    """The type of a field, or of a property, or of that of a field."""
    for name in path.split("."):
        [kind] = [one for one in get_args(kind) if one is not type(None)] if get_origin(kind) in UNIONS else [kind]
        place = vars(kind).get(name)
        hints = get_type_hints(place.fget) if isinstance(place, property) else get_type_hints(kind)
        kind = hints["return" if isinstance(place, property) else name]
    return kind


UNIONS = (Union, types.UnionType)


class Writer:
    """Makes schemas, and keeps those of records apart, to be referred to; `made` has the keys of some kinds."""

    def __init__(self, made: Mapping[str, Keys]) -> None:
        self.made = made
        self.definitions: dict[str, Schema] = {"number": NUMBER}

    def of(self, hint: Any) -> Schema:
        """The schema of a type."""
        if isinstance(hint, Nested):
            return self._nested(hint)
        if isinstance(hint, ForwardRef):  # the numbers in a tensor
            return self.of(Nested(float))
        if isinstance(hint, Made):
            return self._referred(hint.name, hint.keys)
        if isinstance(hint, Listed):
            return {"type": "array", "items": self.of(hint.of)}
        if isinstance(hint, Named):
            return {"type": "object", "additionalProperties": self.of(hint.of)}
        if isinstance(hint, Either):
            return {"anyOf": [self.of(one) for one in hint.of]}
        if isinstance(hint, dict):  # a schema as it stands
            return hint
        return self._generic(hint)

    def _generic(self, hint: Any) -> Schema:
        origin, inside = get_origin(hint), get_args(hint)
        if origin is ClassVar:
            return self.of(inside[0])
        if origin in UNIONS:
            return {"anyOf": [self.of(one) for one in inside]}
        if origin is tuple and inside[-1] is not Ellipsis:
            return {"type": "array", "prefixItems": [*map(self.of, inside)], "items": False, "minItems": len(inside)}
        if origin is not None and issubclass(origin, Mapping):
            return {"type": "object", "additionalProperties": self.of(inside[1])}
        if origin is not None and inside:
            return {"type": "array", "items": self.of(inside[0])}
        return self._plain(hint)

    def _plain(self, kind: Any) -> Schema:
        if kind in SIMPLE:
            return SIMPLE[kind]
        if issubclass(kind, StrEnum):
            return {"enum": [str(one) for one in kind]}
        if issubclass(kind, Array):
            return self.of(Nested(float))
        if issubclass(kind, PurePath):
            return SIMPLE[PurePath]
        assert isinstance(kind, type) and is_dataclass(kind), kind
        return self._referred(kind.__name__, self.made.get(kind.__name__) or own(kind))

    def _nested(self, hint: Nested) -> Schema:
        inner = self.of(hint.of)
        name = "nested " + (inner.get("$ref", "").rpartition("/")[2] or f"value {len(self.definitions)}")
        if name not in self.definitions:
            again = {"$ref": f"#/$defs/{name}"}
            self.definitions[name] = {"anyOf": [inner, {"type": "array", "items": again}]}
        return {"$ref": f"#/$defs/{name}"}

    def _referred(self, name: str, keys: Keys) -> Schema:
        if name not in self.definitions:
            self.definitions[name] = {}  # as it may contain itself
            self.definitions[name] = self.object(keys)
        return {"$ref": f"#/$defs/{name}"}

    def object(self, keys: Keys) -> Schema:
        """The schema of an object; it may have other keys too, as some are added with time."""
        return {
            "type": "object",
            "properties": {key.rstrip("?"): self.of(hint) for key, hint in keys.items()},
            "required": [key for key in keys if not key.endswith("?")],
        }
