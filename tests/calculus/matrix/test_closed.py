"""Gradients in array terms are what a textbook prints, and have the value of the exact gradient.

The identities are those of Petersen and Pedersen, The Matrix Cookbook, 2012, section 2, and of the usual losses.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest

from gradcalc.base.limits import Limits
from gradcalc.calculus.matrix import closed_form
from gradcalc.functions.printer import to_text
from gradcalc.inputs.pose import pose
from gradcalc.problem.problem import Problem
from gradcalc.problem.resolve import read

LIMITS = Limits()
EXACT = Fraction(1, 10**30)
STEP = Fraction(1, 2**30)
DIFFERENCE = Fraction(1, 10**14)  # a central difference is wrong by about STEP**2

IDENTITIES = [  # expression, variable, shapes, gradient
    # linear
    ("a @ x", "x", "a=n x=n", "a"),
    ("x.T @ a", "x", "a=n x=n", "a"),
    ("a.T @ X @ b", "X", "a=m X=m,n b=n", "outer(a, b)"),
    ("a.T @ X.T @ b", "X", "a=n X=m,n b=m", "outer(b, a)"),
    ("sum(A @ x)", "x", "A=m,n x=n", "sum(A, axis=0)"),
    ("sum(A @ x)", "A", "A=m,n x=n", "outer(ones(m), x)"),
    ("sum(X @ Y)", "X", "X=m,k Y=k,n", "outer(ones(m), sum(Y, axis=1))"),
    ("x[1]*x[2] + x[3]**2", "x", "x=3", "[x[2], x[1], 2*x[3]]"),
    ("A[1, 2]**2", "A", "A=2,3", "[[0, 2*A[1, 2], 0], [0, 0, 0]]"),
    # quadratic
    ("x.T @ x", "x", "x=n", "2*x"),
    ("x.T @ A @ x", "x", "A=n,n x=n", "(A + A.T) @ x"),
    ("x.T @ A @ x", "A", "A=n,n x=n", "outer(x, x)"),
    ("x.T @ A @ x/2 - b @ x", "x", "A=n,n x=n b=n", "(A + A.T) @ x/2 - b"),
    ("b.T @ X.T @ X @ c", "X", "b=n c=n X=m,n", "X @ (outer(c, b) + outer(b, c))"),
    ("b.T @ X.T @ D @ X @ c", "X", "b=n c=n X=m,n D=m,m", "D @ X @ outer(c, b) + D.T @ X @ outer(b, c)"),
    ("(B @ x + b).T @ C @ (D @ x + d)", "x", "B=m,n b=m C=m,k D=k,n d=k x=n",
     "B.T @ C @ (D @ x + d) + D.T @ C.T @ (B @ x + b)"),
    ("(X @ b + c).T @ D @ (X @ b + c)", "X", "X=m,n b=n c=m D=m,m", "outer((D + D.T) @ (X @ b + c), b)"),
    ("sum((X @ b)**2)", "X", "X=m,n b=n", "2*X @ outer(b, b)"),
    ("sum((x - mean(x))**2)", "x", "x=n", "2*(x - mean(x))"),
    ("x @ diag(a) @ x", "x", "a=n x=n", "2*a*x"),
    ("sin(x.T @ A @ x)", "x", "A=n,n x=n", "cos(x @ A @ x)*(A + A.T) @ x"),
    ("(x @ A @ x)/(x @ x)", "x", "A=n,n x=n", "((A + A.T) @ x - 2*(x @ A @ x)*x/(x @ x))/(x @ x)"),
    ("a.T @ matrix_power(X, 3) @ b", "X", "a=n b=n X=n,n",
     "outer(a, b) @ X.T @ X.T + X.T @ outer(a, b) @ X.T + X.T @ X.T @ outer(a, b)"),
    # traces
    ("trace(X)", "X", "X=n,n", "eye(n)"),
    ("trace(X @ A)", "X", "X=m,n A=n,m", "A.T"),
    ("trace(A @ X @ B)", "X", "A=k,m X=m,n B=n,k", "A.T @ B.T"),
    ("trace(A @ X.T @ B)", "X", "A=k,n X=m,n B=m,k", "B @ A"),
    ("trace(X.T @ A)", "X", "X=m,n A=m,n", "A"),
    ("trace(kron(A, X))", "X", "A=k,k X=n,n", "trace(A)*eye(n)"),
    ("trace(X @ X)", "X", "X=n,n", "2*X.T"),
    ("trace(X @ X @ B)", "X", "X=n,n B=n,n", "X.T @ B.T + B.T @ X.T"),
    ("trace(X.T @ B @ X)", "X", "X=m,n B=m,m", "(B + B.T) @ X"),
    ("trace(B @ X @ X.T)", "X", "X=m,n B=m,m", "(B + B.T) @ X"),
    ("trace(X @ B @ X.T)", "X", "X=m,n B=n,n", "X @ (B + B.T)"),
    ("trace(X.T @ X)", "X", "X=m,n", "2*X"),
    ("trace(A @ X @ B @ X)", "X", "A=n,m X=m,n B=n,m", "A.T @ X.T @ B.T + B.T @ X.T @ A.T"),
    ("trace(B.T @ X.T @ C @ X @ B)", "X", "X=m,n C=m,m B=n,k", "(C + C.T) @ X @ B @ B.T"),
    ("trace(X.T @ B @ X @ C)", "X", "X=m,n B=m,m C=n,n", "B @ X @ C + B.T @ X @ C.T"),
    ("trace(A @ X @ B @ X.T @ C)", "X", "A=k,m X=m,n B=n,n C=m,k", "A.T @ C.T @ X @ B.T + C @ A @ X @ B"),
    ("trace((A @ X @ B + C) @ (A @ X @ B + C).T)", "X", "A=k,m X=m,n B=n,l C=k,l", "2*A.T @ (A @ X @ B + C) @ B.T"),
    ("trace(kron(X, X))", "X", "X=n,n", "2*trace(X)*eye(n)"),
    ("trace(matrix_power(X, 3))", "X", "X=n,n", "3*X.T @ X.T"),
    ("trace(matrix_power(X, 5))", "X", "X=n,n", "5*matrix_power(X, 4).T"),
    ("trace(A @ matrix_power(X, 3))", "X", "X=n,n A=n,n", "A.T @ X.T @ X.T + X.T @ A.T @ X.T + X.T @ X.T @ A.T"),
    ("trace(sin(X))", "X", "X=n,n", "diag(diag(cos(X)))"),
    ("trace(diag(x) @ A)", "x", "x=n A=n,n", "diag(A)"),
    # determinants
    ("det(X)", "X", "X=n,n", "det(X)*inv(X).T"),
    ("det(A @ X @ B)", "X", "A=n,n X=n,n B=n,n", "det(A @ X @ B)*inv(X).T"),
    ("det(A @ X @ B)", "X", "A=k,m X=m,n B=n,k", "det(A @ X @ B)*A.T @ inv(A @ X @ B).T @ B.T"),
    ("det(X.T @ A @ X)", "X", "X=n,n A=n,n", "2*det(X.T @ A @ X)*inv(X).T"),
    ("det(X.T @ A @ X)", "X", "X=m,n A=m,m",
     "det(X.T @ A @ X)*(A @ X @ inv(X.T @ A @ X) + A.T @ X @ inv(X.T @ A @ X).T)"),
    ("det(matrix_power(X, 3))", "X", "X=n,n", "3*det(matrix_power(X, 3))*inv(X).T"),
    ("det(inv(X))", "X", "X=n,n", "-det(inv(X))*inv(X).T"),
    ("det(kron(A, B))", "A", "A=k,k B=n,n", "n*det(kron(A, B))*inv(A).T"),
    ("logdet(X)", "X", "X=n,n", "inv(X).T"),
    ("logdet(X.T @ X)", "X", "X=m,n", "2*X @ inv(X.T @ X)"),
    ("log(abs(det(X)))", "X", "X=n,n", "inv(X).T"),
    # inverses
    ("trace(inv(X))", "X", "X=n,n", "-inv(X).T @ inv(X).T"),
    ("trace(inv(X) @ A)", "X", "X=n,n A=n,n", "-inv(X).T @ A.T @ inv(X).T"),
    ("trace(A @ inv(X) @ B)", "X", "A=k,n X=n,n B=n,k", "-inv(X).T @ A.T @ B.T @ inv(X).T"),
    ("trace(inv(X + A))", "X", "X=n,n A=n,n", "-matrix_power(X + A, -2).T"),
    ("trace(inv(X.T @ C @ X) @ A)", "X", "X=m,n C=m,m A=n,n",
     "-C @ X @ inv(X.T @ C @ X) @ A @ inv(X.T @ C @ X) - C.T @ X @ inv(X.T @ C @ X).T @ A.T @ inv(X.T @ C @ X).T"),
    ("a.T @ inv(X) @ b", "X", "a=n X=n,n b=n", "-inv(X).T @ outer(a, b) @ inv(X).T"),
    ("b @ solve(A, b)", "A", "A=n,n b=n", "-inv(A).T @ outer(b, b) @ inv(A).T"),
    ("b @ solve(A, b)", "b", "A=n,n b=n", "(inv(A) + inv(A).T) @ b"),
    ("trace(inv(X.T @ X) @ A)", "X", "X=m,n A=n,n", "-X @ inv(X.T @ X) @ (A + A.T) @ inv(X.T @ X)"),
    ("-(x - u).T @ inv(S) @ (x - u)/2", "x", "S=n,n x=n u=n", "-(inv(S) + inv(S).T) @ (x - u)/2"),
    ("logdet(S) + x @ inv(S) @ x", "S", "S=n,n x=n", "inv(S).T - inv(S).T @ outer(x, x) @ inv(S).T"),
    # norms
    ("norm(x)", "x", "x=n", "x/norm(x)"),
    ("norm(x - a)", "x", "x=n a=n", "(x - a)/norm(x - a)"),
    ("norm(x)**2", "x", "x=n", "2*x"),
    ("norm(A @ x - b)", "x", "A=m,n x=n b=m", "A.T @ (A @ x - b)/norm(A @ x - b)"),
    ("norm(A @ x - b)**2", "x", "A=m,n x=n b=m", "2*A.T @ (A @ x - b)"),
    ("norm(A @ x - b)**2", "A", "A=m,n x=n b=m", "2*outer(A @ x - b, x)"),
    ("norm(A @ x - b)**2", "b", "A=m,n x=n b=m", "-2*(A @ x - b)"),
    ("norm(X)", "X", "X=m,n", "X/norm(X)"),
    ("norm(X - A)**2", "X", "X=m,n A=m,n", "2*(X - A)"),
    ("norm(A @ X @ B - C)**2", "X", "A=k,m X=m,n B=n,l C=k,l", "2*A.T @ (A @ X @ B - C) @ B.T"),
    ("norm(U @ V.T - M)**2", "U", "U=m,k V=n,k M=m,n", "2*(U @ V.T - M) @ V"),
    ("norm(U @ V.T - M)**2", "V", "U=m,k V=n,k M=m,n", "2*(U @ V.T - M).T @ U"),
    ("norm1(x)", "x", "x=n", "sign(x)"),
    ("norminf(x)", "x", "x=n", "where(abs(x) == norminf(x), sign(x), 0)"),
    ("x @ y/(norm(x)*norm(y))", "x", "x=n y=n", "(y/norm(x) - (x @ y)*x/norm(x)**3)/norm(y)"),
    ("exp(-norm(x - y)**2/(2*s**2))", "x", "x=n y=n", "-exp(-norm(x - y)**2/(2*s**2))*(x - y)/s**2"),
    # reductions and broadcasting
    ("sum(x)", "x", "x=n", "ones(n)"),
    ("(x**2).mean()", "x", "x=3", "2*x/3"),
    ("(x**2).mean()", "x", "x=n", "2*x/n"),
    ("mean(X**2)", "X", "X=m,n", "2*X/(m*n)"),
    ("sum(x**2)/n", "x", "x=n", "2*x/n"),  # a size may stand in the expression
    ("mean(x**2)*n", "x", "x=n", "2*x"),
    ("var(x)", "x", "x=n", "2*(x - mean(x))/n"),
    ("std(x)", "x", "x=n", "(x - mean(x))/(n*std(x))"),
    ("prod(x)", "x", "x=n", "prod(x)/x"),
    ("max(x)", "x", "x=n", "where(x == amax(x), 1, 0)"),
    ("logsumexp(x)", "x", "x=n", "softmax(x)"),
    ("log(sum(exp(x)))", "x", "x=n", "softmax(x)"),
    ("sum(logsumexp(X, axis=1))", "X", "X=m,n", "softmax(X, axis=1)"),
    ("sum(cumsum(x)**2)", "x", "x=n", "2*sum(cumsum(x)) + 2*cumsum(x) - 2*cumsum(cumsum(x))"),
    ("sum(sum(X, axis=1)**2)", "X", "X=m,n", "2*outer(sum(X, axis=1), ones(n))"),
    ("sum((X - mean(X, axis=0))**2)", "X", "X=m,n", "2*(X - mean(X, axis=0))"),
    ("sum(x*A)", "x", "x=n A=m,n", "sum(A, axis=0)"),
    ("sum(x*A)", "A", "x=n A=m,n", "outer(ones(m), x)"),
    ("sum(b + x)", "b", "x=n", "n"),
    ("sum(kron(A, B))", "A", "A=m,n B=k,l", "sum(B)*ones(m, n)"),
    ("sum(abs(x)**p)**(1/p)", "x", "x=n", "sum(abs(x)**p)**(1/p - 1)*abs(x)**(p - 1)*sign(x)"),
    ("-sum(x*log(x))", "x", "x=n", "-log(x) - 1"),
    ("sum(exp(-x**2/2))", "x", "x=n", "-x*exp(-x**2/2)"),
    # learning
    ("norm(A @ x - b)**2 + l*norm(x)**2", "x", "A=m,n x=n b=m", "2*A.T @ (A @ x - b) + 2*l*x"),
    ("norm(A @ x - b)**2 + l*norm(x)**2", "l", "A=m,n x=n b=m", "norm(x)**2"),
    ("norm(X @ w - y)**2/(2*n) + l*norm(w)**2", "w", "X=m,k w=k y=m", "X.T @ (X @ w - y)/n + 2*l*w"),
    ("norm(X @ w - y)**2 + l*norm1(w)", "w", "X=m,k w=k y=m", "2*X.T @ (X @ w - y) + l*sign(w)"),
    ("mean((X @ w - y)**2)", "w", "X=m,k w=k y=m", "2*X.T @ (X @ w - y)/m"),
    ("norm(X @ W + b - Y)**2/5", "W", "X=m,k W=k,n b=n Y=m,n", "2*X.T @ (X @ W + b - Y)/5"),
    ("norm(X @ W + b - Y)**2/5", "b", "X=m,k W=k,n b=n Y=m,n", "2*sum(X @ W + b - Y, axis=0)/5"),
    ("-sum(y*log(softmax(W @ x)))", "W", "W=m,n x=n y=m", "outer(sum(y)*softmax(W @ x) - y, x)"),
    ("-sum(y*log(softmax(W @ x)))", "x", "W=m,n x=n y=m", "W.T @ (sum(y)*softmax(W @ x) - y)"),
    ("-log(softmax(W @ x)[2])", "W", "W=3,n x=n", "outer(softmax(W @ x) - eye(3)[2], x)"),
    ("logsumexp(W @ x + b) - (W @ x + b) @ y", "W", "W=m,n x=n b=m y=m", "outer(softmax(W @ x + b) - y, x)"),
    ("-sum(Y*log(softmax(X @ W)))", "W", "X=m,k W=k,n Y=m,n",
     "X.T @ (diag(sum(Y, axis=1)) @ softmax(X @ W, axis=1) - Y)"),
    ("-sum(y*log(sigmoid(X @ w)) + (1 - y)*log(1 - sigmoid(X @ w)))", "w", "X=m,k w=k y=m",
     "X.T @ (sigmoid(X @ w) - y)"),
    ("mean(log(1 + exp(-y*(X @ w))))", "w", "X=m,k w=k y=m", "-X.T @ (y*sigmoid(-y*(X @ w)))/m"),
    ("sum(max(1 - y*(X @ w), 0))", "w", "X=m,k w=k y=m", "-X.T @ (y*where(1 - y*(X @ w) >= 0, 1, 0))"),
    ("sum(sigmoid(W @ x + b))", "W", "W=m,n x=n b=m", "outer(sigmoid(W @ x + b)*(1 - sigmoid(W @ x + b)), x)"),
    ("sum(sigmoid(W @ x + b))", "b", "W=m,n x=n b=m", "sigmoid(W @ x + b)*(1 - sigmoid(W @ x + b))"),
    ("sum(tanh(A @ x))", "x", "A=m,n x=n", "A.T @ (1 - tanh(A @ x)**2)"),
    ("norm(V @ relu(W @ x + b) + c - y)**2", "W", "V=k,m W=m,n x=n b=m c=k y=k",
     "2*outer(where(W @ x + b > 0, 1, 0)*(V.T @ (V @ relu(W @ x + b) + c - y)), x)"),
    ("norm(V @ relu(W @ x + b) + c - y)**2", "b", "V=k,m W=m,n x=n b=m c=k y=k",
     "2*where(W @ x + b > 0, 1, 0)*(V.T @ (V @ relu(W @ x + b) + c - y))"),
    ("norm(V @ relu(W @ x + b) + c - y)**2", "V", "V=k,m W=m,n x=n b=m c=k y=k",
     "2*outer(V @ relu(W @ x + b) + c - y, relu(W @ x + b))"),
    ("0.1*norm(x)**2", "x", "x=n", "0.2*x"),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "variable", "shapes", "gradient"), IDENTITIES)
def test_the_gradient_is_what_a_textbook_prints(expression: str, variable: str, shapes: str, gradient: str) -> None:
    problem = pose(expression, LIMITS, shape=shapes.split())
    form = closed_form(problem.root, variable, problem.shapes)
    assert form is not None
    assert to_text(form) == gradient
    assert read(gradient, LIMITS).root == form


@pytest.mark.parametrize(("expression", "variable", "shapes", "_"), IDENTITIES)
def test_its_value_is_the_exact_gradient(
    expression: str,
    variable: str,
    shapes: str,
    _: str,
    at_random: Callable[..., Problem],
    error: Callable[..., Fraction],
) -> None:
    problem = at_random(expression, shapes)
    form = closed_form(problem.root, variable, problem.shapes)
    assert error(problem, variable, form) < EXACT


@pytest.mark.parametrize(("expression", "variable", "shapes", "_"), IDENTITIES)
def test_a_central_difference_comes_near_it(
    expression: str,
    variable: str,
    shapes: str,
    _: str,
    at_random: Callable[..., Problem],
    difference_error: Callable[..., Fraction],
) -> None:
    problem = at_random(expression, shapes)
    form = closed_form(problem.root, variable, problem.shapes)
    assert difference_error(problem, variable, form, STEP) < DIFFERENCE


def test_a_wrong_gradient_is_seen(
    at_random: Callable[..., Problem],
    error: Callable[..., Fraction],
    difference_error: Callable[..., Fraction],
) -> None:
    problem = at_random("x.T @ A @ x", "A=n,n x=n")
    wrong = read("2*A @ x", LIMITS).root
    assert error(problem, "x", wrong) > EXACT
    assert difference_error(problem, "x", wrong, STEP) > DIFFERENCE
