"""Arguments that hold tensors, `batch={'x': …, 'y': …}`, taken apart for what is derived by, and put together again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of a tensor, by the name that it has as a variable: `batch.x`, `pair.0`."""

    name: str


def mapped(value: Any, change: Callable[[Any], Any]) -> Any:
    """A structure with each of its parts changed."""
    if isinstance(value, dict):
        return {key: mapped(one, change) for key, one in value.items()}
    if isinstance(value, list | tuple):
        made = [mapped(one, change) for one in value]
        return type(value)(*made) if hasattr(value, "_fields") else type(value)(made)
    return change(value)


def taken_apart(name: str, value: Any, is_tensor: Callable[[Any], bool]) -> tuple[Any, dict[str, Any]]:
    """A structure with slots in the places of its tensors, and the tensors by their names."""
    held = dict(_tensors(name, value, is_tensor))
    names = iter(held)
    return mapped(value, lambda one: Slot(next(names)) if is_tensor(one) else one), held


def _tensors(name: str, value: Any, is_tensor: Callable[[Any], bool]) -> Iterator[tuple[str, Any]]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list | tuple) else None
    if pairs is None:
        if is_tensor(value):
            yield name, value
        return
    for key, one in pairs:
        yield from _tensors(f"{name}.{key}", one, is_tensor)


def filled(structure: Any, arguments: Mapping[str, Any]) -> Any:
    """A structure with these tensors in its slots."""
    return mapped(structure, lambda one: arguments[one.name] if isinstance(one, Slot) else one)


def slots(structure: Any) -> list[str]:
    """The names of a structure's slots."""
    found: list[str] = []
    mapped(structure, lambda one: found.append(one.name) if isinstance(one, Slot) else None)
    return found
