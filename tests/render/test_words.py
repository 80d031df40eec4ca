"""The words that pages share: heads, names of derivatives, lists of names, and notes that are told once."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from gradcalc.answers.records import Row
from gradcalc.answers.verdicts import Verdict
from gradcalc.problem.problem import nameless
from gradcalc.render.document import BAD, GOOD, Facts, Note
from gradcalc.render.rows import distance, notes, table, true_text, worst
from gradcalc.render.words import called, derivative_name, head


def asked(expression: str, reading: str | None = None, at: dict[str, float] | None = None) -> Any:
    """A question."""
    return SimpleNamespace(expression=expression, reading=reading, at=at)


HEADS = {
    "a function": ((asked("x**2"), None), (("f", "x**2"),)),
    "in one line": ((asked("x +\n  1"), None), (("f", "x + 1"),)),
    "a program over lines": ((asked("y = x**2  # squared\nz = y +\n  1\n\nz"), None),
                             (("f", "y = x**2; z = y + 1; z"),)),
    "lines inside parentheses": ((asked("(x\n + 1)"), None), (("f", "(x + 1)"),)),
    "its reading": ((asked("2x", "2*x"), None), (("f", "2x"), ("read as", "2*x"))),
    "a point and a value": ((asked("x", None, {"x": 3.0}), "3.0"), (("f", "x"), ("x", "3.0"), ("value", "3.0"))),
    "more": ((asked("x", "x", {"x": 3.0}), None, ("n", "2")),
             (("f", "x"), ("read as", "x"), ("n", "2"), ("x", "3.0"))),
}  # fmt: skip


@pytest.mark.parametrize(("arguments", "pairs"), HEADS.values(), ids=HEADS)
def test_a_page_has_a_head(arguments: tuple[Any, ...], pairs: tuple[tuple[str, str], ...]) -> None:
    assert head("f", *arguments) == Facts(pairs)


CALLED = {
    "x**2": "f",
    "y = x**2; sin(y)": "program",
    "y = x**2\nsin(y)": "program",
    "y = x**2": "program",
    "x == 2": "f",
}


@pytest.mark.parametrize(("expression", "name"), CALLED.items(), ids=CALLED)
def test_an_expression_is_a_function_or_a_program(expression: str, name: str) -> None:
    assert called(expression, "f") == name


@pytest.mark.parametrize(("taken", "name"), [("", "f"), ("fx", "g"), ("fg", "h"), ("fgh", "F"), ("fghF", "result")])
def test_a_function_has_a_name_that_is_free(taken: str, name: str) -> None:
    assert nameless(dict.fromkeys(taken)) == name


NAMES = {
    "df/dx": ("f", "x", 1, False),
    "∂f/∂x": ("f", "x", 1, True),
    "d¹²f/dx¹²": ("f", "x", 12, False),
}


@pytest.mark.parametrize(("text", "arguments"), NAMES.items(), ids=NAMES)
def test_a_derivative_is_written_as_on_paper(text: str, arguments: tuple[str, str, int, bool]) -> None:
    assert derivative_name(*arguments) == text


def test_a_note_is_told_once() -> None:
    said = [("x", "too large", BAD), ("y", "too large", BAD), ("x", "an edge", GOOD), ("z", "too large", GOOD)]
    assert notes(said) == [Note("x, y: too large", BAD), Note("x: an edge", GOOD), Note("z: too large", GOOD)]
    assert notes(said, nameless=2)[0] == Note("too large", BAD)


RIGHT = Row("x", "2*x", symbolic=6.0, autograd=6.0, ulps=0.0, verdict=Verdict.AGREE)
CORNER = Row("y", None, autograd=0.0, verdict=Verdict.KINK, left=-1.0, right=1.0)


def test_rows_are_shown_as_a_table() -> None:
    shown = table([("df/dx", RIGHT), ("df/dy", CORNER)], "float32")
    assert shown.columns == ("", "closed form", "true value", "autograd (float32)", "distance", "verdict")
    assert shown.rows == (
        ("df/dx", "2*x", "6.0", "6.0", "0 ulp", "agree"),
        ("df/dy", "-", "left -1.0, right 1.0", "0.0", "-", "kink: no derivative"),
    )
    assert (shown.tones, shown.spill) == ((GOOD, BAD), 1)


def test_closed_forms_may_stand_apart() -> None:
    shown = table([("df/dx", RIGHT)], "float64", formulas=False)
    assert (shown.rows, shown.spill) == ((("df/dx", "6.0", "6.0", "0 ulp", "agree"),), None)


def test_the_worst_is_named() -> None:
    off = Row("z", None, ulps=3.5)
    assert worst([("x", RIGHT), ("z", off), ("y", CORNER)]) == ", the worst is z, 3.5 ulp off"
    assert worst([("y", CORNER)]) == ""


def test_a_distance_that_is_no_number_is_not_told() -> None:
    assert distance(Row("x", None, ulps=float("inf"))) == "-"
    assert true_text(Row("x", None)) == "none"
