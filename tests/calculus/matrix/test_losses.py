"""Gradients in array terms of losses, likelihoods and normalisations are as short as papers print them."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest

from gradcalc.base.limits import Limits
from gradcalc.calculus.matrix import closed_form
from gradcalc.functions.printer import to_text
from gradcalc.inputs.pose import pose
from gradcalc.problem.problem import Problem

LIMITS = Limits()
EXACT = Fraction(1, 10**30)

LOSSES = [  # expression, variable, shapes, the matrices that equal their transposes, gradient
    # powers
    ("det(X)**p", "X", "X=n,n", "", "p*det(X)**p*inv(X).T"),
    ("norm(x)**p", "x", "x=n", "", "p*norm(x)**(p - 2)*x"),
    ("prod(x)**(1/p)", "x", "x=n", "", "prod(x)**(1/p)/(p*x)"),
    ("norm(x)**2/(1 + norm(x)**2)", "x", "x=n", "", "2*x/(1 + norm(x)**2)**2"),
    ("norm(A @ x - b)**2/norm(x)**2", "x", "A=m,n x=n b=m", "",
     "2*(A.T @ (A @ x - b) - norm(A @ x - b)**2*x/norm(x)**2)/norm(x)**2"),
    # traces and diagonals
    ("a @ inv(X @ X.T + l*eye(3)) @ a", "l", "X=3,n a=3", "", "-(a @ matrix_power(X @ X.T + l*eye(3), -2) @ a)"),
    ("y @ inv(K + s*eye(3)) @ y + logdet(K + s*eye(3))", "s", "y=3 K=3,3", "K",
     "trace(inv(K + s*eye(3)) - inv(K + s*eye(3)) @ outer(y, y) @ inv(K + s*eye(3)))"),
    ("(w @ A @ w)/(w @ B @ w)", "B", "A=n,n B=n,n w=n", "A B",
     "(w @ A @ w)*(diag(w**2) - 2*outer(w, w))/(w @ B @ w)**2"),
    ("x @ solve(A, x)", "A", "A=n,n x=n", "A", "diag((inv(A) @ x)**2) - 2*inv(A) @ outer(x, x) @ inv(A)"),
    ("(x - u) @ inv(S) @ (x - u)/2 + logdet(S)/2", "S", "x=n u=n S=n,n", "S",
     "inv(S) - outer(inv(S) @ (x - u), inv(S) @ (x - u)) - diag(diag(inv(S)) - (inv(S) @ (x - u))**2)/2"),
    # functions that have a name
    ("log(sum(exp(A @ x + b)))", "x", "A=m,n x=n b=m", "", "A.T @ softmax(A @ x + b)"),
    ("log(sum(exp(A @ x + b)))", "A", "A=m,n x=n b=m", "", "outer(softmax(A @ x + b), x)"),
    ("sum(log(cosh(X @ w - y)))", "w", "X=m,n w=n y=m", "", "X.T @ tanh(X @ w - y)"),
    ("-sum(log(cos(x)))", "x", "x=n", "", "tan(x)"),
    # losses with a choice
    ("mean(where(abs(x - y) <= 1, (x - y)**2/2, abs(x - y) - 1/2))", "x", "x=n y=n", "",
     "where(abs(x - y) <= 1, x - y, sign(x - y))/n"),
    ("mean(max(0.9*x, -0.1*x))", "x", "x=n", "", "where(0.9*x >= -0.1*x, 0.9, -0.1)/n"),
    ("(y - X @ w) @ (y - X @ w)", "y", "X=m,n w=n y=m", "", "2*(y - X @ w)"),
    ("sum(relu(1 - y*(X @ w))**2)", "w", "X=m,n w=n y=m", "", "-2*X.T @ (y*relu(1 - y*(X @ w)))"),
    ("max(0, d - norm(a - b))**2", "d", "a=n b=n", "", "2*max(0, d - norm(a - b))"),
    ("sum(max(x, 0)**2)", "x", "x=n", "", "2*max(x, 0)"),
    ("sum(where(abs(r) <= d, r**2/2, d*(abs(r) - d/2)))", "r", "r=n", "", "where(abs(r) <= d, r, d*sign(r))"),
    ("sum(where(abs(r) <= d, r**2/2, d*(abs(r) - d/2)))", "d", "r=n", "", "sum(where(abs(r) <= d, 0, abs(r) - d))"),
    ("sum(where(abs(A @ x - y) <= d, (A @ x - y)**2/2, d*(abs(A @ x - y) - d/2)))", "y", "A=m,n x=n y=m", "",
     "-where(abs(A @ x - y) <= d, A @ x - y, d*sign(A @ x - y))"),
    ("sum(max(t*(y - X @ w), (t - 1)*(y - X @ w)))", "w", "X=m,n w=n y=m", "",
     "-X.T @ where(t*(y - X @ w) >= (t - 1)*(y - X @ w), t, t - 1)"),
    ("sum(max(t*x, (t - 1)*x))", "t", "x=n", "", "sum(x)"),
    ("max(0, norm(a - p)**2 - norm(a - q)**2 + 1)", "a", "a=n p=n q=n", "",
     "where(0 >= norm(a - p)**2 - norm(a - q)**2 + 1, 0, 2*q - 2*p)"),
    # sums
    ("sum((x - mean(x))*(y - mean(y)))/sqrt(sum((x - mean(x))**2))", "x", "x=n y=n", "",
     "(y - mean(y))/sqrt(sum((x - mean(x))**2)) -"
     " sum((x - mean(x))*(y - mean(y)))*(x - mean(x))/sum((x - mean(x))**2)**1.5"),
    ("-mean(sum(Y*log(softmax(X @ W + b, axis=1)), axis=1))", "b", "X=3,k W=k,n b=n Y=3,n", "",
     "sum(diag(sum(Y, axis=1)) @ softmax(X @ W + b, axis=1) - Y, axis=0)/3"),
    # parts
    ("sum((x[2:6] - x[1:5])**2)", "x", "x=6", "",
     "2*(concat(zeros(1), x[2:6] - x[1:5]) - concat(x[2:6] - x[1:5], zeros(1)))"),
    ("sum(x[1:2]**2) + sum(x[4:5])", "x", "x=5", "", "concat(2*x[1:2], zeros(1), ones(2))"),
    ("sum(tanh(A[:, 1:2])*A[:, 3:4])", "A", "A=3,4", "",
     "concat(A[:, 3:4]*(1 - tanh(A[:, 1:2])**2), tanh(A[:, 1:2]), axis=1)"),
    # elements
    ("x[1]*x[2]*x[3]", "x", "x=3", "", "[x[3]*x[2], x[3]*x[1], x[1]*x[2]]"),
    ("100*(x[2] - x[1]**2)**2 + (1 - x[1])**2", "x", "x=2", "",
     "[-400*x[1]*(x[2] - x[1]**2) - 2*(1 - x[1]), 200*(x[2] - x[1]**2)]"),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "variable", "shapes", "symmetric", "gradient"), LOSSES)
def test_the_gradient_is_short(expression: str, variable: str, shapes: str, symmetric: str, gradient: str) -> None:
    problem = pose(expression, LIMITS, shape=shapes.split())
    form = closed_form(problem.root, variable, problem.shapes, frozenset(symmetric.split()))
    assert form is not None
    assert to_text(form) == gradient


@pytest.mark.parametrize(("expression", "variable", "shapes", "symmetric", "_"), LOSSES)
def test_its_value_is_the_exact_gradient(
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
