"""Where a result goes, in which of its forms, and the exit code that it has."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol, TextIO

from gradcalc.base.errors import UsageError
from gradcalc.cli.child import speak
from gradcalc.cli.options import Common
from gradcalc.cli.source import expression_text
from gradcalc.files.access import require_free, write_whole
from gradcalc.render import colour
from gradcalc.render.formats import text

PICTURES, DRAWN = (".svg", ".png", ".pdf", ".jpg", ".jpeg", ".gif"), ("svg",)  # suffixes, and forms that are drawn
takers: list[Callable[[Result], None]] = []  # who shows results itself, as a notebook does
EXIT_CODES = {None: 0, "agree": 0, "right": 0, "undecided": 3}  # of verdicts; None where nothing was compared


class Result(Protocol):
    """What a command comes to."""

    @property
    def verdict(self) -> str | None:
        """What the comparison in it came to."""


@dataclass(frozen=True, slots=True)
class Output(Common):
    """Text to stdout, or to a file. Raises FileError, before any work, where that file is not to be written."""

    def __post_init__(self) -> None:
        if self.output is not None:
            require_free(self.output, force=self.force)

    def write(self, result: Result, form: str | None = None) -> int:
        """Write a result in `form`, or else in the one that was asked for; its exit code."""
        if self.places is not None and (form or self.form):
            raise UsageError(f"--round is for what people read, and --{form or self.form} is for programs")
        if self.output is not None and self.output.suffix.lower() in PICTURES and form not in DRAWN:
            raise UsageError(f"`{self.output}` would be a picture, and this is text", hint="gradcalc graph draws some")
        if takers and self.output is None and self.places is None and not (form or self.form):
            takers[-1](result)
            return exit_code(result)
        self.emit(text(result, form or self.form or self._for_people(), self.places))
        return exit_code(result)

    def write_reading(self, expression: str, settling: Mapping[str, Any]) -> int:
        """Write how an expression, given as the command's argument, is read: with these options of `api.reading`."""
        if self.form:
            raise UsageError(f"--reading excludes --{self.form}")
        from gradcalc import api  # here, as it is seldom asked for

        text = expression_text(expression, self)
        self.emit(api.reading(text, **settling, timeout=self.timeout) + "\n")
        return 0

    def _for_people(self) -> str:
        return for_people(sys.stdout) if self.output is None else "plain"

    def emit(self, text: str) -> None:
        """Write text: to the file, whole or not at all, or to stdout."""
        if self.output is not None:
            self.save(text.encode("utf-8", "backslashreplace"))
        else:
            speak()
            sys.stdout.write(text)
            sys.stdout.flush()

    def save(self, data: bytes) -> None:
        """Write the file, whole or not at all."""
        assert self.output is not None
        speak()
        write_whole(self.output, data, force=self.force)


def for_people(stream: TextIO) -> str:
    """The format of what people read in a stream."""
    if colour.wanted(stream):
        return "terminal"
    return "uncoloured" if colour.is_terminal(stream) else "plain"


def exit_code(result: Result) -> int:
    """0 where all agree, 1 where something does not, 3 where at worst something is not decided."""
    return EXIT_CODES.get(result.verdict, 1)


@contextmanager
def progress() -> Iterator[Callable[[int, int, str], None]]:
    """A function to tell how many steps of how many are done: to a bar, where somebody is watching."""
    if not sys.stderr.isatty():
        yield lambda done, total, note: None
        return
    from gradcalc.cli.progress import Steps  # here, as rich takes long to load

    steps = Steps()
    try:
        yield steps.report
    finally:
        steps.close()
