"""`gradcalc lessons`: the list, and a lesson run by its number."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from gradcalc.cli.app import COMMANDS
from gradcalc.lessons import course
from gradcalc.lessons.course import COURSE, Lesson
from tests.running import Run

NUMBERED = list(enumerate(COURSE, 1))
TITLES = [one.title for one in COURSE]


def test_the_lessons_come_in_the_order_of_the_lecture(run: Run) -> None:
    code, out, _ = run("lessons", "--json")
    found = json.loads(out)
    assert (code, found["schema"]) == (0, 1)
    assert [(one["number"], one["title"]) for one in found["lessons"]] == [
        (1, "a square"),
        (2, "the chain rule"),
        (3, "a longer chain"),
        (4, "the sigmoid"),
        (5, "a neuron"),
        (6, "a vector"),
        (7, "gradients add up"),
        (8, "without gradients"),
    ]
    assert found["lessons"][0] == {
        "number": 1,
        "title": "a square",
        "sentence": "The slope of y = x² at 3, by hand and by autograd.",
        "command": 'gradcalc diff "x**2" --at 3',
        "program": "y = x**2",
    }


def test_quiet_lists_the_commands_alone(run: Run) -> None:
    assert run("lessons", "-q").out.splitlines() == [one.command for one in COURSE]


@pytest.mark.parametrize("lesson", COURSE, ids=TITLES)
def test_the_command_of_a_lesson_exists(lesson: Lesson) -> None:
    program, command, *_ = shlex.split(lesson.command)
    assert program == "gradcalc"
    assert command in COMMANDS


@pytest.mark.parametrize(("number", "lesson"), NUMBERED, ids=TITLES)
def test_a_number_runs_the_command_of_its_lesson(run: Run, number: int, lesson: Lesson) -> None:
    command = lesson.command
    code, out, err = run(*shlex.split(command)[1:])
    head = f"{number}. {lesson.title}\n{lesson.sentence}\n{command}\n\n"
    assert run("lessons", str(number)) == (code, head + out, err)
    assert code == 0


def test_options_go_to_the_command(run: Run, tmp_path: Path) -> None:
    assert run("lessons", "1", "-q") == (0, "6.0\n", "")
    assert run.record("lessons", "1")["expression"] == "x**2"
    (tmp_path / "slope").write_text("old")
    assert run("lessons", "1", "-q", "-o", str(tmp_path / "slope")).code == 2
    assert run("lessons", "1", "-q", "-o", str(tmp_path / "slope"), "--force") == (0, "", "")
    assert (tmp_path / "slope").read_text() == "6.0\n"


MISSING = {
    "too large": ("9", "there is no lesson 9"),
    "zero": ("0", "there is no lesson 0"),
    "negative": ("-1", "there is no lesson -1"),
    "a word of no title": ("one", "there is no lesson one"),
    "an article": ("the", "there is no lesson the"),
}


@pytest.mark.parametrize(("number", "message"), MISSING.values(), ids=MISSING)
def test_a_lesson_that_does_not_exist_is_refused(run: Run, number: str, message: str) -> None:
    assert run("lessons", number) == (
        2, "", f"error: {message}\n\nhint: the lessons are 1 to 8, or a word of their titles: gradcalc lessons\n",
    )  # fmt: skip


NAMED = [("square", 1), ("chain", 2), ("longer", 3), ("sigmoid", 4), ("neuron", 5), ("vector", 6), ("gradients", 7)]


@pytest.mark.parametrize(("word", "number"), NAMED)
def test_a_lesson_is_named_by_a_word_of_its_title(word: str, number: int) -> None:
    assert course.number_of(word) == number


def test_the_list_as_latex(run: Run, katex: Callable[[Sequence[str]], list[str | None]]) -> None:
    code, out, _ = run("lessons", "--latex")
    first, square, *_ = out.splitlines()
    assert (code, first) == (0, r"\begin{enumerate}")
    assert square == r"""  \item a square: $y = x^{2}$ \\ \verb|gradcalc diff "x**2" --at 3|"""
    assert katex(re.findall(r"\$(.*?)\$", out)) == [None] * len(COURSE)


def test_all_lessons_make_a_handout(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(course, "COURSE", COURSE[:1])
    assert run("lessons", "--all", "-o", str(tmp_path / "handout.md")) == (0, "", "")
    text = (tmp_path / "handout.md").read_text(encoding="utf-8")
    assert text.startswith("# Gradients\n\n## 1. a square\n\nThe slope of y = x²")
    assert text.endswith("df/dx  2*x          6.0         6.0                 0 ulp     agree\n```\n")


def test_a_lesson_that_fails_makes_no_handout(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        course, "COURSE", (Lesson("a slip", "One parenthesis too few.", 'gradcalc diff "sin(x"', "y = sin(x)"),)
    )
    code, _, err = run("lessons", "--all", "-o", str(tmp_path / "handout.md"))
    assert (code, err.splitlines()[0]) == (2, "error: lesson 1 ended with exit code 2")
    assert not (tmp_path / "handout.md").exists()


def test_all_stands_alone(run: Run) -> None:
    assert run("lessons", "1", "--all").code == 2
