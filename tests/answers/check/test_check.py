"""Gradients worked out by hand: which are right, which are wrong, where that shows, and what is said about the slip."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

import pytest

import gradcalc
from gradcalc import Check, Finding
from gradcalc.base.errors import GradcalcError, LimitError, PointError, ShapeError, UnknownNameError, UsageError
from gradcalc.base.span import Span


@cache
def checked(expression: str, gradient: str, wrt: str | None = None) -> Check:
    """A check that several tests look at."""
    return gradcalc.check(expression, gradient, wrt=wrt)


def only(result: Check) -> Finding:
    """The finding of a check of one variable."""
    (finding,) = result.gradient.values()
    return finding


RIGHT = [  # expression, gradient, the variables where not every one is checked
    ("x**2", "2x", None),
    ("x**3 - 4*x", "3x^2 - 4", None),
    ("(x+1)**2", "2*x + 2", None),
    ("x*(x+1)*(x+2)", "3*x**2 + 6*x + 2", None),
    ("1/(1+x)", "-(1+x)**-2", None),
    ("(x-1)/(x+1)", "2/(x+1)**2", None),
    ("x/(x**2+1)", "1/(x^2+1) - 2x^2/(x^2+1)^2", None),
    ("sin(x)**2", "sin(2*x)", None),
    ("sin(x)**2", "2*sin(x)*cos(x)", None),
    ("cos(x)**2 - sin(x)**2", "-4*sin(x)*cos(x)", None),
    ("sin(x)*cos(x)", "cos(2*x)", None),
    ("sin(x)*cos(x)", "1 - 2*sin(x)**2", None),
    ("tan(x)", "1 + tan(x)**2", None),
    ("tan(x)", "sec(x)^2", None),
    ("sec(x)", "sin(x)/cos(x)**2", None),
    ("log(tan(x/2))", "1/sin(x)", None),
    ("exp(x)*sin(x)", "sqrt(2)*exp(x)*sin(x + pi/4)", None),
    ("sin(x)**4 + cos(x)**4", "-sin(4*x)", None),
    ("sin(x)**2 + cos(x)**2", "0", None),
    ("log(x**2)", "2/x", None),
    ("x*log(x)", "log(e*x)", None),
    ("x*log(x)", "log(2*x) + 1 - log(2)", None),
    ("x*log(x**2)", "2*log(abs(x)) + 2", None),
    ("log(x*y)", "x=1/x, y=1/y", None),
    ("log(x/y)", "x=1/x, y=-1/y", None),
    ("log(sqrt(x))", "1/(2*x)", None),
    ("log10(x)", "1/(x*ln(10))", None),
    ("log(x, 2)", "1/(x*log(2))", None),
    ("2**x", "log(2)*2**x", None),
    ("2**x", "log(2)*exp(x*log(2))", None),
    ("x**x", "x**x*(1 + log(x))", None),
    ("x**y", "x=y*x**(y-1), y=x**y*log(x)", None),
    ("x**y", "x=y*x**y/x, y=log(x)*exp(y*log(x))", None),
    ("sqrt(x)", "1/2*x^(-1/2)", None),
    ("sqrt(x)", "sqrt(x)/(2*x)", None),
    ("x**1.5", "3/2*sqrt(x)", None),
    ("cbrt(x)", "cbrt(x)/(3*x)", None),
    ("sqrt(x**2)", "x/sqrt(x**2)", None),
    ("sqrt(x**2)", "sign(x)", None),
    ("sqrt(x**2)", "x/abs(x)", None),
    ("abs(x)", "abs(x)/x", None),
    ("abs(x)", "where(x > 0, 1, -1)", None),
    ("x*abs(x)", "2*abs(x)", None),
    ("x*abs(x)", "2*sqrt(x**2)", None),
    ("abs(x)**3", "3*x*abs(x)", None),
    ("abs(sin(x))", "sign(sin(x))*cos(x)", None),
    ("max(x, 0)", "(1 + sign(x))/2", None),
    ("min(x, y)", "x=where(x < y, 1, 0), y=where(x < y, 0, 1)", None),
    ("relu(x)**2", "2*relu(x)", None),
    ("where(x < 0, x**2, x**3)", "where(x >= 0, 3*x**2, 2*x)", None),
    ("floor(x)*x", "floor(x)", None),
    ("hypot(x, y)", "x=x/hypot(x, y), y=y/sqrt(x^2+y^2)", None),
    ("asin(x)", "1/cos(asin(x))", None),
    ("acos(x)", "-1/sqrt((1-x)*(1+x))", None),
    ("atan(x)", "cos(atan(x))**2", None),
    ("atan(1/x)", "-1/(1+x**2)", None),
    ("atan2(y, x)", "y=x/(x^2+y^2), x=-y/(x^2+y^2)", None),
    ("acosh(x)", "1/sqrt(x**2 - 1)", None),
    ("asinh(x)", "(1+x^2)^-0.5", None),
    ("atanh(x)", "1/2/(1-x) + 1/2/(1+x)", None),
    ("sinh(x)", "(exp(x) + exp(-x))/2", None),
    ("tanh(x)", "4/(exp(x) + exp(-x))**2", None),
    ("tanh(x)", "1 - tanh(x)^2", None),
    ("sigmoid(x)", "sigmoid(x)*(1 - sigmoid(x))", None),
    ("sigmoid(x)", "sigmoid(x)*sigmoid(-x)", None),
    ("softplus(x)", "sigmoid(x)", None),
    ("log(1+exp(x))", "1/(1+exp(-x))", None),
    ("gelu(x)", "(1 + erf(x/sqrt(2)))/2 + x*exp(-x**2/2)/sqrt(2*pi)", None),
    ("silu(x)", "sigmoid(x)*(1 + x*(1 - sigmoid(x)))", None),
    ("(x - y)**2", "x=2(x-y), y=2(y-x)", None),
    ("exp(-(x-m)**2/(2*s**2))", "x=-(x-m)/s**2*exp(-(x-m)**2/(2*s**2))", "x"),
    ("bce(sigmoid(z), t)", "sigmoid(z) - t", "z"),
    ("gamma(x)", "gamma(x)*digamma(x)", None),
    ("erf(x)", "2/sqrt(pi)*exp(-x^2)", None),
    ("log(log(x))", "1/(x*log(x))", None),
    ("log(log(log(x)))", "1/(x*log(x)*log(log(x)))", None),
    ("sqrt(1-x**2-y**2)", "x=-x/sqrt(1-x**2-y**2), y=-y/sqrt(1-x**2-y**2)", None),
    ("y = x^2; z = sin(y); u = exp(z)", "u*cos(y)*2*x", None),
    ("y = x^2; z = sin(y); u = exp(z)", "2*x*cos(x^2)*e^(sin(x^2))", None),
    (r"\frac{x^2}{2}", r"\frac{2x}{2}", None),
    (r"\sqrt{x}", r"\frac{1}{2\sqrt{x}}", None),
    ("√x", "1/(2√x)", None),
    ("x³", "3x²", None),
    ("e**x", "e^x", None),
    ("sin(pi*x)", "π*cos(π*x)", None),
    ("5", "0", "x"),
    ("x", "1", None),
    ("cos(acos(x))", "1", None),
    ("exp(log(x))", "x/x", None),
    ("sqrt(exp(2*x))", "exp(x)", None),
    ("log(exp(x))", "1", None),
    ("sin(x+y)", "x=cos(x)*cos(y) - sin(x)*sin(y), y=cos(x+y)", None),
    ("log(-abs(x*y-37)+0.01)", "x=-sign(x*y-37)*y/(0.01-abs(x*y-37)), y=-sign(x*y-37)*x/(0.01-abs(x*y-37))", None),
    ("x^2", "2*x**2/x", None),
]


@pytest.mark.parametrize(("expression", "gradient", "wrt"), RIGHT)
def test_a_right_gradient_in_whatever_form_is_proved(expression: str, gradient: str, wrt: str | None) -> None:
    result = checked(expression, gradient, wrt)
    assert {(one.verdict, one.proved) for one in result.gradient.values()} == {("right", True)}
    assert result.right


UNPROVED = [
    ("x*abs(y)*abs(z)*abs(w)*abs(v)*abs(u)", "abs(y*z*w*v*u)", "x"),  # more kinks than there is time to tell apart
    ("max(x, x**2)", "where(x > 0, where(x < 1, 1, 2*x), 2*x)", None),  # SymPy does not see which cases cannot be
]


@pytest.mark.parametrize(("expression", "gradient", "wrt"), UNPROVED)
def test_a_right_gradient_that_is_not_proved_holds_at_points(expression: str, gradient: str, wrt: str | None) -> None:
    found = only(checked(expression, gradient, wrt))
    assert (found.verdict, found.proved, found.points) == ("right", False, 20)


WRONG = [  # expression, gradient, variable, and the simplest point that was found: where, your value, the true one
    ("x**2", "x", "x", {"x": 1.0}, 1.0, 2.0),
    ("x**2", "2", "x", {"x": 0.0}, 2.0, 0.0),
    ("x**3", "3*x**3", "x", {"x": 2.0}, 24.0, 12.0),
    ("x**3", "3*x", "x", {"x": 2.0}, 6.0, 12.0),
    ("x**5", "x**4", "x", {"x": 1.0}, 1.0, 5.0),
    ("1/x", "1/x**2", "x", {"x": 1.0}, 1.0, -1.0),
    ("1/x", "log(x)", "x", {"x": 1.0}, 0.0, -1.0),
    ("1/x**2", "-2/x", "x", {"x": -2.0}, 1.0, 0.25),
    ("sqrt(x)", "1/sqrt(x)", "x", {"x": 1.0}, 1.0, 0.5),
    ("sqrt(x)", "1/(2*x)", "x", {"x": 0.25}, 2.0, 1.0),
    ("x**2 + 3", "2*x + 3", "x", {"x": 0.0}, 3.0, 0.0),
    ("3*x**2", "2*x", "x", {"x": 1.0}, 2.0, 6.0),
    ("x**2/2", "2*x", "x", {"x": 1.0}, 2.0, 1.0),
    ("sin(x)", "-cos(x)", "x", {"x": 0.0}, -1.0, 1.0),
    ("cos(x)", "sin(x)", "x", {"x": 2.0}, 0.9092974268256817, -0.9092974268256817),
    ("tan(x)", "sec(x)", "x", {"x": 1.0}, 1.8508157176809257, 3.4255188208147596),
    ("tan(x)", "1/(1+x**2)", "x", {"x": 1.0}, 0.5, 3.4255188208147596),
    ("sin(2*x)", "cos(2*x)", "x", {"x": 0.0}, 1.0, 2.0),
    ("sin(2*x)", "2*cos(x)", "x", {"x": 1.0}, 1.0806046117362795, -0.8322936730942848),
    ("sin(x**2)", "cos(x**2)", "x", {"x": 0.0}, 1.0, 0.0),
    ("sin(x**2)", "cos(2*x)", "x", {"x": 0.0}, 1.0, 0.0),
    ("sin(x**2)", "2*x*cos(2*x)", "x", {"x": 1.0}, -0.8322936730942848, 1.0806046117362795),
    ("sin(x)**2", "2*sin(x)", "x", {"x": 1.0}, 1.682941969615793, 0.9092974268256817),
    ("sin(x)**2", "cos(x)**2", "x", {"x": 0.0}, 1.0, 0.0),
    ("sin(cos(x))", "cos(cos(x))", "x", {"x": 0.0}, 0.5403023058681398, 0.0),
    ("sin(pi*x/180)", "cos(pi*x/180)", "x", {"x": 0.0}, 1.0, 0.017453292519943295),
    ("exp(x)", "x*exp(x-1)", "x", {"x": 0.0}, 0.0, 1.0),
    ("exp(-x)", "exp(-x)", "x", {"x": 0.0}, 1.0, -1.0),
    ("exp(2*x)", "exp(2*x)/2", "x", {"x": 0.0}, 0.5, 2.0),
    ("exp(x**2)", "exp(2*x)", "x", {"x": 0.0}, 1.0, 0.0),
    ("2**x", "x*2**(x-1)", "x", {"x": 1.0}, 1.0, 1.3862943611198906),
    ("2**x", "2**x", "x", {"x": 1.0}, 2.0, 1.3862943611198906),
    ("x**x", "x*x**(x-1)", "x", {"x": 2.0}, 4.0, 6.772588722239782),
    ("log(x)", "x", "x", {"x": 2.0}, 2.0, 0.5),
    ("log(3*x)", "1/(3*x)", "x", {"x": 1.0}, 0.3333333333333333, 1.0),
    ("log(x**2+1)", "1/(x**2+1)", "x", {"x": 0.0}, 1.0, 0.0),
    ("log10(x)", "1/x", "x", {"x": 1.0}, 1.0, 0.4342944819032518),
    ("x*sin(x)", "cos(x)", "x", {"x": 0.0}, 1.0, 0.0),
    ("x*sin(x)", "sin(x)", "x", {"x": 1.0}, 0.8414709848078965, 1.3817732906760363),
    ("x*exp(x)", "exp(x)", "x", {"x": -1.0}, 0.36787944117144233, 0.0),
    ("x*log(x)", "log(x) - 1", "x", {"x": 1.0}, -1.0, 1.0),
    ("sin(x)/x", "cos(x)", "x", {"x": 1.0}, 0.5403023058681398, -0.3011686789397568),
    ("sin(x)/x", "(x*cos(x) + sin(x))/x**2", "x", {"x": 1.0}, 1.3817732906760363, -0.3011686789397568),
    ("x/(x+1)", "-1/(x+1)**2", "x", {"x": 0.0}, -1.0, 1.0),
    ("x/(x+1)", "1/(x+1)", "x", {"x": -2.0}, -1.0, 1.0),
    ("asin(x)", "cos(x)/sin(x)**2", "x", {"x": 0.5}, 3.818085550973618, 1.1547005383792515),
    ("asin(x)", "1/(1-x**2)", "x", {"x": 0.5}, 1.3333333333333333, 1.1547005383792515),
    ("atan(x)", "1/(1-x**2)", "x", {"x": 3.0}, -0.125, 0.1),
    ("acos(x)", "1/sqrt(1-x**2)", "x", {"x": 0.0}, 1.0, -1.0),
    ("cosh(x)", "-sinh(x)", "x", {"x": 1.0}, -1.1752011936438014, 1.1752011936438014),
    ("tanh(x)", "1 + tanh(x)**2", "x", {"x": 1.0}, 1.580025658385974, 0.4199743416140261),
    ("sigmoid(x)", "sigmoid(x)", "x", {"x": 0.0}, 0.5, 0.25),
    ("sigmoid(x)", "1 - sigmoid(x)", "x", {"x": 0.0}, 0.5, 0.25),
    ("relu(x)", "where(x > 0, x, 0)", "x", {"x": 2.0}, 2.0, 1.0),
    ("abs(x)", "1", "x", {"x": -1.0}, 1.0, -1.0),
    ("sqrt(x**2)", "1", "x", {"x": -1.0}, 1.0, -1.0),
    ("x*abs(x)", "2*x", "x", {"x": -1.0}, -2.0, 2.0),
    ("max(x, 0)", "1", "x", {"x": -1.0}, 1.0, 0.0),
    ("relu(relu(x))", "1", "x", {"x": -1.0}, 1.0, 0.0),
    ("sqrt(1-x**2)", "1/(2*sqrt(1-x**2))", "x", {"x": 0.0}, 0.5, 0.0),
    ("(2*x+1)**3", "3*(2*x+1)**2", "x", {"x": 0.0}, 3.0, 6.0),
    ("x**2*y", "x=x**2, y=2*x*y", "x", {"x": 3.0, "y": 0.0}, 9.0, 0.0),
    ("x**2*y", "2*x*y", "y", {"x": 3.0, "y": 0.0}, 0.0, 9.0),
    ("sin(x*y)", "x=cos(x*y), y=x*cos(x*y)", "x", {"x": 3.0, "y": 0.0}, 1.0, 0.0),
    ("(x-y)**2", "x=2*(x-y), y=2*(x-y)", "y", {"x": 1.0, "y": 2.0}, -2.0, 2.0),
    ("x/3", "0.333", "x", {"x": 1.0}, 0.333, 0.3333333333333333),
    ("x**2/3", "0.667*x", "x", {"x": 3.0}, 2.001, 2.0),
    ("pi*x", "3.14", "x", {"x": 1.0}, 3.14, 3.141592653589793),
    ("sin(x)", "cos(x) + 1e-12", "x", {"x": 0.0}, 1.000000000001, 1.0),
    ("x**4", "12*x**2", "x", {"x": 1.0}, 12.0, 4.0),
    ("x**2", "x**2", "x", {"x": 1.0}, 1.0, 2.0),
    ("x**2", "x**3/3", "x", {"x": 3.0}, 9.0, 6.0),
    ("floor(x)", "1", "x", {"x": 0.5}, 1.0, 0.0),
    ("where(x < 2, x, x**2)", "1", "x", {"x": 3.0}, 1.0, 6.0),
    ("where(x > 17, x**2, 0)", "0", "x", {"x": 17.5}, 0.0, 35.0),
    ("log(log(x))", "1/log(x)", "x", {"x": 2.0}, 1.4426950408889634, 0.7213475204444817),
    ("acosh(x)", "1/sqrt(x**2+1)", "x", {"x": 3.0}, 0.31622776601683794, 0.3535533905932738),
    ("bce(sigmoid(z), t)", "t - sigmoid(z)", "z", {"z": 0.0, "t": -1.0}, -1.5, 1.5),
    ("(w*x - y)**2", "2*(w*x - y)", "w", {"w": 3.0, "x": 0.0, "y": -1.0}, 2.0, 0.0),
    ("exp(exp(x))", "exp(exp(x))", "x", {"x": 1.0}, 15.154262241479264, 41.19355567471612),
    ("exp(x)*cos(x)", "-exp(x)*sin(x)", "x", {"x": 0.0}, 0.0, 1.0),
    ("gamma(x)", "gamma(x)", "x", {"x": 3.0}, 2.0, 1.8455686701969343),
    ("erf(x)", "exp(-x**2)", "x", {"x": 0.0}, 1.0, 1.1283791670955126),
    ("x**2", "where(x > 1000000, 0, 2*x)", "x", {"x": 1000000.5}, 0.0, 2000001.0),
    ("x", "1 + 1e-40", "x", {"x": 1.0}, 1.0, 1.0),
]


@pytest.mark.parametrize(("expression", "gradient", "name", "at", "proposed", "true"), WRONG)
def test_a_wrong_gradient_has_a_counter_example(
    expression: str, gradient: str, name: str, at: dict[str, float], proposed: float, true: float
) -> None:
    found = checked(expression, gradient, None if "=" in gradient else name).gradient[name]
    example = found.counterexample
    assert example is not None
    assert (found.verdict, example.at, example.proposed, example.true) == ("wrong", at, proposed, true)


HINTS = [  # expression, gradient, variable, and what is said about the slip
    ("x**2", "x", "x", "the power rule is (x^n)' = n·x^(n-1)"),
    ("x**2", "2", "x", "the power rule lowers the exponent by one: (x^n)' = n·x^(n-1)"),
    ("x**3", "3*x**3", "x", "the power rule lowers the exponent by one: (x^n)' = n·x^(n-1)"),
    ("x**3", "3*x", "x", "the power rule lowers the exponent by one: (x^n)' = n·x^(n-1)"),
    ("x**5", "x**4", "x", "the power rule brings the exponent down as a factor: (x^n)' = n·x^(n-1)"),
    ("1/x", "1/x**2", "x", "the sign is wrong"),
    ("1/x", "log(x)", "x", "this is an integral: its derivative is the expression"),
    ("1/x**2", "-2/x", "x", "the power rule lowers the exponent: (x^n)' = n·x^(n-1)"),
    ("sqrt(x)", "1/sqrt(x)", "x", "the derivative of sqrt(u) is u'/(2·sqrt(u)): the 2 is missing"),
    ("sqrt(x)", "1/(2*x)", "x", "the derivative of sqrt(u) is u'/(2·sqrt(u)): the root stays"),
    ("x**2 + 3", "2*x + 3", "x", "yours is the true gradient + 3"),
    ("3*x**2", "2*x", "x", "a factor of 3 is missing"),
    ("x**2/2", "2*x", "x", "yours is 2 times the true gradient"),
    ("sin(x)", "-cos(x)", "x", "the derivative of sin is cos, without a minus"),
    ("cos(x)", "sin(x)", "x", "the derivative of cos is -sin, with a minus"),
    ("tan(x)", "sec(x)", "x", "the derivative of tan is sec²"),
    ("tan(x)", "1/(1+x**2)", "x", "that is the derivative of atan; the derivative of tan is sec²"),
    ("sin(2*x)", "cos(2*x)", "x", "the chain rule's inner derivative is missing: the derivative of `2*x` is `2`"),
    ("sin(2*x)", "2*cos(x)", "x", "the chain rule takes the outer derivative at `2*x` itself, not at `x`"),
    ("sin(x**2)", "cos(x**2)", "x", "the chain rule's inner derivative is missing: the derivative of `x**2` is `2*x`"),
    ("sin(x**2)", "cos(2*x)", "x", "the chain rule takes the outer derivative at `x**2` itself, not at its derivative"),
    (
        "sin(x**2)",
        "2*x*cos(2*x)",
        "x",
        "the chain rule takes the outer derivative at `x**2` itself, not at its derivative",
    ),
    (
        "sin(x)**2",
        "2*sin(x)",
        "x",
        "the chain rule's inner derivative is missing: the derivative of `sin(x)` is `cos(x)`",
    ),
    (
        "sin(x)**2",
        "cos(x)**2",
        "x",
        "the outer function has to be derived too, not only `sin(x)` inside it: the chain rule is f'(g)·g'",
    ),
    (
        "sin(cos(x))",
        "cos(cos(x))",
        "x",
        "the chain rule's inner derivative is missing: the derivative of `cos(x)` is `-sin(x)`",
    ),
    (
        "sin(pi*x/180)",
        "cos(pi*x/180)",
        "x",
        "the chain rule's inner derivative is missing: the derivative of `pi*x/180` is `pi/180`",
    ),
    ("exp(x)", "x*exp(x-1)", "x", "exp is no power of its argument: the derivative of exp(u) is exp(u)·u'"),
    ("exp(-x)", "exp(-x)", "x", "the chain rule's inner derivative is missing: the derivative of `-x` is `-1`"),
    ("exp(2*x)", "exp(2*x)/2", "x", "this is an integral: its derivative is the expression"),
    ("exp(x**2)", "exp(2*x)", "x", "the chain rule is f'(g(x))·g'(x)"),  # two slips come to this: none is named
    ("2**x", "x*2**(x-1)", "x", "the power rule is for a constant exponent; the derivative of a^u is a^u·log(a)·u'"),
    ("2**x", "2**x", "x", "the derivative of a^u is a^u·log(a)·u': the factor log(a) is missing"),
    (
        "(2*x)**x**2",
        "2*x**2*(2*x)**(x**2 - 1)",
        "x",
        "the power rule is for a constant exponent; (u^v)' is u^v·(v'·log(u) + v·u'/u)",
    ),
    (
        "(2*x)**x**2",
        "(2*x)**x**2*2*x*log(2*x)",
        "x",
        "the rule for exponentials is for a constant base; (u^v)' is u^v·(v'·log(u) + v·u'/u)",
    ),
    ("x**x", "x*x**(x-1)", "x", "the power rule is for a constant exponent; the derivative of a^u is a^u·log(a)·u'"),
    ("log(x)", "x", "x", "the derivative of log(u) is u'/u"),
    ("log(3*x)", "1/(3*x)", "x", "the chain rule's inner derivative is missing: the derivative of `3*x` is `3`"),
    (
        "log(x**2+1)",
        "1/(x**2+1)",
        "x",
        "the chain rule's inner derivative is missing: the derivative of `x**2 + 1` is `2*x`",
    ),
    ("log10(x)", "1/x", "x", "the derivative of log10(u) is u'/(u·log(10))"),
    ("x*sin(x)", "cos(x)", "x", "the product rule is u'·v + u·v', not u'·v'"),
    ("x*sin(x)", "sin(x)", "x", "the product rule is u'·v + u·v': the second term is missing"),
    ("x*exp(x)", "exp(x)", "x", "the product rule is u'·v + u·v'"),
    ("x*log(x)", "log(x) - 1", "x", "the product rule is u'·v + u·v', with a plus"),
    ("sin(x)/x", "cos(x)", "x", "the quotient rule is (u'·v - u·v')/v², not u'/v'"),
    ("sin(x)/x", "(x*cos(x) + sin(x))/x**2", "x", "the quotient rule is (u'·v - u·v')/v², with a minus"),
    ("x/(x+1)", "-1/(x+1)**2", "x", "the quotient rule is (u'·v - u·v')/v²: the two terms are swapped"),
    ("x/(x+1)", "1/(x+1)", "x", "the quotient rule is (u'·v - u·v')/v²"),
    ("asin(x)", "cos(x)/sin(x)**2", "x", "asin is the inverse function of sin, not 1/sin"),
    ("asin(x)", "1/(1-x**2)", "x", "the derivative of asin(u) is u'/sqrt(1 - u²): the root is missing"),
    ("atan(x)", "1/(1-x**2)", "x", "the derivative of atan(u) is u'/(1 + u²), with a plus"),
    ("acos(x)", "1/sqrt(1-x**2)", "x", "the derivative of acos(u) is -u'/sqrt(1 - u²), with a minus"),
    ("cosh(x)", "-sinh(x)", "x", "the derivative of cosh is sinh, without a minus"),
    ("tanh(x)", "1 + tanh(x)**2", "x", "the derivative of tanh is 1 - tanh²"),
    ("sigmoid(x)", "sigmoid(x)", "x", "the derivative of the sigmoid s is s·(1 - s): a factor is missing"),
    ("sigmoid(x)", "1 - sigmoid(x)", "x", "the derivative of the sigmoid s is s·(1 - s): a factor is missing"),
    ("relu(x)", "where(x > 0, x, 0)", "x", "this is the expression itself, not its derivative"),
    ("abs(x)", "1", "x", "the derivative of |u| is sign(u)·u'"),
    ("sqrt(x**2)", "1", "x", "it is right where x > 0, and wrong where x < 0"),
    ("x*abs(x)", "2*x", "x", "it is right where x > 0, and wrong where x < 0"),
    ("max(x, 0)", "1", "x", "it is right where x > 0, and wrong where x < 0"),
    (
        "sqrt(1-x**2)",
        "1/(2*sqrt(1-x**2))",
        "x",
        "the chain rule's inner derivative is missing: the derivative of `1 - x**2` is `-2*x`",
    ),
    (
        "(2*x+1)**3",
        "3*(2*x+1)**2",
        "x",
        "the chain rule's inner derivative is missing: the derivative of `2*x + 1` is `2`",
    ),
    ("x**2*y", "x=x**2, y=2*x*y", "x", "this is the derivative by `y`"),
    ("x**2*y", "2*x*y", "y", "this is the derivative by `x`"),
    (
        "sin(x*y)",
        "x=cos(x*y), y=x*cos(x*y)",
        "x",
        "the chain rule's inner derivative is missing: the derivative of `x*y` is `y`",
    ),
    (
        "(x-y)**2",
        "x=2*(x-y), y=2*(x-y)",
        "y",
        "the chain rule's inner derivative is missing: the derivative of `x - y` is `-1`",
    ),
    ("x/3", "0.333", "x", "it is right to 3 digits only: write its numbers exactly, as 1/3 for 0.333"),
    ("x**2/3", "0.667*x", "x", "it is right to 3 digits only: write its numbers exactly, as 1/3 for 0.333"),
    ("pi*x", "3.14", "x", "it is right to 3 digits only: write its numbers exactly, as 1/3 for 0.333"),
    ("sin(x)", "cos(x) + 1e-12", "x", "it is right to 10 digits only: write its numbers exactly, as 1/3 for 0.333"),
    ("x**4", "12*x**2", "x", "this is the second derivative"),
    ("x**2", "x**2", "x", "this is the expression itself, not its derivative"),
    ("x**2", "x**3/3", "x", "this is an integral: its derivative is the expression"),
    ("floor(x)", "1", "x", "yours is the true gradient + 1"),
    (
        "where(x < 2, x, x**2)",
        "1",
        "x",
        "the chain rule is f'(g(x))·g'(x)",
    ),
    ("where(x > 17, x**2, 0)", "0", "x", None),
    (
        "log(log(x))",
        "1/log(x)",
        "x",
        "the chain rule's inner derivative is missing: the derivative of `log(x)` is `1/x`",
    ),
    ("acosh(x)", "1/sqrt(x**2+1)", "x", "the derivative of acosh(u) is u'/sqrt(u² - 1)"),
    ("bce(sigmoid(z), t)", "t - sigmoid(z)", "z", "the sign is wrong"),
    (
        "(w*x - y)**2",
        "2*(w*x - y)",
        "w",
        "the chain rule's inner derivative is missing: the derivative of `w*x - y` is `x`",
    ),
    (
        "exp(exp(x))",
        "exp(exp(x))",
        "x",
        "the chain rule is f'(g(x))·g'(x)",
    ),
    ("exp(x)*cos(x)", "-exp(x)*sin(x)", "x", "the product rule is u'·v + u·v'"),
    ("gamma(x)", "gamma(x)", "x", "this is the expression itself, not its derivative"),
    ("erf(x)", "exp(-x**2)", "x", "yours is 1/2·sqrt(pi) times the true gradient"),
    ("x**2", "where(x > 1000000, 0, 2*x)", "x", None),
    ("x", "1 + 1e-40", "x", "it is right to more than thirty digits, but not exactly"),
]


@pytest.mark.parametrize(("expression", "gradient", "name", "hint"), HINTS)
def test_a_slip_that_is_recognised_is_named(expression: str, gradient: str, name: str, hint: str | None) -> None:
    assert checked(expression, gradient, None if "=" in gradient else name).gradient[name].hint == hint


SINGLE_POINTS = [
    ("x**2", "2*x**2/x", "at x = 0.0 alone it has no value"),
    ("x**2", "where(x == 0, 5, 2*x)", "at x = 0.0 alone it is 5 instead of 0"),
    ("x**2", "where(x == 3, 5, 2*x)", "at x = 3.0 alone it is 5 instead of 6"),
    ("x*y", "x=y*x/x, y=x", "at x = 0.0, y = -1.0 alone it has no value"),
    ("x**3/x", "2*x", None),
    ("abs(x)", "x/abs(x)", None),
    ("relu(x)", "where(x >= 0, 1, 0)", None),
    ("floor(x)", "0", None),
]


@pytest.mark.parametrize(("expression", "gradient", "hint"), SINGLE_POINTS)
def test_a_gradient_that_is_right_but_for_single_points_is_right(
    expression: str, gradient: str, hint: str | None
) -> None:
    found = checked(expression, gradient).gradient["x"]
    assert (found.verdict, found.counterexample, found.hint) == ("right", None, hint)


UNDEFINED = [
    ("x*log(x**2) - 2*x", "2*log(x)", -1.0, 0.0, "`log(x)` has no real value there"),
    ("x**2", "sqrt(4*x)**2/2", -1.0, -2.0, "`sqrt(4*x)` has no real value there"),
    ("x", "exp(log(x))/x", -1.0, 1.0, "`log(x)` has no real value there"),
    ("exp(x)", "1/log(-1)", 0.0, 1.0, "`log(-1)` has no real value there"),
]


@pytest.mark.parametrize(("expression", "gradient", "x", "true", "hint"), UNDEFINED)
def test_a_gradient_without_a_value_where_the_function_is_smooth_is_undefined(
    expression: str, gradient: str, x: float, true: float, hint: str
) -> None:
    found = only(checked(expression, gradient))
    assert found.counterexample is not None
    assert (found.verdict, found.proved, found.hint) == ("undefined", False, hint)
    assert dataclasses.astuple(found.counterexample) == ({"x": x}, None, true, None)


def test_a_wrong_value_weighs_more_than_a_missing_one() -> None:
    assert only(checked("x**2", "log(x)")).verdict == "wrong"


AT = [  # expression, gradient, point; verdict, your value, true value, hint
    ("x**2", "2*x", 3, "right", None, None, None),
    ("x**2", "6", 3, "right", None, None, None),
    ("x**2", "x", 3, "wrong", 3.0, 6.0, "the power rule is (x^n)' = n·x^(n-1)"),
    ("x**2", "5", 3, "wrong", 5.0, 6.0, None),
    ("x**1.5", "1.5*sqrt(x)", 0, "right", None, None, None),
    ("x*abs(x)", "2*abs(x)", 0, "right", None, None, None),
    ("x**2", "2*x**2/x", 0, "undefined", None, 0.0, "`2*x**2/x` has no real value there"),
    ("log(x)", "1/x", -1, "undefined", -1.0, None, "`log(x)` has no real value there"),
    ("cbrt(x)", "1", 0, "undefined", 1.0, None, "the tangent is vertical there"),
    ("floor(x)", "0", 2, "undefined", 0.0, None, "there is no derivative: the value jumps here"),
    (
        "abs(x)", "sign(x)", 0,
        "undefined", 0.0, None, "the graph has a corner there: its slope is -1 on the left and 1 on the right",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "gradient", "at", "verdict", "proposed", "true", "hint"), AT)
def test_at_a_point_the_check_is_made_there_alone(
    expression: str,
    gradient: str,
    at: int,
    verdict: str,
    proposed: float | None,
    true: float | None,
    hint: str | None,
) -> None:
    result = gradcalc.check(expression, gradient, at=at)
    found = only(result)
    shown = None if found.counterexample is None else (found.counterexample.proposed, found.counterexample.true)
    assert result.at == {"x": float(at)}
    assert (found.verdict, found.proved, found.points, found.hint) == (verdict, False, 1, hint)
    assert shown == (None if verdict == "right" else (proposed, true))


DIFFERENCES = [
    ("sin(x**2)", "cos(x**2)", 1.0),
    ("x/3", "0.33333333333333333333", -3.3333333333333332e-21),
    ("x", "1 + 1e-40", 1e-40),
    ("cosh(x)", "-sinh(x)", -2.3504023872876028),
]


@pytest.mark.parametrize(("expression", "gradient", "difference"), DIFFERENCES)
def test_the_difference_is_rounded_once_from_the_exact_one(expression: str, gradient: str, difference: float) -> None:
    example = only(checked(expression, gradient)).counterexample
    assert example is not None
    assert example.difference == difference


PROPOSED: list[tuple[str, Any, str]] = [
    ("x**2", "2x", "2*x"),
    ("x**2", r"\frac{4x}{2}", "4*x/2"),
    ("x**2", "x = 2·x", "2*x"),
    ("x**2", {"x": "2*x"}, "2*x"),
    ("x**2", ["x=2*x"], "2*x"),
    ("2*x", 2, "2"),
    ("x/2", 0.5, "0.5"),
    ("x/3", Fraction(1, 3), "1/3"),
    ("x/2", Decimal("0.50"), "0.5"),
    ("e*x", "e", "e"),
    ("θ**2", "2θ", "2*θ"),
]


@pytest.mark.parametrize(("expression", "gradient", "text"), PROPOSED)
def test_a_gradient_is_read_as_an_expression_is(expression: str, gradient: Any, text: str) -> None:
    found = only(gradcalc.check(expression, gradient))
    assert (found.verdict, found.proposed) == ("right", text)


def test_a_closed_form_is_not_held_to_its_special_points() -> None:
    found = only(gradcalc.check("where(x == 1, 1, x)", "1"))
    assert (found.verdict, found.formula) == ("right", "where(x == 1, 0, 1)")


def test_the_findings_come_in_the_order_of_the_variables() -> None:
    result = gradcalc.check("x*y", {"y": "x", "x": "y"})
    assert [one.proposed for one in result.gradient.values()] == ["y", "x"]


def test_the_worst_verdict_is_that_of_the_whole() -> None:
    result = gradcalc.check("x**2 + y*log(y**2) - 2*y", "x=2*x, y=2*log(y)")
    assert [one.verdict for one in result.gradient.values()] == ["right", "undefined"]
    assert (result.verdict, result.right) == ("undefined", False)


def test_a_check_is_the_same_every_time() -> None:
    assert gradcalc.check("sin(x*y)", "x=x, y=y") == gradcalc.check("sin(x*y)", "x=x, y=y")


ARRAYS = [  # expression, gradient, shapes, wrt; verdict, hint
    ("sum(x**2)", "2*x", "x=3", None, "right", True, None),
    ("sum(x**2)", "2*x", "x=n", None, "right", False, None),
    ("mean(x**2)", "2*x", "x=3", None, "wrong", False, "the 1/n of the mean is missing"),
    ("x.T @ A @ x", "(A + A.T) @ x", ["x=n", "A=n,n"], "x", "right", False, None),
    ("x.T @ A @ x", "2*A @ x", ["x=n", "A=n,n"], "x", "wrong", False,
     "it is right where A is symmetric (A = A.T); in general the gradient is (A + A.T) @ x"),
    ("x.T @ A @ x", "2*A.T @ x", ["x=2", "A=2,2"], "x", "wrong", False,
     "it is right where A is symmetric (A = A.T); in general the gradient is (A + A.T) @ x"),
    ("x.T @ A @ x", "3*A @ x", ["x=n", "A=n,n"], "x", "wrong", False, None),
    ("x.T @ A @ x", "2*A @ x", ["x=1", "A=1,1"], "x", "right", True, None),
    ("trace(A @ X @ A)", "A @ A", ["X=n,n", "A=n,n"], "X", "wrong", False,
     "it is right where A is symmetric (A = A.T); in general the gradient is A.T @ A.T"),
    ("trace(A @ X @ B)", "B @ A", ["X=n,n", "A=n,n", "B=n,n"], "X", "wrong", False, None),
    ("trace(A @ X @ B)", "A @ B", ["X=2,2", "A=2,2", "B=2,2"], "X", "wrong", False,
     "it is right where A and B are symmetric (A = A.T, B = B.T); in general the gradient is A.T @ B.T"),
    ("logdet(X)", "inv(X)", "X=n,n", None, "wrong", False,
     "it is right where X is symmetric (X = X.T); in general the gradient is inv(X).T"),
    ("norm(A @ x - b)**2", "2*A.T @ (A @ x - b)", ["A=m,n", "x=n", "b=m"], "x", "right", False, None),
    ("logsumexp(x)", "softmax(x)", "x=2", None, "right", True, None),
    ("-sum(y*log(softmax(z)))", "softmax(z) - y", ["y=n", "z=n"], "z", "wrong", False,
     "it is right where y sums to 1, as a one-hot vector does; in general the gradient is sum(y)*softmax(z) - y"),
    ("-sum(y*log(softmax(z)))", "softmax(z) + y", ["y=n", "z=n"], "z", "wrong", False, None),
    ("norm1(x)", "sign(x)", "x=2", None, "right", True, None),
    ("sum(w*x)", "sum(x)", "x=3", "w", "right", True, None),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "gradient", "shape", "wrt", "verdict", "proved", "hint"), ARRAYS)
def test_a_gradient_by_an_array_is_checked_in_every_component(
    expression: str, gradient: str, shape: Any, wrt: str | None, verdict: str, proved: bool, hint: str | None
) -> None:
    found = only(gradcalc.check(expression, gradient, shape=shape, wrt=wrt))
    assert (found.verdict, found.proved, found.hint) == (verdict, proved, hint)


AT_ONE_POINT = [  # the value of A; verdict, hint
    ([[1, 2], [2, 3]], "right",
     "it is right here because A is symmetric (A = A.T); in general the gradient is (A + A.T) @ x"),
    ([[1, 2], [3, 3]], "wrong", "it is right where A is symmetric (A = A.T); in general the gradient is (A + A.T) @ x"),
]  # fmt: skip


@pytest.mark.parametrize(("matrix", "verdict", "hint"), AT_ONE_POINT)
def test_a_gradient_at_one_point_is_told_to_owe_that_to_symmetry(
    matrix: list[list[int]], verdict: str, hint: str
) -> None:
    found = only(gradcalc.check("x.T @ A @ x", "2*A @ x", at={"x": [1, 2], "A": matrix}, wrt="x"))
    assert (found.verdict, found.hint) == (verdict, hint)


def test_a_right_gradient_owes_nothing_to_a_symmetric_matrix() -> None:
    found = only(gradcalc.check("x.T @ A @ x", "(A + A.T) @ x", at={"x": [1, 2], "A": [[1, 2], [2, 3]]}, wrt="x"))
    assert (found.verdict, found.hint) == ("right", None)


def test_equal_components_of_a_counter_example_differ_by_exactly_nothing() -> None:
    found = only(gradcalc.check("logdet(X)", "inv(X)", shape="X=3,3"))
    assert found.counterexample is not None
    assert [found.counterexample.difference[i][i] for i in (0, 1, 2)] == [0.0, 0.0, 0.0]


def test_a_counter_example_for_an_array_is_whole() -> None:
    found = only(gradcalc.check("sum(x**2)", "x**2", at=[1, 2, 3]))
    assert found.counterexample is not None
    expected = ({"x": [1.0, 2.0, 3.0]}, [1.0, 4.0, 9.0], [2.0, 4.0, 6.0], [-1.0, 0.0, 3.0])
    assert dataclasses.astuple(found.counterexample) == expected


def test_a_corner_of_one_component_is_shown_as_such() -> None:
    found = only(gradcalc.check("norm1(x)", "sign(x)", at=[1, 0]))
    assert found.counterexample is not None
    assert dataclasses.astuple(found.counterexample) == ({"x": [1.0, 0.0]}, [1.0, 0.0], [1.0, None], [0.0, None])


def test_dimensions_with_names_get_sizes() -> None:
    assert gradcalc.check("sum(A @ x)", "A=outer(ones(3), x)", shape=["A=m,n", "x=n"], wrt="A").sizes == {
        "m": 3,
        "n": 2,
    }


REFUSED: list[tuple[str, Any, dict[str, Any], type[GradcalcError], str, str | None, tuple[int, int] | None]] = [
    ("x**2", "2*z", {}, UnknownNameError, "`z` is not a variable of the expression", "its variables are `x`", (2, 3)),
    ("alpha*x", "x=alpa, alpha=x", {}, UnknownNameError,
     "`alpa` is not a variable of the expression", "did you mean `alpha`?", (2, 6)),
    ("x*y", "x=y, y=xy", {}, UnknownNameError,
     "`xy` is not a variable of the expression", "for a product write `x*y`", (7, 9)),
    ("x*y", "x=y, z=x", {}, UnknownNameError,
     "`z` is not a variable of the expression", "its variables are `x` and `y`", (5, 6)),
    ("y = x**2; sin(y)", "y=cos(y)", {}, UnknownNameError,
     "`y` is defined by the expression, it is not a variable of it", "its variables are `x`", (0, 1)),
    ("x*y", "y", {}, UsageError,
     "which variable is this the gradient by: `x` or `y`?", "write --gradient x=…", (0, 1)),
    ("x*y", "x=y", {}, UsageError,
     "no gradient for `y`", "add --gradient y=…, or check some alone with --wrt x", None),
    ("x*y", [], {}, UsageError, "no gradient for `x` and `y`", "add --gradient x=…", None),
    ("x*y", "x=y, x=2", {}, UsageError, "`x` has a gradient already", None, (5, 6)),
    ("x*y", "x=y, y=x", {"wrt": "x"}, UsageError, "`y` is not among the variables of --wrt", "leave it out", (5, 6)),
    ("5", "0", {}, UsageError, "the expression has no variable to derive by", "name one with --wrt x", None),
    ("x", None, {}, UsageError, "the gradient is NoneType, expected text or a number", None, None),
    ("x*y", {"x": "y, y=x"}, {}, UsageError, "the gradient by `x` is more than one expression", None, (0, 1)),
    ("x**2", "2*x", {"at": "y=1"}, PointError,
     "`y` is not a variable of the expression", "its variables are `x`", (0, 3)),
    ("sqrt(-1 - x**2)", "x", {}, PointError,
     "no point was found where the expression has a derivative", "name one with --at", None),
    ("sqrt(-x**2)", "x", {}, PointError,
     "no point was found where the expression has a derivative", "name one with --at", None),
    ("sum(x**2)", "2*sum(x)", {"shape": "x=3"}, ShapeError,
     "the gradient by `x` has shape (), expected (3,)", "a gradient has the shape of its variable", (0, 8)),
    ("sum(x**2)", "2*x @ ones(2)", {"shape": "x=3"}, ShapeError,
     "shapes (3,) and (2,): the inner dimensions differ",
     "in `a @ b` the last dimension of a is the first one of b", (0, 3)),
    ("x", "[1, 2]", {}, ShapeError,
     "the gradient by `x` has shape (2,), expected ()", "a gradient has the shape of its variable", (0, 6)),
    ("e*x", "x=e, e=x", {}, UnknownNameError,
     "`e` is Euler's number here, not a variable", "make it one with --wrt x,e", (5, 6)),
    ("pi*x", "x=pi, pi=x", {}, UnknownNameError, "`pi` is a constant here, not a variable", None, (6, 8)),
    ("x**2", "2x + C", {}, UnknownNameError,
     "`C` is not a variable of the expression", "only integrals have a constant: leave `+ C` out", (5, 6)),
    ("x", "xxxxxxxx", {}, UnknownNameError,
     "`xxxxxxxx` is not a variable of the expression", "its variables are `x`", (0, 8)),
    ("sum(A)", "A", {"shape": "A=11,10"}, LimitError,
     "the gradient has 110 components, over the 100 that are checked",
     "no option raises this limit: check it for smaller arrays", None),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "gradient", "options", "kind", "message", "hint", "span"), REFUSED)
def test_what_cannot_be_checked_is_told_with_its_place(
    expression: str,
    gradient: Any,
    options: dict[str, Any],
    kind: type[GradcalcError],
    message: str,
    hint: str | None,
    span: tuple[int, int] | None,
) -> None:
    with pytest.raises(kind) as caught:
        gradcalc.check(expression, gradient, **options)
    error = caught.value
    assert (error.message, error.hint, error.span) == (message, hint, None if span is None else Span(*span))


SYNTAX = [
    ("2*x +", "expected a value, found the end", (5, 5)),
    ("x = 2 x = 3", "expected `,` or the end, found `=`", (8, 9)),
    ("sinn(x)", "unknown function `sinn`", (0, 4)),
    (r"\frac{1}{2", "`{` is never closed", (8, 9)),
    ("9**9**9", "this constant has about 369,693,100 digits, over the limit of 4,000 digits", (0, 7)),
]


@pytest.mark.parametrize(("gradient", "message", "span"), SYNTAX)
def test_an_error_in_a_gradient_points_into_its_text(gradient: str, message: str, span: tuple[int, int]) -> None:
    with pytest.raises(GradcalcError) as caught:
        gradcalc.check("x", gradient)
    assert (caught.value.message, caught.value.span) == (message, Span(*span))
    assert caught.value.source == gradient
