"""Inputs that never end, or never begin: each meets an error within its time."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import pytest

from tests.hostile.console import GRADCALC, environment

SPARSE = 10_000_000_000  # bytes
NO_RESULT = "error: no result within 1 s\n\nhint: raise it with --timeout SECONDS\n"
ELEMENTS = "is too long, over the limit of 4,000,000 elements\n\nhint: set GRADCALC_MAX_ELEMENTS to raise it\n"
CHARACTERS = "is too long, over the limit of 200,000 characters\n\nhint: set GRADCALC_MAX_CHARACTERS to raise it\n"
WAITING = [  # arguments, and what they end with, within a second
    (["diff", "@fifo"], "error: `fifo` has not come to its end within 1 s\n\nhint: raise it with --timeout SECONDS\n"),
    (["batch", "fifo"], NO_RESULT),
    (["diff", "sum(A)", "--at", "A=@fifo"], NO_RESULT),
    (["nn", "--data", "fifo"], NO_RESULT),
    (
        ["diff", "-"],
        "error: standard input has not come to its end within 1 s\n\nhint: raise it with --timeout SECONDS\n",
    ),
]
ENDLESS = [  # arguments, and the limit that they meet
    (["diff", "@sparse"], f"error: `sparse` {CHARACTERS}"),
    (["diff", "sum(A)", "--at", "A=@/dev/zero"], f"error: a line of `/dev/zero` {ELEMENTS}"),
    (["diff", "sum(A)", "--at", "A=@sparse"], f"error: a line of `sparse` {ELEMENTS}"),
]


@pytest.mark.parametrize(
    ("arguments", "said", "seconds"), [*((*row, 1) for row in WAITING), *((*row, 10) for row in ENDLESS)]
)
def test_it_ends_in_time(arguments: list[str], said: str, seconds: int, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    os.truncate(_created(tmp_path / "sparse"), SPARSE)
    reading, writing = os.pipe()  # nobody writes into it, nobody closes it
    begin = time.monotonic()
    done = subprocess.run(
        [*GRADCALC, *arguments, f"--timeout={seconds}"],
        stdin=reading, capture_output=True, text=True, cwd=tmp_path, env=environment(), timeout=30, check=False,
    )  # fmt: skip
    os.close(reading)
    os.close(writing)
    assert (done.returncode, done.stdout, done.stderr) == (3, "", said)
    assert time.monotonic() - begin < seconds + 7


def test_a_batch_of_one_endless_line(tmp_path: Path) -> None:
    done = subprocess.run(
        [*GRADCALC, "batch", "/dev/zero", "--jobs=1"],
        capture_output=True, text=True, cwd=tmp_path, env=environment(), timeout=30, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (
        3,
        "error: line 1 of `/dev/zero` has no end: over 16 times the limit of 4,000,000 line bytes\n\n"
        "hint: set GRADCALC_MAX_LINE_BYTES to raise it\n",
    )
    assert done.stdout == (
        '{"schema": 1, "error": {"kind": "limit", "message": "the line is too long, over the limit of 4,000,000 line '
        'bytes", "expression": null, "span": null, "hint": "set GRADCALC_MAX_LINE_BYTES to raise it"}, "line": 1}\n'
    )


def _created(path: Path) -> Path:
    path.touch()
    return path
