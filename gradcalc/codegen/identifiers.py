"""Names of the language as identifiers of Python."""

from __future__ import annotations

import keyword
from collections.abc import Collection, Iterable, Sequence

from gradcalc.base.words import untaken
from gradcalc.functions import CATALOGUE

RESERVED = frozenset({
    "torch", "math", "np", "jnp", "jax", "special", "linalg", "pytest", "print", "float", "int", "error",
    "RuntimeError", *CATALOGUE, *keyword.kwlist,
})  # fmt: skip


def identifiers(names: Iterable[str]) -> dict[str, str]:
    """An identifier for each name: the name itself where it is one and means nothing else, else with `_` after it."""
    found: dict[str, str] = {}
    for name in names:
        found[name] = free([name if name.isidentifier() else f"v{len(found) + 1}"], found.values())
    return found


def free(names: Sequence[str], taken: Collection[str]) -> str:
    """The first of the names that is neither taken nor means something in Python, as `untaken` finds it."""
    return untaken(names, {*RESERVED, *taken})
