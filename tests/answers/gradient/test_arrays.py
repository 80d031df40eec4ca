"""Gradients by arrays: numbers of the variable's shape, components in closed form, verdicts for each."""

from __future__ import annotations

from typing import Any

import pytest

from gradcalc import api
from gradcalc.answers.records import ArrayRow
from gradcalc.answers.verdicts import Verdict
from gradcalc.base.errors import GradcalcError
from gradcalc.render.json import plain

A = [[1, 2], [3, 4]]
GRADIENTS: list[tuple[str, dict[str, Any], str, Any]] = [
    ("(x**2).mean()", {"x": [1, 2, 3]}, "x", [0.6666666666666666, 1.3333333333333333, 2.0]),
    ("sum(x)", {"x": [1, 2, 3]}, "x", [1.0, 1.0, 1.0]),
    ("x.T @ A @ x", {"x": [1, 2], "A": A}, "x", [12.0, 21.0]),
    ("x.T @ A @ x", {"x": [1, 2], "A": A}, "A", [[1.0, 2.0], [2.0, 4.0]]),
    ("norm(x)", {"x": [3, 4]}, "x", [0.6, 0.8]),
    ("norm1(x)", {"x": [3, -4]}, "x", [1.0, -1.0]),
    ("norminf(x)", {"x": [3, -4]}, "x", [0.0, -1.0]),
    ("norm(A)**2", {"A": A}, "A", [[2.0, 4.0], [6.0, 8.0]]),
    ("norm(A @ x - b)**2", {"A": A, "x": [1, 1], "b": [2, 2]}, "x", [32.0, 44.0]),
    ("trace(A)", {"A": A}, "A", [[1.0, 0.0], [0.0, 1.0]]),
    ("trace(A @ A)", {"A": A}, "A", [[2.0, 6.0], [4.0, 8.0]]),
    ("det(A)", {"A": A}, "A", [[4.0, -3.0], [-2.0, 1.0]]),
    ("log(abs(det(A)))", {"A": A}, "A", [[-2.0, 1.5], [1.0, -0.5]]),
    ("logdet(A)", {"A": [[2, 1], [1, 2]]}, "A", [[2 / 3, -1 / 3], [-1 / 3, 2 / 3]]),
    ("sum(inv(A))", {"A": A}, "A", [[-0.5, 0.5], [0.5, -0.5]]),
    ("sum(solve(A, b))", {"A": A, "b": [1, 1]}, "b", [-0.5, 0.5]),
    ("sum(matrix_power(A, 2))", {"A": A}, "A", [[7.0, 11.0], [9.0, 13.0]]),
    ("prod(x)", {"x": [2, 3, 4]}, "x", [12.0, 8.0, 6.0]),
    ("var(x)", {"x": [1, 2, 3]}, "x", [-0.6666666666666666, 0.0, 0.6666666666666666]),
    ("std(x)", {"x": [1, 3]}, "x", [-0.5, 0.5]),
    ("max(x)", {"x": [1, 3, 2]}, "x", [0.0, 1.0, 0.0]),
    ("min(A, axis=0)[1]", {"A": A}, "A", [[1.0, 0.0], [0.0, 0.0]]),
    ("sum(max(x, 2))", {"x": [1, 3]}, "x", [0.0, 1.0]),
    ("sum(A, axis=0)[2]", {"A": A}, "A", [[0.0, 1.0], [0.0, 1.0]]),
    ("sum(cumsum(x))", {"x": [5, 6, 7]}, "x", [3.0, 2.0, 1.0]),
    ("logsumexp(x)", {"x": [0, 0]}, "x", [0.5, 0.5]),
    ("softmax(x)[1]", {"x": [0, 0]}, "x", [0.25, -0.25]),
    ("x[2]**2 * x[1]", {"x": [3, 5]}, "x", [25.0, 30.0]),
    ("sum(outer(x, y))", {"x": [1, 2], "y": [3, 4]}, "x", [7.0, 7.0]),
    ("sum(kron(A, A))", {"A": A}, "A", [[20.0, 20.0], [20.0, 20.0]]),
    ("sum(kron(A, A.T))", {"A": A}, "A", [[20.0, 20.0], [20.0, 20.0]]),
    ("sum(diag(x) @ x)", {"x": [1, 2]}, "x", [2.0, 4.0]),
    ("sum(diag(A))", {"A": A}, "A", [[1.0, 0.0], [0.0, 1.0]]),
    ("sum(eye(2) @ x + ones(2))", {"x": [1, 2]}, "x", [1.0, 1.0]),
    ("sum(A.T @ x)", {"A": A, "x": [1, 2]}, "x", [3.0, 7.0]),
    ("sum(A + x)", {"A": A, "x": [1, 2]}, "x", [2.0, 2.0]),
    ("sum([x[1], 2*x[2]])", {"x": [1, 2]}, "x", [1.0, 2.0]),
    ("dot(x, x)", {"x": [1, 2]}, "x", [2.0, 4.0]),
    ("sum(where(x > 0, x**2, 0))", {"x": [1, -2]}, "x", [2.0, 0.0]),
    ("y = x**2; z = sum(y); z**2", {"x": [1, 2]}, "x", [20.0, 40.0]),
    ("mse(x, y).mean()", {"x": [1, 2], "y": [0, 0]}, "x", [1.0, 2.0]),
]


@pytest.mark.parametrize(("source", "at", "name", "gradient"), GRADIENTS)
def test_the_gradient_has_the_shape_of_the_variable(source: str, at: dict[str, Any], name: str, gradient: Any) -> None:
    record = plain(api.diff(source, at=at, wrt=name))
    assert record["gradient"][name]["symbolic"] == gradient
    assert record["verdict"] == "agree"


def test_the_components_are_shown_as_the_lecture_writes_them() -> None:
    result = api.diff("(x**2).mean()", shape="x=3")
    row = result.gradient["x"]
    assert isinstance(row, ArrayRow)
    assert result.written == "(x1**2 + x2**2 + x3**2)/3"
    assert [part.formula for part in row.rows] == ["2*x1/3", "2*x2/3", "2*x3/3"]


def test_components_never_take_the_name_of_another_variable() -> None:
    result = api.diff("sum(x*x1)", at={"x": [1, 2], "x1": 3}, wrt="x")
    assert [row.name for row in result.rows] == ["x_1", "x_2"]


def test_each_component_has_its_own_verdict() -> None:
    result = api.diff("sum(abs(x))", at={"x": [1, 0, -2]})
    assert [row.verdict for row in result.rows] == ["agree", "kink", "agree"]
    assert result.verdict is Verdict.KINK


REFUSED = [
    ("A @ x", {"A": A, "x": [1, 2]}, "the result has shape (2,), a gradient needs a scalar"),
    ("x @ y", {"x": [1, 2], "y": [1, 2, 3]}, "shapes (2,) and (3,): the inner dimensions differ"),
]


@pytest.mark.parametrize(("source", "at", "message"), REFUSED)
def test_what_has_no_gradient_is_told(source: str, at: dict[str, Any], message: str) -> None:
    with pytest.raises(GradcalcError) as raised:
        api.diff(source, at=at)
    assert raised.value.message == message


def test_a_higher_derivative_points_to_the_hessian() -> None:
    with pytest.raises(GradcalcError) as raised:
        api.diff("sum(x**3)", at={"x": [1, 2]}, order=2)
    assert raised.value.hint == "ask for `gradcalc hessian`"


def test_float32_is_compared_with_the_truth_of_its_own_numbers() -> None:
    result = api.diff("sum(x**2)", at={"x": [0.1]}, dtype="float32")
    assert result.rows[0].symbolic == 0.20000000298023224
    assert result.verdict is Verdict.AGREE


CLOSED_FORMS = [
    ("x.T @ A @ x", ["x=n", "A=n,n"], {"x": "(A + A.T) @ x", "A": "outer(x, x)"}),
    ("norm(A @ x - b)**2", ["A=m,n", "x=n", "b=m"], {"x": "2*A.T @ (A @ x - b)"}),
    ("logdet(X)", ["X=n,n"], {"X": "inv(X).T"}),
    ("trace(A @ X @ B)", ["A=k,m", "X=m,n", "B=n,k"], {"X": "A.T @ B.T"}),
    ("(x**2).mean()", ["x=n"], {"x": "2*x/n"}),
    ("(x**2).mean()", ["x=3"], {"x": "2*x/3"}),
    ("-sum(y * log(softmax(W @ x)))", ["W=k,n", "x=n", "y=k"], {"W": "outer(sum(y)*softmax(W @ x) - y, x)"}),
]


@pytest.mark.parametrize(("source", "shape", "forms"), CLOSED_FORMS)
def test_the_closed_form_is_in_array_terms(source: str, shape: list[str], forms: dict[str, str]) -> None:
    found = api.diff(source, shape=shape, wrt=list(forms))
    assert {name: row.formula for name, row in found.gradient.items()} == forms


def test_a_symmetric_matrix_has_its_own_closed_form() -> None:
    found = api.diff("x.T @ A @ x", shape=["x=n", "A=n,n"], symmetric="A", wrt="x")
    assert found.gradient["x"].formula == "2*A @ x"


def test_both_triangles_of_a_symmetric_matrix_change_together() -> None:
    found = api.diff("x.T @ A @ x", at={"x": [1, 2], "A": [[1, 2], [2, 4]]}, symmetric="A", wrt="A", timeout=60)
    assert found.gradient["A"].formula == "2*outer(x, x) - diag(x**2)"


def test_a_symmetric_matrix_has_a_symmetric_value() -> None:
    with pytest.raises(GradcalcError, match="`A` is declared symmetric, but its value is not"):
        api.diff("trace(A)", at={"A": [[1, 2], [3, 4]]}, symmetric="A")


def test_a_wrong_closed_form_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gradcalc.answers.gradient.arrays.closed_form", lambda root, *_: root.arguments[0])
    assert api.diff("sum(2*x)", at={"x": [1, 2]}).gradient["x"].formula is None
