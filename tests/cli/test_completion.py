"""Completion: what may stand at the end of a line, and that the shells themselves come to it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from gradcalc.cli.app import COMMANDS, main
from gradcalc.cli.completion import taken_apart
from gradcalc.cli.installing import SHELLS
from gradcalc.functions import NAMED

Capture = pytest.CaptureFixture[str]
ROOT = Path(__file__).parents[2]
PROGRAM = str(Path(sys.executable).parent)


def completed(capsys: Capture, monkeypatch: pytest.MonkeyPatch, line: str, shell: str = "bash") -> list[str]:
    """The candidates for a line that ends at the cursor."""
    monkeypatch.setenv("_GRADCALC_COMPLETE", f"complete_{shell}")
    monkeypatch.setenv("COMP_LINE", line)
    monkeypatch.chdir(ROOT / "examples")
    assert main([]) == 0
    return capsys.readouterr().out.splitlines()


LINES = [
    ("gradcalc cri", ["critical"]),
    ("gradcalc nosuch ", []),
    ("gradcalc --v", ["--version"]),
    ("gradcalc diff --str", ["--strict-forward"]),
    ("gradcalc diff --he", ["--help"]),
    ("gradcalc nograd x --inf", ["--inference"]),
    ("gradcalc diff x --dtype float64,bf", ["float64,bfloat16"]),
    ("gradcalc diff x --dtype=flo", ["float64", "float32", "float16"]),  # bash begins a word behind =
    ("gradcalc code x --to nu", ["numpy"]),
    ("gradcalc map x --to par", ["parquet"]),
    ("gradcalc diff lambertw", ["lambertw"]),
    ('gradcalc diff "2*lambertw', ["2*lambertw("]),
    ("gradcalc diff 'sin(x) + arcta", ["sin(x) + arctan(", "sin(x) + arctan2(", "sin(x) + arctanh("]),
    ("gradcalc diff 'sin(x) ", []),
    ('gradcalc check "x**2" --gradient "2*lamb', ["2*lambertw("]),
    ("gradcalc diff @job", ["jobs.jsonl"]),
    ("gradcalc diff x --at x=@heigh", ["heights.csv"]),
    ("gradcalc map x --points hei", ["heights.csv"]),
    ("gradcalc batch modu", ["modules/"]),
    ("gradcalc audit with_du", ["with_duckdb.py"]),
    ("gradcalc audit heigh", []),
    ("gradcalc functions lambert", ["lambertw"]),
    ("gradcalc graph x --format ", ["tree", "dot", "mermaid"]),
    ("gradcalc map x --on-error ", ["stop", "skip"]),
    ("gradcalc quiz --topic ch", ["chain"]),
    ("gradcalc nn --optimizer ada", ["adam", "adamw", "adamax", "adagrad", "adadelta"]),
    ("gradcalc lessons 1", ["1"]),
    ("gradcalc diff x y ", []),
]


@pytest.mark.parametrize(("line", "found"), LINES)
def test_what_may_come_next(capsys: Capture, monkeypatch: pytest.MonkeyPatch, line: str, found: list[str]) -> None:
    assert completed(capsys, monkeypatch, line) == found


def test_every_command_and_every_function_is_found(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    assert completed(capsys, monkeypatch, "gradcalc ") == list(COMMANDS)
    assert set(completed(capsys, monkeypatch, "gradcalc diff ")) >= set(NAMED)


def test_words_come_with_what_they_are(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = ["--points\tAsk at every row of a table, a column for each variable."]
    assert completed(capsys, monkeypatch, "gradcalc diff x --po", "zsh") == expected
    assert completed(capsys, monkeypatch, "gradcalc diff --dtype=bf", "fish") == ["--dtype=bfloat16"]


def test_words_may_come_one_by_one(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_GRADCALC_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", 'gradcalc\ndiff\n"sin(x)"\n--tan')
    monkeypatch.setenv("COMP_CWORD", "3")
    assert (main([]), capsys.readouterr().out) == (0, "--tangent\n")


APART = [
    ("a b", ("a",), "b", ""),
    ("a b ", ("a", "b"), "", ""),
    ("a 'b c", ("a",), "b c", "'"),
    ('a "b" c', ("a", "b"), "c", ""),
    ('a "b\\"c', ("a",), 'b"c', '"'),
    (r"a b\ c", ("a",), "b c", ""),
    ("a '' ", ("a", ""), "", ""),
    ("", (), "", ""),
]


@pytest.mark.parametrize(("line", "words", "current", "quote"), APART)
def test_a_line_is_taken_apart_as_a_shell_does(line: str, words: tuple[str, ...], current: str, quote: str) -> None:
    found = taken_apart(line)
    assert (found.words, found.current, found.quote) == (words, current, quote)


BASH = """source /dev/stdin <<<"$(gradcalc --show-completion bash)"
COMP_LINE='gradcalc diff --symm' COMP_POINT=20 COMP_WORDS=(gradcalc diff --symm) COMP_CWORD=2
_gradcalc_completion gradcalc && echo "${COMPREPLY[@]}"
"""
ZSH = """compdef() { :; }; source <(gradcalc --show-completion zsh)
compadd() { local name=${@[-1]}; (( ${#${(P)name}} )) && print -rl -- ${(P)name}; }
words=(gradcalc diff --symm) CURRENT=3; _gradcalc
"""
FISH = "gradcalc --show-completion fish | source; complete -C 'gradcalc diff --symm' | string split -f1 \\t"


@pytest.mark.parametrize(("shell", "script"), [("bash", BASH), ("zsh", ZSH), ("fish", FISH)])
def test_the_shells_themselves_come_to_it(shell: str, script: str, tmp_path: Path) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    environment = os.environ | {"PATH": os.pathsep.join([PROGRAM, os.environ["PATH"]]), "HOME": str(tmp_path)}
    done = subprocess.run([shell, "-c", script], env=environment, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("--symmetric\n", "")


def installed(monkeypatch: pytest.MonkeyPatch, home: Path, *arguments: str) -> int:
    """The exit code of putting completion into a home."""
    monkeypatch.setenv("HOME", str(home))
    return main(["--install-completion", *arguments])


@pytest.mark.parametrize("shell", SHELLS)
def test_it_is_installed_once_however_often(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture, tmp_path: Path, shell: str
) -> None:
    monkeypatch.setenv("SHELL", f"/usr/bin/{shell}")
    start = SHELLS[shell].start
    if start is not None:
        (tmp_path / start).write_text("alias ll='ls -l'")  # without an end of line
    assert (installed(monkeypatch, tmp_path), installed(monkeypatch, tmp_path, shell)) == (0, 0)
    assert (tmp_path / SHELLS[shell].file).read_text() == SHELLS[shell].script
    assert capsys.readouterr().out.startswith(f"completion is in ~/{SHELLS[shell].file}; ")
    if start is not None:
        assert (tmp_path / start).read_text() == f"alias ll='ls -l'\n{SHELLS[shell].entry}\n"


REFUSED: list[tuple[Sequence[str], str]] = [
    (("tcsh",), "no completion for the shell `tcsh`"),
    (("bash", "zsh"), "--install-completion takes the name of one shell"),
    ((), "--install-completion takes the name of one shell"),
]


@pytest.mark.parametrize(("arguments", "message"), REFUSED)
def test_another_shell_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture, tmp_path: Path, arguments: Sequence[str], message: str
) -> None:
    monkeypatch.delenv("SHELL", raising=False)
    assert installed(monkeypatch, tmp_path, *arguments) == 2
    assert capsys.readouterr().err.startswith(f"error: {message}\n")
    assert list(tmp_path.iterdir()) == []
