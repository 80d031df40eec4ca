"""Shapes are declared and settled; sizes with names stand inside expressions: `ones(n)`, where `--shape x=n` says n."""

from __future__ import annotations

from typing import Any

import pytest

import gradcalc
from gradcalc.base.errors import ShapeError, UsageError
from gradcalc.base.span import Span
from gradcalc.inputs.shapes import declared, settled_shapes

FORMS: list[tuple[str, list[str], str, str]] = [  # f, shapes, by, the closed form
    ("sum(ones(n)*x)", ["x=n"], "x", "ones(n)"),
    ("x @ zeros(n)", ["x=n"], "x", "zeros(n)"),
    ("sum((A + eye(n)) @ x)", ["A=n,n", "x=n"], "x", "sum(A + eye(n), axis=0)"),
    ("sum(ones(m, n) @ x) + sum(A)", ["A=m,n", "x=n"], "x", "m*ones(n)"),
    ("k = ones(n); sum(k*x**2)", ["x=n"], "x", "2*x"),
]


@pytest.mark.parametrize(("expression", "shape", "name", "formula"), FORMS)
def test_a_size_with_a_name_is_part_of_the_shape(expression: str, shape: list[str], name: str, formula: str) -> None:
    assert gradcalc.diff(expression, shape=shape, wrt=name).gradient[name].formula == formula


def test_values_give_the_size_its_number() -> None:
    result = gradcalc.diff("sum((A + eye(n)) @ x)", shape=["A=n,n", "x=n"], at={"A": [[1, 2], [3, 4]], "x": [1, 2]})
    assert [row.symbolic for row in result.rows] == [1.0, 2.0, 1.0, 2.0, 5.0, 7.0]
    assert result.verdict == "agree"


REFUSED: list[tuple[str, dict[str, Any], str, str | None, Span]] = [
    ("sum(ones(n)*x)", {"at": {"x": [1, 2]}}, "expected a whole number here, not a variable",
     "write the number, or declare what has this size, as in --shape x=n", Span(9, 10)),
    ("n*sum(ones(n)*x)", {"shape": "x=n", "wrt": "n"}, "expected a whole number here, not a variable",
     "write the number, or declare what has this size, as in --shape x=n", Span(11, 12)),
    ("sum(ones(m)*x) + sum(y)", {"shape": ["x=n", "y=m"]}, "shapes (m,) and (n,): do not broadcast",
     None, Span(4, 11)),
    ("sum(ones(pi)*x)", {"shape": "x=n"}, "expected a whole number here, not a variable",
     "write the number itself, as in `x[1]`", Span(4, 12)),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "options", "message", "hint", "span"), REFUSED)
def test_another_name_is_told_with_its_place(
    expression: str, options: dict[str, Any], message: str, hint: str | None, span: Span
) -> None:
    with pytest.raises(ShapeError) as caught:
        gradcalc.diff(expression, **options)
    assert (caught.value.message, caught.value.hint, caught.value.span) == (message, hint, span)


CHECKS = [
    ("sum(A @ x)", "A=outer(ones(m), x), x=A.T @ ones(m)", ["A=m,n", "x=n"]),
    ("mean(x**2)", "2*x/n", ["x=n"]),
    ("sum((A + eye(n)) @ x)", "A=outer(ones(n), x), x=(A.T + eye(n)) @ ones(n)", ["A=n,n", "x=n"]),
]


@pytest.mark.parametrize(("expression", "gradient", "shape"), CHECKS)
def test_a_gradient_by_hand_may_use_sizes(expression: str, gradient: str, shape: list[str]) -> None:
    assert gradcalc.check(expression, gradient, shape=shape).verdict == "right"


HESSIANS = [
    ("x @ (A + eye(n)) @ x", ["A=n,n", "x=n"], "A + 2*eye(n) + A.T"),
    ("mean(x**2)", ["x=n"], "2*eye(n)/n"),
    ("var(x)", ["x=n"], "2*(eye(n) - 1/n)/n"),
    ("sum(x)**2*x[1]", ["x=n"], None),
]


@pytest.mark.parametrize(("expression", "shape", "formula"), HESSIANS)
def test_second_derivatives_have_sizes_too(expression: str, shape: list[str], formula: str | None) -> None:
    assert gradcalc.hessian(expression, shape=shape, wrt="x").matrix.formulas["x"] == formula


HIGHER = [  # by a number: the observed information of a sample, and sums of powers
    ("sum(x*log(p) + (1 - x)*log(1 - p))", "p", 2, "-sum(x/p**2 + (1 - x)/(1 - p)**2)"),
    ("sum(log(k) - k*x)", "k", 2, "-n/k**2"),
    ("sum((x - m)**3)", "m", 3, "-6*n"),
]


@pytest.mark.parametrize(("expression", "name", "order", "formula"), HIGHER)
def test_higher_derivatives_by_a_number_have_sizes_too(expression: str, name: str, order: int, formula: str) -> None:
    found = gradcalc.diff(expression, shape="x=n", wrt=name, order=order)
    assert found.gradient[name].formula == formula


def test_jacobians_have_sizes_too() -> None:
    assert gradcalc.jacobian("A @ x + ones(m)", shape=["A=m,n", "x=n"], wrt="x").matrix.formulas["x"] == "A"


DECLARED: list[tuple[Any, list[tuple[str, tuple[int | str, ...]]]]] = [
    (None, []),
    ("x=n", [("x", ("n",))]),
    ("A = 2, 3", [("A", (2, 3))]),
    ("x=3,", [("x", (3,))]),
    (["x=n", "A=n,n"], [("x", ("n",)), ("A", ("n", "n"))]),
    ("y=n, x=n,A=n,n", [("y", ("n",)), ("x", ("n",)), ("A", ("n", "n"))]),
    ({"A": (2, "n")}, [("A", (2, "n"))]),
]


@pytest.mark.parametrize(("given", "shapes"), DECLARED)
def test_a_shape_is_declared(given: Any, shapes: list[tuple[str, tuple[int | str, ...]]]) -> None:
    assert declared(given) == shapes


UNDECLARED = [  # the declaration, the message, the hint
    ("x", "`x` declares no shape", "write --shape x=n, or --shape A=2,3, one --shape for each variable"),
    ("x=", "`x=` declares no shape", "write --shape x=n, or --shape A=2,3, one --shape for each variable"),
    ("x=0", "`0` is no dimension", "a dimension is a whole number from 1 to 10,000,000, or a name such as n"),
    ("x=99999999", "`99999999` is no dimension",
     "a dimension is a whole number from 1 to 10,000,000, or a name such as n"),
    ("z=2", "`z` has a shape but is no variable of the expression", "its variables are x, A"),
    (["x=2", "x=3"], "the shape of `x` is declared twice", None),
]  # fmt: skip


@pytest.mark.parametrize(("given", "message", "hint"), UNDECLARED)
def test_what_declares_no_shape_is_told(given: Any, message: str, hint: str | None) -> None:
    with pytest.raises(UsageError) as caught:
        settled_shapes(given, None, ["x", "A"])
    assert (caught.value.message, caught.value.hint) == (message, hint)
