"""The same question gets the same answer however busy the machine is; a clock only ends it, and then says so."""

from __future__ import annotations

import ast
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sympy.core.cache import clear_cache

from gradcalc.answers.gradient import scalar
from gradcalc.base import limits
from gradcalc.base.limits import Limits
from gradcalc.base.memory import Memory
from gradcalc.cli.app import main
from gradcalc.engines.sympy import closed_form
from gradcalc.engines.sympy.closed_form import differentiate
from gradcalc.inputs.pose import pose

Capture = pytest.CaptureFixture[str]
Patch = pytest.MonkeyPatch
PACKAGE = Path(__file__).parents[2] / "gradcalc"
HOLDING_CLOCKS = ("base", "cli", "jobs")  # what works out an answer, or shows it, has none
BUSY = 3  # threads that want to run at the same time
EARLY = (0.01, 0.05, 0.2)  # seconds after which the alarm rings

COMMANDS = {
    "a formula that is simplified": ["diff", "(cos(x) - sqrt(pi))**2 + tanh(x*(y - 3))", "--wrt", "x"],
    "a formula for each of several variables": ["diff", "sin(x)**2*tanh(y)*exp(x*y)"],
    "a cause and a cure": ["diff", "log(1 + exp(x))", "--at", "1000"],
    "the directions of a corner": ["diff", "max(x, y) + abs(x - y)", "--at", "x=1,y=1"],
    "a gradient that is proved": ["check", "acosh(x)", "--gradient", "1/sqrt(x**2 - 1)"],
    "a slip": ["check", "sin(x**2)*exp(x)", "--gradient", "cos(x**2)*exp(x)"],
    "a gradient for symmetric matrices": ["check", "x.T @ A @ x", "--gradient", "2*A @ x", "--wrt", "x"],
    "forms in array terms": ["jacobian", "softmax(x)", "--at", "x=[1,2,3,4,5,6,7,8]"],
    "second derivatives": ["hessian", "(1 - x)**2 + 100*(y - x**2)**2", "--at", "x=1,y=1"],
    "the graph of arrays": ["graph", "sum(A @ x)**2", "--at", "A=[[1,2],[3,4]],x=[1,2]"],
    "a range": ["diff", "abs(x**2 - 0.5)", "--range", "x=0:1", "--samples", "9"],
    "a direction": ["diff", "x**2*y", "--at", "x=1,y=2", "--direction", "x=1,y=-1"],
}


def printed(command: list[str], capsys: Capture) -> tuple[int, str, str]:
    """The exit code, and what is written, of a command for which nothing is remembered."""
    scalar.FORMS = Memory(250)
    clear_cache()
    code = main([*command, "--timeout", "60"])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


@contextmanager
def busy() -> Iterator[None]:
    """A machine on which others want to run too."""
    done = threading.Event()

    def spin() -> None:
        while not done.is_set():
            sum(range(1_000))

    threads = [threading.Thread(target=spin, daemon=True) for _ in range(BUSY)]
    [thread.start() for thread in threads]
    try:
        yield
    finally:
        done.set()
        [thread.join() for thread in threads]


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_a_busy_machine_answers_the_same(command: list[str], capsys: Capture) -> None:
    calm = printed(command, capsys)
    with busy():
        assert printed(command, capsys) == calm


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_an_alarm_ends_the_whole_and_changes_no_answer(command: list[str], capsys: Capture, monkeypatch: Patch) -> None:
    whole = printed(command, capsys)
    ended = (3, "", "error: no result within 60 s\n\nhint: raise it with --timeout SECONDS\n")
    alarm = limits.alarm
    for seconds in EARLY:
        monkeypatch.setattr(limits, "alarm", lambda _, early=seconds: alarm(early))
        assert printed(command, capsys) in (whole, ended)


@pytest.mark.parametrize("steps", range(400, 4_400, 800))
def test_what_was_asked_before_makes_no_difference(steps: int, monkeypatch: Patch) -> None:
    monkeypatch.setattr(closed_form, "SIMPLIFYING", steps)
    problem = pose("sin(x)**4*exp(x*y)/(x + y)**2 + cos(x)**4", Limits(), wrt="x")
    clear_cache()
    first = differentiate(problem)
    assert [differentiate(problem) for _ in range(3)] == [first] * 3


def clocks(source: str) -> set[str]:
    """The clocks that a source looks at, or sets."""
    names = {"time", "signal", "alarm", "TimeUp"}
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            module = getattr(node, "module", None)
            found |= names.intersection([module, *(alias.name for alias in node.names)])
    return found


def test_no_answer_depends_on_a_clock() -> None:
    files = [file for file in PACKAGE.rglob("*.py") if file.relative_to(PACKAGE).parts[0] not in HOLDING_CLOCKS]
    hearing = {"isolation_torch.py": {"signal"}}  # Ctrl-C, while a user's code runs
    assert {file.name: found for file in files if (found := clocks(file.read_text()))} == hearing


def test_a_clock_is_seen() -> None:
    assert clocks("import time\nfrom gradcalc.base.limits import alarm, time_limit\n") == {"time", "alarm"}
