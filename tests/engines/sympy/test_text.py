"""SymPy's closed forms are written in gradcalc's own language: conditions inside conditions too."""

from __future__ import annotations

import pytest

import gradcalc
from gradcalc.base.limits import Limits
from gradcalc.engines import ask
from gradcalc.inputs.pose import pose

CHOICES = [  # the condition stays as it was typed
    ("where(where(x > 0, 1, y) > 0, x, y)", "where(where(x > 0, 1, y) > 0, 1, 0)"),
    ("where(max(x, 0) > where(y > 1, x, 2), x**2, y)", "where(max(x, 0) > where(y > 1, x, 2), 2*x, 0)"),
    ("where(where(x > 0, x, 1) > 2, x**2, x)", "where(where(x > 0, x, 1) > 2, 2*x, 1)"),
    ("where(x*2 <= 1 + x, x, 3)", "where(x*2 <= 1 + x, 1, 0)"),
    ("where(x > 0, where(asin(pi) > x, 1, x), 0)", "where(x > 0, where(asin(pi) > x, 0, 1), 0)"),
    ("min(x, x**2)", "2*x*where(x <= x**2, 0, 1) + where(x <= x**2, 1, 0)"),
]


@pytest.mark.parametrize(("expression", "formula"), CHOICES)
def test_a_choice_is_derived_branch_by_branch(expression: str, formula: str) -> None:
    row = gradcalc.diff(expression).gradient["x"]
    assert (row.formula, row.note) == (formula, None)


@pytest.mark.parametrize(("expression", "formula"), CHOICES[:3])
def test_a_closed_form_is_one_that_can_be_checked(expression: str, formula: str) -> None:
    assert gradcalc.check(expression, formula, wrt="x").right


REFUSED = [
    ("where(1/(x - x) > 1, 1, x)", "an infinite constant"),
    ("where(x > 0, log(-1)*x, x)", "an imaginary part"),
    ("where(x > 0, x*log(0), x)", "an infinite constant"),
]


@pytest.mark.parametrize(("expression", "what"), REFUSED)
def test_what_the_language_lacks_is_not_written(expression: str, what: str) -> None:
    row = gradcalc.diff(expression).gradient["x"]
    assert (row.formula, row.note) == (None, f"SymPy's closed form has {what} in it")


def test_an_expression_that_sympy_stumbles_over_has_no_closed_form() -> None:
    form = ask.closed_forms(pose("sech(x/0)", Limits()))["x"]
    assert (form.text, form.note) == (None, "SymPy finds no closed form")
