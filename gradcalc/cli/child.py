"""The child process that does the work, while its parent waits and ends it when it hangs.

Python's own alarm cannot interrupt a computation inside a C function; a parent that waits can end its child. Forking
early, before torch and SymPy are loaded, costs a millisecond. The child tells its parent when libraries load, which is
not counted, and asks before it says anything: so that one of the two speaks, and never both. The signals that shells
send have the exit codes that shells expect.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import time
from collections.abc import Iterator
from types import FrameType

from gradcalc.base import loading
from gradcalc.base.errors import LimitError, UserCodeError
from gradcalc.base.limits import LONGEST_TIMEOUT, TimeUp, alarm, require_timeout

GRACE = 1.0  # seconds that the child has to report its own time limit
LONGEST_LOADING = 300.0  # seconds, from a cold disk
SOON = 0.001  # seconds; 0 would set no alarm
LOADS, LOADED, SPEAKS, GRANTED = b"+", b"-", b"!", b"."
SIGNALLED, INTERRUPTED = 128, 130
PIPE_CLOSED = 141  # as a shell reports SIGPIPE
_supervising = False
_line: Line | None = None


class Finished(BaseException):
    """All that is left is to end with an exit code. Not an Exception: no library that is being loaded may keep it."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def allow() -> None:
    """From here on `supervise` makes a child: this process is gradcalc's own."""
    global _supervising
    _supervising = hasattr(os, "fork")


def supervise(seconds: float, *, foreign: bool = False) -> None:
    """Go on in a child process. The parent waits for it, ends it when it is overdue, and raises Finished.

    Where the child runs `foreign` code, it counts as finished only once it has spoken, and nothing that it started
    outlives it: it leads a group of processes, which the parent ends.

    Does nothing where the program runs inside another, as it does in tests. Raises LimitError in the parent, and
    UsageError where `seconds` are no time.
    """
    global _supervising, _line
    require_timeout(seconds)
    if not _supervising:
        return
    _supervising = False
    (told, tell), (granted, grant) = os.pipe(), os.pipe()
    child = os.fork()
    mine, others = ((told, grant), (granted, tell)) if child else ((granted, tell), (told, grant))
    for end in others:
        os.close(end)
    if child:
        line = Line(*mine)
        try:
            code = _waited(child, line, seconds)
        finally:
            if foreign:
                with contextlib.suppress(OSError):
                    os.killpg(child, signal.SIGKILL)
        if foreign and not line.spoken and code < SIGNALLED:
            raise UserCodeError("the code ended the program before there was a result")
        raise Finished(code)
    if foreign:
        os.setpgid(0, 0)
    _line = Line(*mine)
    loading.watchers.append(_line.loading)


def speak() -> None:
    """Ask the parent, where there is one, whether there is still time to say something; if not, this is the end."""
    global _line
    if _line is not None:
        line, _line = _line, None
        line.tell(SPEAKS)
        line.hear()


class Line:
    """One end of the line between child and parent."""

    def __init__(self, hearing: int, telling: int) -> None:
        self.hearing, self.telling = hearing, telling
        self.loads = 0  # that are under way, one inside the other
        self.spoken = False

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

        How long it has to end from then on: no time when it is overdue, any time when it speaks.
        """
        end, loads_until = time.monotonic() + seconds, None
        while select.select([self.hearing], [], [], max(0, (loads_until or end) - time.monotonic()))[0]:
            word = self.hear()
            if word == SPEAKS:
                self.spoken = True
                self.tell(GRANTED)
                return LONGEST_TIMEOUT
            if word == LOADS:
                end, loads_until = end - time.monotonic(), time.monotonic() + LONGEST_LOADING
            elif word == LOADED:
                end, loads_until = end + time.monotonic(), None
            else:
                return end - time.monotonic()
        return 0


def _waited(child: int, line: Line, seconds: float) -> int:
    """The exit code of the child. Raises LimitError where it was overdue or the system ended it."""
    with _passing_on(child):
        try:
            with alarm(max(line.left(seconds + GRACE), SOON)):
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
