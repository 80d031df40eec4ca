"""The child process that does the work, while its parent waits and ends it when it hangs.

Python's own alarm cannot interrupt a computation inside a C function; a parent that waits can end its child. Forking
early, before torch and SymPy are loaded, costs a millisecond. The child tells its parent when libraries load, which is
not counted, and asks before it says anything: so that one of the two speaks, and never both. The signals that shells
send have the exit codes that shells expect.
"""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator
from types import FrameType
from typing import NoReturn

from gradcalc.base import loading
from gradcalc.base.deferred import defer
from gradcalc.base.errors import InternalError, LimitError, UserCodeError
from gradcalc.base.faults import fault
from gradcalc.base.lifeline import Lifeline
from gradcalc.base.limits import TimeUp, alarm, require_timeout
from gradcalc.cli import signals
from gradcalc.cli.line import GRACE, Line
from gradcalc.cli.signals import SIGNALLED, Finished
from gradcalc.cli.warm import wire
from gradcalc.cli.warm.wire import DRAWS, GRANTED, SPEAKS, STARVED

SOON = 0.001  # seconds; 0 would set no alarm
_supervising = False
_line: Line | None = None
_caller: Line | None = None  # where the one who called waits in another process: the way to it


def allow() -> None:
    """From here on `supervise` makes a child: this process is gradcalc's own."""
    global _supervising
    _supervising = hasattr(os, "fork")


def forbid() -> None:
    """From here on `supervise` does nothing, until `attach` or `allow`."""
    global _supervising
    _supervising = False


def attach(connection: int) -> None:
    """From here on whoever called, at the other end of a connection, does a parent's work."""
    global _caller, _line
    allow()
    _caller = _line = Line(connection, connection)


def detach(code: int) -> None:
    """Tell whoever called, where that is another process, the exit code: all has been written."""
    if _caller is not None:
        _caller.tell(wire.ENDS + bytes([code]))


def supervise(seconds: float, *, foreign: bool = False) -> None:
    """Go on in a child process. The parent waits for it, ends it when it is overdue, and raises Finished.

    Where the child runs `foreign` code, it counts as finished only once it has spoken, and nothing that it started
    outlives it: it leads a group of processes, which the parent ends. However the parent ends, the child ends too.

    Does nothing where the program runs inside another, as it does in tests. Raises LimitError in the parent, and
    UsageError where `seconds` are no time.
    """
    global _supervising
    require_timeout(seconds)
    if not _supervising:
        return
    _supervising = False
    if _caller is not None and not foreign:
        _caller.tell(wire.TIMED + b"%r\n" % float(seconds))
        _begin(_caller)
        return
    (told, tell), (granted, grant), lifeline = os.pipe(), os.pipe(), Lifeline()
    waiting = signals.held_back()  # until both sides know what to do with a signal
    child = os.fork()
    mine, others = ((told, grant), (granted, tell)) if child else ((granted, tell), (told, grant))
    for end in others:
        os.close(end)
    if child:
        lifeline.hold()
        _as_parent(child, Line(*mine), seconds, waiting, foreign=foreign)
    _as_child(Line(*mine), lifeline, foreign=foreign)
    signals.let_through(waiting)


def _as_child(line: Line, lifeline: Lifeline, *, foreign: bool) -> None:
    """End with the parent, and work."""
    global _caller
    _caller = None  # its parent's
    if foreign:
        os.setpgid(0, 0)
    else:
        defer()
    lifeline.follow(group=foreign)
    _begin(line)


def _as_parent(
    child: int, line: Line, seconds: float, waiting: set[int | signal.Signals], *, foreign: bool
) -> NoReturn:
    """Wait for the child. Raises Finished, and the error of a child that has not said itself how it ended."""
    try:
        code = _waited(child, line, seconds, waiting)
    finally:
        if foreign:
            with contextlib.suppress(OSError):
                os.killpg(child, signal.SIGKILL)
    _require_word(line, code, foreign)
    raise Finished(code)


def _begin(line: Line) -> None:
    """In the child: work at the end of a line, and end in order when a signal says so."""
    global _line
    signals.taken(signals.end)
    _line = line
    loading.watchers.append(line.loading)


def _require_word(line: Line, code: int, foreign: bool) -> None:
    """Raises the error of a child that has not said itself how it ended."""
    if line.starved:
        raise fault(MemoryError())
    if line.spoken or code >= SIGNALLED:
        return
    if foreign:
        raise UserCodeError("the code ended the program before there was a result")
    raise InternalError(f"a library ended the computation before there was a result, with exit code {code}")


def speak() -> None:
    """Ask the parent, where there is one, whether there is still time to say something; if not, this is the end."""
    global _line
    if _line is not None:
        line, _line = _line, None
        line.tell(SPEAKS)
        if line.hear() != GRANTED:
            os._exit(LimitError.exit_code)


def draws() -> None:
    """Tell the parent, where there is one, that this process shows its progress itself from now on."""
    if _line is not None:
        _line.tell(DRAWS)


def starved() -> None:
    """In a child that has no memory left, not even to say so: let the parent say it. Elsewhere nothing happens."""
    if _line is not None:
        _line.tell(STARVED)
        os._exit(LimitError.exit_code)


def _waited(child: int, line: Line, seconds: float, waiting: set[int | signal.Signals]) -> int:
    """The exit code of the child. Raises LimitError where it was overdue or the system ended it."""
    with _passing_on(child) as passed:
        signals.let_through(waiting)
        try:
            with alarm(max(line.left(seconds + GRACE), SOON)):
                _, status = os.waitpid(child, 0)
        except TimeUp:
            os.kill(child, signal.SIGKILL)
            _, status = os.waitpid(child, 0)
            if not passed:
                raise overdue(seconds) from None
    if os.WIFEXITED(status):
        return os.WEXITSTATUS(status)
    number = passed[0] if passed else os.WTERMSIG(status)
    if number in signals.ENDING:
        return SIGNALLED + number
    raise broken(f" by {signal.Signals(number).name}")


def overdue(seconds: float) -> LimitError:
    """There was no result in time."""
    return LimitError(f"no result within {seconds:g} s", hint="raise it with --timeout SECONDS")


def broken(by: str = "") -> LimitError:
    """The system ended the computation."""
    return LimitError(f"the computation was ended{by}", hint="it may have needed more memory than there is")


@contextlib.contextmanager
def _passing_on(child: int) -> Iterator[list[int]]:
    """Hand the signals that end a program on to the child, and go on waiting for it; which they were.

    Inside C code it hears nothing: when it has not ended soon, it is ended.
    """
    passed: list[int] = []

    def pass_on(number: int, frame: FrameType | None) -> None:
        passed.append(number)
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, number)
        signal.signal(signal.SIGALRM, give_up)
        signal.setitimer(signal.ITIMER_REAL, GRACE)

    def give_up(number: int, frame: FrameType | None) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)

    previous = signals.taken(pass_on)
    try:
        yield passed
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in previous.items():
            signal.signal(number, handler)
