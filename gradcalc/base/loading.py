"""Follow an address such as `gradcalc.cli.diff:diff`, so that heavy libraries load only when used."""

from __future__ import annotations

import gc
import importlib
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from gradcalc.base.effort import uncounted
from gradcalc.base.limits import standing_still


def load(address: str) -> Any:
    """The object at `module:name`. `address` comes from gradcalc's own registries, never from a user."""
    module, _, name = address.partition(":")
    if module in sys.modules:  # and nothing is frozen: what is garbage by now could never be collected
        return getattr(sys.modules[module], name)
    with loading():
        return getattr(importlib.import_module(module), name)


watchers: list[Callable[[bool], None]] = []  # told whether a library begins to load, or is loaded


@contextmanager
def loading() -> Iterator[None]:
    """Around the import of a heavy library, where that stands in a function: fast, and at no limit's expense.

    The garbage collector rests meanwhile: SymPy and torch make about a million objects that live as long as the
    program, and walking them over and over is a third of their import time. Afterwards they are frozen, so that
    later collections leave them out too. Alarms wait: a library that is half imported cannot be imported again, and
    how long it takes to come from the disk says nothing about the work.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    _tell(True)
    try:
        with standing_still(), uncounted(), _uninterrupted():
            yield
    finally:
        _tell(False)
        gc.freeze()
        if was_enabled:
            gc.enable()


def _tell(begins: bool) -> None:
    for watcher in watchers:
        watcher(begins)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Keeps what ends a program waiting: an exception that a signal raises inside an import may get lost in it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
