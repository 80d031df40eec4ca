"""What ends the program, or its parent, ends all of it: no child computes on, no half file stays behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.hearing import hear

SUPERVISED = """
import itertools, os, sys
from gradcalc.cli import child
from gradcalc.cli.signals import Finished
child.GRACE = 0.1
child.allow()
try:
    child.supervise(60, foreign=sys.argv[1] == "foreign")
    print(os.getpid(), flush=True)
    sum(itertools.repeat(0))  # inside C, where Python hears no signal
except Finished as ended:
    os._exit(ended.code)
except KeyboardInterrupt:
    os._exit(130)
"""
WRITING = """
import sys, time
from pathlib import Path
from gradcalc.cli.signals import Finished, ending_in_order
from gradcalc.files.access import whole
try:
    with ending_in_order(), whole(Path("new"), force=False) as file:
        file.write(b"half")
        file.flush()
        print("begun", flush=True)
        time.sleep(60)
except Finished as ended:
    sys.exit(ended.code)
"""
POOL = """
import itertools, os, sys
from gradcalc.files.lines import Lines
from gradcalc.jobs.pool import Pool

def work(line):
    os.write(1, b"%d\\n" % os.getpid())
    sum(itertools.repeat(0))

reading, writing = os.pipe()
os.write(writing, b"1\\n2\\n")
for answer in Pool(work, None, jobs=2, seconds=60).answers(Lines(reading, "lines", 10)):
    pass
"""


def begun(script: str, *arguments: str, folder: Path | None = None) -> subprocess.Popen[str]:
    """A program that runs, in a session of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        stdout=subprocess.PIPE, text=True, start_new_session=True, cwd=folder, preexec_fn=hear,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip


def gone(process: int) -> bool:
    """Does a process end within five seconds?"""
    for _ in range(100):
        try:
            if Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True  # ended; who adopted it has not looked yet
            os.kill(process, 0)
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.05)
    return False


def word(process: subprocess.Popen[str]) -> str:
    """The next line that it prints."""
    assert process.stdout is not None
    return process.stdout.readline()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGHUP, signal.SIGQUIT, signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("kind", ["own", "foreign"])
def test_a_child_inside_c_ends_with_its_parent(number: signal.Signals, kind: str) -> None:
    with begun(SUPERVISED, kind) as parent:
        child = int(word(parent))
        parent.send_signal(number)
        code = parent.wait(timeout=20)
        assert (gone(child), code) == (True, -number if number == signal.SIGKILL else 128 + number)


def test_workers_end_with_their_parent() -> None:
    with begun(POOL) as parent:
        workers = [int(word(parent)) for _ in range(2)]
        parent.kill()
        assert [gone(worker) for worker in workers] == [True, True]


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGQUIT, signal.SIGTERM, signal.SIGINT])
def test_no_half_file_stays_behind(number: signal.Signals, tmp_path: Path) -> None:
    with begun(WRITING, folder=tmp_path) as process:
        assert word(process) == "begun\n"
        process.send_signal(number)
        assert process.wait(timeout=20) in (128 + number, 1, -number)
    assert list(tmp_path.iterdir()) == []


def test_what_nohup_keeps_away_ends_nothing(tmp_path: Path) -> None:
    with begun("import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)" + WRITING, folder=tmp_path) as process:
        assert word(process) == "begun\n"
        process.send_signal(signal.SIGHUP)
        time.sleep(0.2)
        assert process.poll() is None
        process.kill()


STARVED = """
import sys
from gradcalc.cli import app, child, typed
from gradcalc.render import error

def hungry(arguments, called):
    child.supervise(60)
    raise MemoryError

def told(*arguments, **options):
    if child._line is not None:
        raise MemoryError
    return tell(*arguments, **options)

child.allow()
tell, error.render = error.render, told
typed.run = hungry
sys.exit(app.main(["x"]))
"""


def test_a_child_without_memory_to_say_so_has_its_parent_say_it() -> None:
    done = subprocess.run([sys.executable, "-c", STARVED], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("error: the memory is used up\n")


ENDED = """
import os, sys
from gradcalc.cli import app, child, typed

def ended(arguments, called):
    child.supervise(60)
    os._exit(2)

child.allow()
typed.run = ended
sys.exit(app.main(["x"]))
"""


def test_a_library_that_ends_the_child_is_told_of() -> None:
    done = subprocess.run([sys.executable, "-c", ENDED], capture_output=True, text=True, timeout=60, check=False)
    said = "error: a library ended the computation before there was a result, with exit code 2\n"
    assert (done.returncode, done.stdout, done.stderr) == (70, "", said)
