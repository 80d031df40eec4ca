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
from tests.benchmarks.antiderivatives import ANTIDERIVATIVES, SUITES, UNSEEN
from tests.benchmarks.forms import NEAR, Row, nodes, rows, tree
from tests.benchmarks.formulas import FORMULAS
from tests.benchmarks.published import GROUPS

FORMS = [
    ("sigmoid(z)", "z", "sigmoid(z)*(1 - sigmoid(z))"),
    ("x*ndtr(x)", "x", "x*exp(-x**2/2)/sqrt(2*pi) + ndtr(x)"),  # the user's functions keep their names
    ("x*acot(x)", "x", "acot(x) - x/(x**2 + 1)"),
    ("sqrt(x)/2 + (1 + x)*atan(sqrt(1 + x) - sqrt(x))", "x", "atan(sqrt(1 + x) - sqrt(x))"),
    ("V*S/(K + S + S^2/J)", "S", "V*(K - S**2/J)/(K + S + S**2/J)**2"),  # and so do fractions of theirs
    ("atan(3*t - 1)", "t", "3/(1 + (3*t - 1)**2)"),  # and squares of sums
    ("C/(1 + y)^n", "y", "-C*n/(1 + y)**(n + 1)"),  # powers go below the line
    ("-log(exp(a)/(exp(a) + exp(b) + exp(c)))", "a", "exp(a)/(exp(a) + exp(b) + exp(c)) - 1"),
    ("sqrt(m*g/k)*tanh(t*sqrt(g*k/m))", "t", "sech(t*sqrt(g*k/m))**2*abs(g)"),  # roots that are one another's
    ("x*asin(x)/sqrt(1 + x^2) - asin(x^2)/2", "x", "asin(x)/(1 + x**2)**(3/2)"),
    ("x - 4*sqrt(x) + 3*log(x) + 4/sqrt(x) - 1/x", "x", "(x - sqrt(x) + 1)**2/x**2"),
    ("R*T/(V - b) - a/(sqrt(T)*V*(V + b))", "V", "a*(2*V + b)/(V**2*sqrt(T)*(V + b)**2) - R*T/(V - b)**2"),
    ("5/x^3 - 2/sqrt(x)", "x", "1/x**(3/2) - 15/x**4"),  # sums of powers stay sums, by falling degree
    ("x^3 - 3/x^2 + 4*sqrt(x)", "x", "3*x**2 + 2/sqrt(x) + 6/x**3"),
    ("(x^2 + 4*x + 3)/sqrt(x)", "x", "(3*x**2 + 4*x - 3)/(2*x**(3/2))"),  # and others do not become sums
    ("tan(x)^2", "x", "2*tan(x)*sec(x)**2"),  # tangents and secants stay among themselves
    ("sec(x)^2*tan(x)", "x", "3*sec(x)**4 - 2*sec(x)**2"),
    ("exp(x)*sec(x)", "x", "sec(x)*(tan(x) + 1)*exp(x)"),
    ("sin(2*x^2 + 3*x)", "x", "(4*x + 3)*cos(2*x**2 + 3*x)"),  # polynomials stand before functions
    ("log(x)/(x - 2)", "x", "(x - x*log(x) - 2)/(x*(x - 2)**2)"),  # no fraction in a fraction
    ("log(x + sqrt(x))", "x", "(2*x + sqrt(x))/(2*x*(x + sqrt(x)))"),
    ("atan(sqrt(x))", "x", "1/(2*sqrt(x)*(x + 1))"),
    ("exp(x)/(exp(x) + exp(y)) + exp(y)/(exp(x) + exp(y))", "x", "0"),
    ("sech(x)^3", "x", "-3*tanh(x)*sech(x)**3"),
    ("exp(x)*sech(x)", "x", "sech(x)*(1 - tanh(x))*exp(x)"),
    ("sin(x)/(1 + cos(x))", "x", "1/(1 + cos(x))"),  # and sines and cosines too
    ("x*cbrt(x + 1)", "x", "(4*x + 3)/(3*cbrt(x + 1)**2)"),
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


def third(table: str) -> str:
    """Every third row of a table: the benchmark has them all."""
    return "\n".join(table.split("\n")[::3])


LEAST = [  # how many of a table are as short as the book's, and within a quarter
    *((name, table, 0.93, 0.94) for name, table in GROUPS.items()),
    ("antiderivatives", ANTIDERIVATIVES, 0.95, 0.96),
    ("unseen antiderivatives", UNSEEN, 0.93, 0.98),
    ("every third formula", third("".join(FORMULAS.values())), 0.9, 0.98),
    ("every third antiderivative of test suites", third(SUITES), 0.93, 0.97),
]


@pytest.mark.parametrize(("table", "short", "near"), [row[1:] for row in LEAST], ids=[row[0] for row in LEAST])
def test_forms_are_as_short_as_the_books(table: str, short: float, near: float) -> None:
    found = {row: form(row) for row in rows(table)}
    assert [row for row, text in found.items() if far(row, text)] == []
    ratios = [nodes(text) / nodes(row.published) for row, text in found.items()]
    assert sum(ratio <= 1 for ratio in ratios) >= short * len(ratios)
    assert sum(ratio <= NEAR for ratio in ratios) >= near * len(ratios)
