"""Addresses are followed; what is loaded for good is left out of garbage collection, and nothing else."""

from __future__ import annotations

import gc
import signal
import subprocess
import sys
from types import FrameType

import pytest

from gradcalc.base import loading as module
from gradcalc.base.effort import Exhausted, granted, spend
from gradcalc.base.errors import LimitError
from gradcalc.base.loading import load, loading

PROBE = """
import sys, time
from gradcalc import api

class ColdDisk:
    def find_spec(self, name, path=None, target=None):
        if name == "torch":
            time.sleep(2.5)

sys.meta_path.insert(0, ColdDisk())
print(api.diff("x**2", at=3, timeout=2).row("x").autograd)
"""


def test_an_address_is_followed() -> None:
    assert load("gradcalc.base.errors:LimitError") is LimitError


def test_an_address_that_leads_nowhere_is_an_error() -> None:
    with pytest.raises(AttributeError):
        load("gradcalc.base.errors:NoSuchError")
    with pytest.raises(ModuleNotFoundError):
        load("gradcalc.no_such_module:thing")


def test_what_is_loaded_already_freezes_nothing() -> None:
    before = gc.get_freeze_count()
    load("gradcalc.base.errors:LimitError")
    assert gc.get_freeze_count() == before


def test_what_is_loaded_for_the_first_time_is_frozen() -> None:
    script = (
        "import gc; from gradcalc.base.loading import load; load('gradcalc.functions:CATALOGUE'); "
        "print(gc.get_freeze_count() > 0, gc.isenabled())"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "True True\n"


def test_the_time_that_a_library_takes_to_load_is_not_counted() -> None:
    done = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("6.0\n", "")


def test_neither_are_the_steps() -> None:
    with granted(10):
        with loading():
            spend(1_000)
        spend(10)
        with pytest.raises(Exhausted):
            spend(1)


def test_who_watches_hears_of_every_load(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[bool] = []
    monkeypatch.setattr(module, "watchers", [heard.append])
    with pytest.raises(ZeroDivisionError), loading(), loading():
        _ = 1 / 0
    assert heard == [True, True, False, False]


class Ended(BaseException):
    """What a signal raises."""


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="signals cannot be held back here")
def test_a_signal_that_ends_a_program_waits_until_a_library_is_loaded() -> None:
    def end(number: int, frame: FrameType | None) -> None:
        raise Ended

    loaded = False
    before = signal.signal(signal.SIGTERM, end)
    try:
        with pytest.raises(Ended), loading():
            signal.raise_signal(signal.SIGTERM)  # to this thread: another one of the tests might take it
            loaded = True
    finally:
        signal.signal(signal.SIGTERM, before)
    assert loaded
