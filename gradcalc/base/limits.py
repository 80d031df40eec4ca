"""The budgets: what an expression may cost, each with the environment variable that raises it, and the clock."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from types import FrameType

from gradcalc.base.effort import Clock
from gradcalc.base.errors import LimitError, UsageError
from gradcalc.base.span import Span

DEFAULT_TIMEOUT = 10.0  # seconds
LONGEST_TIMEOUT = 1_000_000  # seconds
ALARM_REPEAT = 0.05  # seconds; rings again, in case a library swallowed the first interruption
SHELTERED = frozenset({__file__, contextlib.__file__})  # code that enters and leaves a time limit
IMPORTER = "<frozen importlib._bootstrap>"  # the file that the import system's own code says it is from


@dataclass(frozen=True, slots=True)
class Limits:
    """How large an expression may be; ordinary work stays far below."""

    characters: int = 200_000
    depth: int = 5_000
    nodes: int = 60_000
    digits: int = 4_000  # of a constant: 9**9**9 has 369,693,100
    elements: int = 4_000_000  # of an array
    held_elements: int = 50_000_000  # of all arrays that a computation holds at once: 400 megabytes
    operations: int = 60_000  # of an array expression that is written out for the exact engine
    line_bytes: int = 4_000_000  # of a file of lines
    written_characters: int = 2_000_000  # of a formula that comes out

    def require(self, name: str, amount: float, what: str, span: Span | None = None) -> None:
        """Raises LimitError, naming the variable that raises the limit, when `amount` is over limit `name`."""
        allowed = getattr(self, name)  # `name` is one of the fields above, never a user's text
        if amount > allowed:
            raise LimitError(
                f"{what}, over the limit of {allowed:,} {name.replace('_', ' ')}",
                span=span,
                hint=f"set {variable(name)} to raise it",
            )


def variable(name: str) -> str:
    """The environment variable that sets limit `name`."""
    return f"GRADCALC_MAX_{name.upper()}"


def current() -> Limits:
    """The limits in force: the defaults, and what the environment says. Raises UsageError on a bad number."""
    chosen = {}
    for field in fields(Limits):
        text = os.environ.get(variable(field.name))
        if text is None:
            continue
        if not (text.isascii() and text.isdigit() and 0 < len(text) < 16):
            raise UsageError(f"{variable(field.name)} is `{text}`, expected a whole number")
        chosen[field.name] = int(text)
    return Limits(**chosen)


def require_timeout(seconds: float) -> None:
    """Raises UsageError at a time that is no number of seconds that a clock can be set to."""
    if not 0 < seconds <= LONGEST_TIMEOUT:
        raise UsageError(f"--timeout is {seconds:g}, expected a number of seconds up to {LONGEST_TIMEOUT:,}")


class TimeUp(BaseException):
    """The alarm rang. Not an Exception, so that no library's `except Exception` keeps it."""


@contextmanager
def alarm(seconds: float) -> Iterator[None]:
    """Raises TimeUp in the body after `seconds` of wall time; alarms nest, and the sooner one rings.

    Works in the main thread of systems that have interval timers; elsewhere the body simply runs.
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return

    armed = False
    imports = _imports(sys._getframe())

    def ring(signum: int, frame: FrameType | None) -> None:
        # Not while the clock is being set or put back, or on the way there, or it would go on ringing afterwards. And
        # not while a module is being imported, or half a library would stay behind. It rings again soon after.
        sheltered = frame is not None and frame.f_code.co_filename in SHELTERED
        if armed and not sheltered and _imports(frame) <= imports:
            raise TimeUp

    started = time.monotonic()
    outer_handler = signal.signal(signal.SIGALRM, ring)
    outer_left = signal.getitimer(signal.ITIMER_REAL)[0]
    try:
        armed = True
        signal.setitimer(signal.ITIMER_REAL, min(seconds, outer_left or seconds), ALARM_REPEAT)
        yield
    finally:
        armed = False
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, outer_handler)
        if outer_left:
            left = outer_left - (time.monotonic() - started)
            signal.setitimer(signal.ITIMER_REAL, max(left, 1e-4), ALARM_REPEAT)


def _imports(frame: FrameType | None) -> int:
    """How many imports are under way in the calls that led to `frame`."""
    count = 0
    while frame is not None:
        count += frame.f_code.co_filename == IMPORTER
        frame = frame.f_back
    return count


class _Limit(threading.local):
    """The time limit that this thread is in."""

    seconds: float = DEFAULT_TIMEOUT


_limit = _Limit()


def running() -> Clock:
    """The clock of the time limit around the caller."""
    return Clock(_limit.seconds)


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raises LimitError, naming `--timeout`, when the body takes longer than `seconds`; UsageError at no such time."""
    require_timeout(seconds)
    outer, _limit.seconds = _limit.seconds, seconds
    try:
        with alarm(seconds):
            yield
    except TimeUp:
        raise LimitError(f"no result within {seconds:g} s", hint="raise it with --timeout SECONDS") from None
    finally:
        _limit.seconds = outer
