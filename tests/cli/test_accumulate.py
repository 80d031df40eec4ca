"""`gradcalc accumulate` as a user and as a script meets it."""

from __future__ import annotations

from pathlib import Path

import pytest

from gradcalc.engines.records import Autograd
from gradcalc.lessons.accumulation import lesson
from tests.running import Run

COMMAND = "accumulate"
FORGOT = "AttributeError: 'NoneType' object has no attribute 'zero_'"


def test_the_record_of_one_variable_has_lists(run: Run) -> None:
    found = run.record("x**2", "--at", "2", "--passes", "3")
    assert {key: found[key] for key in list(found)[:9]} == {
        "schema": 1,
        "expression": "x**2",
        "at": {"x": 2.0},
        "dtype": "float64",
        "value": 4.0,
        "passes": 3,
        "accumulated": [4.0, 8.0, 12.0],
        "zeroed": [4.0, 4.0, 4.0],
        "gradient_of_sum": 12.0,
    }
    assert found["error"] is None
    assert found["clearing"][1] == {"call": "x.grad = None", "grad": None, "next_grad": 4.0}
    assert found["attempts"][0] == {"call": "x.grad.zero_() before the first backward()", "error": FORGOT, "grad": None}
    assert (found["gradient"]["x"]["formula"], found["verdict"]) == ("2*x", "agree")


def test_the_record_of_several_variables_has_objects_by_name(run: Run) -> None:
    found = run.record("x*w", "--at", "x=2,w=3", "--passes", "2")
    assert found["accumulated"] == {"x": [3.0, 6.0], "w": [2.0, 4.0]}
    assert found["zeroed"] == {"x": [3.0, 3.0], "w": [2.0, 2.0]}
    assert found["gradient_of_sum"] == {"x": 6.0, "w": 4.0}


def test_one_variable_of_several_has_lists_too(run: Run) -> None:
    assert run.record("x*w", "--at", "x=2,w=3", "--wrt", "w")["accumulated"] == [2.0, 4.0, 6.0]


def test_an_array_has_lists_of_its_shape(run: Run) -> None:
    found = run.record("sum(x**2)", "--at", "x=[1,2]", "--passes", "2")
    assert (found["at"], found["accumulated"], found["zeroed"], found["gradient_of_sum"]) == (
        {"x": [1.0, 2.0]}, [[2.0, 4.0], [4.0, 8.0]], [[2.0, 4.0], [2.0, 4.0]], [4.0, 8.0],
    )  # fmt: skip
    assert found["gradient"]["x"]["components"] == ["2*x1", "2*x2"]


def test_a_number_that_is_not_finite_is_a_string(run: Run) -> None:
    assert run.record("exp(x)", "--at", "1000", "--passes", "1")["accumulated"] == ["Infinity"]


def test_the_reading_is_shown_where_it_is_not_obvious(run: Run) -> None:
    assert run.record("2x", "--at", "2")["reading"] == "2*x"
    assert run("2x", "--at", "2").out.startswith("y = 2x\nread as = 2*x\nx = 2.0\nvalue = 4.0\n")


QUIET = {
    "three passes": (("x**2", "--at", "2"), "4.0\n8.0\n12.0\n"),
    "as many as asked for": (("-x**2", "--at", "2", "--passes", "2"), "-4.0\n-8.0\n"),
    "one variable after the other": (("x*w", "--at", "x=2,w=3", "--passes", "2"), "3.0\n6.0\n2.0\n4.0\n"),
    "one component after the other": (("sum(x**2)", "--at", "x=[1,2]", "--passes", "2"), "2.0\n4.0\n4.0\n8.0\n"),
    "no gradient": (("5", "--wrt", "x", "--at", "2", "--passes", "1"), "None\n"),
}


@pytest.mark.parametrize(("arguments", "output"), QUIET.values(), ids=QUIET)
def test_quiet_prints_what_grad_holds(run: Run, arguments: tuple[str, ...], output: str) -> None:
    assert run("-q", *arguments) == (0, output, "")


def test_a_wrong_first_pass_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lesson, "as_autograd", lambda problem, value, gradient: Autograd(4.0, {"x": 4.1}))
    code, out, _ = run("x**2", "--at", "2")
    assert code == 1
    assert "dy/dx  2*x          4.0         4.1                 1.13e+14 ulp  disagree: precision\n" in out


def test_an_expression_that_is_not_tracked_says_so(run: Run) -> None:
    said = "y.backward() raises RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn\n"
    assert said in run("5", "--wrt", "x", "--at", "2").out


def test_a_second_backward_that_works_is_explained(run: Run) -> None:
    last = "A second backward() works here: the graph of this expression keeps no values that could be missing.\n"
    assert run("x + 1", "--at", "2").out.endswith(f"x.grad = 2.0\nraises = nothing\n\n{last}")
    assert last not in run("x**2", "--at", "2").out


def test_the_lesson_goes_to_a_file(run: Run, tmp_path: Path) -> None:
    assert run("x**2", "--at", "2", "-q", "-o", str(tmp_path / "passes.txt")) == (0, "", "")
    assert (tmp_path / "passes.txt").read_text() == "4.0\n8.0\n12.0\n"
