"""`diff` and `check` at many points, and `batch` of plain lines at a common one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.running import Run


def test_diff_has_a_row_for_each_point(run: Run) -> None:
    out = run.printed("diff", "x**2*y", "--at", "x=1:2:1,y=3", "--wrt", "x")
    assert "df/dx = 2*x*y" in out
    assert [line.split() for line in out.splitlines() if line.startswith(("1.0", "2.0"))] == [
        ["1.0", "3.0", "3.0", "df/dx", "6.0", "6.0", "agree"],
        ["2.0", "3.0", "12.0", "df/dx", "12.0", "12.0", "agree"],
    ]
    assert "2 points: 2 agree" in out


FORMS = [
    ("--quiet", "2.0\n4.0\n"),
    ("--json", None),
]


@pytest.mark.parametrize(("form", "wanted"), FORMS)
def test_programs_get_each_answer(form: str, wanted: str | None, run: Run) -> None:
    out = run.printed("diff", "x**2", "--at", "x=1:2:1", form)
    if wanted is not None:
        assert out == wanted
        return
    record = json.loads(out)
    assert [one["gradient"]["x"]["symbolic"] for one in record["points"]] == [2.0, 4.0]
    assert record["verdict"] == "agree"


WORST = [
    (["diff", "abs(x)", "--at", "x=-1:1:1"], 1, "kink"),
    (["diff", "x", "--at", "x=-1:1:1"], 0, "agree"),
    (["check", "x**2", "--gradient", "x+1", "--at", "x=1:2:1"], 1, "wrong"),
    (["check", "x**2", "--gradient", "2*x", "--at", "x=1:2:1"], 0, "right"),
]


@pytest.mark.parametrize(("arguments", "code", "verdict"), WORST)
def test_the_worst_point_decides(arguments: list[str], code: int, verdict: str, run: Run) -> None:
    assert run.record(*arguments, code=code)["verdict"] == verdict


@pytest.mark.parametrize("command", [["diff"], ["check", "--gradient", "h"]])
def test_points_come_from_a_table(command: list[str], tmp_path: Path, run: Run) -> None:
    points = tmp_path / "p.csv"
    points.write_text("height,name\n1,a\n2,b\n")
    out = run.printed(*command, "h**2/2", "--points", str(points), "--column", "h=height", "-q")
    assert out == {"diff": "1.0\n2.0\n", "check": "right\nright\n"}[command[0]]


REFUSED = [
    (["diff", "x", "--at", "x=0:1"], "a range without a step"),
    (["diff", "x", "--column", "x=a"], "--column is for --points"),
    (["diff", "x", "--points", "{}", "--range", "x=0:1"], "--range and --points exclude each other"),
    (["diff", "x", "--points", "{}", "--at", "x=0:1:1"], "--points and a range in --at exclude each other"),
    (["diff", "x*q", "--points", "{}"], "has no column for `q`"),
    (["diff", "y", "--points", "{}"], "line 3, column `y`: `b` is not a number"),
    (["diff", "1/x", "--at", "y=0:1:1"], "at point 1: "),
]


@pytest.mark.parametrize(("arguments", "message"), REFUSED)
def test_what_makes_no_sense_is_refused(arguments: list[str], message: str, tmp_path: Path, run: Run) -> None:
    (tmp_path / "p.csv").write_text("x,y\n1,2\n2,b\n")
    err = run.refused(*[one.format(tmp_path / "p.csv") for one in arguments])
    assert message in err and "--on-error" not in err


def test_plain_lines_take_of_the_common_point_what_they_have(tmp_path: Path, run: Run) -> None:
    lines = tmp_path / "lines.txt"
    lines.write_text("x**2\n\n sin(x)*y \nz\nx +\n2\nA @ A\n")
    out = run.printed("batch", str(lines), "--lines", "--at", "x=3,y=pi", "--at", "A=[1, 2]", "--jobs", "1", code=1)
    found: list[dict[str, Any]] = [json.loads(line) for line in out.splitlines()]
    assert [one.get("at") for one in found] == [
        {"x": 3.0},
        {"x": 3.0, "y": 3.141592653589793},
        None,
        None,
        {},
        {"A": [1.0, 2.0]},
    ]
    assert [one["error"]["message"] for one in found if "error" in one] == [
        "no value for `z`", "expected a value, found the end",
    ]  # fmt: skip


def test_json_lines_without_a_point_take_the_common_one(tmp_path: Path, run: Run) -> None:
    lines = tmp_path / "jobs.jsonl"
    lines.write_text('"x**2"\n{"expression": "x", "at": 7}\n')
    out = run.printed("batch", str(lines), "--at", "3", "--jobs", "1")
    assert [json.loads(line)["at"] for line in out.splitlines()] == [{"x": 3.0}, {"x": 7.0}]
