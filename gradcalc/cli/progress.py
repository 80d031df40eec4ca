"""A line on the terminal that tells how far a long run is."""

from __future__ import annotations

import math
import sys
import time
from datetime import timedelta
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
)

from gradcalc.cli.child import draws
from gradcalc.render import colour

PATIENCE = 1.0  # seconds of work that need no progress bar
PAUSE = 0.1  # seconds between two drawings
WIDTH = 12  # columns of the bar


class Bar:
    """Shows itself on stderr once the work has taken longer than `PATIENCE`. `total` is in bytes, where it is known.

    The time that is left stands there where it can be told, and elsewhere the time that it has taken.
    It draws only when it is told to: a thread that draws by itself would be copied into the workers.
    """

    def __init__(self, total: int | None, console: Console | None = None) -> None:
        self.total = total
        self.console = console or Console(
            stderr=True, no_color=False, color_system="256" if colour.wanted(sys.stderr) else None
        )
        self.lines = self.position = self.bad = 0
        self.started, self.drawn = time.monotonic(), -math.inf
        self.begun: tuple[float, int] | None = None  # when the first step was told, and which that was
        self.progress: Progress | None = None
        self.task = TaskID(0)

    def advance(self, position: int, *, fine: bool) -> None:
        """One more line is done, which ended at byte `position` of the input."""
        self.lines += 1
        self.position = position
        self.bad += not fine

    def draw(self) -> None:
        """Show where the work is, unless that was done a moment ago."""
        now = time.monotonic()
        seconds = now - self.started
        self.begun = self.begun or (now, self.position)
        if seconds < PATIENCE or now - self.drawn < PAUSE:
            return
        self.drawn = now
        if self.progress is None:
            self.progress = self._begun()
        told: dict[str, Any] = {"description": self.text(seconds), "left": self.left(now)}
        self.progress.update(self.task, completed=self.position, total=self.total, **told)
        self.progress.refresh()

    def text(self, seconds: float) -> str:
        """What stands beside the bar after so many seconds."""
        return f"{self.lines:,} done, {self.lines / seconds:.0f} a second, {self.bad:,} not in agreement"

    def left(self, now: float) -> str:
        """How long the rest takes if it goes on like this; nothing where that is not known."""
        begun, first = self.begun or (now, self.position)
        if not self.total or self.position <= first:
            return ""
        rest = (now - begun) * max(self.total - self.position, 0) / (self.position - first)
        return f"{timedelta(seconds=round(rest))} left"

    def close(self) -> None:
        """Take it off the terminal."""
        if self.progress is not None:
            self.progress.stop()

    def _begun(self) -> Progress:
        draws()
        known = (BarColumn(WIDTH), TaskProgressColumn()) if self.total else ()
        clock = TextColumn("{task.fields[left]}") if self.total else TimeElapsedColumn()
        columns = (SpinnerColumn(), TextColumn("{task.description}"), *known, clock)
        progress = Progress(
            *columns,
            console=self.console,
            auto_refresh=False,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self.task = progress.add_task("", total=self.total, left="")
        progress.start()
        return progress


class Steps(Bar):
    """The same for a loop that counts its own steps, and has a word on how it goes."""

    def __init__(self, console: Console | None = None) -> None:
        super().__init__(1, console)
        self.note = ""

    def report(self, done: int, total: int, note: str) -> None:
        """So many steps are done, of so many."""
        self.position, self.total, self.note = done, total, note
        self.draw()

    def text(self, seconds: float) -> str:
        """What stands beside the bar."""
        return self.note


class Rows(Bar):
    """The same for a table whose rows come piece by piece, with the rate."""

    def report(self, rows: int, position: int) -> None:
        """So many rows are done, which ended at byte `position` of the input."""
        self.lines, self.position = rows, position
        self.draw()

    def text(self, seconds: float) -> str:
        """What stands beside the bar."""
        return f"{self.lines:,} rows, {self.lines / seconds:,.0f} a second"
