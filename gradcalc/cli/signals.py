"""The signals that end a program, taken in order: by way of every `finally`, and once."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

ENDING = tuple(  # Ctrl-C, kill, a terminal that is closed, Ctrl-\
    signal.Signals[name] for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT") if hasattr(signal, name)
)
SIGNALLED, INTERRUPTED = 128, 130
PIPE_CLOSED = 141  # as a shell reports SIGPIPE


class Finished(BaseException):
    """All that is left is to end with an exit code. Not an Exception: no library that is being loaded may keep it."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def taken(handler: Callable[[int, FrameType | None], Any]) -> dict[int, Any]:
    """Let a handler take the ending signals, but for those that whoever called lets nobody take, as nohup does.

    The handlers before, to put back.
    """
    heard = [number for number in ENDING if signal.getsignal(number) is not signal.SIG_IGN]
    return {number: signal.signal(number, handler) for number in heard}


def held_back() -> set[int | signal.Signals]:
    """Let the ending signals wait until `let_through`, as until a new process knows what to do with one."""
    return signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)


def let_through(waited_before: set[int | signal.Signals]) -> None:
    """Take what has waited since `held_back`, which told what waited before."""
    signal.pthread_sigmask(signal.SIG_SETMASK, waited_before)


def end(number: int, frame: FrameType | None) -> None:
    """Raises KeyboardInterrupt at Ctrl-C, Finished at another signal; whatever comes after it interrupts nothing."""
    taken(lambda number, frame: None)
    raise KeyboardInterrupt if number == signal.SIGINT else Finished(SIGNALLED + number)


@contextlib.contextmanager
def ending_in_order() -> Iterator[None]:
    """Let what ends a program end it by way of every `finally`: with its workers, and without half a file.

    Raises Finished at a signal, and where nobody reads the output any more.
    """
    previous = taken(end)
    try:
        yield
    except BrokenPipeError:
        raise Finished(PIPE_CLOSED) from None
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
