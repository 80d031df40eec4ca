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
from gradcalc.files.access import require_free, require_two, write_whole
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
    """Text to stdout or to a file, and a page to share. Raises FileError, before any work, where one is in the way."""

    def __post_init__(self) -> None:
        for file in filter(None, self.files):
            require_free(file, force=self.force)
        require_two(*self.files)

    def write(self, result: Result, form: str | None = None) -> int:
        """Write a result in `form`, or else in the one that was asked for; its exit code."""
        if self.places is not None and (form or self.form):
            raise UsageError(f"--round is for what people read, and --{form or self.form} is for programs")
        if self.output is not None and self.output.suffix.lower() in PICTURES and form not in DRAWN:
            raise UsageError(f"`{self.output}` would be a picture, and this is text", hint="gradcalc graph draws some")
        if takers and self.output is None and self.places is None and not (form or self.form):
            self.share(result)
            takers[-1](result)
            return exit_code(result)
        shown = text(result, form or self.form or self._for_people(), self.places)
        self.share(result)
        self.emit(shown)
        return exit_code(result)

    def share(self, result: Result) -> None:
        """Write the page to share, where one was asked for: whole, or not at all."""
        if self.html is not None:
            page = text(result, "html", self.places).encode("utf-8", "backslashreplace")
            speak()
            write_whole(self.html, page, force=self.force)

    def write_reading(self, expression: str, settling: Mapping[str, Any]) -> int:
        """Write how an expression, given as the command's argument, is read: with these options of `api.reading`."""
        if self.form or self.html:
            raise UsageError(f"--reading excludes --{self.form or 'html'}")
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
