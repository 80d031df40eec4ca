"""SymPy's closed forms: text of the language, and the true derivative at every point tried."""

from __future__ import annotations

import mpmath
import pytest

from gradcalc.base.limits import Limits
from gradcalc.engines.sympy.closed_form import differentiate
from gradcalc.inputs.pose import pose
from tests import reference

pytestmark = [pytest.mark.smoke, pytest.mark.torchless]

EXPRESSIONS = [
    "x**3*y - 2*x/y + 1", "(x + y)**5", "1/(x**2 + y**2)", "x/(x + y)", "(x - 1/3)*(0.1*x + y)", "-x**2", "x**-2",
    "x**y", "y**x", "x**(x*y)", "2**x*y", "(x**2 + 1)**y", "x**0.5*y", "x**(1/3)", "x**1.7", "(x*y)**(2/3)",
    "x**x**0.5",
    "exp(x*y)", "exp(-x**2/2)/sqrt(2*pi)", "log(x)*log(y)", "log(x, y)", "log(x, 3)", "log2(x) + log10(y)", "log1p(x)",
    "expm1(x)", "exp(exp(x))", "log(log(x + 2))", "e**x + pi*x",
    "sqrt(x**2 + y**2)", "sqrt(x**2)", "sqrt(x)*sqrt(y)", "cbrt(x - y)", "hypot(x, y)", "sqrt(1 + sqrt(x))",
    "sin(x)*cos(y)", "tan(x) + cot(y)", "sec(x)*csc(y)", "sin(x)**2 + cos(x)**2", "asin(x/3)*acos(y/5)", "atan(y/x)",
    "acot(x) + asec(x + 1) + acsc(x + 1)", "atan2(y, x)", "sin(cos(tan(x)))",
    "sinh(x)*cosh(y)", "tanh(x)/coth(y)", "sech(x)*csch(y)", "asinh(x) + acosh(x + 1) + atanh(x/3)",
    "acoth(x + 1) + asech(x/9) + acsch(y)",
    "abs(x - y)", "abs(x)*sign(y)", "floor(x)*x + ceil(y)", "max(x, y)*min(x, y**2)", "max(x, y, x*y)", "min(x, 1)*x",
    "where(x > y, x**2, y**2)", "where(x*y <= 1, sin(x), where(y == 2, x, x**3))", "abs(max(x, -y)) + relu(x - y)",
    "erf(x)*erfc(y)", "gamma(x)*y", "lgamma(x*y)", "digamma(x) + polygamma(2, y)", "factorial(x)/x", "x!*y!",
    "sigmoid(x*y)", "logsigmoid(x) + softplus(y)", "leaky_relu(x - y) + elu(y - x)", "selu(x)*silu(y)",
    "gelu(x)*mish(y)",
    "softsign(x)/hardtanh(y)", "logit(x/9)", "logaddexp(x, y)", "bce(sigmoid(x), y)", "mse(x, y)",
    "u = x*y; v = sin(u); w = v**2 + u; exp(w/9)", "a = x**2; b = a*a; c = b*b; c/1000", "z = y*x; sigmoid(z)*z",
]  # fmt: skip
POINTS = [("1.25", "0.75"), ("0.5", "2.5")]


@pytest.mark.parametrize(("x", "y"), POINTS)
@pytest.mark.parametrize("text", EXPRESSIONS)
def test_the_closed_form_is_the_derivative(text: str, x: str, y: str) -> None:
    problem = pose(text, Limits())
    with mpmath.workdps(60):
        point = {name: mpmath.mpf(value) for name, value in (("x", x), ("y", y))}
        forms = {
            name: reference.evaluate(reference.tree(form.text), point) for name, form in differentiate(problem).items()
        }
        true = {name: reference.derivative(problem.root, point, name) for name in problem.wrt}
        assert {name for name in true if abs(forms[name] - true[name]) > 1e-30 * max(1, abs(true[name]))} == set()


NEGATIVE = [
    "x**3", "x**(-3)", "sqrt(x**2)", "(x**2)**0.75", "cbrt(x)", "(x**4)**(1/4)", "abs(x)**3", "log(x**2)", "atan(1/x)",
    "asec(x)", "acsc(x)", "acsch(x)", "sqrt(x**2 + 4*x + 4)", "max(x, -x)", "x*abs(x)", "sqrt(x**6)", "exp(log(x**2))",
    "(x**2 - 4)/(x - 2)", "gamma(x)", "lgamma(x)",
]  # fmt: skip


@pytest.mark.parametrize("text", NEGATIVE)
def test_the_closed_form_is_the_derivative_below_zero_too(text: str) -> None:
    (form,) = differentiate(pose(text, Limits())).values()
    with mpmath.workdps(60):
        point = {"x": mpmath.mpf("-3.25")}
        true = reference.derivative(reference.tree(text), point, "x")
        assert abs(reference.evaluate(reference.tree(form.text), point) - true) < 1e-30 * abs(true)


HIGHER = [
    "x**5*sin(x)",
    "exp(-x**2)",
    "x**x",
    "log(x)/x",
    "abs(x)*x**3",
    "tanh(x)",
    "gamma(x)",
    "where(x > 0, x**4, 0)",
]


@pytest.mark.parametrize("order", [2, 3])
@pytest.mark.parametrize("text", HIGHER)
def test_the_closed_form_of_a_higher_order(text: str, order: int) -> None:
    (form,) = differentiate(pose(text, Limits(), order=order)).values()
    with mpmath.workdps(90):
        point = {"x": mpmath.mpf("1.25")}
        true = reference.derivative(reference.tree(text), point, "x", order)
        assert abs(reference.evaluate(reference.tree(form.text), point) - true) < 1e-30 * max(1, abs(true))


FORMULAS = [
    ("x**2", "2*x"),
    ("sin(x**2)", "2*x*cos(x**2)"),
    ("sqrt(x)", "1/(2*sqrt(x))"),
    ("1/x", "-1/x**2"),
    ("x**(-1.5)", "-1.5/x**2.5"),
    ("sqrt(x**2)", "sign(x)"),
    ("abs(x)", "sign(x)"),
    ("x*abs(x)", "2*abs(x)"),
    ("cbrt(x)", "1/(3*cbrt(x)**2)"),
    ("exp(x)", "exp(x)"),
    ("e**x", "exp(x)"),
    ("e*x", "e"),
    ("2**x", "2**x*log(2)"),
    ("x**x", "x**x*(log(x) + 1)"),
    ("log(x)", "1/x"),
    ("relu(x)", "where(x > 0, 1, 0)"),
    ("max(x, 2)", "where(x >= 2, 1, 0)"),
    ("where(x > 1, x**2, 3)", "where(x > 1, 2*x, 0)"),
    ("floor(x)", "0"),
    ("gamma(x)", "gamma(x)*digamma(x)"),
    ("digamma(x)", "polygamma(1, x)"),
    ("gelu(x)", "(x*sqrt(2/pi)*exp(-x**2/2) + erf(x/sqrt(2)) + 1)/2"),
    ("sin(x)**2 + cos(x)**2", "0"),
    ("beta*x", "beta"),
]


@pytest.mark.parametrize(("text", "formula"), FORMULAS)
def test_a_closed_form(text: str, formula: str) -> None:
    assert differentiate(pose(text, Limits(), wrt="x"))["x"].text == formula


LEFT_OUT = [
    ("polygamma(x, 2)", "polygamma(n, x) has no derivative by the whole number n"),
    ("0**x", "SymPy's closed form has an undefined constant in it"),
    ("(-2)**x", "SymPy's closed form has an imaginary part in it"),
    ("sqrt(-1)*x", "SymPy's closed form has an imaginary part in it"),
    ("asin(2)*x + x/0", "SymPy's closed form has an infinite constant in it"),
    ("cosh(x/0)", "SymPy's closed form has an infinite constant in it"),
    ("sech(x/0)", "SymPy finds no closed form"),
    (" + ".join(f"x**{power}" for power in range(600)), "the closed form is too long to show"),
    ("sin(" * 160 + "x" + ")" * 160, "the expression is nested too deep for a closed form"),
]


@pytest.mark.parametrize(("text", "note"), LEFT_OUT)
def test_why_there_is_no_closed_form(text: str, note: str) -> None:
    (form,) = differentiate(pose(text, Limits())).values()
    assert (form.text, form.note) == (None, note)
