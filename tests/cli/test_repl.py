"""The prompt: definitions stay, every command works under its name, an error or Ctrl-C does not end the session."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from gradcalc.base.errors import GradcalcError
from gradcalc.cli import app
from gradcalc.cli.completion import Typed
from gradcalc.cli.prompt.session import Session

COMMANDS = tuple(name for name in app.COMMANDS if name != "repl")


class Told(Session):
    """A session that only takes down what it would run."""

    def _call(self, words: Sequence[str]) -> None:
        self.ran.append(list(words))


def asked(*lines: str) -> list[list[str]]:
    """The command lines that lines come to."""
    session = Told(COMMANDS, app.main)
    session.ran = []
    for line in lines:
        assert session.answer(line)
    return session.ran


SESSIONS: list[tuple[Sequence[str], list[str]]] = [
    (["x^2*y"], ["diff", "x^2*y"]),
    (["f = x^2*y", "f"], ["diff", "f = x^2*y"]),
    (["f = x^2*y", "x = 3", "f"], ["diff", "f = x^2*y"]),  # y has no value yet
    (["f = x^2*y", "x = 3", "y = 2*pi", "f"], ["diff", "f = x^2*y", "--at", "x=3,y=2*pi"]),
    (["x = 3", "x = 4", "x^2"], ["diff", "x^2", "--at", "x=4"]),
    (["x = 3", "x^2 --at 5"], ["diff", "x^2", "--at", "5"]),
    (["x = [1, 2]", "sum(x^2)"], ["diff", "sum(x^2)", "--at", "x=[1, 2]"]),
    (["y = x^2", "z = sin(y)", "2*z"], ["diff", "y = x^2; z = sin(y); 2*z"]),
    (["g(t) = t^2", "g(3x)"], ["diff", "g(t) = t^2; g(3x)"]),
    (["f = x^2", "steps f --order 2"], ["steps", "f = x^2", "--order", "2"]),
    (["steps sin(x)^2 / x --detail full"], ["steps", "sin(x)^2 / x", "--detail", "full"]),
    (['steps "x^2"'], ["steps", "x^2"]),
    (["-x**2"], ["diff", "-x**2"]),
    (["x - y"], ["diff", "x - y"]),
    (["x = 3", 'check x^2 --gradient "2*x"'], ["check", "x^2", "--gradient", "2*x"]),
    (["y = 1", "critical x^2*y --range x=-1:1"], ["critical", "x^2*y", "--range", "x=-1:1", "--at", "y=1"]),
    (["sin(t)", "_"], ["diff", "cos(t)"]),
    (["t^3", "_", "2*_"], ["diff", "2*(6*t)"]),
    (["x^2 + y^2 = 25"], ["diff", "x^2 + y^2 = 25"]),
    (["alpha x"], ["diff", "alpha x"]),
    (["rate = 3", "rate x"], ["diff", "rate x"]),
    (["nosuch (x)"], ["diff", "nosuch (x)"]),
    (["steps = x^2", "steps + 1"], ["steps", "+ 1"]),
    (["lessons 3"], ["lessons", "3"]),
    ([":help steps"], ["steps", "--help"]),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "words"), SESSIONS, ids=["; ".join(lines) for lines, _ in SESSIONS])
def test_a_line_becomes_a_command(lines: Sequence[str], words: list[str]) -> None:
    assert asked(*lines)[-1] == words


REFUSED: list[tuple[Sequence[str], str]] = [
    (["_"], "there is no last result yet"),
    (["x*y", "_"], "the last result is not one formula"),
    (["a = b + 1", "b = a + 1", "a"], "`a` is defined by itself"),
    ([":nope"], "unknown `:nope`"),
    ([":clear f"], "`f` is not defined"),
    (["x = sni(3)"], "unknown function `sni`"),
    (["quiz --topic 'chain"], "a quote is never closed"),
    (["nosuch x"], "unknown command `nosuch`"),
    (["critcal x^2 --range x=0:1"], "unknown command `critcal`"),
]


@pytest.mark.parametrize(("lines", "message"), REFUSED)
def test_what_has_no_meaning_is_said(lines: Sequence[str], message: str) -> None:
    with pytest.raises(GradcalcError) as caught:
        asked(*lines)
    assert caught.value.message == message


def test_definitions_are_listed_and_forgotten(capsys: pytest.CaptureFixture[str]) -> None:
    asked("f = x^2", "x = 3", ":list", ":clear f", ":list", ":clear", ":list")
    assert capsys.readouterr().out == "f = x^2\nx = 3\nx = 3\n"


@pytest.mark.parametrize("line", ["quit", "exit", ":quit", ":q"])
def test_a_word_ends_it(line: str) -> None:
    assert not Session(COMMANDS, app.main).answer(line)


TYPED: list[tuple[Typed, str]] = [
    (Typed((), "cri"), "critical"),
    (Typed((), ":li"), ":list"),
    (Typed((), "slo"), "slope"),  # defined
    (Typed(("steps",), "2*lambertw"[:-1]), "2*lambertw("),
    (Typed(("steps",), "--det"), "--detail"),
    (Typed(("diff", "x", "--dtype"), "bf"), "bfloat16"),
    (Typed((":help",), "cri"), "critical"),
]


@pytest.mark.parametrize(("typed", "found"), TYPED)
def test_what_may_come_next(typed: Typed, found: str) -> None:
    terminal = pytest.importorskip("gradcalc.cli.prompt.terminal")
    session = Session(COMMANDS, app.main)
    session.answer("slope = a*x")
    assert list(terminal.candidates(session, typed)) == [found]


SCRIPT = "f = x^2\nsni(x)\nf\n"
PRINTED = """\
error: unknown function `sni`

  sni(x)
  ^^^

hint: did you mean `sin`?
program = f = x^2

df/dx = 2*x
"""


def test_an_error_does_not_end_the_session_and_neither_does_ctrl_c(tmp_path: Path) -> None:
    (tmp_path / "slow.py").write_text("import time\n\n\ndef f(x):\n    time.sleep(60)\n    return x\n")
    command = [sys.executable, "-m", "gradcalc", "repl"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        cwd=Path(__file__).parents[2], start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        env=os.environ | {"GRADCALC_WARM": "0"},
    ) as process:  # fmt: skip
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(f"audit {tmp_path / 'slow.py'}:f --at x=1 --timeout 60\n")
        process.stdin.flush()
        while not children(process.pid):
            time.sleep(0.05)
        time.sleep(0.3)
        os.killpg(process.pid, signal.SIGINT)
        process.stdin.write(SCRIPT)
        process.stdin.close()
        told = process.stdout.read()
    assert (process.returncode, told.partition("interrupted\n")[2]) == (0, PRINTED)


def children(process: int) -> str:
    """The processes that one has started."""
    return Path(f"/proc/{process}/task/{process}/children").read_text()
