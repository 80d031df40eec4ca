"""Where a result goes, and in which of its forms."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gradcalc.base.errors import UsageError
from gradcalc.base.loading import load
from gradcalc.files.access import write_whole

if TYPE_CHECKING:
    from gradcalc.render.document import Document

JSON = "gradcalc.render.json:render"
READABLE = "gradcalc.render.document:readable"
FORMATS = {"terminal": "gradcalc.render.terminal:render", "plain": "gradcalc.render.plain:render"}


def form(address: str, *results: Any) -> Callable[[], Any]:
    """One form of a result, made when it is asked for by the function at `address`."""
    return lambda: load(address)(*results)


@dataclass(frozen=True, slots=True)
class Output:
    """The choice among a document for people, a JSON record and bare numbers; to a file or to stdout."""

    json: bool = False
    quiet: bool = False
    path: Path | None = None
    force: bool = False

    def __post_init__(self) -> None:
        if self.json and self.quiet:
            raise UsageError("--json and --quiet exclude each other")

    def write(
        self, record: Callable[[], Mapping[str, Any]], quiet: Callable[[], str], document: Callable[[], Document]
    ) -> None:
        """Render the one form that was asked for, and write it."""
        if self.json:
            self.emit(load(JSON)(record()))
        elif self.quiet:
            self.emit(quiet())
        else:
            terminal = self.path is None and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
            self.emit(load(FORMATS["terminal" if terminal else "plain"])(load(READABLE)(document())))

    def emit(self, text: str) -> None:
        """Write text: to the file, whole or not at all, or to stdout."""
        if self.path is not None:
            self.save(text.encode("utf-8", "backslashreplace"))
        else:
            sys.stdout.write(text)
            sys.stdout.flush()

    def save(self, data: bytes) -> None:
        """Write the file, whole or not at all."""
        assert self.path is not None
        write_whole(self.path, data, force=self.force)
