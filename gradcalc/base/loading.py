"""Follow an address such as `gradcalc.cli.diff:diff`, so that heavy libraries load only when used."""

from __future__ import annotations

import gc
import importlib
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


def load(address: str) -> Any:
    """The object at `module:name`. `address` comes from gradcalc's own registries, never from a user."""
    module, _, name = address.partition(":")
    if module in sys.modules:  # and nothing is frozen: what is garbage by now could never be collected
        return getattr(sys.modules[module], name)
    with loading():
        return getattr(importlib.import_module(module), name)


@contextmanager
def loading() -> Iterator[None]:
    """Around the import of a heavy library, where that stands in a function: fast, and not interrupted half way.

    The garbage collector rests meanwhile: SymPy and torch make about a million objects that live as long as the
    program, and walking them over and over is a third of their import time. Afterwards they are frozen, so that
    later collections leave them out too.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        with _uninterrupted():
            yield
    finally:
        gc.freeze()
        if was_enabled:
            gc.enable()


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Keeps the alarm of a time limit waiting: a library that is half imported cannot be imported again.

    And what ends a program: an exception that a signal raises inside an import may get lost in a callback of it.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM, signal.SIGTERM, signal.SIGHUP})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
