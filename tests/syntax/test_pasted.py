"""Formulas out of public questions: each is read as it is meant, and its derivative is the true one."""

from __future__ import annotations

from typing import Any

import pytest

import gradcalc
from gradcalc.base.errors import GradcalcError
from gradcalc.base.limits import Limits
from gradcalc.inputs.pose import pose
from gradcalc.problem.problem import plain

SIZES = ["A=m,n", "x=n", "b=m"]
READ: list[tuple[str, dict[str, Any], str]] = [
    ("clamp(x, 0, 6)", {"at": "x=6"}, "clamp(x, 0, 6)"),
    ("v*acos(clip(w,-1,1))", {"at": "v=0,w=1"}, "v*acos(clamp(w, -1, 1))"),
    ("(x[1]-mean(x))/sqrt(mean((x-mean(x))**2)+1e-5)", {"at": "x=[300,-300]"},
     "(x[1] - mean(x))/sqrt(mean((x - mean(x))**2) + 1e-05)"),
    ("mean(x**2) - mean(x)**2", {"at": "x=[1e8,1e8+1,1e8+2]"}, "mean(x**2) - mean(x)**2"),
    (r"\sum_{i=1}^{3} x_i^2", {"at": "x=[1,2,3]"}, "sum(x**2)"),
    (r"\lVert x \rVert_2", {"shape": "x=3"}, "norm(x)"),
    ("heaviside(x)*x", {"at": "x=1"}, "heaviside(x, 1/2)*x"),
    ("sinc(x)", {"at": "x=0"}, "sinc(x)"),
    ("round(x)", {"at": "x=0.3"}, "round(x)"),
    ("det(A)", {"at": "A=[[1,2],[2,4]]"}, "det(A)"),
    ("0.5*x*(1+tanh(sqrt(2/pi)*(x+0.044715*x^3)))", {"at": "x=0"},
     "0.5*x*(1 + tanh(sqrt(2/pi)*(x + 0.044715*x**3)))"),
    ("sqrt((x-a)*(x-b))", {}, "sqrt((x - a)*(x - b))"),
    ("logit(p)", {}, "logit(p)"),
    ("acot(x)", {}, "acot(x)"),
    ("log(tan(x/2))", {}, "log(tan(x/2))"),
    ("(x-mean(x))@w/sqrt(var(x)+1e-5)", {"shape": ["x=n", "w=n"]}, "(x - mean(x)) @ w/sqrt(var(x) + 1e-05)"),
    ("tan(x)", {"at": "x=1"}, "tan(x)"),
    ("-log(b - A@x)", {"shape": SIZES}, "-log(b - A @ x)"),
    ("x^y", {"at": "x=2,y=0"}, "x**y"),
    ("y.T @ inv(K) @ y", {"shape": ["K=n,n", "y=n"]}, "y.T @ inv(K) @ y"),
    (r"x^\top A x", {"wrt": "x"}, "x.T @ A @ x"),
    (r"\operatorname{tr}(A X)", {"wrt": "X"}, "trace(A @ X)"),
    ("log_softmax(x)[1]", {"at": "x=[1,2]"}, "log_softmax(x)[1]"),
    ("dot(cross(a, b), c)", {"at": "a=[1,0,0],b=[0,1,0],c=[0,0,1]"}, "dot(cross(a, b), c)"),
    ("sum(pinv(A) @ b)", {"at": "A=[[2,1],[1,2]],b=[1,1]"}, "sum(pinv(A) @ b)"),
    ("sum(eigvalsh(A))", {"at": "A=[[2,1],[1,2]]"}, "sum(eigvalsh(A))"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "given", "reading"), READ)
def test_it_is_read_as_it_is_meant(text: str, given: dict[str, Any], reading: str) -> None:
    assert plain(pose(text, Limits(), **given)) == reading


TRUE: list[tuple[str, str, float]] = [
    ("x % y", "x=7,y=3", 1.0),
    ("1/(1+np.exp(-x))", "x=1", 0.19661193324148185),
    ("Exp[-x^2/2]/Sqrt[2 Pi]", "x=1", -0.24197072451914334),
    ("sin(%pi*x)", "x=1", -3.141592653589793),
    ("x > 0 ? x : 0.01*x", "x=-1", 0.01),
    ("lambda x: x**2", "x=1", 2.0),
    ("x.clamp(min=0)", "x=1", 1.0),
    ("scipy.special.expit(x)", "x=1", 0.19661193324148185),
    ("fabs(x)", "x=-2", -1.0),
]


@pytest.mark.parametrize(("text", "at", "derivative"), TRUE)
def test_its_derivative_is_the_true_one(text: str, at: str, derivative: float) -> None:
    row = gradcalc.diff(text, at=at).gradient["x"]
    assert getattr(row, "symbolic", None) == derivative


OF_ARRAYS: list[tuple[str, list[float]]] = [  # at x = [1, 2, 3], and at [0, 2, 3]
    ("sum(100*(x[2:3]-x[1:2]**2)**2)", [-400.0, 1000.0, -200.0]),
    ("sum(cumprod(x))", [9.0, 0.0, 0.0]),
]


@pytest.mark.parametrize(("text", "gradient"), OF_ARRAYS)
def test_its_gradient_is_the_true_one(text: str, gradient: list[float]) -> None:
    point = "x=[0,2,3]" if "cumprod" in text else "x=[1,2,3]"
    row = gradcalc.diff(text, at=point).gradient["x"]
    assert [one.symbolic for one in getattr(row, "rows", ())] == gradient


def test_infinity_is_no_value() -> None:
    with pytest.raises(GradcalcError, match="`inf` is not"):
        pose("where(x < 1, cos(x), 0)", Limits(), at="x=inf")
