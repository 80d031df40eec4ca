"""Choices are shown in the words of the user."""

from __future__ import annotations

import pytest

import gradcalc

SHOWN = {  # expression, by, derivative
    "the square of a relu": ("relu(x)^2", "x", "2*relu(x)"),
    "a relu inside": ("(relu(w*x) - y)^2", "y", "2*(y - relu(w*x))"),
    "a maximum with 0": ("max(0, x)^3", "x", "3*max(0, x)**2"),
    "a maximum with 0 behind": ("max(x, 0)^3", "x", "3*max(x, 0)**2"),
    "a hinge": ("max(0, 1 - y*s)^2", "s", "-2*y*max(0, 1 - y*s)"),
    "a leaky relu": ("leaky_relu(x)^2", "x", "2*where(x > 0, 1, 0.01)*leaky_relu(x, 0.01)"),
    "a choice that says something": ("relu(x)*x", "x", "x*where(x > 0, 1, 0) + relu(x)"),
    "what is above 0": ("max(0, 1 - x)", "x", "-where(1 - x > 0, 1, 0)"),
    "one exponential": ("1/(1 + e^(-z))", "z", "exp(-z)/(1 + exp(-z))**2"),
}  # fmt: skip


@pytest.mark.parametrize(("expression", "by", "shown"), SHOWN.values(), ids=SHOWN)
def test_a_choice_is_shown(expression: str, by: str, shown: str) -> None:
    assert gradcalc.diff(expression, wrt=by).row(by).formula == shown


def test_the_derivative_of_a_sigmoid_is_told_by_its_own_name() -> None:
    found = gradcalc.diff("z = w*x; p = sigmoid(z); (p - y)^2", wrt="w", at="w=1,x=2,y=1").chain
    assert {link.of: link.formula for link in found} == {"z": "x", "p": "p*(1 - p)", "f": "2*(p - y)"}
