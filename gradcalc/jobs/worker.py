"""A worker process that answers one line at a time, seen from either side of the pipe to it."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from gradcalc.base.errors import LimitError
from gradcalc.base.lifeline import Lifeline
from gradcalc.files.lines import Line

METHOD = "fork" if hasattr(os, "fork") else "spawn"
GRACE = 1.0  # seconds past its time that a worker has to report so itself
FINE, NOT_FINE = b"+", b"-"  # before the text of an answer, on its way from a worker
SIGNALS = frozenset({signal.SIGINT, signal.SIGTERM})
EXPENDABLE = "500"  # of 1000: where memory runs out, Linux ends a worker first, and not its parent


@dataclass(frozen=True, slots=True)
class Answer:
    """What a line comes to: the text to put out, and whether all is well with it."""

    text: bytes
    fine: bool


Work = Callable[[Line], Answer]
Parting = Callable[[], None]  # closes pipes


@dataclass(slots=True)
class Ticket:
    """A line's place in the order, and its answer once that is there. `passed` counts later ones that went first."""

    line: Line
    kind: Hashable = None
    passed: int = 0
    answer: Answer | None = None

    @property
    def size(self) -> int:
        """The bytes that it holds."""
        return len(self.line.text) + (0 if self.answer is None else len(self.answer.text))


@dataclass(slots=True, eq=False)
class Worker:
    """A worker, seen by its parent: the line that it has, and until when."""

    process: BaseProcess
    connection: Connection
    seconds: float
    lifeline: Lifeline | None = None
    ticket: Ticket | None = None
    deadline: float = 0.0

    def give(self, ticket: Ticket) -> None:
        """Give it a line."""
        self.ticket = ticket
        self.deadline = time.monotonic() + self.seconds + GRACE
        with contextlib.suppress(OSError):  # it died meanwhile, as will show when its answer is waited for
            self.connection.send_bytes(b"%d %d\n%b" % (ticket.line.number, ticket.line.end, ticket.line.text))

    def answer(self) -> Answer:
        """Its answer, which has come. Raises LimitError where it is dead instead."""
        try:
            received = self.connection.recv_bytes()
        except (EOFError, OSError):
            self.process.join()
            raise death(self.process.exitcode) from None
        return Answer(received[1:], received.startswith(FINE))

    def end(self) -> None:
        """End the process, whatever it does."""
        self.process.kill()
        self.process.join()
        self.part()

    def part(self) -> None:
        """Close what leads to it."""
        self.connection.close()
        if self.lifeline is not None:
            self.lifeline.let_go()


def started(work: Work, seconds: float, others: Sequence[Worker]) -> Worker:
    """A new worker beside others. Raises OSError.

    Signals wait meanwhile: a worker must not take Ctrl-C for itself.
    """
    context: Any = get_context(METHOD)
    ours, theirs = context.Pipe()
    lifeline = Lifeline() if METHOD == "fork" else None
    inherited = [ours.close, *(other.part for other in others)] if METHOD == "fork" else []
    process = context.Process(target=serve, args=(theirs, work, seconds, inherited, lifeline), daemon=True)
    with signals_held():
        process.start()
    theirs.close()
    if lifeline is not None:
        lifeline.hold()
    return Worker(process, ours, seconds, lifeline)


def death(code: int | None) -> LimitError:
    """Why a worker ended by itself, as far as its exit code tells."""
    if code is not None and code < 0:
        return LimitError(
            f"the computation was ended by {signal.Signals(-code).name}",
            hint="it may have needed more memory than there is",
        )
    return LimitError("the computation ended without a result", hint="try the line alone, with gradcalc diff")


@contextlib.contextmanager
def signals_held() -> Iterator[None]:
    """Signals that come meanwhile arrive afterwards, where the system can do that."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


# -- in the process


def serve(
    connection: Connection, work: Work, seconds: float, inherited: Sequence[Parting], lifeline: Lifeline | None
) -> None:
    """Answer lines until the process is ended, or the parent is gone. An error ends it too, and the parent tells so."""
    for part in inherited:  # or this worker would keep the others' pipes open
        part()
    with contextlib.suppress(BaseException):
        _prepare()
        if lifeline is not None:
            lifeline.follow()
        while True:
            head, _, text = connection.recv_bytes().partition(b"\n")
            number, end = map(int, head.split())
            with last_resort(seconds + 2 * GRACE):
                answer = work(Line(number, text, end))
            connection.send_bytes((FINE if answer.fine else NOT_FINE) + answer.text)
    os._exit(1)


def _prepare() -> None:
    """Set what signals and a want of memory do to a worker."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what Ctrl-C means
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(EXPENDABLE)


@contextlib.contextmanager
def last_resort(seconds: float) -> Iterator[None]:
    """The system ends this process once it has computed that long, should the parent be gone by then."""
    if not hasattr(signal, "ITIMER_PROF"):
        yield
        return
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
