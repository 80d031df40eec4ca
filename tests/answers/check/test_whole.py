"""A gradient of a decomposition, marked on whole arrays; and what is said where an operation has no closed form."""

from __future__ import annotations

from typing import Any

import pytest

import gradcalc
from gradcalc.base.errors import ShapeError, UsageError

MARKED: list[tuple[str, str, dict[str, Any], str]] = [  # expression, gradient, where, verdict
    ("trace(expm(A))", "expm(A).T", {"shape": {"A": ("n", "n")}}, "right"),
    ("trace(expm(A))", "expm(A)", {"shape": {"A": ("n", "n")}}, "wrong"),
    ("sum(expm(A))", "expm(A)", {"at": {"A": [[0, 1], [0, 0]]}}, "wrong"),
    ("sum(eigvalsh(A)**2)", "2*A", {"at": {"A": [[2, 1], [1, 3]]}}, "right"),
    ("sum(eigvalsh(A)**2)", "2*A", {"shape": {"A": (3, 3)}}, "wrong"),
    ("sum(log(svdvals(A)))", "inv(A).T", {"shape": {"A": (3, 3)}}, "right"),
    ("nuclear_norm(A)", "eye(2)", {"at": {"A": [[3, 1], [1, 3]]}}, "right"),
    ("nuclear_norm(A)", "A", {"at": {"A": [[1, 2], [2, 4]]}}, "undefined"),
]


@pytest.mark.parametrize(("expression", "gradient", "where", "verdict"), MARKED)
def test_a_gradient_of_a_decomposition_is_marked(
    expression: str, gradient: str, where: dict[str, Any], verdict: str
) -> None:
    found = gradcalc.check(expression, gradient={"A": gradient}, **where)
    finding = found.gradient["A"]
    assert (found.verdict, finding.counterexample is None) == (verdict, verdict == "right")


def test_a_gradient_of_another_shape_is_an_error() -> None:
    with pytest.raises(ShapeError, match=r"has shape \(\), expected \(3, 3\)"):
        gradcalc.check("sum(expm(A))", gradient={"A": "trace(A)"}, shape={"A": (3, 3)})


def test_the_operation_without_a_closed_form_is_named_once() -> None:
    with pytest.raises(UsageError, match=r"^`svdvals` has no closed form in array terms\nhint: "):
        gradcalc.steps("sum(svdvals(A))", shape={"A": (2, 2)})
    said = r"^the derivative by `A` has no closed form in array terms: `expm` has none\nhint: "
    with pytest.raises(UsageError, match=said):
        gradcalc.code("sum(expm(A))", to="numpy", shape={"A": (2, 2)})
