"""A pipe from a process to a child that it forked: when the parent ends, however that comes about, so does the child.

The parent holds one end and never writes. When it is gone the pipe closes, and the system sends the child a signal
that ends it, inside C code too. Where that signal only interrupts Python, as on macOS, C code is ended by the limits
that the child has besides.
"""

from __future__ import annotations

import os
import select
import signal
import sys


class Lifeline:
    """Made before the fork; then the parent calls `hold` and the child `follow`."""

    def __init__(self) -> None:
        self.watched, self.held = os.pipe()

    def hold(self) -> None:
        """In the parent: keep the child alive until `let_go`, or until this process ends."""
        os.close(self.watched)

    def let_go(self) -> None:
        """In the parent, and in other children of its own: the child may end."""
        os.close(self.held)

    def follow(self, group: bool = False) -> None:
        """In the child: end with the parent. Leading a `group` of processes, it takes all of them along."""
        os.close(self.held)
        obey(self.watched, group)


def obey(watched: int, group: bool = False) -> None:
    """End, with the `group` that this process leads, when the pipe closes whose reading end is `watched`."""
    import fcntl  # here, as there is none on systems without fork

    ends_by_itself = sys.platform == "linux"  # elsewhere the signal is ignored unless a function takes it
    signal.signal(signal.SIGIO, signal.SIG_DFL if ends_by_itself else lambda *_: os._exit(1))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGIO})
    fcntl.fcntl(watched, fcntl.F_SETOWN, -os.getpgrp() if group else os.getpid())
    fcntl.fcntl(watched, fcntl.F_SETFL, fcntl.fcntl(watched, fcntl.F_GETFL) | os.O_ASYNC)
    if select.select([watched], [], [], 0)[0]:  # it was gone before the signal was ordered
        os._exit(1)


def disobey(watched: int) -> None:
    """Take back `obey`: somebody else is obeyed from now on."""
    import fcntl

    fcntl.fcntl(watched, fcntl.F_SETFL, fcntl.fcntl(watched, fcntl.F_GETFL) & ~os.O_ASYNC)
    os.close(watched)
