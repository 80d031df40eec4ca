"""The line beside work whose end nobody knows: not at once, with what is left, and gone at the end."""

from __future__ import annotations

import io
import socket
from collections.abc import Callable

import pytest

from gradcalc.cli import waiting
from gradcalc.cli.waiting import CLEARED, Waiting
from gradcalc.cli.warm import wire
from gradcalc.cli.warm.client import Call


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


def test_a_warm_call_shows_the_line_too_and_takes_it_off_before_anything_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = watched(monkeypatch)
    near, far = socket.socketpair()
    with near, far:
        call = Call(near, -1)
        call.waiting.begun -= 2
        pauses = iter([0.01, 0.01])
        monkeypatch.setattr(call.waiting, "pause", lambda seconds: next(pauses, seconds))
        far.sendall(wire.TIMED + b"7.0\n")
        call._heed(call._heard())
        monkeypatch.setattr(call.waiting, "draw", after_drawing(call.waiting, lambda: far.sendall(wire.SPEAKS)))
        word = call._heard()
    line = f"{CLEARED}working for 2 s, at most 7 s left"
    assert (word, terminal.getvalue()) == (wire.SPEAKS, f"{line}{CLEARED}")


def after_drawing(line: Waiting, then: Callable[[], None]) -> Callable[[float | None], None]:
    """Draw as always, and do something then."""
    draw = line.draw

    def drawn(left: float | None) -> None:
        draw(left)
        then()

    return drawn
