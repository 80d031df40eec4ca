"""What a neuron has learned: its weights, kept in a small JSON file that nothing in it can execute."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gradcalc.base.errors import FileError
from gradcalc.base.limits import current
from gradcalc.files.access import read_text, write_whole

SCHEMA = 1
KIND = "gradcalc neuron"


@dataclass(frozen=True, slots=True)
class Scale:
    """Standardization: a feature enters as (value - mean) / std, both measured on the training data."""

    mean: Mapping[str, float]
    std: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Weights:
    """One weight for each feature, by name, and the bias."""

    w: Mapping[str, float]
    b: float
    label: str
    scale: Scale | None = None

    @property
    def features(self) -> tuple[str, ...]:
        """The names of the features, in order."""
        return tuple(self.w)

    @property
    def finite(self) -> bool:
        """Is every number an ordinary one, as it is unless training diverged?"""
        return all(map(math.isfinite, (*self.w.values(), self.b)))


def save(weights: Weights, path: Path, *, force: bool) -> None:
    """Write the weights, whole or not at all. Raises FileError where the file exists or training has diverged."""
    if not weights.finite:
        raise FileError("the weights are not finite numbers, nothing is saved", hint="lower --lr, or add --standardize")
    scale = None if weights.scale is None else {"mean": dict(weights.scale.mean), "std": dict(weights.scale.std)}
    record = {
        "schema": SCHEMA, "kind": KIND, "label": weights.label, "w": dict(weights.w), "b": weights.b,
        "standardize": scale,
    }  # fmt: skip
    text = json.dumps(record, allow_nan=False, ensure_ascii=False, indent=1) + "\n"
    write_whole(path, text.encode(), force=force)


def load(path: Path) -> Weights:
    """The weights in a file. Raises FileError where it holds none."""
    try:
        record = json.loads(read_text(path, current()))
    except (ValueError, RecursionError):
        raise _not_weights(path, "it is not JSON") from None
    if not isinstance(record, dict) or record.get("kind") != KIND or record.get("schema") != SCHEMA:
        raise _not_weights(path, f'it lacks "kind": "{KIND}", "schema": {SCHEMA}')
    w = _numbers(record.get("w"), "w", path)
    b = _numbers({"b": record.get("b")}, "b", path)["b"]
    label = record.get("label")
    if not isinstance(label, str):
        raise _not_weights(path, "`label` is not text")
    return Weights(w, b, label, _scale(record.get("standardize"), w, path))


def _scale(record: Any, w: Mapping[str, float], path: Path) -> Scale | None:
    if record is None:
        return None
    parts = record if isinstance(record, dict) else {}
    mean, std = (_numbers(parts.get(name), name, path) for name in ("mean", "std"))
    if list(mean) != list(w) or list(std) != list(w) or not all(value > 0 for value in std.values()):
        raise _not_weights(path, "`standardize` does not fit `w`")
    return Scale(mean, std)


def _numbers(record: Any, name: str, path: Path) -> dict[str, float]:
    """An object whose values are finite numbers."""
    values = record if isinstance(record, dict) else {}
    if not values or not all(
        isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < math.inf
        for value in values.values()
    ):
        raise _not_weights(path, f"`{name}` does not hold finite numbers")
    return {key: _double(value, name, path) for key, value in values.items()}


def _double(value: float, name: str, path: Path) -> float:
    try:
        return float(value)
    except OverflowError:
        raise _not_weights(path, f"`{name}` does not hold finite numbers") from None


def _not_weights(path: Path, why: str) -> FileError:
    return FileError(f"`{path}` does not hold the weights of a neuron: {why}", hint="--save FILE writes such a file")
