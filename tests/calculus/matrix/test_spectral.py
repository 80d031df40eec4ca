"""Gradients of sums over eigenvalues and singular values, and what is said where there is no closed form."""

from __future__ import annotations

import pytest

import gradcalc

SQUARE = {"A": ("n", "n")}
FORMS = [  # expression, shapes, variable, gradient
    ("sum(eigvalsh(A))", SQUARE, "A", "eye(n)"),
    ("mean(eigvalsh(A))", {"A": (3, 3)}, "A", "eye(3)/3"),
    ("sum(eigvalsh(A)**2)", SQUARE, "A", "A + A.T"),
    ("sum(1/eigvalsh(A))", SQUARE, "A", "-4*matrix_power(A + A.T, -2)"),
    ("sum(log(eigvalsh(A)))", SQUARE, "A", "2*inv(A + A.T)"),
    ("sum(exp(eigvalsh(A)))", SQUARE, "A", "expm((A + A.T)/2)"),
    ("prod(eigvalsh(A))", SQUARE, "A", "2*det((A + A.T)/2)*inv(A + A.T)"),
    ("norm(eigvalsh(A))**2", SQUARE, "A", "A + A.T"),
    ("sum(log(eigvalsh(X.T @ X)))", {"X": ("m", "n")}, "X", "2*X @ inv(X.T @ X)"),
    ("sum(svdvals(A)**2)", {"A": (3, 2)}, "A", "2*A"),
    ("sum(svdvals(A)**4)", {"A": (3, 2)}, "A", "4*A @ A.T @ A"),
    ("norm(svdvals(A))", {"A": (3, 2)}, "A", "A/norm(A)"),
    ("2*sum(log(diag(cholesky(A))))", SQUARE, "A", "2*inv(A + A.T)"),
    ("trace(expm(A))", SQUARE, "A", "expm(A.T)"),
    ("5*trace(expm(2*A))", SQUARE, "A", "10*expm(2*A.T)"),
    ("sum(expm(t*A))", SQUARE, "t", "sum(A*sum(expm(t*A), axis=1))"),
    ("b @ expm(t*A) @ x", {**SQUARE, "b": ("n",), "x": ("n",)}, "t", "b @ A @ expm(t*A) @ x"),
]


@pytest.mark.parametrize(("expression", "shapes", "name", "form"), FORMS)
def test_a_spectral_sum_has_a_closed_form_that_holds(
    expression: str, shapes: dict[str, tuple[str | int, ...]], name: str, form: str
) -> None:
    row = gradcalc.diff(expression, shape=shapes, wrt=name).gradient[name]
    assert (row.formula, row.note) == (form, None)


NONE = [  # expression, the operation that has none
    ("nuclear_norm(A)", "nuclear_norm"), ("spectral_norm(A)", "spectral_norm"), ("max(eigvalsh(A))", "eigvalsh"),
    ("sum(svdvals(A))", "svdvals"), ("sum(expm(A))", "expm"),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "operation"), NONE)
def test_an_operation_without_a_closed_form_is_named(expression: str, operation: str) -> None:
    row = gradcalc.diff(expression, shape={"A": (3, 3)}).gradient["A"]
    assert (row.formula, row.note) == (None, f"there is no closed form in array terms: `{operation}` has none")
