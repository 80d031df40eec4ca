"""Programs that hear the signals that end one, whatever those who run the tests let nobody hear, as nohup does."""

from __future__ import annotations

import signal


def hear() -> None:
    """What a new process does before it becomes a program."""
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGTSTP):
        signal.signal(number, signal.SIG_DFL)
