"""Jacobians, Hessians and directional derivatives of textbook functions."""

from __future__ import annotations

from typing import Any

import pytest

from tests.running import Run

JACOBIANS = [
    (("[r*cos(t), r*sin(t)]", "--at", "r=2,t=0"), [[1.0, 0.0], [0.0, 2.0]], "agree"),
    (("A @ x", "--at", "A=[[1,2],[3,4]]", "--at", "x=[1,1]", "--wrt", "x"), [[1.0, 2.0], [3.0, 4.0]], "agree"),
    (("x**2", "--at", "x=[1,2]"), [[2.0, 0.0], [0.0, 4.0]], "agree"),
    (("softmax(x)", "--at", "x=[0,0]"), [[0.25, -0.25], [-0.25, 0.25]], "agree"),
    (("x*y", "--at", "x=2,y=3"), [[3.0, 2.0]], "agree"),
    (("[abs(x), x]", "--at", "x=0"), [[None], [1.0]], "kink"),
]


@pytest.mark.parametrize(("arguments", "symbolic", "verdict"), JACOBIANS)
def test_a_jacobian(run: Run, arguments: tuple[str, ...], symbolic: Any, verdict: str) -> None:
    found = run.record("jacobian", *arguments)
    assert (found["symbolic"], found["verdict"]) == (symbolic, verdict)


HESSIANS = [
    (("x**2 + y**2", "--at", "x=0,y=0"), [[2.0, 0.0], [0.0, 2.0]], "positive definite", "minimum"),
    (("-x**2 - y**2", "--at", "x=0,y=0"), [[-2.0, 0.0], [0.0, -2.0]], "negative definite", "maximum"),
    (("x**2 - y**2", "--at", "x=0,y=0"), [[2.0, 0.0], [0.0, -2.0]], "indefinite", "saddle"),
    (("x**3 - 3*x*y**2", "--at", "x=0,y=0"), [[0.0, 0.0], [0.0, 0.0]], "zero", "undecided"),
    (("x**2 - y**2", "--at", "x=1,y=0"), [[2.0, 0.0], [0.0, -2.0]], "indefinite", None),
    (("(1-x)**2 + 100*(y-x**2)**2", "--at", "x=1,y=1"), [[802.0, -400.0], [-400.0, 200.0]], "positive definite",
     "minimum"),
    (("x.T @ A @ x", "--at", "x=[1,2]", "--at", "A=[[1,2],[3,4]]", "--wrt", "x"), [[2.0, 5.0], [5.0, 8.0]],
     "indefinite", None),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "symbolic", "definiteness", "critical"), HESSIANS)
def test_a_hessian(
    run: Run, arguments: tuple[str, ...], symbolic: Any, definiteness: str, critical: str | None
) -> None:
    found = run.record("hessian", *arguments)
    assert found["symbolic"] == symbolic
    assert (found["definiteness"], found["critical"], found["symmetric"]) == (definiteness, critical, True)


DIRECTIONS = [
    (("x*y", "--at", "x=2,y=3", "--direction", "x=1,y=1"), 5.0, "agree"),
    (("x*y", "--at", "x=2,y=3", "--direction", "x=2"), 6.0, "agree"),
    (("max(x, y)", "--at", "x=1,y=1", "--direction", "x=1,y=1"), 1.0, "agree"),
    (("max(x, y)", "--at", "x=1,y=1", "--direction", "x=1,y=-1"), None, "kink"),
    (("sum(x**2)", "--at", "x=[1,2]", "--direction", "[1,1]"), 6.0, "agree"),
]


@pytest.mark.parametrize(("arguments", "symbolic", "verdict"), DIRECTIONS)
def test_a_directional_derivative(run: Run, arguments: tuple[str, ...], symbolic: float | None, verdict: str) -> None:
    found = run.record("diff", *arguments)["direction"]
    assert (found["symbolic"], found["verdict"]) == (symbolic, verdict)


FORMS = [
    (("jacobian", "sin(A @ x)", "--shape", "A=2,2", "--shape", "x=2", "--wrt", "x"), "diag(cos(A @ x)) @ A"),
    (("jacobian", "A @ x", "--shape", "A=2,3", "--shape", "x=3", "--wrt", "x"), "A"),
    (("hessian", "x.T @ A @ x", "--shape", "A=2,2", "--shape", "x=2", "--wrt", "x"), "A + A.T"),
]


@pytest.mark.parametrize(("arguments", "formula"), FORMS)
def test_a_closed_form_in_array_terms(run: Run, arguments: tuple[str, ...], formula: str) -> None:
    assert run.record(*arguments)["formula"] == formula


def test_quiet_prints_a_row_a_line(run: Run) -> None:
    assert run.printed("hessian", "x*y", "--at", "x=1,y=2", "-q") == "0.0 1.0\n1.0 0.0\n"


REFUSED = [
    (["hessian", "[x, y]", "--at", "x=1,y=2"], 2),
    (["diff", "x*y", "--at", "x=1,y=2", "--direction", "x=0,y=0"], 2),
    (["diff", "x*y", "--at", "x=1,y=2", "--direction", "z=1"], 2),
]


@pytest.mark.parametrize(("arguments", "code"), REFUSED)
def test_what_has_no_answer_is_refused(run: Run, arguments: list[str], code: int) -> None:
    done = run(*arguments)
    assert (done.code, done.err[:7]) == (code, "error: ")
