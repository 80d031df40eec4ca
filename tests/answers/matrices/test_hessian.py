"""Hessians: second derivatives by every pair, and what they say about the point."""

from __future__ import annotations

from typing import Any

import pytest

import gradcalc
from gradcalc.answers.matrices.records import Hessian
from gradcalc.answers.records import Row
from gradcalc.answers.verdicts import Reason, Verdict
from gradcalc.base.errors import GradcalcError
from gradcalc.render.error import render

ROSENBROCK = "(1 - x)**2 + 100*(y - x**2)**2"
PEANO = "where(x**2 + y**2 == 0, 0, x*y*(x**2 - y**2)/(x**2 + y**2))"


def trues(found: Hessian) -> list[list[float | None]]:
    """The true values, row by row."""
    return [[entry.symbolic for entry in row] for row in found.matrix.entries]


COMPONENTS = [
    (ROSENBROCK, [["1200*x**2 - 400*y + 2", "-400*x"], ["-400*x", "200"]]),
    ("x**2 - y**2", [["2", "0"], ["0", "-2"]]),
    ("sin(x*y)", [["-y**2*sin(x*y)", "cos(x*y) - x*y*sin(x*y)"], ["cos(x*y) - x*y*sin(x*y)", "-x**2*sin(x*y)"]]),
    ("x", [["0"]]),
]


@pytest.mark.parametrize(("text", "expected"), COMPONENTS)
def test_each_entry_has_a_closed_form(text: str, expected: list[list[str]]) -> None:
    found = gradcalc.hessian(text)
    assert [[entry.formula for entry in row] for row in found.matrix.entries] == expected
    assert (found.verdict, found.symmetric, found.critical) == (None, None, None)


VALUES: list[tuple[str, dict[str, Any], str | None, list[list[float]]]] = [
    (ROSENBROCK, {"x": 1, "y": 1}, None, [[802.0, -400.0], [-400.0, 200.0]]),
    ("x.T @ A @ x", {"A": [[1, 2], [3, 4]], "x": [1, 2]}, "x", [[2.0, 5.0], [5.0, 8.0]]),
    ("y*sum(x**2)", {"x": [1, 2], "y": 3}, "x,y", [[6.0, 0.0, 2.0], [0.0, 6.0, 4.0], [2.0, 4.0, 0.0]]),
    ("y*sum(x**2)", {"x": [1, 2], "y": 3}, None, [[0.0, 2.0, 4.0], [2.0, 6.0, 0.0], [4.0, 0.0, 6.0]]),
    ("det(A)", {"A": [[1, 2], [3, 4]]}, None,
     [[0.0, 0.0, 0.0, 1.0], [0.0, 0.0, -1.0, 0.0], [0.0, -1.0, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0]]),
    ("logsumexp(x)", {"x": [0, 0]}, None, [[0.25, -0.25], [-0.25, 0.25]]),
    ("norm(x)", {"x": [3, 4]}, None, [[0.128, -0.096], [-0.096, 0.072]]),
    ("x*y", {"x": 1, "y": 2, "z": 3}, "x,z", [[0.0, 0.0], [0.0, 0.0]]),
    ("5", {"x": 1}, "x", [[0.0]]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "at", "wrt", "expected"), VALUES)
def test_the_entries_are_true_and_autograd_agrees(
    text: str, at: dict[str, Any], wrt: str | None, expected: list[list[float]]
) -> None:
    found = gradcalc.hessian(text, at=at, wrt=wrt)
    assert (trues(found), found.verdict, found.symmetric) == (expected, Verdict.AGREE, True)


POINTS: list[tuple[str, dict[str, Any], list[float], str, str | None]] = [
    (ROSENBROCK, {"x": 1, "y": 1}, [0.39936076748763305, 1001.6006392325123], "positive definite", "minimum"),
    (ROSENBROCK, {"x": 0, "y": 0}, [2.0, 200.0], "positive definite", None),
    ("-x**2 - 2*y**2", {"x": 0, "y": 0}, [-4.0, -2.0], "negative definite", "maximum"),
    ("x**2 - y**2", {"x": 0, "y": 0}, [-2.0, 2.0], "indefinite", "saddle"),
    ("x**3 - 3*x*y**2", {"x": 0, "y": 0}, [0.0, 0.0], "zero", "undecided"),
    ("x**2 + y**4", {"x": 0, "y": 0}, [0.0, 2.0], "positive semidefinite", "undecided"),
    ("-(x + y)**2", {"x": 0, "y": 0}, [-4.0, 0.0], "negative semidefinite", "undecided"),
    ("x**2 - y**2 + z**4", {"x": 0, "y": 0, "z": 0}, [-2.0, 0.0, 2.0], "indefinite", "saddle"),
    ("(sin(1)*x + sin(2)*y)**2", {"x": 0, "y": 0}, [0.0, 3.0697904574107544], "positive semidefinite", "undecided"),
    ("x**2 + 1e-40*y**2", {"x": 0, "y": 0}, [2e-40, 2.0], "positive definite", "minimum"),
    ("x**2 - 1e-40*y**2", {"x": 0, "y": 0}, [-2e-40, 2.0], "indefinite", "saddle"),
    ("1e30*x**2 + 1e-30*x*y + y**2", {"x": 0, "y": 0}, [2.0, 2e30], "positive definite", "minimum"),
    ("logsumexp(x)", {"x": [0, 0]}, [0.0, 0.5], "positive semidefinite", None),
    ("cosh(x)", {"x": 0}, [1.0], "positive definite", "minimum"),
    ("5", {"x": 1}, [0.0], "zero", "undecided"),
    ("x**2.5", {"x": 0}, [0.0], "zero", "undecided"),
]


@pytest.mark.parametrize(("text", "at", "eigenvalues", "definiteness", "critical"), POINTS)
def test_the_point_is_judged_by_the_true_matrix(
    text: str, at: dict[str, Any], eigenvalues: list[float], definiteness: str, critical: str | None
) -> None:
    found = gradcalc.hessian(text, at=at, wrt=list(at))
    assert found.eigenvalues is not None
    assert (list(found.eigenvalues), found.definiteness, found.critical) == (eigenvalues, definiteness, critical)


NEAR = [
    ("cos(x)", {"x": "pi"}, "minimum"),
    ("sin(x)*cos(y)", {"x": "pi/2", "y": 0}, "maximum"),
    ("cos(x)*cos(y)", {"x": "pi/2", "y": "pi/2"}, "saddle"),
    ("(3*x - 1)**2", {"x": "1/3"}, "minimum"),
    ("tan(x)", {"x": "pi/2"}, None),
    ("exp(x)", {"x": -1000}, None),
    ("exp(x)", {"x": 1000}, None),
    ("x**2", {"x": 1}, None),
]


@pytest.mark.parametrize(("text", "at", "kind"), NEAR)
def test_a_critical_point_within_the_rounding_of_the_point_is_told(
    text: str, at: dict[str, Any], kind: str | None
) -> None:
    found = gradcalc.hessian(text, at=at)
    assert (found.critical, found.near) == (None, kind)


def test_the_gradient_comes_with_it() -> None:
    found = gradcalc.hessian("x**2*y", at={"x": 3, "y": 2})
    rows = [row for row in found.gradient.values() if isinstance(row, Row)]
    assert [(row.name, row.formula, row.symbolic) for row in rows] == [("x", "2*x*y", 12.0), ("y", "x**2", 9.0)]


def test_second_derivatives_have_a_kink_where_the_slope_has_a_corner() -> None:
    found = gradcalc.hessian("relu(x)**2 + y**2", at={"x": 0, "y": 0})
    corner = found.matrix.entries[0][0]
    assert (corner.verdict, corner.left, corner.right, corner.autograd) == (Verdict.KINK, 0.0, 2.0, 0.0)
    assert (found.verdict, found.eigenvalues, found.definiteness, found.critical) == (
        Verdict.KINK,
        None,
        None,
        "undecided",
    )


def test_where_there_is_no_first_derivative_there_is_no_second() -> None:
    found = gradcalc.hessian("abs(x) + y**2", at={"x": 0, "y": 1})
    verdicts = [[entry.verdict for entry in row] for row in found.matrix.entries]
    assert verdicts == [["undefined", "undefined"], ["agree", "agree"]]
    assert found.matrix.entries[0][0].explanation == ("there is no derivative: the first derivative by x jumps here")
    assert found.critical is None


def test_outside_the_domain_nothing_is_defined() -> None:
    found = gradcalc.hessian("log(x)", at={"x": -1})
    assert (found.value, found.verdict, found.eigenvalues) == (None, Verdict.UNDEFINED, None)
    assert found.matrix.entries[0][0].explanation == "`log(x)` has no real value here: log(x) needs x > 0"


@pytest.mark.parametrize("text", ["logdet(M)", "log(det(M))", "sum(inv(M))", "log(abs(det(M)))"])
def test_at_a_singular_matrix_there_is_none_though_torch_gives_up(text: str) -> None:
    found = gradcalc.hessian(text, at={"M": [[1, 1], [1, 1]]})
    assert (found.verdict, found.value) == ("undefined", None)
    assert len(found.matrix.every) == 16


def test_a_power_is_0_along_its_exponent_where_its_base_is_0() -> None:
    found = gradcalc.hessian("x**y", at="x=0,y=2")
    assert [entry.symbolic for entry in found.matrix.every] == [2.0, 0.0, 0.0, 0.0]


def test_mixed_derivatives_may_depend_on_their_order() -> None:
    found = gradcalc.hessian(PEANO, at={"x": 0, "y": 0})
    assert trues(found) == [[0.0, -1.0], [1.0, 0.0]]
    assert (found.eigenvalues, found.critical) == (None, "undecided")
    assert found.remarks == ("the mixed derivatives depend on the order here, so there are no eigenvalues to speak of",)


OTHERS = [
    ("exp(x)", {"x": 1000}, "float64", Verdict.DISAGREE, Reason.OVERFLOW),
    ("x**1.5", {"x": 0}, "float64", Verdict.INFINITE, Reason.EDGE),
    ("x**2.5", {"x": 0}, "float64", Verdict.AGREE, Reason.EDGE),
    ("x**4", {"x": 100}, "float16", Verdict.DISAGREE, Reason.OVERFLOW),
    ("x**3", {"x": 2}, "float32", Verdict.AGREE, None),
]


@pytest.mark.parametrize(("text", "at", "dtype", "verdict", "reason"), OTHERS)
def test_an_entry_is_judged_as_any_derivative(
    text: str, at: dict[str, Any], dtype: str, verdict: Verdict, reason: Reason | None
) -> None:
    entry = gradcalc.hessian(text, at=at, dtype=dtype).matrix.entries[0][0]
    assert (entry.verdict, entry.reason) == (verdict, reason)


def test_float32_rounds_the_true_values_to_its_own() -> None:
    found = gradcalc.hessian("sin(x)", at={"x": 1}, dtype="float32")
    assert (trues(found), found.verdict) == ([[-0.8414709568023682]], Verdict.AGREE)


def test_forty_variables_are_verified_and_their_eigenvalues_found() -> None:
    found = gradcalc.hessian("sum(x**2)", at={"x": [1.0] * 40}, timeout=60)
    assert (found.verdict, len(found.matrix.every), found.eigenvalues) == (Verdict.AGREE, 1600, (2.0,) * 40)


def test_a_matrix_that_is_too_large_is_said_to_be_unverified() -> None:
    found = gradcalc.hessian("sum(x**2)", at={"x": [1.0] * 400}, timeout=60)
    assert (found.verdict, found.matrix.entries, found.eigenvalues) == (None, (), None)
    assert found.matrix.note == "too large to be verified exactly: autograd's numbers stand alone"
    assert found.matrix.formulas == {"x": "2*eye(400)"}
    assert found.symmetric is True


ERRORS: list[tuple[str, dict[str, Any], str]] = [
    ("[x, y]", {}, "error: the result has shape (2,), a gradient needs a scalar\n\n  [x, y]\n  ^^^^^^\n\n"
                   "hint: sum it, or ask for `gradcalc jacobian`\n"),
    ("x*y", {"at": {"x": 1}}, "error: no value for `y`\n\nhint: add --at y=…\n"),
    ("x*", {}, "error: expected a value, found the end\n\n  x*\n    ^\n\n"
     "hint: write what is missing, or leave out the sign before it\n"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "arguments", "message"), ERRORS)
def test_an_error_shows_the_place(text: str, arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(GradcalcError) as error:
        gradcalc.hessian(text, **arguments)
    assert render(error.value) == message
