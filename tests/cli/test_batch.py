"""`gradcalc batch`: lines in, lines out, exit codes, files, and how it ends when it is stopped."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from gradcalc.cli.app import main
from tests.hearing import hear
from tests.running import Run

GRADCALC = [sys.executable, "-m", "gradcalc"]
THREE = '{"id": 1, "expression": "x**2", "at": {"x": 3}}\n"sinn(x)"\n\n{"id": 3, "expression": "abs(x)", "at": 0}\n'


@pytest.fixture
def jobs(tmp_path: Path) -> Path:
    """A file of three jobs: one that agrees, one with an error, one at a kink."""
    path = tmp_path / "jobs.jsonl"
    path.write_text(THREE)
    return path


def written(tmp_path: Path, *lines: str | bytes) -> str:
    """The path of a file with those lines."""
    path = tmp_path / "lines.jsonl"
    path.write_bytes(b"".join((line.encode() if isinstance(line, str) else line) + b"\n" for line in lines))
    return str(path)


def records(text: str) -> list[dict[str, Any]]:
    """The lines that came out."""
    return [json.loads(line) for line in text.splitlines()]


def test_each_line_is_answered_in_its_place(jobs: Path, run: Run) -> None:
    code, out, err = run("batch", str(jobs))
    first, second, third = records(out)
    assert list(first)[:3] == ["schema", "id", "expression"]
    assert (first["id"], first["gradient"]["x"]["symbolic"], first["verdict"]) == (1, 6.0, "agree")
    assert second == {
        "schema": 1,
        "error": {
            "kind": "name", "message": "unknown function `sinn`", "expression": "sinn(x)", "span": [0, 4],
            "hint": "did you mean `sin`?",
        },
        "line": 2,
    }  # fmt: skip
    assert (third["id"], third["verdict"]) == (3, "kink")
    assert (code, err) == (1, "")


CODES = {
    "agreement": (['{"expression": "x**2", "at": 3}'], 0),
    "nothing to compare": (['"x**2"'], 0),
    "no line": ([], 0),
    "blank lines": (["", "  "], 0),
    "a kink": (['{"expression": "abs(x)", "at": 0}'], 1),
    "an error": (['"x"', "x"], 1),
    "a limit": (['"x"', '"9**9**9"'], 1),
}


@pytest.mark.parametrize(("lines", "code"), CODES.values(), ids=CODES)
def test_exit_code(lines: list[str], code: int, tmp_path: Path, run: Run) -> None:
    done = run("batch", written(tmp_path, *lines))
    assert (done.code, done.err) == (code, "")


WRONG = {
    "no such file": (["batch", "/no/such/file"], "error: cannot read `/no/such/file`: no such file or directory\n"),
    "a folder": (["batch", "/"], "error: cannot read `/`: is a directory\n"),
    "no worker": (["batch", "--jobs", "0"], "error: --jobs is 0, expected a whole number from 1 to 256\n"),
    "too many workers": (["batch", "--jobs", "257"], "error: --jobs is 257, expected a whole number from 1 to 256\n"),
    "no time": (
        ["batch", "--timeout", "0"], "error: --timeout is 0, expected a number of seconds up to 1,000,000\n",
    ),
    "an unknown dtype": (
        ["batch", "--dtype", "float65"], "error: unknown dtype `float65`\n\nhint: did you mean `float64`?\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("arguments", "message"), WRONG.values(), ids=WRONG)
def test_wrong_use_is_told_before_any_line(arguments: list[str], message: str, run: Run) -> None:
    assert run.refused(*arguments) == message


def test_wrong_use_is_a_record_with_json(run: Run) -> None:
    (record,) = records(run.printed("batch", "/no/such/file", "--json", code=2))
    assert record["error"]["kind"] == "file"


def test_options_hold_for_lines_that_say_nothing(tmp_path: Path, run: Run) -> None:
    lines = ['{"expression": "x/3", "at": 3}', '{"expression": "x/3", "at": 3, "dtype": "float64"}']
    out = run.printed("batch", written(tmp_path, *lines), "--dtype", "float32", "--jobs", "1")
    assert [record["dtype"] for record in records(out)] == ["float32", "float64"]


def test_numbers_that_are_not_finite_are_text(tmp_path: Path, run: Run) -> None:
    (record,) = records(run.printed("batch", written(tmp_path, '{"expression": "exp(x)", "at": 1000}'), code=1))
    assert (record["value"], record["gradient"]["x"]["autograd"]) == ("Infinity", "Infinity")


def test_letters_come_back_as_they_are(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    main(["batch", written(tmp_path, '{"id": "λ\\u2028", "expression": "λ²"}', '{"id": "\\ud800", "expression": "x"}')])
    first, second = capfdbinary.readouterr().out.split(b"\n")[:2]
    assert first.startswith('{"schema": 1, "id": "λ\\u2028", "expression": "λ²", "reading": "λ**2", '.encode())
    assert second.startswith(b'{"schema": 1, "id": "\\ud800", ')


def test_a_very_long_line_is_refused_and_the_rest_goes_on(tmp_path: Path, run: Run) -> None:
    first, second = records(run.printed("batch", written(tmp_path, b'"' + b"x" * 20_000_000 + b'"', '"x**2"'), code=1))
    assert first == {
        "schema": 1,
        "error": {
            "kind": "limit", "message": "the line is too long, over the limit of 4,000,000 line bytes",
            "expression": None, "span": None, "hint": "set GRADCALC_MAX_LINE_BYTES to raise it",
        },
        "line": 1,
    }  # fmt: skip
    assert second["gradient"]["x"]["formula"] == "2*x"


def test_output_appears_whole(jobs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "out.jsonl"
    assert main(["batch", str(jobs), "-o", str(target)]) == 1
    assert len(records(target.read_text())) == 3
    assert capsys.readouterr() == ("", "")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["jobs.jsonl", "out.jsonl"]


def test_output_is_replaced_only_when_forced(jobs: Path, run: Run) -> None:
    target = jobs.with_name("old.jsonl")
    target.write_text(THREE)
    err = run.refused("batch", str(jobs), "-o", str(target))
    assert err == f"error: `{target}` exists\n\nhint: replace it with --force\n"
    assert target.read_text() == THREE
    assert main(["batch", str(jobs), "-o", str(target), "--force"]) == 1
    assert [record["schema"] for record in records(target.read_text())] == [1, 1, 1]


def test_a_device_is_never_replaced(jobs: Path, run: Run) -> None:
    assert run.refused("batch", str(jobs), "-o", "/dev/null", "--force") == "error: `/dev/null` is not a regular file\n"


# -- as a process


def started(*arguments: str, **options: Any) -> subprocess.Popen[bytes]:
    """A run that goes on, in a session of its own."""
    return subprocess.Popen(
        [*GRADCALC, "batch", *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True,
        preexec_fn=hear, **{"stderr": subprocess.PIPE} | options,
    )  # fmt: skip


def test_a_line_is_answered_when_it_is_ready_not_when_the_input_ends() -> None:
    with started("--jobs=1") as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b'{"id": 1, "expression": "x**2", "at": 3}\n')
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["id"] == 1
        process.stdin.write(b'{"id": 2, "expression": "x**3", "at": 3}')
        process.stdin.close()
        assert json.loads(process.stdout.readline())["id"] == 2
        assert process.wait(timeout=20) == 0


def test_ctrl_c_exits_130_and_leaves_no_worker() -> None:
    with started("--timeout", "50") as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b'"x"\n{"expression": "gamma(gamma(x))", "at": 3.5, "order": 12}\n')
        process.stdin.flush()
        process.stdout.readline()
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(timeout=20) == 130
        assert gone(process.pid)
        assert process.communicate() == (b"", b"")


def gone(group: int) -> bool:
    """Is every process of a group gone?"""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return True
    return False


def test_being_ended_leaves_no_worker_and_no_half_file(tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    with started("-o", str(target)) as process:
        assert process.stdin is not None
        process.stdin.write(b'"x"\n')
        process.stdin.flush()
        wait_for(tmp_path)
        process.terminate()
        assert process.wait(timeout=20) == 143
        assert gone(process.pid)
    assert list(tmp_path.iterdir()) == []


def wait_for(folder: Path) -> None:
    """Until a file appears."""
    end = time.monotonic() + 20
    while not list(folder.iterdir()) and time.monotonic() < end:
        time.sleep(0.01)


def test_a_closed_pipe_ends_it_quietly() -> None:
    script = f"yes '\"x**2\"' | {' '.join(GRADCALC)} batch --jobs=1 | head -n 2; echo ${{PIPESTATUS[1]}}"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert (done.stdout.splitlines()[-1], done.stderr) == ("141", "")


def test_an_overdue_line_is_ended_and_the_rest_goes_on() -> None:
    lines = '{"id": 1, "expression": "gamma(gamma(x))", "at": 3.5, "order": 12}\n"x**2"\n'
    command = [*GRADCALC, "batch", "--jobs=1", "--timeout=1"]
    done = subprocess.run(command, input=lines, capture_output=True, text=True, timeout=60, check=False)
    first, second = records(done.stdout)
    assert (first["id"], first["error"]["message"]) == (1, "no result within 1 s")
    assert second["expression"] == "x**2"
    assert (done.returncode, done.stderr) == (1, "")


def test_a_terminal_shows_progress_on_stderr(tmp_path: Path) -> None:
    controller, terminal = pty.openpty()
    with started(
        "--jobs=1", "-o", str(tmp_path / "out.jsonl"), stderr=terminal, env=os.environ | {"TERM": "xterm"}
    ) as process:
        os.close(terminal)
        assert process.stdin is not None
        process.stdin.write(b'"x"\n')
        process.stdin.flush()
        shown = b""
        while b"1 done" not in shown:
            shown += os.read(controller, 1000)
        process.stdin.close()
        assert process.wait(timeout=20) == 0
    os.close(controller)
