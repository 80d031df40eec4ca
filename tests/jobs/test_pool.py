"""The pool: order, time limits, workers that die, and what is left behind: nothing."""

from __future__ import annotations

import errno
import os
import signal
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from gradcalc.base.errors import LimitError
from gradcalc.files.lines import Line, Lines
from gradcalc.jobs import pool as module
from gradcalc.jobs import worker
from gradcalc.jobs.pool import Pool
from gradcalc.jobs.worker import Answer, Worker


def work(line: Line) -> Answer:
    """What the tests' workers do: the line says."""
    word, _, rest = line.text.decode().partition(" ")
    match word:
        case "sleep":
            time.sleep(float(rest))
        case "kill":
            os.kill(os.getpid(), int(rest))
        case "exit":
            os._exit(int(rest))
        case "raise":
            raise ValueError(rest)
        case "expendable":
            return Answer(Path("/proc/self/oom_score_adj").read_bytes(), fine=True)
        case "nap":
            time.sleep(0.02)
            return Answer(str(os.getpid()).encode(), fine=True)
        case "pid":
            return Answer(str(os.getpid()).encode(), fine=True)
        case "long":
            return Answer(b"x" * int(rest), fine=True)
    return Answer(line.text, fine=word != "bad")


def lost(line: Line, error: LimitError) -> Answer:
    """The answer to a line that was lost: its number, and why."""
    return Answer(f"{line.number}: {error.message}; {error.hint}".encode(), fine=False)


def make(jobs: int = 2, seconds: float = 5.0, **options: Any) -> Pool:
    """A pool that works for the tests."""
    return Pool(work, lost, jobs=jobs, seconds=seconds, **options)


def source(*texts: str) -> Lines:
    """The texts as the lines of a pipe."""
    reading, writing = os.pipe()
    os.write(writing, "".join(f"{text}\n" for text in texts).encode())
    os.close(writing)
    return Lines(reading, "data", 1000)


def answers(pool: Pool, *texts: str) -> list[str]:
    """What comes out for the texts."""
    return [answer.text.decode() for _, answer in pool.answers(source(*texts))]


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Overdue workers are ended at once."""
    monkeypatch.setattr(worker, "GRACE", 0.05)


def test_answers_come_in_the_order_of_the_lines() -> None:
    assert answers(make(), "sleep 0.2", "b", "c", "sleep 0.1", "e") == ["sleep 0.2", "b", "c", "sleep 0.1", "e"]


def test_the_workers_work_at_the_same_time() -> None:
    begin = time.monotonic()
    assert answers(make(jobs=4), *["sleep 0.4"] * 4) == ["sleep 0.4"] * 4
    assert time.monotonic() - begin < 1.2


def test_an_answer_says_whether_all_is_well() -> None:
    found = [(answer.text, answer.fine) for _, answer in make().answers(source("good", "bad"))]
    assert found == [(b"good", True), (b"bad", False)]


def test_nothing_in_nothing_out_and_no_worker() -> None:
    pool = make()
    assert answers(pool) == []
    assert pool.workers == []


def test_only_as_many_workers_start_as_there_are_lines() -> None:
    pool = make(jobs=8)
    found = pool.answers(source("a"))
    next(found)
    assert len(pool.workers) == 1
    found.close()


DEATHS = {
    "killed, as for want of memory": (
        f"kill {signal.SIGKILL.value}",
        "2: the computation was ended by SIGKILL; it may have needed more memory than there is",
    ),
    "another signal": (
        f"kill {signal.SIGTRAP.value}",
        "2: the computation was ended by SIGTRAP; it may have needed more memory than there is",
    ),
    "an exit": ("exit 0", "2: the computation ended without a result; try the line alone, with gradcalc diff"),
    "an error": ("raise x", "2: the computation ended without a result; try the line alone, with gradcalc diff"),
}


@pytest.mark.parametrize(("text", "answer"), DEATHS.values(), ids=DEATHS)
def test_a_worker_that_dies_costs_its_own_line_alone(text: str, answer: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert answers(make(), "a", text, "c", "d") == ["a", answer, "c", "d"]
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("impatient")
def test_a_worker_that_hangs_is_ended_and_costs_its_own_line_alone() -> None:
    begin = time.monotonic()
    found = answers(make(seconds=0.2), "a", "sleep 60", "c", "d")
    assert found == ["a", "2: no result within 0.2 s; raise it with --timeout SECONDS", "c", "d"]
    assert time.monotonic() - begin < 5


@pytest.mark.usefixtures("impatient")
def test_every_line_may_hang() -> None:
    found = answers(make(seconds=0.1), *["sleep 60"] * 3)
    assert found == [
        "1: no result within 0.1 s; raise it with --timeout SECONDS",
        "2: no result within 0.1 s; raise it with --timeout SECONDS",
        "3: no result within 0.1 s; raise it with --timeout SECONDS",
    ]


def test_a_worker_that_was_ended_while_idle_costs_nothing() -> None:
    reading, writing = os.pipe()
    found = make(jobs=1).answers(Lines(reading, "data", 1000))
    os.write(writing, b"pid\n")
    _, first = next(found)
    os.kill(int(first.text), signal.SIGKILL)
    time.sleep(0.1)
    os.write(writing, b"pid\n")
    _, second = next(found)
    assert second.text.isdigit()
    assert second.text != first.text
    found.close()
    os.close(writing)


def test_fewer_workers_do_where_the_system_allows_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    pool = make(jobs=3)
    found = pool.answers(source("sleep 0.1", "b", "c"))

    def refuse_the_second(*arguments: Any) -> Worker:
        if pool.workers:
            raise OSError(errno.EMFILE, "Too many open files")
        return worker.started(*arguments)

    monkeypatch.setattr(module, "started", refuse_the_second)
    assert [answer.text for _, answer in found] == [b"sleep 0.1", b"b", b"c"]
    assert pool.jobs == 1


def test_no_worker_at_all_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr(module, "started", refuse)
    with pytest.raises(LimitError, match="no worker can be started: resource temporarily unavailable"):
        answers(make(), "a")


def test_a_line_is_answered_before_the_next_one_is_written() -> None:
    reading, writing = os.pipe()
    found = make().answers(Lines(reading, "data", 1000))
    os.write(writing, b"a\n")
    assert next(found) == (Line(1, b"a", 2), Answer(b"a", fine=True))
    os.write(writing, b"b\n")
    assert next(found) == (Line(2, b"b", 4), Answer(b"b", fine=True))
    found.close()
    os.close(writing)


def alive(pid: int) -> bool:
    """Is there such a process?"""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_no_worker_is_left_when_the_lines_end() -> None:
    (pid,) = map(int, answers(make(), "pid"))
    assert not alive(pid)


def test_no_worker_is_left_when_the_answers_are_no_longer_wanted() -> None:
    found = make().answers(source("pid", "sleep 60", "a"))
    pid = int(next(found)[1].text)
    assert alive(pid)
    found.close()
    assert not alive(pid)


def test_lines_in_flight_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WINDOW", 4)
    most = []
    pool = make(pulse=lambda: most.append(len(pool.window)))
    assert len(answers(pool, "sleep 0.3", *["a"] * 50)) == 51
    assert max(most) == 4


def test_bytes_in_flight_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WINDOW_BYTES", 5_000)
    held = []
    pool = make(pulse=lambda: held.append(pool.held))
    assert len(answers(pool, "sleep 0.3", *["long 1000"] * 20)) == 21
    assert 5_000 <= max(held) < 5_000 + 2 * 1_000  # there is room when a worker gets a line; two may then answer
    assert pool.held == 0


def test_a_worker_gets_the_kinds_of_line_that_it_knows() -> None:
    found = answers(make(kind=lambda line: line.text), *["nap a", "nap b", "nap b", "nap a"] * 10)
    (one, of_a), (other, of_b) = (Counter(found[i::4] + found[3 - i :: 4]).most_common(1)[0] for i in (0, 1))
    assert one != other
    assert min(of_a, of_b) >= 16  # of 20; towards the end whoever is free takes what is left


def test_no_worker_idles_where_all_lines_are_of_another_one_s_kind() -> None:
    begin = time.monotonic()
    assert answers(make(kind=lambda line: "same"), *["sleep 0.2"] * 6) == ["sleep 0.2"] * 6
    assert time.monotonic() - begin < 1.1


def test_a_line_is_passed_over_for_so_long_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "AHEAD", 3)
    pool = make(jobs=2, kind=lambda line: line.text.split()[0])
    order: list[int] = []
    given = Worker.give
    monkeypatch.setattr(Worker, "give", lambda self, ticket: (order.append(ticket.line.number), given(self, ticket)))
    assert len(answers(pool, "sleep 0.3", "pid", "sleep 0", *["pid"] * 10)) == 13
    assert order.index(3) == 5


def test_a_dead_worker_is_nobody_s_home() -> None:
    pool = make(jobs=1, kind=lambda line: "same")
    assert len(answers(pool, "pid", "exit 1")) == 2
    assert pool.homes == {}


def test_the_pulse_goes_on_while_nothing_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PULSE", 0.02)
    pulses: list[int] = []
    assert answers(make(pulse=lambda: pulses.append(1)), "sleep 0.3") == ["sleep 0.3"]
    assert len(pulses) > 5


def test_ctrl_c_reaches_the_parent_alone() -> None:
    found = make(jobs=1).answers(source("pid", "a"))
    pid = int(next(found)[1].text)
    os.kill(pid, signal.SIGINT)
    time.sleep(0.1)
    assert alive(pid)
    assert next(found)[1].text == b"a"
    found.close()


def test_workers_can_be_started_anew_where_they_cannot_be_forked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "METHOD", "spawn")
    assert answers(make(), "a", "exit 1", "c") == [
        "a",
        "2: the computation ended without a result; try the line alone, with gradcalc diff",
        "c",
    ]


@pytest.mark.skipif(not Path("/proc/self/oom_score_adj").exists(), reason="Linux says who is ended for want of memory")
def test_for_want_of_memory_a_worker_is_ended_before_its_parent() -> None:
    assert answers(make(), "expendable") == ["500\n"]
