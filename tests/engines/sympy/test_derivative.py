"""The derivative is the one that `sympy.diff` gives, written in the same way but for powers."""

from __future__ import annotations

import pytest
import sympy

from gradcalc.base.limits import Limits
from gradcalc.engines.sympy.closed_form import lowered
from gradcalc.engines.sympy.derivative import derivative
from gradcalc.functions.elementary import ELEMENTARY
from gradcalc.functions.forms import usage
from gradcalc.functions.learning import LEARNING
from gradcalc.functions.special import SPECIAL
from gradcalc.problem.resolve import read

pytestmark = [pytest.mark.smoke, pytest.mark.torchless]

X = sympy.Symbol("x", real=True)
EXPRESSIONS = [
    "3", "x", "y", "x**2", "y**x", "x**x", "2**x", "exp(x**2)", "1/x", "x*y/(x + y)", "(x + 1)*(x + 2)*(x + 3)",
    "sin(x)*cos(x)*exp(x)", "sin(x)**3/x", "sqrt(1 - x**2/y**2)", "log(x)*x**2*y", "x**2*sin(1/x) + y", "atan(x*y)**2",
    "x*exp(-x**2/2)/sqrt(2*pi)", "cos(x)**2 + sin(x)**2", "(x*y)**(x + y)", "log(log(x))/(x - y)**2", "erf(x)*erfc(x)",
    "where(x > y, x**2, x*y)*x", "max(x, y)*min(x, y**2)", "abs(x)*x", "gamma(x)*lgamma(x)", "polygamma(2, x)*x",
    "2*(x + y)*(x - y)*(x*y + 1)**3/(x + 2*y)",
]  # fmt: skip


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_an_expression(text: str) -> None:
    function = lowered(read(text, Limits()).root)
    assert derivative(function, X) == sympy.diff(function, X)


def test_a_power_has_its_derivative_at_zero_too() -> None:
    y = sympy.Symbol("y", real=True)
    assert derivative(X**y, X) == y * X ** (y - 1)
    assert sympy.powsimp(derivative(X**y, X) - sympy.diff(X**y, X)) == 0


ROWS = [
    usage(row).replace(", …", "") for row in (*ELEMENTARY, *SPECIAL, *LEARNING) if set("cn").isdisjoint(row.parameters)
]


@pytest.mark.parametrize("text", ROWS)
def test_every_function(text: str) -> None:
    function = lowered(read(f"x*{text.replace('(', '(x*', 1)}", Limits()).root)
    assert derivative(function, X) == sympy.diff(function, X)


def test_a_second_derivative() -> None:
    function = X**2 * sympy.sin(X) / (1 + X)
    assert derivative(derivative(function, X), X) == sympy.diff(sympy.diff(function, X), X)
