"""The program as a process: exit codes, closed pipes, Ctrl-C, time limits, clean streams."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

GRADCALC = [sys.executable, "-m", "gradcalc"]
ENDLESS = "gamma(gamma(gamma(gamma(x))))"


def run(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    """A finished run of the program."""
    return subprocess.run([*GRADCALC, *arguments], capture_output=True, text=True, timeout=60, **options)  # type: ignore[call-overload, no-any-return]


def test_success_leaves_stderr_empty() -> None:
    done = run("diff", "x**2", "--at", "3", "-q")
    assert (done.returncode, done.stdout, done.stderr) == (0, "6.0\n", "")


def test_disagreement_exits_1() -> None:
    assert run("diff", "abs(x)", "--at", "0", "-q").returncode == 1


def test_bad_input_exits_2_with_a_message() -> None:
    done = run("diff", "sinn(x)")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "error: unknown function `sinn`\n\n  sinn(x)\n  ^^^^\n\nhint: did you mean `sin`?\n"


def test_a_closed_pipe_ends_it_quietly() -> None:
    script = f"{' '.join(GRADCALC)} functions | head -n 1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert done.stderr == ""
    assert done.stdout.splitlines()[-1] in ("0", "141")


def test_no_colour_and_no_boxes_in_a_pipe() -> None:
    done = run("diff", "x**2", "--at", "3")
    assert "\x1b" not in done.stdout
    assert not set("│─┌╭") & set(done.stdout)


def started(*arguments: str) -> subprocess.Popen[str]:
    """A run that goes on, in a session of its own."""
    return subprocess.Popen(
        [*GRADCALC, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def test_ctrl_c_exits_130() -> None:
    process = started("diff", "-")
    with process:
        time.sleep(1)  # it waits for its expression by then
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(timeout=20) == 130


@pytest.mark.parametrize("seconds", ["0.5"])
def test_the_time_limit_is_kept(seconds: str) -> None:
    begin = time.monotonic()
    done = run("diff", ENDLESS, "--at", "5", "--timeout", seconds)
    assert done.returncode in (1, 3)
    assert time.monotonic() - begin < 8


def test_a_computation_inside_c_is_ended_from_outside(tmp_path: Path) -> None:
    script = tmp_path / "stuck.py"
    script.write_text(
        "import sys\n"
        "from gradcalc.cli import child\n"
        "from gradcalc.base.errors import LimitError\n"
        "child.allow()\n"
        "try:\n"
        "    child.supervise(0.2)\n"
        "    9 ** 9 ** 9\n"
        "except LimitError as error:\n"
        "    print(error.message)\n"
    )
    begin = time.monotonic()
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "no result within 0.2 s\n"
    assert time.monotonic() - begin < 5


FULL = [
    (["diff", "x**2"], ""),
    (["diff", "x**2", "--json"], ""),
    (["batch"], '"x**2"\n'),
]


@pytest.mark.parametrize(("arguments", "lines"), FULL)
def test_a_full_disk_is_told(arguments: list[str], lines: str) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*GRADCALC, *arguments],
            input=lines,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    assert (done.returncode, done.stderr) == (2, "error: cannot write the output: no space left on device\n")


def test_closed_streams_are_nobody_listening() -> None:
    script = f"{' '.join(GRADCALC)} diff x**2 >&- 2>&-; echo $?; echo '\"x\"' | {' '.join(GRADCALC)} batch >&-; echo $?"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert (done.stdout, done.stderr) == ("0\n0\n", "")
