"""The program that the prompt runs: its commands, told by the application, which the prompt is a part of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from gradcalc.base.errors import GradcalcError


@dataclass(slots=True)
class Program:
    """The commands by name, the program itself, and what says what went wrong."""

    commands: Mapping[str, object]
    main: Callable[[Sequence[str]], int]
    report: Callable[[GradcalcError, Sequence[str]], int]


told: list[Program] = []  # the one there is, once it is loaded
