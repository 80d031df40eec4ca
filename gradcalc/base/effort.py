"""Effort, counted in steps: what takes too long is given up at the same place on every machine, however busy it is."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import TypeVar

Result = TypeVar("Result")
STEPS = 800_000  # granted for a second of the time limit; an idle machine takes about half a second for them


class Exhausted(BaseException):
    """The steps granted are used up. Not an Exception, so that no library's `except Exception` keeps it."""


class _Meter(threading.local):
    """The steps that this thread has made, and how many it may have made."""

    made: float = 0
    most: float = math.inf


_meter = _Meter()


def spend(steps: float) -> None:
    """Count the steps of a piece of work that is about to be done; a step takes about a microsecond.

    What is done costs the same whether its result is remembered from before or not. Raises Exhausted.
    """
    _meter.made += steps
    if _meter.made > _meter.most:
        raise Exhausted


def made(work: Callable[[], Result]) -> tuple[Result, float]:
    """What a piece of work gives, and its steps: those who remember the one spend the other for it, the next time."""
    before = _meter.made
    return work(), _meter.made - before


@contextmanager
def granted(steps: float) -> Iterator[None]:
    """Raises Exhausted in the body once it spends more than so many steps; grants nest, and the smaller one holds."""
    outer = _meter.most
    _meter.most = min(outer, _meter.made + steps)
    try:
        yield
    finally:
        _meter.most = outer


@contextmanager
def uncounted() -> Iterator[None]:
    """What is spent in the body counts for nothing: a library that loads, which happens once."""
    made, most = _meter.made, _meter.most
    _meter.most = math.inf
    try:
        yield
    finally:
        _meter.made, _meter.most = made, most


@dataclass(slots=True)
class Allowance:
    """Steps for several pieces of work together."""

    left: float

    @contextmanager
    def drawn(self) -> Iterator[None]:
        """Raises Exhausted in the body once nothing is left."""
        before = _meter.made
        try:
            with granted(self.left):
                yield
        finally:
            self.left -= _meter.made - before


@dataclass(frozen=True, slots=True)
class Clock:
    """The clock of a question, which counts steps: each part of an answer is granted a part of the time for the whole.

    What is left of one part goes to no other, so that no part depends on how the others fared.
    """

    seconds: float

    def steps(self, part: float) -> float:
        """The steps that a part of the time is worth."""
        return part * self.seconds * STEPS

    def grant(self, part: float) -> AbstractContextManager[None]:
        """Raises Exhausted in the body when it has spent that part."""
        return granted(self.steps(part))

    def part(self, part: float) -> Clock:
        """A clock for a part of the time."""
        return Clock(part * self.seconds)
