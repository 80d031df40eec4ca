"""The line on the terminal: not at once, then with what is done, and gone at the end."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from gradcalc.cli import progress
from gradcalc.cli.progress import Bar, Rows, Steps


@pytest.fixture
def console() -> Console:
    """A terminal of 100 columns."""
    return Console(file=io.StringIO(), force_terminal=True, width=100)


def shown(console: Console) -> str:
    """What the terminal received."""
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_short_work_shows_nothing(console: Console) -> None:
    bar = Bar(100, console)
    bar.advance(50, fine=True)
    bar.draw()
    bar.close()
    assert shown(console) == ""


def test_long_work_shows_how_far_it_is(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    monkeypatch.setattr(progress, "PAUSE", 0.0)
    bar = Bar(100, console)
    bar.advance(20, fine=True)
    bar.advance(50, fine=False)
    bar.draw()
    assert "2 done" in shown(console)
    assert "1 not in agreement" in shown(console)
    assert "50%" in shown(console)
    bar.close()
    assert shown(console).endswith("\x1b[2K")


def test_a_pipe_has_no_percentage(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    monkeypatch.setattr(progress, "PAUSE", 0.0)
    bar = Bar(None, console)
    bar.advance(20, fine=True)
    bar.draw()
    bar.close()
    assert "1 done" in shown(console)
    assert "%" not in shown(console)


def test_a_loop_shows_its_steps_and_a_word_on_how_it_goes(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    steps = Steps(console)
    steps.report(1, 4, "loss 0.5")
    steps.report(2, 4, "loss 0.4")  # too soon after the first to be drawn
    steps.close()
    assert "loss 0.5" in shown(console)
    assert "25%" in shown(console)
    assert "loss 0.4" not in shown(console)


def test_drawing_takes_its_time(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    monkeypatch.setattr(progress, "PAUSE", 60.0)
    bar = Bar(100, console)
    bar.draw()
    once = shown(console)
    bar.draw()
    assert shown(console) == once != ""


def test_a_line_of_80_columns_holds_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    monkeypatch.setattr(progress, "PAUSE", 0.0)
    console = Console(file=io.StringIO(), force_terminal=True, width=80, color_system=None)
    bar = Bar(1_000_000, console)
    bar.lines, bar.bad, bar.position = 12_345, 1_234, 500_000
    bar.started -= 100
    bar.begun = (bar.started, 0)
    bar.draw()
    assert "12,345 done, 123 a second, 1,234 not in agreement ━━━━━       50% 0:01:40 left" in shown(console)
    bar.close()


def test_a_table_has_its_rate_and_the_time_left(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    monkeypatch.setattr(progress, "PAUSE", 0.0)
    bar = Rows(1_000, console)
    bar.report(1_234, 250)
    assert bar.left(1.0) == ""  # from one report nothing can be told
    bar.report(2_468, 500)
    assert bar.text(2.0) == "2,468 rows, 1,234 a second"
    bar.close()
    assert "50%" in shown(console)
    assert " left" in shown(console)
