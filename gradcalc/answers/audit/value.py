"""What a value may stand for in an audit: tensors that are made, files, plain values, and structures of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from gradcalc.files.access import exists

FLOATS = "floats"  # what makes tensors of lists inside of structures
KEYED = re.compile(r"(?P<path>.+?)(?::(?P<key>[^:/\\]+))?")


@dataclass(frozen=True, slots=True)
class Maker:
    """A tensor that is made: `randn(4, 8)`, `tensor([0, 2], dtype=int64)`."""

    function: str
    arguments: Sequence[Any]
    dtype: str | None = None
    named: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Computed:
    """What is made by arithmetic: `0.1*randn(4, 8)`."""

    operation: Callable[..., Any]
    operands: Sequence[Any]


@dataclass(frozen=True, slots=True)
class Stored:
    """A tensor, or all of them, from a file; of a file that holds several, the one with a key."""

    path: Path
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Plain:
    """What is no tensor: a text, True, False, None, Python's own numbers, and lists, tuples, dictionaries of such."""

    value: Any


@dataclass(frozen=True, slots=True)
class Structure:
    """A list, a tuple or a dictionary in which there are tensors."""

    value: Any


Written: TypeAlias = Maker | Computed | Stored | Plain | Structure


def file_and_key(text: Path | str) -> tuple[Path, str | None]:
    """A file, and which of its parts is meant: `run.pt:ema`; what exists under all of a name is that file."""
    found = None if exists(text) else KEYED.fullmatch(str(text))
    return (Path(found["path"]), found["key"]) if found else (Path(text), None)
