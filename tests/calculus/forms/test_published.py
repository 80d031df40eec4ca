"""Closed forms are as short as the books', and the derivative of an antiderivative is the integrand again."""

from __future__ import annotations

import pytest

from gradcalc import diff
from gradcalc.answers.trials.candidates import varied
from gradcalc.base.limits import Limits
from gradcalc.base.real import fraction
from gradcalc.engines import ask
from gradcalc.engines.sympy.closed_form import differentiate
from gradcalc.inputs.pose import pose
from gradcalc.syntax.tree import free_names, postorder
from tests.benchmarks.antiderivatives import ANTIDERIVATIVES
from tests.benchmarks.forms import NEAR, Row, nodes, rows, tree
from tests.benchmarks.published import GROUPS

FORMS = [
    ("sigmoid(z)", "z", "sigmoid(z)*(1 - sigmoid(z))"),
    ("1/(1 + exp(-z))", "z", "exp(-z)/(1 + exp(-z))**2"),
    ("log(cosh(x))", "x", "tanh(x)"),
    ("log((1 + x)/(1 - x))/2", "x", "1/(1 - x**2)"),
    ("atan(1/x)", "x", "-1/(x**2 + 1)"),
    ("log(x + sqrt(x^2 + 1))", "x", "1/sqrt(x**2 + 1)"),
    ("exp(-x**2/2)/sqrt(2*pi)", "x", "-x*exp(-x**2/2)/sqrt(2*pi)"),
    ("-(x - mu)**2/(2*s**2) - log(s)", "mu", "(x - mu)/s**2"),
    ("(x - m)/sqrt(v + 1e-5)", "v", "-0.5*(x - m)/(v + 1e-05)**1.5"),
    ("sqrt(s*(s - a)*(s - b)*(s - c))", "a", "-sqrt(s*(s - a)*(s - b)*(s - c))/(2*(s - a))"),
    ("-(y*log(sigmoid(w*x + b)) + (1 - y)*log(1 - sigmoid(w*x + b)))", "w", "x*(sigmoid(w*x + b) - y)"),
    ("p = sigmoid(w*x + b); -(y*log(p) + (1 - y)*log(1 - p))", "b", "sigmoid(w*x + b) - y"),
]


@pytest.mark.parametrize(("expression", "by", "formula"), FORMS)
def test_a_form(expression: str, by: str, formula: str) -> None:
    assert diff(expression, wrt=by).gradient[by].formula == formula


def form(row: Row) -> str:
    """The closed form, not yet verified."""
    text = differentiate(pose(row.expression, Limits(), wrt=row.by, order=row.order))[row.by].text
    assert text is not None, row
    return text


def far(row: Row, text: str) -> bool:
    """Is a form another function than what was published?"""
    one, other = tree(text), tree(row.published)
    names = free_names(postorder(one, other, tree(row.expression)))
    for point in varied(names):
        first, second = (fraction(value) for value in ask.values([one, other], point))
        if first is not None and second is not None:
            return abs(first - second) > abs(second) / 10**12
    return True


LEAST = [  # how many of a table are as short as the book's, and within a quarter
    *((name, table, 0.93, 0.94) for name, table in GROUPS.items()),
    ("antiderivatives", ANTIDERIVATIVES, 0.95, 0.96),
]


@pytest.mark.parametrize(("table", "short", "near"), [row[1:] for row in LEAST], ids=[row[0] for row in LEAST])
def test_forms_are_as_short_as_the_books(table: str, short: float, near: float) -> None:
    found = {row: form(row) for row in rows(table)}
    assert [row for row, text in found.items() if far(row, text)] == []
    ratios = [nodes(text) / nodes(row.published) for row, text in found.items()]
    assert sum(ratio <= 1 for ratio in ratios) >= short * len(ratios)
    assert sum(ratio <= NEAR for ratio in ratios) >= near * len(ratios)
