"""`gradcalc quiz` as a teacher meets it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from gradcalc.cli.app import main
from tests.running import Run

COMMAND = "quiz"


def test_exercises_and_how_to_check_them(run: Run) -> None:
    code, out, err = run("--topic", "power", "--count", "2")
    first, second, empty, note = out.splitlines()
    assert (code, err, first[:7], second[:7], empty) == (0, "", "1. f = ", "2. f = ", "")
    assert note.startswith("Check yours: gradcalc check")


def test_answers(run: Run) -> None:
    out = run("--topic", "partial", "--count", "1", "--answers").out
    assert [line.split(" = ")[0] for line in out.splitlines()] == ["1. f", "   ∂f/∂x", "   ∂f/∂y"]


def test_the_record(run: Run) -> None:
    found = run.record("--topic", "power", "--count", "2", "--seed", "5")
    assert (found["schema"], found["seed"], len(found["exercises"])) == (1, 5, 2)
    assert found["exercises"][0].keys() == {"topic", "expression", "wrt", "answer"}


def test_quiet_prints_expressions_or_answers_alone(run: Run) -> None:
    exercise = run("--topic", "chain", "--count", "1", "-q").out.strip()
    answer = run("--topic", "chain", "--count", "1", "-q", "--answers").out.strip()
    assert main(("check", exercise, "--gradient", answer)) == 0


def test_it_is_set_in_latex(run: Run, katex: Callable[[Sequence[str]], list[str | None]]) -> None:
    out = run("--count", "8", "--answers", "--latex").out
    formulas = [text for line in out.splitlines() for text in line.split("$")[1::2]]
    assert out.startswith("\\begin{enumerate}\n  \\item $")
    assert len(formulas) >= 16
    assert katex(formulas) == [None] * len(formulas)
