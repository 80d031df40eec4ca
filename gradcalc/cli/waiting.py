"""A line on the terminal, beside work whose end nobody knows: how long it has gone on, and how long it may at most."""

import sys
import time

from gradcalc.render import colour

PATIENCE = 1.0  # seconds of work that need no line
PAUSE = 0.25  # seconds between two drawings
CLEARED = "\r\x1b[2K"


class Waiting:
    """The line, on stderr where that is a terminal. Whoever has better to show takes its place by `leave`."""

    def __init__(self) -> None:
        self.begun = time.monotonic()
        self.watched = sys.stderr is not None and colour.is_terminal(sys.stderr)
        self.drawn = False

    def pause(self, seconds: float) -> float:
        """How long to wait for a word until the line is drawn again, of `seconds` at most."""
        if not self.watched:
            return max(seconds, 0)
        until = PAUSE if self.drawn else self.begun + PATIENCE - time.monotonic()
        return max(min(seconds, until), 0)

    def draw(self, left: float | None) -> None:
        """Show how long it has gone on, and the seconds that are left; None while libraries load: that has no limit."""
        gone = time.monotonic() - self.begun
        if self.watched and gone >= PATIENCE:
            rest = "loading libraries" if left is None else f"at most {max(left, 0):.0f} s left"
            sys.stderr.write(f"{CLEARED}working for {gone:.0f} s, {rest}")
            sys.stderr.flush()
            self.drawn = True

    def clear(self) -> None:
        """Take the line off the terminal."""
        if self.drawn:
            sys.stderr.write(CLEARED)
            sys.stderr.flush()
            self.drawn = False

    def leave(self) -> None:
        """Take the line off, for good."""
        self.clear()
        self.watched = False
