"""SymPy's closed forms are written in gradcalc's own language: conditions inside conditions too."""

from __future__ import annotations

import pytest

import gradcalc

CHOICES = [
    ("where(where(x > 0, 1, y) > 0, x, y)", "where(x > 0, 1, where(y > 0, 1, 0))"),
    (
        "where(max(x, 0) > where(y > 1, x, 2), x**2, y)",
        "where(y > 1, where(x < max(x, 0), 2*x, 0), where(max(x, 0) > 2, 2*x, 0))",
    ),
    ("where(where(x > 0, x, 1) > 2, x**2, x)", "where(x > 0, where(x > 2, 2*x, 1), 1)"),
]


@pytest.mark.parametrize(("expression", "formula"), CHOICES)
def test_a_condition_on_a_condition_is_a_choice_inside_another(expression: str, formula: str) -> None:
    row = gradcalc.diff(expression).gradient["x"]
    assert (row.formula, row.note) == (formula, None)


@pytest.mark.parametrize(("expression", "formula"), CHOICES)
def test_a_closed_form_is_one_that_can_be_checked(expression: str, formula: str) -> None:
    assert gradcalc.check(expression, formula, wrt="x").right


def test_a_closed_form_of_very_many_cases_is_left_out() -> None:
    row = gradcalc.diff("relu(relu(relu(relu(relu(x) - 1) - y) - 2) - x)").gradient["x"]
    assert (row.formula, row.note) == (None, "SymPy's closed form has a choice among very many cases in it")


STUMBLES = ["where(asin(pi) > x, 1, x)", "where(1/(x - x) > 1, 1, x)"]


@pytest.mark.parametrize("expression", STUMBLES)
def test_an_expression_that_sympy_cannot_write_has_no_closed_form(expression: str) -> None:
    row = gradcalc.diff(expression).gradient["x"]
    assert (row.formula, row.note) == (None, "SymPy finds no closed form")
