"""The line between the process that works and the one that waits for it: what they tell each other, and the clock."""

from __future__ import annotations

import contextlib
import os
import select
import time

from gradcalc.base.limits import LONGEST_TIMEOUT
from gradcalc.cli.waiting import Waiting
from gradcalc.cli.warm.wire import DRAWS, GRANTED, LOADED, LOADS, SPEAKS, STARVED

GRACE = 1.0  # seconds that the child has to report its own time limit
LONGEST_LOADING = 300.0  # seconds, from a cold disk


class Line:
    """One end of the line between child and parent."""

    def __init__(self, hearing: int, telling: int) -> None:
        self.hearing, self.telling = hearing, telling
        self.loads = 0  # that are under way, one inside the other
        self.spoken = self.starved = False

    def tell(self, word: bytes) -> None:
        """Say a word, which nobody hears if the other side has ended."""
        with contextlib.suppress(OSError):
            os.write(self.telling, word)

    def hear(self) -> bytes:
        """The next word; nothing where the other side has ended."""
        return os.read(self.hearing, 1)

    def loading(self, begins: bool) -> None:
        """Tell that a library begins to load, or is loaded."""
        self.loads += 1 if begins else -1
        if self.loads == begins:
            self.tell(LOADS if begins else LOADED)

    def left(self, seconds: float) -> float:
        """Listen to the child for so many seconds, not counting those in which it loads libraries.

        How long it has to end from then on: no time when it is overdue, any time when it speaks, a little when it is
        about to end and has closed the line.
        """
        end, loads_until = time.monotonic() + seconds, None
        waiting = Waiting()
        while True:
            rest = (loads_until or end) - time.monotonic()
            if not select.select([self.hearing], [], [], waiting.pause(rest))[0]:
                if rest <= 0:
                    break
                waiting.draw(None if loads_until else rest - GRACE)
                continue
            word = self.hear()
            if word not in (LOADS, LOADED):
                waiting.leave()
            if word == SPEAKS:
                self.spoken = True
                self.tell(GRANTED)
                return LONGEST_TIMEOUT
            if word == LOADS:
                end, loads_until = end - time.monotonic(), time.monotonic() + LONGEST_LOADING
            elif word == LOADED:
                end, loads_until = end + time.monotonic(), None
            elif word != DRAWS:
                self.starved = word == STARVED
                return GRACE
        waiting.leave()
        return 0
