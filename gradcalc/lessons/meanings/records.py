"""A word that gradcalc answers with: what it means, what to do, and a command that leads to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gradcalc.base.printing import Printed


@dataclass(frozen=True, slots=True)
class File:
    """A file that an example needs beside it."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Meaning(Printed):
    """A word, as what it is used, what it says and what to do about it; a command, and lines of what that prints.

    Where nothing leads there on purpose there is no command.
    """

    word: str
    use: str
    says: str
    do: str
    command: str | None
    prints: tuple[str, ...] = ()
    file: File | None = None
    verdict: None = None  # as there is nothing to compare


@dataclass(frozen=True, slots=True)
class Meanings(Printed):
    """All the words."""

    words: Mapping[str, Meaning]
    verdict: None = None
