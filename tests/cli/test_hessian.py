"""`gradcalc hessian` as a user and as a script meets it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.running import Run

pytestmark = pytest.mark.smoke

COMMAND = "hessian"
ROSENBROCK = "(1 - x)**2 + 100*(y - x**2)**2"


QUIET = [
    ((ROSENBROCK, "--at", "x=1,y=1"), "802.0 -400.0\n-400.0 200.0\n"),
    (("x**2 - y**2",), "[2, 0]\n[0, -2]\n"),
    (("-x**2", "--at", "3"), "-2.0\n"),
    (("x.T @ A @ x", "--shape", "A=n,n", "--shape", "x=n", "--wrt", "x"), "A + A.T\n"),
    (("x.T @ A @ x", "--shape", "A=n,n", "--shape", "x=n", "--wrt", "x", "--symmetric", "A"), "2*A\n"),
    (("abs(x)", "--at", "0"), "nan\n"),
]


@pytest.mark.parametrize(("arguments", "output"), QUIET)
def test_quiet_prints_a_row_on_each_line(run: Run, arguments: tuple[str, ...], output: str) -> None:
    assert run("-q", *arguments)[1:] == (output, "")


def slope(formula: str) -> dict[str, Any]:
    """The record of a first derivative that is zero."""
    return {
        "formula": formula, "symbolic": 0.0, "exact": "0", "autograd": 0.0, "error": 0.0, "ulps": 0.0,
        "verdict": "agree", "reason": None,
    }  # fmt: skip


def test_json_is_one_object_of_known_keys(run: Run) -> None:
    assert run.record("x**2 - y**2", "--at", "x=0,y=0") == {
        "schema": 1,
        "expression": "x**2 - y**2",
        "at": {"x": 0.0, "y": 0.0},
        "dtype": "float64",
        "value": 0.0,
        "forward": {"autograd": 0.0, "ulps": 0.0, "verdict": "agree", "reason": None},
        "rows": ["x", "y"],
        "columns": ["x", "y"],
        "formula": None,
        "formulas": {"x": None, "y": None},
        "components": [["2", "0"], ["0", "-2"]],
        "symbolic": [[2.0, 0.0], [0.0, -2.0]],
        "exact": [["2.0000000000000000000", "0"], ["0", "-2.0000000000000000000"]],
        "autograd": [[2.0, 0.0], [0.0, -2.0]],
        "error": [[0.0, 0.0], [0.0, 0.0]],
        "ulps": [[0.0, 0.0], [0.0, 0.0]],
        "verdict": "agree",
        "reason": None,
        "verdicts": [["agree", "agree"], ["agree", "agree"]],
        "gradient": {"x": slope("2*x"), "y": slope("-2*y")},
        "symmetric": True,
        "eigenvalues": [-2.0, 2.0],
        "definiteness": "indefinite",
        "critical": "saddle",
        "near": None,
    }


NUMBERS = ("symbolic", "autograd", "verdict", "symmetric", "eigenvalues", "definiteness", "critical", "near")


def test_json_without_a_point_has_formulas_alone(run: Run) -> None:
    found = run.record("x**3")
    assert (found["components"], found["gradient"]["x"]["formula"]) == ([["6*x"]], "3*x**2")
    assert [found[key] for key in NUMBERS] == [None] * len(NUMBERS)


def test_json_has_the_form_in_array_terms(run: Run) -> None:
    found = run.record("sum(x**3)", "--at", "x=[1,2]")
    assert (found["formula"], found["symbolic"]) == ("6*diag(x)", [[6.0, 0.0], [0.0, 12.0]])
    assert found["gradient"]["x"]["symbolic"] == [3.0, 12.0]


MINIMUM = """\
f = (x - 1)**2 + 2*y**2
x = 1.0
y = 0.0
value = 0.0

closed form
   x  y
x  2  0
y  0  4

true value
     x    y
x  2.0  0.0
y  0.0  4.0

autograd (float64)
     x    y
x  2.0  0.0
y  0.0  4.0

4 of 4 entries agree to the last bit

∂f/∂x = 0.0
∂f/∂y = 0.0
symmetric = yes
eigenvalues = [2.0, 4.0]
definiteness = positive definite

the gradient is zero and every eigenvalue is positive: a minimum
"""


def test_piped_it_is_plain_text(run: Run) -> None:
    assert run("(x - 1)**2 + 2*y**2", "--at", "x=1,y=0") == (0, MINIMUM, "")


ADVICE = [
    (("-x**2", "--at", "0"), "the gradient is zero and every eigenvalue is negative: a maximum\n"),
    (("x*y", "--at", "x=0,y=0"), "the gradient is zero and there are eigenvalues of both signs: a saddle\n"),
    (("x**3 - 3*x*y**2", "--at", "x=0,y=0"),
     "the gradient is zero, but the second derivatives do not decide what is there\n"),
    (("x**2", "--at", "1"), "the gradient is not zero here: neither a minimum nor a maximum nor a saddle\n"),
    (("cos(x)", "--at", "x=pi"), "the gradient is zero within the rounding of the point: a minimum lies next to it\n"),
    (("x**3", "--at", "0"), "the gradient is zero, but the second derivatives do not decide what is there\n"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "advice"), ADVICE)
def test_the_point_is_named(run: Run, arguments: tuple[str, ...], advice: str) -> None:
    assert run(*arguments).out.split("\n\n")[-1] == advice


def test_the_zero_matrix_is_called_so(run: Run) -> None:
    assert "\ndefiniteness = the zero matrix\n" in run("x**3", "--at", "0").out


BLOCKS = """\
f = x.T @ A @ x

∂²f/∂x² = A + A.T
∂²f/∂A² = zeros(n*n, n*n)
∂²f/∂x∂A = kron([x], eye(n)) + kron(eye(n), [x])

its entries are not listed: a dimension has no number
"""


def test_blocks_are_written_in_array_terms(run: Run) -> None:
    assert run("x.T @ A @ x", "--shape", "A=n,n", "--shape", "x=n") == (0, BLOCKS, "")
