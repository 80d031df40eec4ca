"""The child process that does the work, while its parent waits and ends it when it hangs.

Python's own alarm cannot interrupt a computation inside a C function; a parent that waits can end its child. Forking
early, before torch and SymPy are loaded, costs a millisecond. The signals that shells send have the exit codes that
shells expect.
"""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator
from types import FrameType

from gradcalc.base.errors import LimitError
from gradcalc.base.limits import TimeUp, alarm, require_timeout

GRACE = 1.0  # seconds that the child has to report its own time limit
INTERRUPTED = 130
PIPE_CLOSED = 141  # as a shell reports SIGPIPE
_supervising = False


class Finished(Exception):
    """The child is done; all that is left is to end with its exit code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def allow() -> None:
    """From here on `supervise` makes a child: this process is gradcalc's own."""
    global _supervising
    _supervising = hasattr(os, "fork")


def supervise(seconds: float) -> None:
    """Go on in a child process. The parent waits for it, ends it when it is overdue, and raises Finished.

    Does nothing where the program runs inside another, as it does in tests. Raises LimitError in the parent, and
    UsageError where `seconds` are no time.
    """
    global _supervising
    require_timeout(seconds)
    if not _supervising:
        return
    _supervising = False
    child = os.fork()
    if child:
        raise Finished(_waited(child, seconds))


def _waited(child: int, seconds: float) -> int:
    """The exit code of the child. Raises LimitError where it was overdue or the system ended it."""
    with _passing_on(child):
        try:
            with alarm(seconds + GRACE):
                _, status = os.waitpid(child, 0)
        except TimeUp:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            raise LimitError(f"no result within {seconds:g} s", hint="raise it with --timeout SECONDS") from None
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if number in (signal.SIGINT, signal.SIGTERM):
            return 128 + number
        raise LimitError(
            f"the computation was ended by {signal.Signals(number).name}",
            hint="it may have needed more memory than there is",
        )
    return os.WEXITSTATUS(status)


@contextlib.contextmanager
def ending_in_order() -> Iterator[None]:
    """Let what ends a program end it by way of every `finally`: with its workers, and without half a file.

    Raises Finished at a signal, and where nobody reads the output any more.
    """

    def end(number: int, frame: FrameType | None) -> None:
        raise Finished(128 + number)

    numbers = [signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])]
    previous = {number: signal.signal(number, end) for number in numbers}
    try:
        yield
    except BrokenPipeError:
        raise Finished(PIPE_CLOSED) from None
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def _passing_on(child: int) -> Iterator[None]:
    """Hand the signals that end a program on to the child, and go on waiting for it."""

    def pass_on(number: int, frame: FrameType | None) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, number)

    previous = {number: signal.signal(number, pass_on) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
