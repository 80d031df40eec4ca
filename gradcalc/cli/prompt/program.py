"""The program that the prompt runs: its commands, told by the application, which the prompt is a part of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gradcalc.base.errors import GradcalcError


@dataclass(slots=True)
class Program:
    """The commands by name, the program itself, what says what went wrong, and how to come by one command."""

    commands: Mapping[str, object]
    main: Callable[[Sequence[str]], int]
    report: Callable[[GradcalcError, Sequence[str]], int]
    function: Callable[[str], Any]  # what a command calls
    opened: Callable[[str], Any]  # the command, to be asked for its options


told: list[Program] = []  # the one there is, once it is loaded
