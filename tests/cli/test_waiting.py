"""The line beside work whose end nobody knows: not at once, with what is left, and gone at the end."""

from __future__ import annotations

import io

import pytest

from gradcalc.cli import waiting
from gradcalc.cli.waiting import CLEARED, Waiting


class Terminal(io.StringIO):
    """A stream that a person reads."""

    def isatty(self) -> bool:
        return True


def watched(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """What stands for stderr."""
    stream = Terminal()
    monkeypatch.setattr("sys.stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
    return stream


def test_short_work_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = watched(monkeypatch)
    line = Waiting()
    assert 0 < line.pause(60.0) <= waiting.PATIENCE
    line.draw(9.0)
    line.leave()
    assert terminal.getvalue() == ""


def test_long_work_tells_how_long_it_goes_on_and_may_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = watched(monkeypatch)
    line = Waiting()
    line.begun -= 3
    line.draw(6.9)
    line.draw(None)
    assert line.pause(60.0) == waiting.PAUSE
    line.leave()
    line.draw(1.0)
    assert terminal.getvalue() == (
        f"{CLEARED}working for 3 s, at most 7 s left{CLEARED}working for 3 s, loading libraries{CLEARED}"
    )


def test_nobody_watching_is_shown_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    line = Waiting()
    line.begun -= 3
    line.draw(6.9)
    assert (line.pause(60.0), stream.getvalue()) == (60.0, "")
