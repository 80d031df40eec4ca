"""The point gives every variable a number of the dtype, or says what is missing, unknown or out of range."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from gradcalc.base.errors import GradcalcError
from gradcalc.base.limits import Limits
from gradcalc.inputs.point import Given
from gradcalc.inputs.pose import pose

SETTLED: list[tuple[str, Given, Mapping[str, float]]] = [
    ("x", 3, {"x": 3.0}),
    ("x", 0.1, {"x": 0.1}),
    ("x", "3", {"x": 3.0}),
    ("x", "-3", {"x": -3.0}),
    ("x*y", "x=3,y=2", {"x": 3.0, "y": 2.0}),
    ("x*y", "y=2,x=3", {"x": 3.0, "y": 2.0}),
    ("x*y", ["x=3", "y=2"], {"x": 3.0, "y": 2.0}),
    ("x*y", {"x": 3, "y": "pi/4"}, {"x": 3.0, "y": 0.7853981633974483}),
    ("x", "x=1/3", {"x": 0.3333333333333333}),
    ("x", Fraction(1, 3), {"x": 0.3333333333333333}),
    ("x", Decimal("0.1"), {"x": 0.1}),
    ("x", "x=sqrt(2)", {"x": 1.4142135623730951}),
    ("x", "x=1e-400", {"x": 0.0}),
    ("x", "x=10**308", {"x": 1e308}),
    ("e*x", "x=1", {"x": 1.0}),
    ("e*x", "e=2,x=1", {"e": 2.0, "x": 1.0}),
    ("θ₂", "θ₂=3", {"θ2": 3.0}),
    ("2", {}, {}),
    ("x*y", "(3, 2)", {"x": 3.0, "y": 2.0}),
    ("y^2*x*z", "<1, 2, 3>", {"y": 2.0, "x": 1.0, "z": 3.0}),  # x before y, whichever the text begins with
    ("v*t", "(3, 2)", {"v": 3.0, "t": 2.0}),
    ("x*y", "(y, x) = (1/2, sqrt(4))", {"x": 2.0, "y": 0.5}),
    ("x*y", "P(3, 2)", {"x": 3.0, "y": 2.0}),
    ("x^2", "(3, 9)", {"x": 3.0}),  # on the graph, whose height is checked
    ("y = e^x", "(1, 2.72)", {"x": 1.0}),  # as far as its digits go
    ("z = y + log(x)", "(1, 2, 2)", {"y": 2.0, "x": 1.0}),
    ("x = y^2 + z^2", "(5, 1, -2)", {"y": 1.0, "z": -2.0}),
    ("f(s, t) = s*t", "(2, 3, 6)", {"s": 2.0, "t": 3.0}),
]


@pytest.mark.parametrize(("expression", "given", "point"), SETTLED)
def test_every_variable_gets_a_number(expression: str, given: Given, point: Mapping[str, float]) -> None:
    assert pose(expression, Limits(), at=given).point == point


ROUNDED = [
    ("float64", 0.1),
    ("float32", 0.10000000149011612),
    ("float16", 0.0999755859375),
    ("bfloat16", 0.10009765625),
]


@pytest.mark.parametrize(("dtype", "value"), ROUNDED)
def test_a_value_is_the_nearest_number_of_the_dtype(dtype: str, value: float) -> None:
    assert pose("x", Limits(), at="0.1", dtype=dtype).point == {"x": value}


REFUSED: list[tuple[str, Any, str, str | None]] = [
    ("x*y", "x=3", "no value for `y`", "add --at y=…"),
    ("x*y*z", "(1, 2)", "the point has 2 coordinates, the expression has the variables `x`, `y` and `z`",
     "write --at x=…,y=…,z=…"),
    ("x + xy", "(1, 2, 3)", "the point has 3 coordinates, the expression has the variables `x` and `xy`",
     "`xy` is one name, for a product write `x*y`"),
    ("y = x^2", "(3, 8)", "the point is not on the graph: y is 9 there", "for the point that is: --at x=3"),
    ("y = e^x", "(1, 2.5)", "the point is not on the graph: y is 2.71828 there", "for the point that is: --at x=1"),
    ("a*b*c", "(1, 2)", "the point has 2 coordinates, the expression has the variables `a`, `b` and `c`",
     "write --at a=…,b=…,c=…"),
    ("x*y", "(x, y) = (1, 2, 3)", "2 names for 3 values", "give each name a value"),
    ("x*y*z", "x=3", "no value for `y` and `z`", "add --at y=…,z=…"),
    ("+".join(f"x{i}" for i in range(12)), {},
     "no value for `x0`, `x1`, `x2`, `x3`, `x4`, `x5`, `x6`, `x7`, `x8`, `x9` and 2 more",
     "add --at x0=…,x1=…,x2=…,x3=…,x4=…,x5=…,x6=…,x7=…,x8=…,x9=…,…"),
    ("x*y", "3", "which variable is this for: `x` or `y`?", "write --at x=…,y=…"),
    ("x", "y=3", "`y` is not a variable of the expression", "its variables are `x`"),
    ("theta", "tehta=3", "`tehta` is not a variable of the expression", "did you mean `theta`?"),
    ("2", "x=3", "`x` is not a variable of the expression", "it has no variables"),
    ("2", "3", "the expression has no variable to give a value to", None),
    ("x", "x=3,x=4", "`x` is given twice", None),
    ("x", "3,4", "`x` is given twice",
     "a decimal comma is written as a point: 1.5; an array stands in brackets: [1, 5]"),
    ("y = x**2; y", "y=3", "`y` is defined by the expression, it takes no value", None),
    ("pi*x", "pi=3,x=1", "`pi` is a constant, it takes no value", None),
    ("x", "x=y", "`y` is not a number", "give a number, or numbers in an expression: `pi/4`"),
    ("x", "x=x", "`x` is not a number", "give a number, or numbers in an expression: `pi/4`"),
    ("x", "x=inf", "`inf` is not a number here", "write a large number, such as `1e6`"),
    ("x", "x=1/0", "the value is not a real number", "give a finite real number"),
    ("x", "x=sqrt(-1)", "the value is not a real number", "give a finite real number"),
    ("x", "x=10**400", "the value is beyond the largest float64, 1.8e+308", None),
    ("x", 10**400, "the value is beyond the largest float64, 1.8e+308", None),
    ("x", "x=9**9**9", "this constant has about 369,693,100 digits, over the limit of 4,000 digits",
     "set GRADCALC_MAX_DIGITS to raise it"),
    ("x", float("nan"), "a value is nan, expected a finite number", None),
    ("x", float("-inf"), "a value is -inf, expected a finite number", None),
    ("x", Decimal("NaN"), "a value is NaN, expected a finite number", None),
    ("x", True, "a value is bool, expected a number or text", None),
    ("x", 1 + 2j, "a value is complex, expected a number or text", None),
    ("x", b"3", "a value is bytes, expected a number or text", None),
    ("x", {"x": None}, "a value is NoneType, expected a number or text", None),
    ("x" * 100, "y=3", "`y` is not a variable of the expression", f"its variables are `{'x' * 40}…`"),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "given", "message", "hint"), REFUSED)
def test_a_point_that_does_not_fit_is_told(expression: str, given: Any, message: str, hint: str | None) -> None:
    with pytest.raises(GradcalcError) as raised:
        pose(expression, Limits(), at=given)
    assert (raised.value.message, raised.value.hint) == (message, hint)


def test_an_integer_that_python_does_not_write_out_is_told() -> None:
    with pytest.raises(GradcalcError, match=r"^a value has thousands of digits, expected a number that fits a float$"):
        pose("x", Limits(), at=10**5_000)


def test_a_value_is_pointed_at_in_the_text_of_the_point() -> None:
    with pytest.raises(GradcalcError) as raised:
        pose("x*y", Limits(), at=["x=1", "y = sinn(2)"])
    error = raised.value
    assert error.source is not None and error.span is not None
    assert error.source[error.span.start : error.span.end] == "sinn"
