"""What is 0 is proven by its image in a finite field, and what is not 0 never is."""

from __future__ import annotations

from fractions import Fraction

import pytest

from gradcalc.engines.exact.ball import Ball, working
from gradcalc.engines.exact.evaluation import Evaluator
from tests.reference import tree


def proven(text: str, x: str, bits: int = 400) -> Ball:
    """The value of an expression, as the arithmetic with images has it."""
    root = tree(text)
    with working(bits):
        evaluator = Evaluator()
        value = evaluator.evaluate(root, evaluator.point({"x": Fraction(x)}))[id(root)]
    assert isinstance(value, Ball)
    return value


ZEROS = [
    ("x/3*3 - x", "0.7"),
    ("sin(pi*x)", "3"),
    ("cos(pi*x)", "0.5"),
    ("cos(pi/3) - 1/2", "1"),
    ("sin(pi/4) - sqrt(2)/2", "1"),
    ("sin(pi/3) - sqrt(3)/2", "1"),
    ("tan(pi/4) - 1", "1"),
    ("4*cos(pi/5) - 1 - sqrt(5)", "1"),
    ("sin(x + pi/2) - cos(x)", "0.3"),
    ("sin(x)**2 + cos(x)**2 - 1", "0.3"),
    ("sin(2*x) - 2*sin(x)*cos(x)", "0.3"),
    ("cosh(x)**2 - sinh(x)**2 - 1", "-0.3"),
    ("tanh(x) - (exp(2*x) - 1)/(exp(2*x) + 1)", "0.3"),
    ("sigmoid(x) + sigmoid(-x) - 1", "0.3"),
    ("exp(x)*exp(1 - x) - e", "0.3"),
    ("softplus(x) - softplus(-x) - x", "0.3"),
    ("log(exp(x)) - x", "0.3"),
    ("exp(log(x)) - x", "0.3"),
    ("exp(2*log(x)) - x**2", "0.3"),
    ("log(2) + log(3) - log(6)", "1"),
    ("log2(x) - 3", "8"),
    ("log10(x) + 2", "0.01"),
    ("sqrt(2)**2 - 2", "1"),
    ("sqrt(2)*sqrt(3) - sqrt(6)", "1"),
    ("sqrt(x)*sqrt(x) - x", "0.3"),
    ("x**2.5 - x**2*sqrt(x)", "0.3"),
    ("cbrt(x)**3 - x", "-0.3"),
    ("cbrt(27) - 3", "1"),
    ("x**(1/3)*x**(2/3) - x", "5"),
    ("x**x - x*x**(x - 1)", "1.7"),
    ("x**sin(x) - x*x**(sin(x) - 1)", "1.7"),
    ("x**x/x**x - 1", "3.2"),
    ("2**x*3**x - 6**x", "1/2"),
    ("4*atan(1) - pi", "1"),
    ("asin(x) + acos(x) - pi/2", "0.3"),
    ("asin(x) + asin(-x)", "0.3"),
    ("cos(asin(x)) - sqrt(1 - x**2)", "-0.6"),
    ("atan(x) + atan(1/x) - pi/2", "0.3"),
    ("atan(x) - atan2(2*x, 2)", "0.3"),
    ("atan2(1, -x) - atan(x) - pi/2", "0.3"),
    ("4*atan(1/5) - atan(1/239) - pi/4", "1"),
    ("tan(2*atan(x)) - 2*x/(1 - x**2)", "0.3"),
    ("erf(x) + erfc(x) - 1", "-0.3"),
    ("gamma(x + 1) - x*gamma(x)", "2.5"),
    ("gamma(1/2)**2 - pi", "1"),
    ("digamma(x + 1) - digamma(x) - 1/x", "2.5"),
    ("gamma(x)*gamma(1 - x) - pi/sin(pi*x)", "0.3"),
    ("gamma(x + 1) - x*gamma(x)", "-2.3"),
    ("digamma(1 - x) - digamma(x) - pi/tan(pi*x)", "-1.7"),
    ("factorial(x) - 120", "5"),
    ("hypot(x, 2*x) - x*sqrt(5)", "3"),
    ("lgamma(x) - log(gamma(x))", "2.5"),
    ("atanh(x) - log((1 + x)/(1 - x))/2", "0.3"),
    ("asinh(x) - log(x + sqrt(x**2 + 1))", "0.3"),
    ("gamma(sin(x)**2) - gamma(1 - cos(x)**2)", "0.3"),
]


@pytest.mark.parametrize(("text", "x"), ZEROS)
def test_an_identity_is_0(text: str, x: str) -> None:
    assert proven(text, x).is_zero()


ROOTS_OF_SQUARES = [
    ("sqrt(sin(x)**2) - sin(x)", "0.3"),
    ("sqrt(1 - sin(x)**2) - cos(x)", "0.3"),
    ("sqrt(1 - sin(x)**2) + cos(x)", "3.5"),
    ("asin(sin(x)) - x", "0.3"),
    ("acos(cos(x)) - x", "0.3"),
    ("atan(tan(x)) - x", "0.3"),
    ("asin(sin(x)) - pi + x", "3"),
    ("sqrt(3 + 2*sqrt(2)) - 1 - sqrt(2)", "1"),
    ("sqrt(5 + 2*sqrt(6)) - sqrt(2) - sqrt(3)", "1"),
    ("sqrt(2 + sqrt(3)) - (sqrt(6) + sqrt(2))/2", "1"),
    ("sqrt(exp(2*x) + 2*exp(x) + 1) - exp(x) - 1", "0.3"),
    ("sqrt(x + 2*sqrt(x) + 1) - sqrt(x) - 1", "0.7"),
    ("cos(pi/12) - (sqrt(6) + sqrt(2))/4", "1"),
    ("cos(2*pi/7) + cos(4*pi/7) + cos(6*pi/7) + 1/2", "1"),
    ("tan(3*pi/11) + 4*sin(2*pi/11) - sqrt(11)", "1"),
    ("log(sqrt(2) + 1) + log(sqrt(2) - 1)", "1"),
    ("log(exp(sin(x))) - sin(x)", "0.3"),
    ("sinh(asinh(x)) - x", "0.3"),
    ("exp(sin(x))**2 - exp(2*sin(x))", "0.3"),
    ("2*atan(sqrt(2) - 1) - pi/4", "1"),
    ("exp(x)/(exp(x) + exp(2*x) + 1) + exp(2*x)/(exp(x) + exp(2*x) + 1) + 1/(exp(x) + exp(2*x) + 1) - 1", "0.3"),
]


@pytest.mark.parametrize(("text", "x"), ROOTS_OF_SQUARES)
def test_an_identity_with_roots_is_0(text: str, x: str) -> None:
    assert proven(text, x, 512).is_zero()


@pytest.mark.parametrize("x", ["400", "402", "404", "406", "1000", "1001", "1002", "1003"])
@pytest.mark.parametrize("text", ["sqrt(sin({e})**2) + ((1 + sin({e})) - 1)", "sqrt((1 + {e})**2) - (1 - {e})"])
def test_a_tiny_number_is_not_0_by_the_other_root(text: str, x: str) -> None:
    found = proven(text.format(e="exp(-x)"), x, 300)
    assert not found.is_zero()
    assert proven(text.format(e="exp(-x)"), x, 5000) > 0


def test_what_is_too_long_to_write_is_still_the_same_as_itself() -> None:
    long = "(" + " + ".join(f"exp(x/{k})" for k in range(2, 60)) + ")**3"
    assert proven(f"{long} - {long}", "0.3").is_zero()
    assert not proven(f"{long} - {long}*(1 + exp(-1000))", "0.3").is_zero()


NOT_ZERO = [  # nothing of these shows at 400 bits
    ("exp(-x)", "1000"),
    ("1 - tanh(x)", "1000"),
    ("sqrt(x**2 + exp(-1000)) - x", "1"),
    ("sin(pi*x + exp(-1000))", "1"),
    ("log(1 + exp(-1000))", "1"),
    ("(1 + exp(-1000)) - 1", "1"),
    ("cos(exp(-1000)) - 1", "1"),
]


@pytest.mark.parametrize(("text", "x"), NOT_ZERO)
def test_what_is_tiny_is_not_0(text: str, x: str) -> None:
    found = proven(text, x)
    assert not found.is_zero()
    assert not proven(text, x, 8000).contains(0)


@pytest.mark.parametrize(
    ("text", "x"), [("sqrt(x**2) - x", "-3"), ("sqrt(x**2) + x", "3"), ("sqrt(sin(x)**2) - sin(x)", "4")]
)
def test_the_other_root_is_not_taken(text: str, x: str) -> None:
    assert not proven(text, x).contains(0)


@pytest.mark.parametrize(("text", "x"), [("sqrt(x**2) - x", "3"), ("sqrt(x**2) + x", "-3"), ("abs(x) + x", "-0.3")])
def test_the_right_root_is(text: str, x: str) -> None:
    assert proven(text, x).is_zero()


WHOLE = [
    ("sin(x)**2 + cos(x)**2", "1"),
    ("log2(8)", "3"),
    ("floor(sin(x)**2 + cos(x)**2)", "1"),
    ("asin(1)*2 - pi + 1", "1"),
]


@pytest.mark.parametrize(("text", "whole"), WHOLE)
def test_a_number_that_is_whole_becomes_that(text: str, whole: str) -> None:
    found = proven(text, "0.3")
    assert (found.is_exact(), found.str(5)) == (True, f"{whole}.0000")
