"""A pool of worker processes that answers lines in their order, each within its own time.

Every worker has one line at a time, so that the line which a worker hangs on, or dies of, is known: that line gets an
error, and another worker takes the place. Workers are forked from this process, which has loaded what they need.

A worker remembers what it found out. Among the next lines it gets those of a kind that it knows, if there are any.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Hashable, Iterator
from multiprocessing.connection import wait
from typing import Any

from gradcalc.base.errors import LimitError
from gradcalc.files.lines import Line, Lines
from gradcalc.files.streams import reason
from gradcalc.jobs.worker import Answer, Ticket, Work, Worker, started

WINDOW = 1_024  # lines in flight or waiting for an earlier one
WINDOW_BYTES = 64_000_000  # of them and of their answers
AHEAD = 32  # lines to choose from; one that was passed over as often goes first
KINDS = 10_000  # that are known to have a worker
PULSE = 0.1  # seconds between two looks at a progress bar

Lost = Callable[[Line, LimitError], Answer]


class Pool:
    """Up to `jobs` workers that apply `work` to lines, each for at most `seconds`.

    `lost` makes the answer to a line whose worker was overdue or died, `kind` tells which lines are alike. `pulse` is
    called while there is nothing to do.
    """

    def __init__(
        self,
        work: Work,
        lost: Lost,
        *,
        jobs: int,
        seconds: float,
        kind: Callable[[Line], Hashable] = lambda line: None,
        pulse: Callable[[], None] | None = None,
    ) -> None:
        self.work, self.lost, self.kind, self.pulse = work, lost, kind, pulse
        self.jobs, self.seconds = jobs, seconds
        self.workers: list[Worker] = []
        self.window: deque[Ticket] = deque()
        self.held = 0  # bytes in the window
        self.waiting: list[Ticket] = []  # those of the window that no worker has had
        self.homes: dict[Hashable, Worker] = {}  # of the kinds of line: who knows them

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
        self._look_ahead(lines)
        while self.waiting and (self.held < WINDOW_BYTES or self.waiting[0] is self.window[0]):
            worker = next((worker for worker in self.workers if worker.ticket is None), None) or self._another()
            if worker is None:
                return
            worker.give(self._suited(worker))
            self._look_ahead(lines)

    def _look_ahead(self, lines: Lines) -> None:
        """Take lines that are there into the window."""
        while lines.buffered and len(self.waiting) < AHEAD and len(self.window) < WINDOW and self.held < WINDOW_BYTES:
            line = lines.take()
            ticket = Ticket(line, self.kind(line))
            self.window.append(ticket)
            self.waiting.append(ticket)
            self.held += ticket.size

    def _suited(self, worker: Worker) -> Ticket:
        """The line for a worker: of a kind that it knows, else of one that none does, else the first there is."""
        index = 0
        if self.waiting[0].passed < AHEAD and self.held < WINDOW_BYTES:
            homes = [self.homes.get(ticket.kind) for ticket in self.waiting]
            index = homes.index(worker) if worker in homes else homes.index(None) if None in homes else 0
        for passed in self.waiting[:index]:
            passed.passed += 1
        ticket = self.waiting.pop(index)
        if len(self.homes) >= KINDS:
            self.homes.clear()
        self.homes[ticket.kind] = worker
        return ticket

    def _another(self) -> Worker | None:
        """A new worker, unless there are enough. Where the system allows no more, those that there are go on.

        Raises LimitError where there is none.
        """
        if len(self.workers) >= self.jobs:
            return None
        try:
            worker = started(self.work, self.seconds, self.workers)
        except OSError as error:
            if not self.workers:
                raise LimitError(f"no worker can be started: {reason(error)}", hint="ask for fewer --jobs") from None
            self.jobs = len(self.workers)
            return None
        self.workers.append(worker)
        return worker

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
            error = LimitError(f"no result within {self.seconds:g} s", hint="raise it with --timeout SECONDS")
            self._lose(worker, error)
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
            answer = worker.answer()
        except LimitError as error:
            self._lose(worker, error)
        else:
            self._settle(worker, answer)

    def _lose(self, worker: Worker, error: LimitError) -> None:
        """End a worker; the line that it had gets an error. The next line that finds no worker starts another."""
        worker.end()
        self.workers.remove(worker)
        self.homes = {kind: home for kind, home in self.homes.items() if home is not worker}
        if worker.ticket is not None:
            self._settle(worker, self.lost(worker.ticket.line, error))

    def _settle(self, worker: Worker, answer: Answer) -> None:
        """The line that a worker had is answered."""
        assert worker.ticket is not None
        worker.ticket.answer = answer
        self.held += len(answer.text)
        worker.ticket = None
