"""What people write before a derivative, and derivatives one after the other."""

from __future__ import annotations

import pytest

import gradcalc
from gradcalc.answers.check.sides import read
from gradcalc.base.errors import GradcalcError
from gradcalc.base.limits import Limits
from gradcalc.functions import VOCABULARY
from gradcalc.functions.printer import to_text
from gradcalc.syntax.tree import Call

READ = {
    "nothing": ("2x", [(None, "beside")]),
    "a prime": ("y' = 2x", [(None, "beside")]),
    "a prime of a function": ("f'(x) = 2x", [(None, "beside")]),
    "Leibniz": ("dy/dx = 3", [("x", "3")]),
    "Leibniz with spaces": ("d f / d x = 3", [("x", "3")]),
    "of an expression": ("d/dx (x^2 + 1) = 3", [("x", "3")]),
    "partial": ("∂f/∂x = 3, ∂f/∂y = 4", [("x", "3"), ("y", "4")]),
    "partial of a function": ("∂f(x, y)/∂x = 3", [("x", "3")]),
    "several lines": ("df/dx = 3\ndf/dy = 4", [("x", "3"), ("y", "4")]),
    "with semicolons": ("df/dx = 3; df/dy = 4", [("x", "3"), ("y", "4")]),
    "below": ("f_x = 3, f_y = 4", [("x", "3"), ("y", "4")]),
    "LaTeX": (r"\frac{d f}{d x} = 3", [("x", "3")]),
    "LaTeX, partial": (r"\frac{\partial L}{\partial \theta} = 3", [("theta", "3")]),
    "LaTeX, a prime": (r"f^{\prime}(x) = 3", [(None, "3")]),
    "a name of gradcalc's own": ("x=3, y=4", [("x", "3"), ("y", "4")]),
    "one after the other": ("3, 4", [(None, "3"), (None, "4")]),
    "in parentheses": ("(3, 4)", [(None, "3"), (None, "4")]),
    "the gradient": ("∇f = (3, 4)", [(None, "3"), (None, "4")]),
    "the gradient in words": ("grad f(x, y) = <3, 4>", [(None, "3"), (None, "4")]),
}


@pytest.mark.parametrize(("text", "parts"), READ.values(), ids=READ)
def test_a_left_side_names_the_variable(text: str, parts: list[tuple[str | None, str]]) -> None:
    found = read(text, {"x", "y"}, VOCABULARY, Limits())
    shown = [one.value.function if isinstance(one.value, Call) else to_text(one.value) for one in found]  # type: ignore[arg-type]  # none is from a file
    assert list(zip([one.name for one in found], shown, strict=True)) == parts
    assert all(one.source == text for one in found)


def test_a_name_of_the_expression_means_itself() -> None:
    assert [one.name for one in read("f_x = 3", {"f_x", "x"}, VOCABULARY, Limits())] == ["f_x"]


RIGHT = {
    "in the order of the variables": ("x^2*y^3", "2x*y^3, 3x^2*y^2"),
    "a vector": ("x^2*y^3", "[2x*y^3, 3x^2*y^2]"),
    "a column": ("x^2*y^3", "[[2x*y^3], [3x^2*y^2]]"),
    "a turned row": ("x^2*y^3", "[2x*y^3, 3x^2*y^2].T"),
    "a prime": ("x^2", "y' = 2x"),
    "in any order": ("x^2*y", "df/dy = x^2, df/dx = 2x*y"),
    "LaTeX": ("x^2*y", r"\frac{\partial f}{\partial x} = 2xy, \frac{\partial f}{\partial y} = x^2"),
    "a column in LaTeX": ("x^2*y", r"\nabla f = \begin{pmatrix} 2xy \\ x^2 \end{pmatrix}"),
    "a program's name": ("z = w*x; z^2", "df/dw = 2*z*x, df/dx = 2*z*w"),
}


@pytest.mark.parametrize(("expression", "gradient"), RIGHT.values(), ids=RIGHT)
def test_it_is_read_as_it_is_written(expression: str, gradient: str) -> None:
    assert gradcalc.check(expression, gradient).right


def test_the_gradient_by_a_vector_is_a_vector() -> None:
    assert gradcalc.check("x @ x", "[2*x[1], 2*x[2]]", shape={"x": 2}).right


def test_an_error_points_into_the_text_that_was_given() -> None:
    with pytest.raises(GradcalcError) as caught:
        gradcalc.check("x*y", "df/dx = y, df/dz = x")
    error = caught.value
    assert (error.source, error.span and "df/dx = y, df/dz = x"[error.span.start : error.span.end].strip(" =")) == (
        "df/dx = y, df/dz = x", "df/dz",
    )  # fmt: skip


TOLD = {
    "the power rule on e": ("e^(2x)", "2x*e^(2x-1)", "the power rule is for a constant exponent"),
    "upside down": ("x/sin(x)", "(x*cos(x) - sin(x))/x^2", "that is the derivative of v/u"),
    "s(1 + s)": ("p = sigmoid(x); p", "p*(1 + p)", "the derivative of the sigmoid s is s·(1 - s), with a minus"),
    "degrees": ("sin(x)", "pi/180*cos(x)", "pi/180 belongs to degrees"),
    "swapped": ("x^2*y^3", "3x^2*y^2, 2x*y^3", "this is the derivative by `y`"),
    "integrated": ("x^3", "x^4/4", "this is an integral"),
}


@pytest.mark.parametrize(("expression", "gradient", "sentence"), TOLD.values(), ids=TOLD)
def test_a_slip_is_named(expression: str, gradient: str, sentence: str) -> None:
    found = gradcalc.check(expression, gradient).gradient["x"]
    assert found.hint is not None
    assert found.hint.startswith(sentence)


@pytest.mark.parametrize("shape", [("n",), 3])
def test_the_mean_of_n_numbers_is_divided_by_n(shape: tuple[str] | int) -> None:
    found = gradcalc.check("mean(x**2)", "2*x", shape={"x": shape}).gradient["x"]
    assert found.hint == "the 1/n of the mean is missing"


STATED = {
    "a point behind a bar": ("x^2", "df/dx|_{x=2} = 4"),
    "a point in LaTeX": ("x^2", r"\left.\frac{df}{dx}\right|_{x=2} = 4"),
    "a point as the argument": ("x^2", "f'(2) = 4"),
    "points of several variables": ("x^2*y", "grad f|_{x=1, y=2} = (4, 1)"),
    "a typographer's prime": ("x^2", "f’(x) = 2x"),
    "the prime of an expression": ("x^2", "(x^2)' = 2x"),
    "an operator in LaTeX": ("x^2", r"\frac{d}{dx} x^2 = 2x"),
    "a dot": ("t^2", r"\dot{s} = 2t"),
    "∂ with the variable below": ("x^2*y", "∂_x f = 2x*y, ∂_y f = x^2"),
    "and": ("x^2*y", "∂z/∂x = 2x*y and ∂z/∂y = x^2"),
    "letters side by side": ("x^2*y", "fx = 2x*y, fy = x^2"),
    "a differential": ("x^2*y", "df = 2x*y dx + x^2 dy"),
    "unit vectors": ("x^2*y", "2x*y i + x^2 j"),
    "unit vectors in LaTeX": ("x^2*y", r"2xy\,\hat{i} + x^2\,\hat{j}"),
    "the domain behind it": ("log(x)", "f'(x) = 1/x for x > 0"),
    "a second derivative": ("x^3", "y'' = 6x"),
    "a second derivative after Leibniz": ("x^3", "d^2y/dx^2 = 6x"),
    "the total derivative": ("x^2", "D f = 2x"),
    "the total derivative with its argument": ("x*y", "Df(x,y) = (y, x)"),
    "the Jacobian": ("x*y", "J = [y, x]"),
    "a column": ("x*y", "(y, x)^T"),
    "a column after nabla": ("x*y", r"∇f = [y, x]^\top"),
    "a column with a prime": ("x*y", "(y, x)'"),
    "a chain": ("(x+1)^2", "f'(x) = 2(x+1)*1 = 2x + 2"),
    "a chain without a left side": ("sin(x^2)", "cos(x^2)*2x = 2x cos(x^2)"),
    "a chain by a variable": ("x^2", "x = 2x = x + x"),
    "a chain of implications": ("x^2", "f' = 2x => x + x"),
}


@pytest.mark.parametrize(("expression", "gradient"), STATED.values(), ids=STATED)
def test_what_a_textbook_writes_on_the_left_is_understood(expression: str, gradient: str) -> None:
    assert gradcalc.check(expression, gradient).right


WRONG = {
    "at its point": ("x^2", "f'(2) = 5", "5"),
    "in one direction": ("x^2*y", "df = 2x*y dx + x dy", "x"),
    "of the second order": ("x^3", "y'' = 3x^2", "3*x**2"),
    "at the end of a chain": ("(x+1)^2", "f'(x) = 2(x+1) = 2x + 1", "2*x + 1"),
    "at the beginning of a chain": ("(x+1)^2", "2x + 1 = 2(x+1)", "2*x + 1"),
}


@pytest.mark.parametrize(("expression", "gradient", "proposed"), WRONG.values(), ids=WRONG)
def test_and_what_is_wrong_then_is_wrong(expression: str, gradient: str, proposed: str) -> None:
    result = gradcalc.check(expression, gradient)
    assert not result.right
    assert proposed in [one.proposed for one in result.gradient.values()]


def test_a_second_derivative_of_several_variables_is_that_of_hessian() -> None:
    with pytest.raises(GradcalcError, match="by one variable"):
        gradcalc.check("x*y", "f'' = 0")
