"""`gradcalc.diff` as a program that imports it meets it: arguments, results that cannot change, errors."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from typing import Any

import pytest

import gradcalc
from gradcalc import Comparison, GradcalcError, Row, diff
from gradcalc.base.errors import ExpressionSyntaxError, LimitError, PointError, UnknownNameError, UsageError

pytestmark = pytest.mark.smoke

POINTS: list[tuple[Any, dict[str, float]]] = [
    ({"x": 3, "y": 2}, {"x": 3.0, "y": 2.0}),
    ({"x": 0.5, "y": -2.5}, {"x": 0.5, "y": -2.5}),
    ({"x": "pi/4", "y": "1e-3"}, {"x": 0.7853981633974483, "y": 0.001}),
    ("x=3,y=2", {"x": 3.0, "y": 2.0}),
    (["x=3", "y=2"], {"x": 3.0, "y": 2.0}),
    ({"y": 2, "x": 3}, {"x": 3.0, "y": 2.0}),
]


@pytest.mark.parametrize(("at", "point"), POINTS)
def test_a_point_is_given_in_several_ways(at: Any, point: dict[str, float]) -> None:
    assert dict(diff("x*y", at=at).at) == point


def test_one_variable_needs_no_name() -> None:
    assert diff("x**2", at=3).row("x").autograd == 6.0


WRT: list[tuple[Any, list[str]]] = [
    (None, ["y", "x"]),
    ("x", ["x"]),
    ("x,y", ["x", "y"]),
    (["x", "y"], ["x", "y"]),
    (("z",), ["z"]),
]


@pytest.mark.parametrize(("wrt", "names"), WRT)
def test_the_variables_to_derive_by(wrt: Any, names: list[str]) -> None:
    assert list(diff("y*x**2", wrt=wrt).gradient) == names


def test_the_derivative_by_a_variable_that_is_not_there_is_zero() -> None:
    row = diff("5", at={"x": 3}, wrt="x").row("x")
    assert (row.formula, row.symbolic, row.autograd, row.verdict) == ("0", 0.0, 0.0, "agree")


ORDERS = [(1, "5*x**4", 80.0), (2, "20*x**3", 160.0), (3, "60*x**2", 240.0), (5, "120", 120.0), (6, "0", 0.0)]


@pytest.mark.parametrize(("order", "formula", "value"), ORDERS)
def test_the_derivative_of_an_order(order: int, formula: str, value: float) -> None:
    row = diff("x**5", at=2, order=order).row("x")
    assert (row.formula, row.symbolic, row.autograd, row.verdict) == (formula, value, value, "agree")


DTYPES = [("float64", 0.1), ("float32", 0.10000000149011612), ("float16", 0.0999755859375), ("bfloat16", 0.10009765625)]


@pytest.mark.parametrize(("dtype", "value"), DTYPES)
def test_the_point_is_the_nearest_number_of_the_dtype(dtype: str, value: float) -> None:
    comparison = diff("x", at=0.1, dtype=dtype)
    assert (comparison.dtype, comparison.at, comparison.value) == (dtype, {"x": value}, value)


def test_without_a_point_there_are_no_numbers_and_no_verdicts() -> None:
    comparison = diff("sin(x**2)")
    row = comparison.row("x")
    assert (comparison.at, comparison.value, comparison.verdict, comparison.agrees) == (None, None, None, True)
    assert row == Row("x", "2*x*cos(x**2)")


def test_a_comparison_tells_everything() -> None:
    comparison = diff("sin(x**2)", at=3)
    row = comparison.row("x")
    assert isinstance(comparison, Comparison)
    assert (comparison.expression, comparison.reading, comparison.order) == ("sin(x**2)", None, 1)
    assert (comparison.value, comparison.verdict, comparison.agrees) == (0.4121184852417566, "agree", True)
    assert (row.symbolic, row.exact, row.autograd) == (-5.466781571308062, "-5.4667815713080619302", -5.466781571308061)
    assert (row.error, row.ulps, row.reason, row.left, row.right) == (8.881784197001252e-16, 0.6, None, None, None)


def test_a_reading_that_is_not_obvious_is_told() -> None:
    assert diff("2x sin x").reading == "2*x*sin(x)"


def test_the_values_of_a_program_are_linked_by_the_chain_rule() -> None:
    links = [(link.of, link.by, link.formula, link.value) for link in diff("y = x**2; z = sin(y); z*3", at=2).chain]
    assert links == [
        ("y", "x", "2*x", 4.0),
        ("z", "y", "cos(y)", -0.6536436208636119),
        ("f", "z", "3", 3.0),
    ]


@pytest.mark.parametrize("attribute", ["value", "verdict", "gradient", "expression"])
def test_a_comparison_cannot_be_changed(attribute: str) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(diff("x"), attribute, None)


def test_a_row_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        diff("x").row("x").verdict = None  # type: ignore[misc]


ERRORS: list[tuple[str, dict[str, Any], type[GradcalcError], str, tuple[int, int] | None]] = [
    ("x +", {}, ExpressionSyntaxError, "expected a value, found the end", (3, 3)),
    ("sinn(x)", {}, UnknownNameError, "unknown function `sinn`", (0, 4)),
    ("x*y", {"at": 3}, PointError, "which variable is this for: `x` or `y`?", (0, 1)),
    ("x*y", {"at": {"x": 1}}, PointError, "no value for `y`", None),
    ("x", {"at": {"z": 1}}, PointError, "`z` is not a variable of the expression", None),
    ("x", {"at": {"x": float("nan")}}, PointError, "a value is nan, expected a finite number", None),
    ("x", {"at": {"x": True}}, PointError, "a value is bool, expected a number or text", None),
    ("x", {"at": 1e39, "dtype": "float32"}, PointError, "the value is beyond the largest float32, 3.4e+38", (0, 5)),
    ("x", {"dtype": "float8"}, UsageError, "unknown dtype `float8`", None),
    ("x", {"order": 0}, UsageError, "the order is 0, expected a whole number from 1 to 50", None),
    ("x", {"order": True}, UsageError, "the order is True, expected a whole number from 1 to 50", None),
    ("x", {"wrt": "2"}, UsageError, "`2` is not the name of a variable", None),
    ("x", {"at": 1, "rtol": -1.0}, UsageError, "rtol is -1.0, expected a number from 0 up", None),
    ("x", {"at": 1, "atol": float("inf")}, UsageError, "atol is inf, expected a number from 0 up", None),
    ("exp(exp(exp(x)))", {"at": 10}, LimitError, "an intermediate value is too large to compute with", None),
    ("gamma(gamma(x))", {"at": 3.5, "order": 12, "timeout": 0.5}, LimitError, "no result within 0.5 s", None),
    ("9**9**9", {}, LimitError, "this constant has about 369,693,100 digits, over the limit of 4,000 digits", (0, 7)),
]


@pytest.mark.parametrize(("text", "arguments", "kind", "message", "span"), ERRORS)
def test_an_error_is_one_of_gradcalc(
    text: str, arguments: dict[str, Any], kind: type[GradcalcError], message: str, span: tuple[int, int] | None
) -> None:
    with pytest.raises(GradcalcError) as raised:
        diff(text, **arguments)
    place = raised.value.span and (raised.value.span.start, raised.value.span.end)
    assert (type(raised.value), raised.value.message, place) == (kind, message, span)


def test_the_package_offers_what_it_says() -> None:
    assert {name for name in gradcalc.__all__ if not hasattr(gradcalc, name)} == set()


def test_what_the_package_offers_is_listed_before_its_first_use() -> None:
    assert dir(gradcalc) == sorted(gradcalc.__all__)


def test_a_row_is_had_by_its_kind() -> None:
    found = gradcalc.diff("x*sum(w)", at={"x": 2, "w": [1, 2]})
    assert (found.scalar("x").symbolic, found.array("w").shape) == (3.0, (2,))
    with pytest.raises(TypeError, match="array"):
        found.scalar("w")
    with pytest.raises(TypeError, match="scalar"):
        found.array("x")


def test_importing_the_package_loads_no_engine() -> None:
    heavy = ("torch", "sympy", "mpmath", "rich", "IPython", "typing")
    program = f"import gradcalc, sys; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
