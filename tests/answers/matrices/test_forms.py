"""Forms in array terms are shown where their values are right, and only there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import gradcalc
from gradcalc.base.limits import Limits
from gradcalc.base.memory import forget
from gradcalc.problem.resolve import read
from gradcalc.syntax.tree import Node


@pytest.fixture(autouse=True)
def _afresh() -> Iterator[None]:
    """What is remembered of the right forms would be shown in place of wrong ones, and the other way round."""
    forget()
    yield
    forget()


RIGHT = [
    ("sin(x)", {"shape": {"x": ("n",)}}, "x", "diag(cos(x))"),
    ("sin(x)", {"shape": {"x": (3,)}}, "x", "diag(cos(x))"),
    ("sin(x)", {"shape": {"x": (900,)}}, "x", "diag(cos(x))"),
    ("sin(x)", {"at": {"x": [1, 2]}}, "x", "diag(cos(x))"),
    ("x*norm(x)", {"at": {"x": [0, 0]}}, "x", "outer(x, x)/norm(x) + norm(x)*eye(2)"),
    ("acosh(x)", {"shape": {"x": ("n",)}}, "x", "diag(1/sqrt(x**2 - 1))"),
    ("asin(x)", {"shape": {"x": ("n",)}}, "x", "diag(1/sqrt(1 - x**2))"),
    ("inv(A) @ x", {"shape": {"A": ("n", "n"), "x": ("n",)}}, "x", "inv(A)"),
    ("x*y", {}, "x", None),
]


@pytest.mark.parametrize(("text", "arguments", "name", "form"), RIGHT)
def test_a_form_that_is_right_is_shown(text: str, arguments: dict[str, Any], name: str, form: str | None) -> None:
    assert gradcalc.jacobian(text, **arguments).matrix.formulas[name] == form


WRONG = [
    ("sin(x)", {"at": {"x": [1, 2]}}, "diag(sin(x))"),
    ("sin(x)", {"shape": {"x": ("n",)}}, "diag(sin(x))"),
    ("sin(x)", {"shape": {"x": (3,)}}, "cos(x)"),
    ("x**2", {"at": {"x": [1, 2]}}, "2*diag(x) + 1e-20"),
]


@pytest.mark.parametrize(("text", "arguments", "wrong"), WRONG)
def test_a_form_that_is_wrong_is_left_out(
    monkeypatch: pytest.MonkeyPatch, text: str, arguments: dict[str, Any], wrong: str
) -> None:
    def form(*_: object) -> Node:
        return read(wrong, Limits()).root

    monkeypatch.setattr("gradcalc.answers.matrices.jacobian.jacobian_form", form)
    assert gradcalc.jacobian(text, **arguments).matrix.formulas == {"x": None}


HESSIANS = [
    ("x.T @ A @ x", {"A": ("n", "n"), "x": ("n",)}, None,
     {"x": "A + A.T", "x,A": "kron([x], eye(n)) + kron(eye(n), [x])", "A": "zeros(n*n, n*n)"}),
    ("x.T @ A @ x", {"A": ("n", "n"), "x": ("n",)}, "A", {"x": "2*A", "A": None}),
    ("y.T @ A @ x", {"A": ("m", "n"), "x": ("n",), "y": ("m",)}, None,
     {"y": "zeros(m, m)", "A": "zeros(m*n, m*n)", "x": "zeros(n, n)", "y,A": "kron(eye(m), [x])", "y,x": "A"}),
    ("sum(x**3)", {"x": ("n",)}, None, {"x": "6*diag(x)"}),
    ("logsumexp(x)", {"x": ("n",)}, None, {"x": "diag(softmax(x)) - outer(softmax(x), softmax(x))"}),
    ("norm(x)", {"x": ("n",)}, None, {"x": "eye(n)/norm(x) - outer(x, x)/norm(x)**3"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "shape", "symmetric", "forms"), HESSIANS)
def test_the_blocks_of_a_hessian(text: str, shape: Any, symmetric: str | None, forms: dict[str, str | None]) -> None:
    assert gradcalc.hessian(text, shape=shape, symmetric=symmetric).matrix.formulas == forms


def test_least_squares_has_the_normal_matrix() -> None:
    shape: Any = {"A": ("m", "n"), "x": ("n",), "b": ("m",)}
    assert gradcalc.hessian("norm(A @ x - b)**2", shape=shape, wrt="x").matrix.formulas == {"x": "2*A.T @ A"}
