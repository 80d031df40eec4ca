"""Jacobians in array terms, as a textbook writes them."""

from __future__ import annotations

import pytest

from gradcalc.base.limits import Limits
from gradcalc.calculus.matrix.jacobian import jacobian_form
from gradcalc.functions.printer import to_text
from gradcalc.problem.resolve import read

SHAPES = {
    "x": ("n",), "y": ("n",), "b": ("m",), "A": ("m", "n"), "B": ("n", "n"), "C": ("n", "n"), "X": ("n", "p"),
}  # fmt: skip
FORMS = [
    # a vector by a vector
    ("x", "x", "eye(n)"),
    ("y", "x", "zeros(n, n)"),
    ("A @ x", "x", "A"),
    ("x @ B", "x", "B.T"),
    ("A.T @ A @ x", "x", "A.T @ A"),
    ("B @ x + B.T @ x", "x", "B + B.T"),
    ("inv(B) @ x", "x", "inv(B)"),
    ("solve(B, x)", "x", "inv(B)"),
    ("c*x", "x", "c*eye(n)"),
    ("5*x + 1", "x", "5*eye(n)"),
    ("x*y", "x", "diag(y)"),
    ("x/y", "y", "-diag(x/y**2)"),
    ("x**2", "x", "2*diag(x)"),
    ("sin(x)", "x", "diag(cos(x))"),
    ("abs(x)", "x", "diag(sign(x))"),
    ("relu(x)", "x", "diag(where(x > 0, 1, 0))"),
    ("leaky_relu(x)", "x", "diag(where(x > 0, 1, 0.01))"),
    ("max(x, y)", "y", "diag(where(x >= y, 0, 1))"),
    ("tanh(x)", "x", "diag(1 - tanh(x)**2)"),
    ("sigmoid(A @ x + b)", "x", "diag(sigmoid(A @ x + b)*(1 - sigmoid(A @ x + b))) @ A"),
    ("sigmoid(A @ x + b)", "b", "diag(sigmoid(A @ x + b)*(1 - sigmoid(A @ x + b)))"),
    ("exp(A @ x)*b", "x", "diag(b*exp(A @ x)) @ A"),
    ("A @ tanh(B @ x)", "x", "A @ diag(1 - tanh(B @ x)**2) @ B"),
    ("softmax(x)", "x", "diag(softmax(x)) - outer(softmax(x), softmax(x))"),
    ("A @ softmax(x)", "x", "A @ (diag(softmax(x)) - outer(softmax(x), softmax(x)))"),
    ("x - mean(x)", "x", "eye(n) - 1/n"),
    ("x*sum(x)", "x", "sum(x)*eye(n) + outer(x, ones(n))"),
    ("x/norm(x)", "x", "eye(n)/norm(x) - outer(x, x)/norm(x)**3"),
    ("(x @ y)*x", "x", "outer(x, y) + (x @ y)*eye(n)"),
    ("outer(x, y) @ y", "x", "(y @ y)*eye(n)"),
    ("diag(x) @ y", "x", "diag(y)"),
    # by a scalar: what it changes, of the same shape
    ("c*x", "c", "x"),
    ("exp(c*x)", "c", "x*exp(c*x)"),
    ("x + c", "c", "ones(n)"),
    ("inv(B + c*C)", "c", "-inv(B + c*C) @ C @ inv(B + c*C)"),
    ("c*B @ B", "c", "B @ B"),
    # a scalar by anything: its gradient
    ("x @ B @ x", "x", "(B + B.T) @ x"),
    # matrices, row by row
    ("A @ x", "A", "kron(eye(m), [x])"),
    ("x @ X", "X", "kron([x], eye(p))"),
    ("sigmoid(A @ x)", "A", "kron(diag(sigmoid(A @ x)*(1 - sigmoid(A @ x))), [x])"),
    ("B @ X", "X", "kron(B, eye(p))"),
    ("B @ C @ B", "C", "kron(B, B.T)"),
    ("inv(B)", "B", "-kron(inv(B), inv(B).T)"),
    # with no form to read
    ("cumsum(x)", "x", None),
    ("outer(x, y)", "x", None),
    ("[x[1]*x[2], sin(x[1])]", "x", None),
    ("B.T", "B", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "name", "form"), FORMS)
def test_the_jacobian_in_array_terms(text: str, name: str, form: str | None) -> None:
    found = jacobian_form(read(text, Limits()).root, name, SHAPES)
    assert (None if found is None else to_text(found)) == form


def test_a_symmetric_matrix_is_its_own_transpose() -> None:
    found = jacobian_form(read("B @ x + B.T @ x", Limits()).root, "x", SHAPES, frozenset({"B"}))
    assert found is not None
    assert to_text(found) == "2*B"


def test_a_small_matrix_of_single_elements_is_written_out() -> None:
    found = jacobian_form(read("[x[1]*x[2], sin(x[1])]", Limits()).root, "x", {"x": (2,)})
    assert found is not None
    assert to_text(found) == "[[x[2], x[1]], [cos(x[1]), 0]]"
