"""`gradcalc quiz` as a teacher meets it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

import pytest

from gradcalc.cli.app import main

Capture = pytest.CaptureFixture[str]


def run(capsys: Capture, *arguments: str) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of the command."""
    code = main(("quiz", *arguments))
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_exercises_and_how_to_check_them(capsys: Capture) -> None:
    code, out, err = run(capsys, "--topic", "power", "--count", "2")
    first, second, empty, note = out.splitlines()
    assert (code, err, first[:7], second[:7], empty) == (0, "", "1. f = ", "2. f = ", "")
    assert note.startswith("Check yours: gradcalc check")


def test_answers(capsys: Capture) -> None:
    out = run(capsys, "--topic", "partial", "--count", "1", "--answers")[1]
    assert [line.split(" = ")[0] for line in out.splitlines()] == ["1. f", "   ∂f/∂x", "   ∂f/∂y"]


def test_the_record(capsys: Capture) -> None:
    found = json.loads(run(capsys, "--topic", "power", "--count", "2", "--seed", "5", "--json")[1])
    assert (found["schema"], found["seed"], len(found["exercises"])) == (1, 5, 2)
    assert found["exercises"][0].keys() == {"topic", "expression", "wrt", "answer"}


def test_quiet_prints_expressions_or_answers_alone(capsys: Capture) -> None:
    exercise = run(capsys, "--topic", "chain", "--count", "1", "-q")[1].strip()
    answer = run(capsys, "--topic", "chain", "--count", "1", "-q", "--answers")[1].strip()
    assert main(("check", exercise, "--gradient", answer)) == 0


def test_it_is_set_in_latex(capsys: Capture, katex: Callable[[Sequence[str]], list[str | None]]) -> None:
    out = run(capsys, "--count", "8", "--answers", "--latex")[1]
    formulas = [text for line in out.splitlines() for text in line.split("$")[1::2]]
    assert out.startswith("\\begin{enumerate}\n  \\item $")
    assert len(formulas) >= 16
    assert katex(formulas) == [None] * len(formulas)
