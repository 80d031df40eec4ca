"""Letters of a proposed derivative that nobody defined: the value of the function, or of a part of it."""

from __future__ import annotations

import pytest

import gradcalc
from gradcalc.base.errors import UnknownNameError

READ = {  # expression, gradient, variable; what the letter is read as, and the slip
    "the value of the function": ("sigmoid(z)", "s*(1 - s)", "z", "s = sigmoid(z)", None),
    "a product before a parenthesis": ("sigmoid(z)", "p(1-p)", "z", "p = sigmoid(z)", None),
    "a Greek letter": ("sigmoid(z)", "σ(1-σ)", "z", "σ = sigmoid(z)", None),
    "in LaTeX": ("sigmoid(z)", r"\hat{y}(1 - \hat{y})", "z", "y_hat = sigmoid(z)", None),
    "another function": ("tanh(x)", "1 - y^2", "x", "y = tanh(x)", None),
    "the variable of the left side": ("x^x", "y' = y(ln x + 1)", "x", "y = x**x", None),
    "called": ("exp(-x^2)", "f'(x) = -2x f(x)", "x", "f = exp(-x**2)", None),
    "a part": ("(sigmoid(w*x+b)-y)^2", "2(p-y)p(1-p)x", "w", "p = sigmoid(w*x + b)", None),
    "an inner function": ("sin(x^2)", "2x cos(u)", "x", "u = x**2", None),
    "defined": ("s = sigmoid(z)", "s(1-s)", "z", None, None),
    "a slip": ("sigmoid(z)", "s(1+s)", "z", "s = sigmoid(z)",
        "the derivative of the sigmoid s is s·(1 - s), with a minus"),
    "a slip of the chain rule": ("sigmoid(3*z)", "s(1-s)", "z", "s = sigmoid(3*z)",
        "the chain rule's inner derivative is missing: the derivative of `3*z` is `3`"),
    "a slip of another function": ("tanh(x)", "1 + t^2", "x", "t = tanh(x)", "the derivative of tanh is 1 - tanh²"),
}  # fmt: skip


@pytest.mark.parametrize(("expression", "gradient", "variable", "letter", "hint"), READ.values(), ids=READ)
def test_a_letter_is_the_value_that_fits(
    expression: str, gradient: str, variable: str, letter: str | None, hint: str | None
) -> None:
    found = gradcalc.check(expression, gradient, wrt=variable).gradient[variable]
    assert (found.letter, found.hint, found.verdict) == (letter, hint, "wrong" if hint else "right")


UNKNOWN = {
    "that fits nothing": ("sigmoid(z)", "s*(2 - s)"),
    "of a function that is not taught by its value": ("x^2", "2a"),
    "of which there are two": ("sigmoid(z)", "s*(1 - p)"),
}


@pytest.mark.parametrize(("expression", "gradient"), UNKNOWN.values(), ids=UNKNOWN)
def test_a_letter_is_unknown(expression: str, gradient: str) -> None:
    with pytest.raises(UnknownNameError, match="is not a variable of the expression"):
        gradcalc.check(expression, gradient)
