"""The shapes that an expression calls for, where none are given."""

from __future__ import annotations

import pytest

from gradcalc.arrays.assumed import assumed
from gradcalc.arrays.shape import Shape
from gradcalc.base.limits import Limits
from gradcalc.problem.resolve import read

CALLED_FOR: list[tuple[str, dict[str, Shape]]] = [
    ("x.T @ A @ x", {"x": ("n",), "A": ("n", "n")}),
    ("trace(A @ X @ B)", {"A": ("m", "n"), "X": ("n", "k"), "B": ("k", "m")}),
    ("logdet(X)", {"X": ("n", "n")}),
    ("det(s)", {"s": ("n", "n")}),
    ("norm(A @ x - b)**2", {"A": ("m", "n"), "x": ("n",), "b": ("m",)}),
    ("norm(A @ x - b)**2 + lam*norm(x)**2", {"A": ("m", "n"), "x": ("n",), "b": ("m",)}),
    ("a.T @ inv(X) @ b", {"a": ("n",), "X": ("n", "n"), "b": ("n",)}),
    ("u.T @ tanh(W @ x + b)", {"u": ("m",), "W": ("m", "n"), "x": ("n",), "b": ("m",)}),
    ("norm(X - W @ H)**2", {"X": ("m", "n"), "W": ("m", "k"), "H": ("k", "n")}),
    ("(x - mu).T @ inv(S) @ (x - mu)/2", {"x": ("n",), "mu": ("n",), "S": ("n", "n")}),
    ("mean((X @ w - y)**2)", {"X": ("m", "n"), "w": ("n",), "y": ("m",)}),
    ("W2 @ relu(W1 @ x + b1) + b2",
     {"W2": ("m", "n"), "W1": ("n", "k"), "x": ("k",), "b1": ("n",), "b2": ("m",)}),
    ("outer(x, y) @ z", {"x": ("m",), "y": ("n",), "z": ("n",)}),
    ("solve(a, b) @ c", {"a": ("n", "n"), "b": ("n",), "c": ("n",)}),
    ("(2*A) @ x**2", {"A": ("m", "n"), "x": ("n",)}),
    ("X.T @ X - eye(3)", {"X": ("n", 3)}),
    ("u @ [1, 2, 3]", {"u": (3,)}),
    ("norm(M*(X - U @ V.T))**2", {"M": ("m", "n"), "X": ("m", "n"), "U": ("m", "k"), "V": ("n", "k")}),
    ("C*norm(A @ x)", {"A": ("m", "n"), "x": ("n",)}),
    ("n.T @ A @ n", {"n": ("m",), "A": ("m", "m")}),
    ("x @ y + x @ [1, 2] + y @ [1, 2, 3]", {}),
    ("logsumexp(z)", {"z": ("n",)}),
    ("softmax(Z)", {"Z": ("m", "n")}),
    ("mean(x**2)*y", {"x": ("n",)}),
    ("sum(x*y)", {}),
    ("sum(y*log(softmax(z)))", {"y": ("n",), "z": ("n",)}),  # a number would stand before the sum
    ("-sum(y*log(p) + (1 - y)*log(1 - p)) + sum(lambda*softmax(p))", {"p": ("n",), "y": ("n",)}),
    ("x @ 2", {}),
    ("x*y", {}),
]  # fmt: skip


@pytest.mark.parametrize(("source", "shapes"), CALLED_FOR)
def test_the_shapes_that_an_expression_calls_for(source: str, shapes: dict[str, Shape]) -> None:
    assert assumed(read(source, Limits()).root, {}) == shapes


def test_what_was_declared_stays() -> None:
    root = read("norm(A @ x - b)**2", Limits()).root
    assert assumed(root, {"A": ("n", 3)}) == {"x": (3,), "b": ("n",)}
    assert assumed(root, {"A": ("n", "n"), "b": ("k",)}) == {}
