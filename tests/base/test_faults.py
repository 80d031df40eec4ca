"""What gradcalc did not foresee ends in one message, with its place in the program, and never in a traceback."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import NoReturn

import pytest

from gradcalc import api
from gradcalc.cli.app import main

HINT = "please report it with this command; GRADCALC_DEBUG=1 shows the traceback"


def raising(error: BaseException) -> Callable[..., NoReturn]:
    """A function that does nothing but raise."""

    def raises(*_: object, **__: object) -> NoReturn:
        raise error

    return raises


FAULTS = [
    (KeyError("x"), 70, "gradcalc has a bug: KeyError: 'x' (gradcalc/cli/diff.py:0)", HINT),
    (
        AssertionError(),
        70,
        "gradcalc has a bug: AssertionError (gradcalc/cli/diff.py:0)",
        HINT,
    ),
    (
        ValueError("\x1b[2J" + "x" * 300),
        70,
        f"gradcalc has a bug: ValueError: \\x1b[2J{'x' * 184}… (gradcalc/cli/diff.py:0)",
        HINT,
    ),
    (
        RecursionError("maximum recursion depth exceeded"),
        3,
        "the computation is nested too deep for Python",
        "no option raises this limit: write the expression as statements, each with a name",
    ),
    (
        MemoryError(),
        3,
        "the memory is used up",
        "no option raises this limit: give smaller arrays, or a shorter expression",
    ),
    (
        ModuleNotFoundError("No module named 'torch'", name="torch"),
        2,
        "the package `torch` is missing",
        "pip install torch",
    ),
]


@pytest.mark.parametrize(("error", "code", "message", "hint"), FAULTS)
def test_one_message(
    error: BaseException,
    code: int,
    message: str,
    hint: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(api, "diff", raising(error))
    assert main(["diff", "x"]) == code
    said = capsys.readouterr()
    assert re.sub(r"py:\d+", "py:0", said.err) == f"error: {message}\n\nhint: {hint}\n"
    assert said.out == ""


def test_the_record(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(api, "diff", raising(KeyError("x")))
    assert main(["diff", "x", "--json"]) == 70
    error = json.loads(capsys.readouterr().out)["error"]
    assert (error["kind"], error["hint"]) == ("internal", HINT)


def test_the_traceback_on_demand(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(api, "diff", raising(KeyError("x")))
    monkeypatch.setenv("GRADCALC_DEBUG", "1")
    assert main(["diff", "x"]) == 70
    assert capsys.readouterr().err.startswith("Traceback (most recent call last):\n")
