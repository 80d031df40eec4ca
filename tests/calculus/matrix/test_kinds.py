"""Gradients in array terms: symmetric matrices, sizes and their names, and what has none."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest

from gradcalc.base.errors import ShapeError
from gradcalc.base.limits import Limits
from gradcalc.calculus.matrix import closed_form
from gradcalc.functions.printer import to_text
from gradcalc.inputs.pose import pose
from gradcalc.problem.problem import Problem
from gradcalc.problem.resolve import read

LIMITS = Limits()
EXACT = Fraction(1, 10**30)

SYMMETRIC = [  # expression, variable, shapes, the matrices that equal their transposes, gradient
    ("x.T @ A @ x", "x", "A=n,n x=n", "A", "2*A @ x"),
    ("x.T @ A @ x/2 - b @ x", "x", "A=n,n x=n b=n", "A", "A @ x - b"),
    ("(x - s).T @ W @ (x - s)", "s", "W=n,n x=n s=n", "W", "-2*W @ (x - s)"),
    ("(x - A @ s).T @ W @ (x - A @ s)", "s", "A=m,n W=m,m x=m s=n", "W", "-2*A.T @ W @ (x - A @ s)"),
    ("(x - A @ s).T @ W @ (x - A @ s)", "A", "A=m,n W=m,m x=m s=n", "W", "-2*outer(W @ (x - A @ s), s)"),
    ("(x @ A @ x)/(x @ x)", "x", "A=n,n x=n", "A", "2*(A @ x - (x @ A @ x)*x/(x @ x))/(x @ x)"),
    ("log(x.T @ A @ x)", "x", "A=n,n x=n", "A", "2*A @ x/(x @ A @ x)"),
    ("trace(X.T @ B @ X)", "X", "X=m,n B=m,m", "B", "2*B @ X"),
    ("trace(inv(X.T @ C @ X) @ A)", "X", "X=m,n C=m,m A=n,n", "A C",
     "-2*C @ X @ inv(X.T @ C @ X) @ A @ inv(X.T @ C @ X)"),
    ("trace(A @ X)", "X", "A=n,n X=n,n", "X", "A + A.T - diag(diag(A))"),
    ("trace(X @ X)", "X", "X=n,n", "X", "4*X - 2*diag(diag(X))"),
    ("x.T @ X @ x", "X", "X=n,n x=n", "X", "2*outer(x, x) - diag(x**2)"),
    ("det(X)", "X", "X=n,n", "X", "det(X)*(2*inv(X) - diag(diag(inv(X))))"),
    ("logdet(X)", "X", "X=n,n", "X", "2*inv(X) - diag(diag(inv(X)))"),
    ("trace(inv(C) @ B)", "C", "C=n,n B=n,n", "B C",
     "diag(diag(inv(C) @ B @ inv(C))) - 2*inv(C) @ B @ inv(C)"),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "variable", "shapes", "symmetric", "gradient"), SYMMETRIC)
def test_a_symmetric_matrix_is_its_transpose(
    expression: str, variable: str, shapes: str, symmetric: str, gradient: str
) -> None:
    problem = pose(expression, LIMITS, shape=shapes.split())
    form = closed_form(problem.root, variable, problem.shapes, frozenset(symmetric.split()))
    assert form is not None
    assert to_text(form) == gradient


@pytest.mark.parametrize(("expression", "variable", "shapes", "symmetric", "_"), SYMMETRIC)
def test_its_triangles_change_together(
    expression: str,
    variable: str,
    shapes: str,
    symmetric: str,
    _: str,
    at_random: Callable[..., Problem],
    error: Callable[..., Fraction],
) -> None:
    problem = at_random(expression, shapes, symmetric.split())
    form = closed_form(problem.root, variable, problem.shapes, frozenset(symmetric.split()))
    assert error(problem, variable, form, symmetric.split()) < EXACT


SIZES = [  # expression, variable, shapes, gradient
    ("mean(x**2)", "x", "x=5", "2*x/5"),
    ("0.5*mean(x**2)", "x", "x=5", "0.2*x"),
    ("sum(A @ x)", "A", "A=2,3 x=3", "outer(ones(2), x)"),
    ("trace(X)", "X", "X=2,2", "eye(2)"),
    ("sum(x)", "x", "x=2", "ones(2)"),
    ("sum(X)", "X", "X=2,n", "ones(2, n)"),
    ("a @ b", "x", "a=n b=n x=n", "zeros(n)"),
    ("a @ b", "s", "a=n b=n", "0"),
    ("x[2]**2", "x", "x=n", "2*x[2]*eye(n)[2]"),
    ("A[2] @ x", "A", "A=m,n x=n", "outer(eye(m)[2], x)"),
    ("sum(b*X)", "b", "b=1,3 X=2,3", "outer(ones(1), sum(X, axis=0))"),
    ("sum(b*X)", "b", "b=2,1 X=2,3", "outer(sum(X, axis=1), ones(1))"),
    ("sum(b*x)", "b", "b=1 x=3", "sum(x)*ones(1)"),
    ("mean(kron(A, B))", "A", "A=2,2 B=3,3", "sum(B)*ones(2, 2)/36"),
    ("norm(x)**2/(2*n)", "x", "x=n", "x/n"),
]


@pytest.mark.parametrize(("expression", "variable", "shapes", "gradient"), SIZES)
def test_sizes_are_numbers_or_names(expression: str, variable: str, shapes: str, gradient: str) -> None:
    problem = pose(expression, LIMITS, shape=shapes.split(), wrt=None if variable in expression else variable)
    form = closed_form(problem.root, variable, problem.shapes)
    assert form is not None
    assert to_text(form) == gradient


WITHOUT = [  # expression, variable, shapes
    ("norm(kron(A, B) - C)", "A", "A=2,2 B=2,2 C=4,4"),  # needs the blocks of a matrix
    ("sum(matrix_power(X, 40) @ A)", "X", "X=n,n A=n,n"),  # forty terms
    ("sum([[[x, 1]]], axis=0)[1, 1]", "x", ""),  # three dimensions
    ("+".join(["norm(x - a)"] * 150), "x", "x=n a=n"),  # too deep
    ("*".join(f"norm(x - {k})" for k in range(1, 40)), "x", "x=n"),  # too long
    ("sum((3*x)**1000)", "x", "x=n"),  # 477 digits
]


@pytest.mark.parametrize(("expression", "variable", "shapes"), WITHOUT)
def test_what_nobody_would_read_is_left_out(expression: str, variable: str, shapes: str) -> None:
    problem = pose(expression, LIMITS, shape=shapes.split())
    assert closed_form(problem.root, variable, problem.shapes) is None


def test_shapes_that_do_not_fit_are_an_error() -> None:
    with pytest.raises(ShapeError, match=r"^shapes \(2, 3\) and \(2,\): the inner dimensions differ\nhint: "):
        closed_form(read("sum(A @ x)", LIMITS).root, "x", {"A": (2, 3), "x": (2,)})
