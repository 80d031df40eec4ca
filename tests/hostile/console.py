"""Runs the command line in this process and looks at what it leaves behind."""

from __future__ import annotations

import contextlib
import io
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from gradcalc.cli.app import main

GRADCALC = [sys.executable, "-m", "gradcalc"]
SOON = 4.0  # seconds over the time limit; what hangs takes minutes


def code_of(arguments: Sequence[str], folder: Path, seconds: int = 5) -> tuple[int, str]:
    """The exit code and all that was printed, by a run in an empty folder. Asserts that nothing else happened."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="backslashreplace") for _ in range(2))
    begin = time.monotonic()
    with contextlib.chdir(folder), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main([arguments[0], f"--timeout={seconds}", *arguments[1:]])
    assert time.monotonic() - begin < seconds + SOON
    said = "".join(_text(stream) for stream in (out, err))
    assert "Traceback" not in said
    assert all(letter.isprintable() or letter == "\n" for letter in said)
    assert os.listdir(folder) == []  # noqa: PTH208
    return code, said


def environment() -> dict[str, str]:
    """What a process needs to run the program from another folder."""
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}


def _text(stream: io.TextIOWrapper) -> str:
    """What was written to a stream."""
    stream.seek(0)
    return stream.read()
