"""Names of the language as identifiers of Python."""

from __future__ import annotations

import keyword
from collections.abc import Collection, Iterable, Sequence

from gradcalc.functions import CATALOGUE

RESERVED = frozenset({"torch", "math", "print", "float", "int", "error", "RuntimeError", *CATALOGUE, *keyword.kwlist})


def identifiers(names: Iterable[str]) -> dict[str, str]:
    """An identifier for each name: the name itself where it is one and means nothing else, else with `_` after it."""
    found: dict[str, str] = {}
    for name in names:
        found[name] = free([name if name.isidentifier() else f"v{len(found) + 1}"], found.values())
    return found


def free(names: Sequence[str], taken: Collection[str]) -> str:
    """The first of the names that is not taken; where all are, the last with `_` after it."""
    used = {*RESERVED, *taken}
    name = next((name for name in names if name not in used), names[-1])
    while name in used:
        name += "_"
    return name
