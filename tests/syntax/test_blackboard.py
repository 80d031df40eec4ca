"""Formulas as they are written on a blackboard."""

from __future__ import annotations

import pytest

from gradcalc.base.limits import Limits
from gradcalc.problem.resolve import read
from gradcalc.syntax.blackboard import on_blackboard

WRITTEN = {
    "a coefficient stands before its letter": ("2*x", "2x"),
    "and before a power": ("3*x**2", "3x²"),
    "and before a function": ("2*sin(x)", "2sin(x)"),
    "and before a sum": ("2*(x + 1)", "2(x + 1)"),
    "two numbers have a dot between them": ("2*3", "2·3"),
    "two letters too": ("x*y", "x·y"),
    "a sign in a product is enclosed": ("2*(-3)", "2·(-3)"),
    "a number and a power of a number are apart": ("2*2**x", "2·2^x"),
    "a coefficient is no power of ten": ("2*e1", "2·e1"),
    "a number behind a letter has a dot": ("x*2", "x·2"),
    "a whole exponent is raised": ("x**12", "x¹²"),
    "also a negative one": ("x**-1", "x⁻¹"),
    "a fraction as exponent is not": ("x**0.5", "x^0.5"),
    "nor is a letter": ("e**z", "e^z"),
    "an exponent of several parts is enclosed": ("e**(2*x)", "e^(2x)"),
    "a power of a power is enclosed": ("(x**2)**3", "(x²)³"),
    "an exponent that is a power too": ("2**x**y", "2^(x^y)"),
    "a minus binds less than a power": ("-x**2", "-x²"),
    "a negative base is enclosed": ("(-x)**2", "(-x)²"),
    "a difference on the right is enclosed": ("a - (b - c)", "a - (b - c)"),
    "on the left it is not": ("a - b - c", "a - b - c"),
    "minus minus is enclosed": ("x - (-3)", "x - (-3)"),
    "a product below a bar is enclosed": ("1/(2*sqrt(x))", "1/(2sqrt(x))"),
    "a quotient of a quotient": ("a/b/c", "a/b/c"),
    "pi": ("2*pi*x", "2π·x"),
    "an absolute value": ("abs(x)**2", "|x|²"),
    "a factorial": ("(x + 1)!", "(x + 1)!"),
    "a choice": ("where(x >= 0, 1, -x)", "where(x ≥ 0, 1, -x)"),
    "a vector": ("[1, x]@y", "[1, x] @ y"),
    "a transposed matrix": ("A.T", "Aᵀ"),
    "an element": ("x[1]*y", "x[1]·y"),
}


@pytest.mark.parametrize(("expression", "written"), WRITTEN.values(), ids=WRITTEN)
def test_a_formula_is_written_as_on_a_blackboard(expression: str, written: str) -> None:
    assert on_blackboard(read(expression, Limits(), ("e1",)).root) == written
