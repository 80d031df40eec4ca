"""Closed forms are as short as a textbook's."""

from __future__ import annotations

import pytest

from gradcalc import diff

FORMS = [
    ("x**2*sin(x)", "x", "x*(x*cos(x) + 2*sin(x))"),
    ("(a*x + b)/(c*x + d)", "x", "(a*d - b*c)/(c*x + d)**2"),
    ("(3*x - 1)/(x**2 + 2)", "x", "(6 + 2*x - 3*x**2)/(x**2 + 2)**2"),
    ("(m1*r1 + m2*r2)/(m1 + m2)", "m1", "m2*(r1 - r2)/(m1 + m2)**2"),
    ("(u + v)/(1 + u*v/c**2)", "u", "c**2*(c**2 - v**2)/(c**2 + u*v)**2"),
    ("(x**2 - 1)/(x - 1)", "x", "1"),
    ("atan((1 + x)/(1 - x))", "x", "1/(x**2 + 1)"),
    ("(x + 1)**3 - (x - 1)**3", "x", "12*x"),
    ("sin(x)/(1 + cos(x))", "x", "1/(1 + cos(x))"),
    ("sin(x)*cos(x)", "x", "cos(2*x)"),
    ("a*sin(x)**2 + a*cos(x)**2", "x", "0"),
    ("cos(x)*cos(y) - sin(x)*sin(y)", "x", "-sin(x + y)"),
    ("log(sin(x))", "x", "cot(x)"),
]


@pytest.mark.parametrize(("expression", "by", "formula"), FORMS)
def test_closed_form(expression: str, by: str, formula: str) -> None:
    assert diff(expression, wrt=by).gradient[by].formula == formula
