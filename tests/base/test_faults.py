"""What gradcalc did not foresee ends in one message, with its place in the program, and never in a traceback."""

from __future__ import annotations

import errno
import re
from collections.abc import Callable
from typing import NoReturn

import pytest

from gradcalc import api
from gradcalc.cli.app import main
from tests.running import Run

COMMAND = "diff"

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
    (
        ImportError("libtorch_cpu.so: failed to map segment from shared object"),
        3,
        "the memory that this process may have is too small to load torch",
        "`ulimit -v` tells how much it may have",
    ),
    (
        ImportError("flint.so: cannot allocate memory in static TLS block", name="flint.pyflint"),
        3,
        "the memory that this process may have is too small to load flint",
        "`ulimit -v` tells how much it may have",
    ),
    (
        OSError(errno.ENOMEM, "Cannot allocate memory"),
        3,
        "the memory is used up",
        "no option raises this limit: give smaller arrays, or a shorter expression",
    ),
    (
        OSError(errno.EMFILE, "Too many open files"),
        3,
        "this process may open no more files",
        "`ulimit -n` tells how many it may",
    ),
    (
        BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable"),
        3,
        "no more processes can be started",
        "`ulimit -u` tells how many there may be",
    ),
    (OSError(errno.EIO, "Input/output error", "here"), 2, "`here`: input/output error", None),
]


@pytest.mark.parametrize(("error", "code", "message", "hint"), FAULTS)
def test_one_message(
    error: BaseException,
    code: int,
    message: str,
    hint: str | None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(api, "diff", raising(error))
    assert main(["diff", "x"]) == code
    said = capsys.readouterr()
    assert re.sub(r"py:\d+", "py:0", said.err) == f"error: {message}\n" + (f"\nhint: {hint}\n" if hint else "")
    assert said.out == ""


def test_the_record(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    monkeypatch.setattr(api, "diff", raising(KeyError("x")))
    error = run.record("x", code=70)["error"]
    assert (error["kind"], error["hint"]) == ("internal", HINT)


def test_the_traceback_on_demand(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(api, "diff", raising(KeyError("x")))
    monkeypatch.setenv("GRADCALC_DEBUG", "1")
    assert main(["diff", "x"]) == 70
    assert capsys.readouterr().err.startswith("Traceback (most recent call last):\n")
