"""Gradients as trees, by the rules of the catalogue in reverse."""

from __future__ import annotations

import mpmath
import pytest

from gradcalc.base.errors import LimitError
from gradcalc.calculus import reverse
from gradcalc.calculus.reverse import derivative, flow_to, gradient
from gradcalc.calculus.simplify import ONE
from gradcalc.functions import ELEMENTWISE, OPERATORS, Function
from gradcalc.functions.printer import to_text
from gradcalc.syntax.tree import Call, Name, postorder
from tests import reference
from tests.reference import tree

GRADIENTS = [
    ("x**2", "x", "2*x"),
    ("x**3*y", "y", "x**3"),
    ("x*y + x", "x", "1 + y"),
    ("sin(x**2)", "x", "cos(x**2)*(2*x)"),
    ("x/y", "y", "-(x/y/y)"),
    ("exp(x)", "x", "exp(x)"),
    ("x**x", "x", "x**x*log(x) + where(x == 0, 0, where(x == 1, 1, x*x**(x - 1)))"),
    ("where(x > 0, x**2, -x)", "x", "-where(x > 0, 0, 1) + where(x > 0, 1, 0)*(2*x)"),
    ("abs(x)", "x", "sign(x)"),
    ("floor(x)", "x", "0"),
    ("5", "x", "0"),
    ("y", "x", "0"),
    ("e**x", "x", "e**x"),
]


@pytest.mark.parametrize(("text", "name", "expected"), GRADIENTS)
def test_a_gradient(text: str, name: str, expected: str) -> None:
    assert to_text(gradient(tree(text), [name])[name]) == expected


ROWS = {name: row for name, row in (OPERATORS | ELEMENTWISE).items() if row.samples}
FLOWS = [(name, index) for name, row in ROWS.items() for index, text in enumerate(row.vjp) if isinstance(text, str)]


@pytest.mark.parametrize(("name", "index"), FLOWS)
def test_the_local_derivative_of_every_function(name: str, index: int) -> None:
    row: Function = ROWS[name]
    call = Call(name, tuple(Name(parameter) for parameter in row.parameters))
    with mpmath.workdps(90):
        point = dict(zip(row.parameters, map(mpmath.mpf, row.samples[0]), strict=True))
        true = reference.derivative(call, point, row.parameters[index])
        assert abs(reference.evaluate(flow_to(call, index, ONE), point) - true) < 1e-40


def test_the_work_grows_with_the_expression_and_not_with_its_paths() -> None:
    doubled = tree("; ".join(["x1 = x*x", *(f"x{k} = x{k - 1}*x{k - 1}" for k in range(2, 60))]))
    assert len(postorder(gradient(doubled, ["x"])["x"])) < 500


@pytest.mark.parametrize(("text", "order"), [("x**4", 2), ("x**4", 4), ("sin(x)/x", 3), ("x**x", 2), ("tanh(x)", 4)])
def test_a_derivative_of_higher_order(text: str, order: int) -> None:
    with mpmath.workdps(90):
        point = {"x": mpmath.mpf("1.375")}
        true = reference.derivative(tree(text), point, "x", order)
        assert abs(reference.evaluate(derivative(tree(text), "x", order), point) - true) < 1e-25


def test_the_derivative_of_order_nothing_is_the_function() -> None:
    root = tree("sin(x)")
    assert derivative(root, "x", 0) is root


def test_a_derivative_that_grows_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reverse, "LARGEST_TREE", 50)
    with pytest.raises(LimitError) as raised:
        derivative(tree("sin(x*exp(x))/x"), "x", 3)
    assert (raised.value.message, raised.value.hint) == (
        "the derivative of order 3 is too large",
        "no option raises this limit: ask for a lower --order",
    )
