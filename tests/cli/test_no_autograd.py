"""Where torch has no gradient of its own the true one stands alone: null, the reason, and nothing to stop for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.running import Run

TEXT = """\
f = heaviside(x)*y
read as = heaviside(x, 1/2)*y
x = 1.0
y = 2.0
value = 2.0

       closed form        true value  autograd (float64)  distance  verdict
∂f/∂x  0                  0.0         -                   -         no-autograd
∂f/∂y  heaviside(x, 1/2)  1.0         1.0                 0 ulp     agree

x: torch has no gradient of `heaviside`
"""


def test_it_is_said_in_text(run: Run) -> None:
    assert run("diff", "heaviside(x)*y", "--at", "x=1,y=2") == (0, TEXT, "")


def test_it_is_null_in_json(run: Run) -> None:
    found = run.record("diff", "heaviside(x) + x**2", "--at", "1.5", code=0)
    row = found["gradient"]["x"]
    keys = ("symbolic", "exact", "autograd", "error", "ulps", "verdict", "reason", "explanation")
    assert [row[key] for key in keys] == [
        3.0, "3.0000000000000000000", None, None, None, None, "no-autograd", "torch has no gradient of `heaviside`",
    ]  # fmt: skip
    assert found["verdict"] is None


def test_what_has_no_derivative_has_its_verdict_all_the_same(run: Run) -> None:
    code, text, _ = run("diff", "heaviside(x)", "--at", "0")
    assert code == 1
    assert "there is no derivative: the value jumps here" in text


def test_a_derivative_that_torch_cannot_derive_once_more_is_missing_too(run: Run) -> None:
    first, second = (
        run.record("diff", "hardsigmoid(x)**2", "--at=0.5", "--dtype=float32", f"--order={order}", code=0)["gradient"]
        for order in (1, 2)
    )
    assert first["x"]["verdict"] == "agree"
    assert (second["x"]["verdict"], second["x"]["reason"]) == (None, "no-autograd")
    assert second["x"]["explanation"].startswith("torch has no derivative of order 2 here: ")


def test_the_components_of_an_array_are_alone(run: Run) -> None:
    row = run.record("diff", "sum(heaviside(x)*x)", "--at", "x=[1,2,-1]", code=0)["gradient"]["x"]
    assert (row["symbolic"], row["autograd"], row["verdict"], row["reason"]) == ([1, 1, 0], None, None, "no-autograd")


def test_so_are_the_columns_of_a_jacobian(run: Run) -> None:
    found = run.record("jacobian", "[heaviside(x)*y**2, x*y]", "--at", "x=0.5,y=2", code=0)
    assert (found["symbolic"], found["autograd"]) == ([[0, 4], [2, 0.5]], [[None, 4], [None, 0.5]])
    assert (found["verdict"], found["verdicts"]) == ("agree", [[None, "agree"], [None, "agree"]])


def test_so_are_the_rows_and_columns_of_a_hessian(run: Run) -> None:
    found = run.record("hessian", "heaviside(x)*y**2", "--at", "x=0.5,y=2", code=0)
    assert (found["symbolic"], found["autograd"]) == ([[0, 0], [0, 2]], [[None, None], [None, 2]])
    assert (found["verdict"], found["definiteness"]) == ("agree", "positive semidefinite")


def test_a_hessian_without_any_of_torchs_numbers(run: Run) -> None:
    found = run.record("hessian", "hardsigmoid(x)*y", "--at", "x=0.75,y=2", code=0)
    assert (found["autograd"], found["verdict"], found["reason"]) == (None, None, "no-autograd")
    _, text, _ = run("hessian", "hardsigmoid(x)*y", "--at", "x=0.75,y=2")
    assert "autograd (float64)\n   x  y\nx  -  -\ny  -  -\n" in text


def test_a_graph_ends_there(run: Run) -> None:
    found = run.record("graph", "heaviside(x)*y", "--at", "x=1,y=2", code=0)
    x, _, y, _ = found["nodes"]
    assert (x["check"]["symbolic"], x["check"]["verdict"], x["check"]["reason"]) == (0, None, "no-autograd")
    assert (y["check"]["verdict"], found["verdict"]) == ("agree", "agree")
    assert run.record("graph", "sum(heaviside(x))", "--at", "x=[1,2]", code=0)["verdict"] is None


def test_a_direction_through_it_has_none(run: Run) -> None:
    found = run.record("diff", "heaviside(x)*y", "--at", "x=1,y=2", "--direction", "x=1,y=1", code=0)["direction"]
    assert (found["symbolic"], found["autograd"], found["verdict"], found["reason"]) == (1, None, None, "no-autograd")


def test_a_line_of_a_batch_goes_on(run: Run, tmp_path: Path) -> None:
    (tmp_path / "jobs").write_text('{"expression": "heaviside(x)", "at": 2}\n{"expression": "x**2", "at": 2}\n')
    code, text, _ = run("batch", str(tmp_path / "jobs"))
    assert (code, [json.loads(line)["verdict"] for line in text.splitlines()]) == (0, [None, "agree"])


def test_a_check_needs_no_autograd(run: Run) -> None:
    assert run("check", "heaviside(x)*x", "--gradient", "heaviside(x)").code == 0


def test_side_by_side_and_over_a_range_it_is_the_reason(run: Run) -> None:
    code, text, _ = run("diff", "heaviside(x)*x", "--at", "1", "--dtype", "float16,float64")
    assert (code, text.count("no-autograd")) == (0, 2)
    code, text, _ = run("diff", "heaviside(x)*x", "--range", "x=1:2")
    assert (code, text.count("no-autograd")) == (0, 1)


@pytest.mark.parametrize("lesson", ["accumulate", "nograd"])
def test_a_lesson_about_backward_is_refused(run: Run, lesson: str) -> None:
    code, _, text = run(lesson, "heaviside(x)*y", "--at", "x=1,y=2")
    words = "error: torch has no gradient of `heaviside`, and `x` goes through it\n"
    assert (code, text) == (2, f"{words}\nhint: derive by others alone: --wrt y\n")
    assert run(lesson, "heaviside(x)*y", "--at", "x=1,y=2", "--wrt", "y").code == 0
