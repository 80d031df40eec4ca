"""Warm calls: what a process that has the libraries loaded answers is what a call by itself answers, to the letter."""

from __future__ import annotations

import contextlib
import fcntl
import io
import os
import pty
import signal
import socket
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gradcalc.base.lifeline import Lifeline
from gradcalc.cli import serve
from gradcalc.cli.app import main
from gradcalc.cli.warm import client, place, server, session, wire
from gradcalc.cli.warm.sources import Sources
from tests.hearing import hear

ROOT = Path(__file__).parents[2]
GRADCALC = [sys.executable, "-m", "gradcalc"]
MODEL = "def loss(x):\n    return (x * x).sum()\n"


class Warm:
    """A warm process of the tests' own, and calls that may use it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            **{name: value for name, value in os.environ.items() if name != "COLUMNS"},
            "XDG_RUNTIME_DIR": str(folder), "PYTHONPATH": str(ROOT), place.CHOICE: "1",
        }  # fmt: skip

    def __call__(self, *arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
        """A finished call."""
        environment = {**self.environment, **options.pop("env", {})}  # type: ignore[dict-item]
        return subprocess.run(
            [*GRADCALC, *arguments], capture_output=True, text=True, timeout=60, check=False, env=environment, **options
        )  # type: ignore[call-overload, no-any-return]

    def begun(self, *arguments: str, **options: object) -> subprocess.Popen[bytes]:
        """A call that goes on."""
        return subprocess.Popen(
            [*GRADCALC, *arguments], env=self.environment, process_group=0, preexec_fn=hear, **options
        )  # type: ignore[call-overload, no-any-return]

    def calls(self) -> int:
        """How many calls it has answered."""
        return self._found()[2]

    def process(self) -> int:
        """Its number."""
        return self._found()[0]

    def _found(self) -> tuple[int, int, int]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("XDG_RUNTIME_DIR", str(self.folder))
            found = serve.running()
        assert found is not None
        return found


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warm]:
    """One for all the tests."""
    found = Warm(tmp_path_factory.mktemp("run"))
    first = found("diff", "x**2", env={place.CHOICE: place.AUTO})  # which starts one, and does not wait for it
    assert (first.returncode, first.stdout, first.stderr) == (0, "f = x**2\n\ndf/dx = 2*x\n", "")
    until = time.monotonic() + 60
    while not list((tmp_path_factory.getbasetemp()).glob("run*/gradcalc/*.socket")):
        assert time.monotonic() < until
        time.sleep(0.05)
    yield found
    found("serve", "--stop")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with files to read."""
    (tmp_path / "f.txt").write_text("x^2 + sin(y)\n")
    (tmp_path / "A.csv").write_text("1,2\n3,4\n")
    (tmp_path / "points.csv").write_text("x,name\n1,one\n2,two\n")
    (tmp_path / "model.py").write_text(MODEL)
    (tmp_path / "jobs.jsonl").write_text('"x**2"\n{"id": 1, "expression": "x*y", "at": {"x": 2, "y": 3}}\n"x +"\n')
    return tmp_path


COMMANDS = [
    ["diff", "sin(x**2)", "--at", "3"],
    ["diff", "sin(x**2)", "--at", "3", "--json"],
    ["diff", "(1 - cos(x))/x**2", "--at", "1e-8"],
    ["diff", "log(1 + exp(x))", "--at", "1000"],
    ["diff", "sqrt(x**2)", "--at", "0", "--quiet"],
    ["diff", "-x**2"],
    ["diff", "@f.txt", "--at", "x=1,y=2", "--dtype", "float32"],
    ["diff", "sum(A @ A)", "--at", "A=@A.csv"],
    ["diff", "abs(x)", "--range", "x=-1:1", "--samples", "5"],
    ["diff", "x**2", "--at", "3", "--dtype", "float16,float32"],
    ["diff", "x**3", "--order", "2", "--latex"],
    ["diff", "2*sni(x) + 1"],
    ["diff", "x +", "--json"],
    ["diff", "9**9**9"],
    ["diff", "x", "--no-such-option"],
    ["diff", "norm(A @ x - b)**2", "--shape", "A=m,n", "--shape", "x=n", "--shape", "b=m", "--wrt", "x"],
    ["check", "sin(x**2)", "--gradient", "cos(x**2)"],
    ["steps", "sin(x**2)"],
    ["graph", "y = x^2; sin(y)", "--at", "3"],
    ["jacobian", "[x*y, x + y]", "--at", "x=1,y=2"],
    ["hessian", "x**2*y", "--at", "x=1,y=2"],
    ["critical", "x**3 - x", "--range", "x=-2:2"],
    ["functions", "sin"],
    ["accumulate", "x**2", "--at", "2", "--passes", "3"],
    ["nograd", "x**2", "--at", "2"],
    ["nn", "--iq", "10", "--placed", "1"],
    ["quiz", "--topic", "chain", "--seed", "7"],
    ["lessons", "1"],
    ["audit", "model.py:loss", "--at", "[1, 2, 3]"],
    ["batch", "jobs.jsonl", "--jobs", "1"],
    ["map", "x**3", "--points", "points.csv", "--quiet"],
    ["--version"],
    ["nonsense"],
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_warm_call_is_equal_to_the_letter(command: list[str], warm: Warm, folder: Path) -> None:
    done = warm(*command, cwd=folder)
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    with contextlib.chdir(folder), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(command)
    assert (done.returncode, done.stdout, done.stderr) == (code, text(out), text(err))


def text(stream: io.TextIOWrapper) -> str:
    """What was written."""
    stream.seek(0)
    return stream.read()


def test_every_one_of_them_was_warm(warm: Warm, folder: Path) -> None:
    before = warm.calls()
    assert warm("diff", "-", input="x**2", cwd=folder).stdout == "f = x**2\n\ndf/dx = 2*x\n"
    assert warm("diff", "@f.txt", "-o", "new", cwd=folder, umask=0o027).returncode == 0
    assert (folder / "new").stat().st_mode & 0o777 == 0o640
    limited = warm("diff", "x + x + x", env={"GRADCALC_MAX_NODES": "2"})
    assert (limited.returncode, "GRADCALC_MAX_NODES" in limited.stderr) == (3, True)
    assert warm.calls() == before + 3


OWN = {
    "another environment for a library": {"env": {"OMP_NUM_THREADS": "3"}},
    "another language": {"env": {"LC_ALL": "C"}},
    "asked not to": {"env": {place.CHOICE: "0"}},
    "another limit": {"preexec_fn": lambda: os.nice(1)},
}


@pytest.mark.parametrize("options", OWN.values(), ids=OWN)
def test_who_is_not_alike_runs_by_itself(options: dict[str, object], warm: Warm) -> None:
    before = warm.calls()
    assert warm("diff", "sinn(x)", **options).returncode == 2
    assert warm.calls() == before


def test_a_file_that_only_the_caller_can_open_is_read_by_itself(warm: Warm) -> None:
    before = warm.calls()
    script = f"{' '.join(GRADCALC)} diff @<(echo 'sinn(x)'); exit $?"
    done = subprocess.run(["bash", "-c", script], env=warm.environment, cwd=ROOT, capture_output=True, check=False)
    assert (done.returncode, b"unknown function `sinn`" in done.stderr) == (2, True)
    assert warm.calls() == before


STREAMS = ["<&-", ">&-", "2>&-", "<&- >&- 2>&-", "2>/dev/full", ">/dev/full"]


def test_streams_are_the_callers(warm: Warm) -> None:
    script = "".join(f"{' '.join(GRADCALC)} diff 'sinn(x)' {streams}; echo $? >&9; " for streams in STREAMS)
    done = subprocess.run(
        ["bash", "-c", f"exec 9>&1; {script}"],
        env=warm.environment, cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.split() == ["2"] * len(STREAMS)


def test_width_and_colour_are_the_callers(warm: Warm) -> None:
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 30, 0, 0))
    with warm.begun("diff", "sin(x**2)", "--at", "3", stdin=theirs, stdout=theirs, stderr=theirs, cwd=ROOT) as call:
        os.close(theirs)
        shown = b""
        with contextlib.suppress(OSError):
            while part := os.read(ours, 4096):
                shown += part
        assert call.wait(timeout=20) == 0
    os.close(ours)
    assert b"\x1b[1mdf/dx" in shown
    assert b"true value\x1b[0m = -5.466781571308062\r\n" in shown


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGKILL])
def test_a_signal_ends_both(number: signal.Signals, warm: Warm) -> None:
    before = set(children(warm.process()))
    with warm.begun("diff", "-", stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT) as call:
        until = time.monotonic() + 10
        while not (new := set(children(warm.process())) - before) or len(new) < 1:
            assert time.monotonic() < until
            time.sleep(0.02)
        time.sleep(0.2)
        call.send_signal(number)
        assert call.wait(timeout=20) == (-number if number == signal.SIGKILL else 128 + number)


def children(process: int) -> list[int]:
    """The processes that another has started."""
    return [int(word) for word in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def test_stopping_stops_both_and_both_go_on(warm: Warm) -> None:
    with warm.begun("diff", "-", stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT) as call:
        time.sleep(0.5)
        call.send_signal(signal.SIGTSTP)
        _, status = os.waitpid(call.pid, os.WUNTRACED)
        assert os.WIFSTOPPED(status)
        call.send_signal(signal.SIGCONT)
        out, _ = call.communicate(b"x**2", timeout=20)
        assert (call.returncode, out) == (0, b"f = x**2\n\ndf/dx = 2*x\n")


def test_a_second_start_finds_the_first(warm: Warm) -> None:
    process = warm.process()
    assert warm("serve").stdout == f"process {process} serves already\n"
    assert warm("serve", "--foreground").returncode in (0, 2)
    assert warm.process() == process


def test_a_folder_that_others_may_look_into_is_not_trusted(warm: Warm) -> None:
    before = warm.calls()
    (warm.folder / "gradcalc").chmod(0o755)
    try:
        assert warm("diff", "sinn(x)").returncode == 2
    finally:
        (warm.folder / "gradcalc").chmod(0o700)
    assert warm.calls() == before


def test_a_process_that_hangs_or_is_killed_breaks_no_call(warm: Warm) -> None:
    process = warm.process()
    everybody = [process, *children(process)]
    for one in everybody:
        os.kill(one, signal.SIGSTOP)
    hung = warm("diff", "sinn(x)")
    for one in everybody:
        os.kill(one, signal.SIGKILL)
    killed = warm("diff", "sinn(x)")
    alone = warm("diff", "sinn(x)", env={place.CHOICE: "0"})
    assert alone.stderr.startswith("error: unknown function `sinn`")
    assert [(one.returncode, one.stdout, one.stderr) for one in (hung, killed)] == [(2, "", alone.stderr)] * 2
    assert warm("serve", "--status").returncode == 1
    starts = [warm.begun("serve", stdout=subprocess.PIPE, cwd=ROOT) for _ in range(2)]
    assert [start.wait(timeout=60) for start in starts] == [0, 0]
    assert sum(b"it ends when" in start.communicate()[0] for start in starts) == 1


@pytest.mark.parametrize(("called_at", "ends_at"), [([], 600.0), ([599.0], 1199.0), ([300.0, 599.5], 1199.5)])
def test_it_ends_when_no_call_has_come_for_ten_minutes(
    called_at: list[float], ends_at: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, calls = 0.0, iter(called_at)
    way = server.Way(-1, Lifeline(), 0.0)

    def forked(one: server.Server) -> None:
        one.waiting |= dict.fromkeys(range(100, 100 + server.WAITING), way)

    def selected(read: list[int], write: list[int], other: list[int], most: float) -> tuple[list[int], ...]:
        nonlocal now
        came = next(calls, None)
        now = now + most if came is None else came
        return ([] if came is None else [100]), [], []

    monkeypatch.setattr(server.Server, "_fork", forked)
    monkeypatch.setattr(server.Server, "_heard", lambda one, way: True)
    monkeypatch.setattr(server.select, "select", selected)
    with (tmp_path / "lock").open("w") as lock, socket.socket() as listener:
        one = server.Server(listener, lock.fileno(), Sources({}), serve.IDLE, lambda: now)
        one.run()
    way.lifeline.hold()
    way.lifeline.let_go()
    assert (now, one.calls) == (ends_at, len(called_at))


def test_whoever_is_another_user_gets_no_word_on_either_side(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "peer", lambda connection: os.getuid() + 1)
    near, far = socket.socketpair()
    with near, far, pytest.raises(PermissionError):
        session._greeted(near)
    near, far = socket.socketpair()
    with near, far:
        near.close()
        assert far.recv(1) == b""

    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv(place.CHOICE, "1")
    (tmp_path / "gradcalc").mkdir(mode=0o700)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(place.socket_path())
        listener.listen()
        assert client.called(["diff", "x"]) is None
        connection, _ = listener.accept()
        with connection:
            assert connection.recv(1) == b""


def test_a_change_of_the_sources_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "module.py").write_text("x = 1\n")
    monkeypatch.setattr(place, "PACKAGE", str(tmp_path))
    sources = Sources.now()
    assert not sources.changed()
    (tmp_path / "module.py").write_text("x = 22\n")
    assert sources.changed()


PROBE = """
import sys
before = set(sys.modules)
from gradcalc.cli import process
from gradcalc.cli.warm import client
assert client.called(["serve"]) is None
print(*sorted(name for name in set(sys.modules) - before if not name.startswith("gradcalc")))
"""


def test_the_way_to_a_warm_process_loads_nothing() -> None:
    done = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.split() == ["_socket"]
