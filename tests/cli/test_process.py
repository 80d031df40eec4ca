"""The program as a process: exit codes, closed pipes, Ctrl-C, time limits, clean streams."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gradcalc.cli.app import main
from gradcalc.cli.line import GRACE
from gradcalc.files.streams import Target, Unheard, as_text
from tests.hearing import hear

GRADCALC = [sys.executable, "-m", "gradcalc"]
ENDLESS = "gamma(gamma(gamma(gamma(x))))"


def run(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    """A finished run of the program."""
    return subprocess.run([*GRADCALC, *arguments], capture_output=True, text=True, timeout=60, **options)  # type: ignore[call-overload, no-any-return]


def test_success_leaves_stderr_empty_and_has_no_colour_and_no_boxes_in_a_pipe() -> None:
    done = run("diff", "x**2")
    assert (done.returncode, done.stdout, done.stderr) == (0, "f = x**2\n\ndf/dx = 2*x\n", "")


def test_disagreement_exits_1() -> None:
    assert run("check", "x**2", "--gradient", "x", "-q").returncode == 1


def test_bad_input_exits_2_with_a_message() -> None:
    done = run("diff", "sinn(x)")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "error: unknown function `sinn`\n\n  sinn(x)\n  ^^^^\n\nhint: did you mean `sin`?\n"


def test_a_closed_pipe_ends_it_quietly() -> None:
    script = f"{' '.join(GRADCALC)} functions | head -n 1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert done.stderr == ""
    assert done.stdout.splitlines()[-1] in ("0", "141")


class Unread(io.RawIOBase):
    """Standard output that goes into a pipe without a reader."""

    @property
    def buffer(self) -> Unread:
        """The same for bytes."""
        return self

    def write(self, data: object) -> int:
        """Never succeeds."""
        raise BrokenPipeError


def test_a_closed_pipe_is_not_the_file_that_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs = tmp_path / "jobs.jsonl"
    jobs.write_text('"x"\n' * 3)
    monkeypatch.setattr("sys.stdout", Unread())
    assert main(["batch", str(jobs), "--jobs=1"]) == 141


def started(*arguments: str) -> subprocess.Popen[str]:
    """A run that goes on, in a session of its own."""
    return subprocess.Popen(
        [*GRADCALC, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=hear,
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


SITE = """
import os, sys, time

class ColdDisk:
    def find_spec(self, name, path=None, target=None):
        if name == os.environ["COLD"]:
            time.sleep(float(os.environ["COLD_FOR"]))

def late(code):
    time.sleep(float(os.environ["LATE"]))
    leave(code)

sys.meta_path.insert(0, ColdDisk())
leave, os._exit = os._exit, late
"""


def slow(tmp_path: Path, *arguments: str, cold: str = "", cold_for: float = 0, late: float = 0) -> tuple[int, str, str]:
    """A run on a disk from which one module takes so long to come, or that takes so long to end."""
    (tmp_path / "sitecustomize.py").write_text(SITE)
    os.mkfifo(tmp_path / "fifo")
    path = f"{tmp_path}{os.pathsep}{Path.cwd()}"
    times = {"COLD": cold, "COLD_FOR": str(cold_for), "LATE": str(late)}
    environment = {**os.environ, "PYTHONPATH": path, **times}
    done = run(*arguments, cwd=tmp_path, env=environment)
    return done.returncode, done.stdout, done.stderr


def test_a_cold_disk_is_no_reason_to_give_up(tmp_path: Path) -> None:
    command = ["diff", "x**2", "--at", "3", "--timeout", "2", "-q"]
    assert slow(tmp_path, *command, cold="torch", cold_for=2.5) == (0, "6.0\n", "")


LONG = GRACE + 0.5  # seconds: the parent is at its end by then
WAITING = ["diff", "sum(A)", "--at", "A=@fifo", "--timeout", "1"]
TOLD = "error: no result within 1 s\n\nhint: raise it with --timeout SECONDS\n"
TOLD_IN_JSON = (
    '{"schema": 1, "error": {"kind": "limit", "message": "no result within 1 s", "expression": null, "span": null, '
    '"hint": "raise it with --timeout SECONDS"}}\n'
)


@pytest.mark.parametrize(
    ("cold", "late"),
    [("", 0), ("", LONG), ("gradcalc.render.error", 0)],
    ids=["at once", "and then is slow to end", "slowly"],
)
def test_of_child_and_parent_one_tells_of_the_limit(cold: str, late: float, tmp_path: Path) -> None:
    assert slow(tmp_path, *WAITING, "--json", cold=cold, cold_for=LONG, late=late) == (3, TOLD_IN_JSON, TOLD)


STUCK = """
import sys
from gradcalc.base.loading import loading
from gradcalc.cli import app, child, line, typed
from gradcalc.cli.output import Output

line.LONGEST_LOADING = 0.2
child.allow()

def hang(where, timeout):
    child.supervise(timeout)
    if where == "loading":
        with loading():
            9 ** 9 ** 9
    9 ** 9 ** 9

typed.run = lambda arguments, commands: hang(arguments[0], float(arguments[1]))
sys.exit(app.main(sys.argv[1:]))
"""


@pytest.mark.parametrize(("where", "timeout"), [("working", "1"), ("loading", "60")])
def test_what_hangs_inside_c_is_ended_and_told_of_once(where: str, timeout: str) -> None:
    begin = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", STUCK, where, timeout, "--json"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    shown = (3, TOLD_IN_JSON.replace("1 s", f"{timeout} s"), TOLD.replace("1 s", f"{timeout} s"))
    assert (done.returncode, done.stdout, done.stderr) == shown
    assert time.monotonic() - begin < 8


def test_a_result_is_written_however_long_its_reader_takes() -> None:
    point = f"x=[{','.join(['1'] * 200)}]"  # for more numbers than a pipe holds
    script = f"{' '.join(GRADCALC)} jacobian x --at '{point}' --timeout 3 --quiet | (sleep 4; wc -l)"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert (done.stdout.strip(), done.stderr) == ("200", "")


FULL = [
    (["diff", "x**2", "--reading"], ""),
    (["diff", "x**2", "--json"], ""),
    (["batch", "--jobs=1"], '"x**2"\n'),
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


STREAMS = ["<&-", ">&-", "2>&-", "<&- >&-", "<&- 2>&-", ">&- 2>&-", "<&- >&- 2>&-", "2>/dev/full", "2>/dev/full <&-"]


def test_no_stream_that_is_closed_or_full_changes_the_exit_code() -> None:
    bad = f"{' '.join(GRADCALC)} diff 'sinn(x)'"
    script = "".join(f"{bad} {streams}; echo $? >&9; " for streams in STREAMS)
    done = subprocess.run(["bash", "-c", f"exec 9>&1; {script}"], capture_output=True, text=True, check=True)
    assert [line for line in done.stdout.splitlines() if line.isdigit()] == ["2"] * len(STREAMS)
    assert "Traceback" not in done.stderr


def test_remarks_that_nobody_can_read_change_nothing() -> None:
    with Path("/dev/full").open("wb") as full, as_text(Unheard(full.fileno(), "")) as remarks:
        assert print("running model.py", file=remarks, flush=True) is None


def test_results_wait_for_a_reader_that_does_not_block() -> None:
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    if not os.fork():
        os.close(writing)
        time.sleep(0.3)
        while os.read(reading, 1 << 16):
            pass
        os._exit(0)
    os.close(reading)
    with as_text(Target(writing, "cannot write the output")) as file:
        file.write("x" * 1_000_000)
    os.close(writing)
    assert os.wait()[1] == 0


def test_closed_streams_are_nobody_listening() -> None:
    diff, batch = f"{' '.join(GRADCALC)} diff x**2 --reading", f"echo '\"x\"' | {' '.join(GRADCALC)} batch --jobs=1"
    script = f"{diff} >&- 2>&-; echo $?; {batch} >&-; echo $?"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert (done.stdout, done.stderr) == ("0\n0\n", "")


@pytest.mark.parametrize("arguments", [("-h",), ("diff", "-h"), ("diff", "x", "-h")])
def test_h_is_help_everywhere(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 0
    assert capsys.readouterr().out.startswith("Usage: gradcalc ")
