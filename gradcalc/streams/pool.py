"""A pool of worker processes that answers lines in their order, each within its own time.

Every worker has one line at a time, so that the line which a worker hangs on, or dies of, is known: that line gets an
error, and another worker takes the place. Workers are forked from this process, which has loaded what they need.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

from gradcalc.errors import LimitError
from gradcalc.files import reason
from gradcalc.streams.lines import Line, Lines

METHOD = "fork" if hasattr(os, "fork") else "spawn"
GRACE = 1.0  # seconds past its time that a worker has to report so itself
WINDOW = 1_024  # lines in flight or waiting for an earlier one
WINDOW_BYTES = 64_000_000  # of them and of their answers
PULSE = 0.1  # seconds between two looks at a progress bar
FINE, NOT_FINE = b"+", b"-"  # before the text of an answer, on its way from a worker
SIGNALS = frozenset({signal.SIGINT, signal.SIGTERM})


@dataclass(frozen=True, slots=True)
class Answer:
    """What a line comes to: the text to put out, and whether all is well with it."""

    text: bytes
    fine: bool


Work = Callable[[Line], Answer]
Lost = Callable[[Line, LimitError], Answer]


@dataclass(slots=True)
class Ticket:
    """A line's place in the order, and its answer once that is there."""

    line: Line
    answer: Answer | None = None

    @property
    def size(self) -> int:
        """The bytes that it holds."""
        return len(self.line.text) + (0 if self.answer is None else len(self.answer.text))


@dataclass(slots=True)
class Worker:
    """A worker process, seen from here: the line that it has, and until when."""

    process: BaseProcess
    connection: Connection
    ticket: Ticket | None = None
    deadline: float = 0.0

    def end(self) -> None:
        """End the process, whatever it does."""
        self.process.kill()
        self.process.join()
        self.connection.close()


class Pool:
    """Up to `jobs` workers that apply `work` to lines, each for at most `seconds`.

    `lost` makes the answer to a line whose worker was overdue or died. `pulse` is called while there is nothing to do.
    """

    def __init__(
        self, work: Work, lost: Lost, *, jobs: int, seconds: float, pulse: Callable[[], None] | None = None
    ) -> None:
        self.work, self.lost, self.pulse = work, lost, pulse
        self.jobs, self.seconds = jobs, seconds
        self.workers: list[Worker] = []
        self.window: deque[Ticket] = deque()
        self.held = 0  # bytes in the window

    def answers(self, lines: Lines) -> Iterator[tuple[Line, Answer]]:
        """Every line with its answer, in their order, as soon as it and those before it are there."""
        try:
            while True:
                yield from self._first()
                self._hand_out(lines)
                if lines.ended and not self.window:
                    return
                self._wait(lines)
        finally:
            self.close()

    def close(self) -> None:
        """End every worker."""
        for worker in self.workers:
            worker.process.kill()
        while self.workers:
            self.workers.pop().end()

    def _first(self) -> Iterator[tuple[Line, Answer]]:
        """The answers that no earlier line holds back."""
        while self.window and (answer := self.window[0].answer) is not None:
            ticket = self.window.popleft()
            self.held -= ticket.size
            yield ticket.line, answer

    def _hand_out(self, lines: Lines) -> None:
        """Give lines that are there to workers that have none."""
        while lines.buffered and len(self.window) < WINDOW and self.held < WINDOW_BYTES:
            worker = next((worker for worker in self.workers if worker.ticket is None), None) or self._another()
            if worker is None:
                return
            ticket = Ticket(lines.take())
            self.window.append(ticket)
            self.held += ticket.size
            self._send(worker, ticket)

    def _send(self, worker: Worker, ticket: Ticket) -> None:
        worker.ticket = ticket
        worker.deadline = time.monotonic() + self.seconds + GRACE
        with contextlib.suppress(OSError):  # it died meanwhile, as will show when its answer is waited for
            worker.connection.send_bytes(b"%d %d\n%b" % (ticket.line.number, ticket.line.end, ticket.line.text))

    def _wait(self, lines: Lines) -> None:
        """Wait until an answer comes, a line comes that is wanted, or a worker is overdue."""
        workers: dict[Any, Worker] = {worker.connection: worker for worker in self.workers}
        wanted = [] if lines.buffered or lines.ended else [lines.waitable]
        for ready in wait([*workers, *wanted], self._patience()):
            if ready in workers:
                self._receive(workers[ready])
            else:
                lines.fill()
        now = time.monotonic()
        for worker in [worker for worker in self.workers if worker.ticket is not None and worker.deadline <= now]:
            self._lose(worker, overdue(self.seconds))
        if self.pulse is not None:
            self.pulse()

    def _patience(self) -> float | None:
        """How many seconds to wait at most; None for as long as it takes."""
        now = time.monotonic()
        times = [max(0.0, worker.deadline - now) for worker in self.workers if worker.ticket is not None]
        return min([*times, PULSE] if self.pulse else times, default=None)

    def _receive(self, worker: Worker) -> None:
        """Take a worker's answer, or the news that it died."""
        try:
            received = worker.connection.recv_bytes()
        except (EOFError, OSError):
            worker.process.join()
            self._lose(worker, death(worker.process.exitcode))
        else:
            self._settle(worker, Answer(received[1:], received.startswith(FINE)))

    def _lose(self, worker: Worker, error: LimitError) -> None:
        """End a worker; the line that it had gets an error. The next line that finds no worker starts another."""
        worker.end()
        self.workers.remove(worker)
        if worker.ticket is not None:
            self._settle(worker, self.lost(worker.ticket.line, error))

    def _settle(self, worker: Worker, answer: Answer) -> None:
        """The line that a worker had is answered."""
        assert worker.ticket is not None
        worker.ticket.answer = answer
        self.held += len(answer.text)
        worker.ticket = None

    def _another(self) -> Worker | None:
        """A new worker, unless there are enough. Where the system allows no more, those that there are go on.

        Raises LimitError where there is none.
        """
        if len(self.workers) >= self.jobs:
            return None
        try:
            return self._started()
        except OSError as error:
            if not self.workers:
                raise LimitError(f"no worker can be started: {reason(error)}") from None
            self.jobs = len(self.workers)
            return None

    def _started(self) -> Worker:
        """A new worker. Signals wait meanwhile: a worker must not take Ctrl-C for itself. Raises OSError."""
        context: Any = get_context(METHOD)
        ours, theirs = context.Pipe()
        inherited = [ours, *(worker.connection for worker in self.workers)] if METHOD == "fork" else []
        arguments = (theirs, self.work, self.seconds, inherited)
        process = context.Process(target=serve, args=arguments, daemon=True)
        with signals_held():
            process.start()
        theirs.close()
        worker = Worker(process, ours)
        self.workers.append(worker)
        return worker


def overdue(seconds: float) -> LimitError:
    """A worker did not answer in time, and did not report so itself."""
    return LimitError(f"no result within {seconds:g} s", hint="raise it with --timeout SECONDS")


def death(code: int | None) -> LimitError:
    """Why a worker ended by itself, as far as its exit code tells."""
    if code is not None and code < 0:
        return LimitError(
            f"the computation was ended by {signal.Signals(-code).name}",
            hint="it may have needed more memory than there is",
        )
    return LimitError("the computation ended without a result")


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


# -- in the worker


def serve(connection: Connection, work: Work, seconds: float, inherited: list[Connection]) -> None:
    """Answer lines until the process is ended, or the parent is gone. An error ends it too, and the parent tells so."""
    for other in inherited:  # or this worker would keep the others' pipes open
        other.close()
    with contextlib.suppress(BaseException):
        _prepare()
        while True:
            head, _, text = connection.recv_bytes().partition(b"\n")
            number, end = map(int, head.split())
            with last_resort(seconds + 2 * GRACE):
                answer = work(Line(number, text, end))
            connection.send_bytes((FINE if answer.fine else NOT_FINE) + answer.text)
    os._exit(1)


def _prepare() -> None:
    """Set the signals of a worker."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what Ctrl-C means
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)


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
