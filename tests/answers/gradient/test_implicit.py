"""Equations, derived implicitly: closed forms, the point on the curve, and what a point may be but smooth."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from itertools import islice

import pytest

import gradcalc
from gradcalc.answers.gradient.implicit import forms
from gradcalc.answers.gradient.implicit.curve import points_on
from gradcalc.base.errors import GradcalcError, InternalError
from gradcalc.base.limits import Limits
from gradcalc.cli.app import main
from gradcalc.engines import ask
from gradcalc.engines.records import ClosedForm
from gradcalc.inputs.pose import pose
from gradcalc.problem.problem import Problem
from gradcalc.problem.resolve import read
from tests.planted import Plant
from tests.running import Run

COMMAND = "diff"

FORMS = [  # as textbooks have them
    ("x^2 + y^2 = 25", 1, {"x": "-x/y"}),
    ("x^2 + y^2 = 25", 2, {"x": "-25/y**3"}),
    ("2*(x^2 + y^2)^2 = 25*(x^2 - y^2)", 1, {"x": "x*(25 - 4*(x**2 + y**2))/(y*(4*(x**2 + y**2) + 25))"}),
    ("x^2*y^3 + x*y = 6", 1, {"x": "-y*(2*x*y**2 + 1)/(x*(3*x*y**2 + 1))"}),
    (
        "(x^2 + y^2 - 1)^3 = x^2*y^3",
        1,  # each of two sums that the user wrote is in what is left of the other
        {"x": "2*x*(y**3 - 3*(x**2 + y**2 - 1)**2)/(3*y*((2*(x**2 + y**2) - (y + 4))*(x**2 + y**2) + (y**3 + 2)))"},
    ),
    ("x^2 + y^2 = 25", 3, {"x": "-75*x/y**5"}),
    ("x^3 + y^3 = 6x*y", 1, {"x": "(2*y - x**2)/(y**2 - 2*x)"}),
    ("x^3 + y^3 = 6x*y", 2, {"x": "16*x*y/(2*x - y**2)**3"}),
    ("x^4 + y^4 = 16", 2, {"x": "-48*x**2/y**7"}),
    ("x^2/4 + y^2/9 = 1", 2, {"x": "-81/(4*y**3)"}),
    ("x^2 + x*y + y^2 = 3", 2, {"x": "-18/(x + 2*y)**3"}),
    ("sqrt(x) + sqrt(y) = 1", 1, {"x": "-sqrt(y)/sqrt(x)"}),
    ("sqrt(x) + sqrt(y) = 1", 2, {"x": "1/(2*x**(3/2))"}),
    ("x^(2/3) + y^(2/3) = 4", 2, {"x": "4/(3*y**(1/3)*x**(4/3))"}),
    ("x*y = 1", 2, {"x": "2*y/x**2"}),
    ("y^5 + y = x", 1, {"x": "1/(5*y**4 + 1)"}),
    ("e^(x*y) = x + y", 1, {"x": "(1 - y*exp(x*y))/(x*exp(x*y) - 1)"}),
    ("x^2 + y^2 + z^2 = 1", 1, {"x": "-x/z", "y": "-y/z"}),
    ("P*V = n*R*T", 1, {"P": "V/(n*R)", "V": "P/(n*R)", "n": "-T/n", "R": "-T/R"}),
    ("r = 5; x^2 + y^2 = r^2", 1, {"x": "-x/y"}),
    ("sin(y) = x/2", 1, {"x": "sec(y)/2"}),
    (r"\sin(xy) = 1", 1, {"x": "-y/x"}),  # nobody defines the sine by a number
    (r"\frac{x^2}{4} + \frac{y^2}{9} = 1", 1, {"x": "-9*x/(4*y)"}),
    (r"e^{xy} = x + y", 1, {"x": "(1 - y*exp(x*y))/(x*exp(x*y) - 1)"}),
    (r"y^2 = x^3 + x^2", 1, {"x": "x*(3*x + 2)/(2*y)"}),
    (r"\sin(x + y) = y", 1, {"x": "cos(x + y)/(1 - cos(x + y))"}),
]


@pytest.mark.parametrize(("text", "order", "expected"), FORMS)
def test_a_closed_form_is_the_book_s(text: str, order: int, expected: Mapping[str, str]) -> None:
    found = gradcalc.diff(text, order=order)
    assert {name: found.row(name).formula for name in found.gradient} == expected


DEPENDENT = [
    ("x^2 + y^2 = 25", {}, "y"),
    ("y^2 + x^2 = 25", {}, "y"),  # wherever it stands
    ("x^2 + y^2 = 25", {"of": "x"}, "x"),
    ("x^2 + y^2 = 25", {"wrt": "y"}, "x"),
    ("x^2 + y^2 + z^2 = 1", {}, "z"),
    ("x^2 + y^2 + z^2 = 1", {"of": "y"}, "y"),
    ("x^2 + y^2 + z^2 = 1", {"wrt": ["x", "z"]}, "y"),
    ("y^2 = a*x", {}, "y"),
    ("u*v = 1", {}, "v"),
]


@pytest.mark.parametrize(("text", "given", "of"), DEPENDENT)
def test_which_variable_depends_on_the_others(text: str, given: dict[str, str], of: str) -> None:
    found = gradcalc.diff(text, **given)  # type: ignore[arg-type]  # of several types
    assert found.implicit is not None
    assert found.implicit.of == of


POINTS = [  # equation, point, order, where it is, verdict, true value
    ("x^2 + y^2 = 25", "x=3,y=4", 1, "on", "agree", -0.75),
    ("x^2 + y^2 = 25", "x=3,y=4", 2, "on", "agree", -25 / 64),
    ("x^2 + y^2 = 25", "x=3,y=4", 3, "on", "agree", -75 * 3 / 1024),
    ("x^2 + y^2 = 1", "x=0.6,y=0.8", 1, "as written", "agree", -0.75),
    ("x^2 + y^2 = 25", "x=1,y=sqrt(24)", 1, "as written", "agree", -1 / math.sqrt(24)),
    ("x^2 + y^2 = 25", "x=1,y=4.898979485566356", 2, "rounded", "agree", -25 / 24**1.5),
    ("sin(y) = x/2", "x=1,y=pi/6", 1, "as written", "agree", 1 / math.sqrt(3)),
    ("x^3 + y^3 = 6x*y", "x=3,y=3", 1, "on", "agree", -1.0),
    ("x^3 + y^3 = 6x*y", "x=3,y=3", 2, "on", "agree", -16 / 3),
    ("y^3 + x*y = 2", "x=1,y=1", 1, "on", "agree", -0.25),
    ("x^2 + y^2 = 25", "x=0,y=5", 1, "on", "agree", 0.0),
    ("cbrt(y) = x", "x=0,y=0", 1, "on", "disagree", 0.0),  # torch has infinities on the way
    ("x^2 + y^2 = 25", "x=5,y=0", 1, "on", "infinite", None),
    ("x^2 + y^2 = 25", "x=5,y=0", 2, "on", "undefined", None),
    ("sqrt(x) + y = 1", "x=0,y=1", 1, "on", "infinite", None),
    ("y^2 = x^3 + x^2", "x=0,y=0", 1, "on", "undefined", None),
    ("x^2 + y^2 = 0", "x=0,y=0", 1, "on", "undefined", None),
    ("y^2 = x^3", "x=0,y=0", 1, "on", "undecided", None),
    ("|x| + |y| = 1", "x=0,y=1", 1, "on", "kink", None),
    ("y + |y|/2 = 1x", "x=0,y=0", 1, "on", "kink", None),
    ("|x| + |y| = 1", "x=1,y=0", 1, "on", "undefined", None),
    ("log(x) + y = 1", "x=-1,y=1", 1, None, "undefined", None),
]


@pytest.mark.parametrize(("text", "at", "order", "lies", "verdict", "true"), POINTS)
def test_a_point_of_a_curve(text: str, at: str, order: int, lies: str | None, verdict: str, true: float | None) -> None:
    found = gradcalc.diff(text, at=at, order=order)
    assert found.implicit is not None
    assert (found.implicit.curve, found.verdict) == (lies, verdict)
    assert found.row("x").symbolic == (None if true is None else pytest.approx(true, rel=1e-14, abs=0.0))


WORDS = [
    ("x^2 + y^2 = 25", "x=5,y=0", "the tangent is vertical here"),
    ("y^2 = x^3 + x^2", "x=0,y=0", "the curve crosses itself here, with the slopes -1 and 1"),
    ("x*y = 0", "x=0,y=0", "the curve crosses itself here, with the slopes vertical and 0"),
    ("x^2 + y^2 = 0", "x=0,y=0", "the point is isolated"),
    ("y^2 = x^3", "x=0,y=0", "both partial derivatives are 0 here, a singular point"),
    ("|x| + |y| = 1", "x=0,y=1", "its slope is 1 on the left and -1 on the right"),
    ("y + |y|/2 = 1x", "x=0,y=0", "its slope is 2 on the left and 0.666667 on the right"),
    ("|x| + |y| = 1", "x=1,y=0", "the curve turns back here"),
]


@pytest.mark.parametrize(("text", "at", "words"), WORDS)
def test_what_is_no_slope_is_told_in_words(text: str, at: str, words: str) -> None:
    assert words in (gradcalc.diff(text, at=at).row("x").explanation or "")


REFUSED: list[tuple[str, dict[str, object], str, str]] = [
    ("x^2 + y^2 = 25", {"at": "x=3,y=4.1"},
     "the point is not on the curve: the left side minus the right one is 0.81 there",
     "the curve has y = 4.0 there: --at x=3.0,y=4.0"),
    ("x^2 + y^2 = 25", {"at": "x=3,y=4.000000000000002"}, "the point is not on the curve",
     "the curve has y = 4.0 there: --at x=3.0,y=4.0"),
    ("x^2 + y^2 = 25", {"at": "x=3"}, "no value for `y`", "there the equation holds for y=-4 or y=4"),
    ("x^5 + y^5 + x*y = 25", {"at": "x=3"}, "no value for `y`", "add --at y=…"),
    ("x^2 + y^2 = 25", {"of": "z"}, "`z` is not a variable of the equation", "one of x, y"),
    ("x^2 + y^2 = 25", {"of": "x", "wrt": "x"}, "`x` cannot both depend on the others and be derived by", "differ"),
    ("x^2 + y^2 = 25", {"wrt": ["x", "y"]}, "--wrt names every variable of the equation", "leave one out: `x` and `y`"),
    ("x^2", {"of": "x"}, "--of is for equations", "x**2 + y**2 = 25"),
    ("2x = 3", {}, "the equation has one variable, `x`", "it does not solve equations"),
    ("x^2 + y^2 = 25", {"at": "(3, 4)", "direction": "x=2"}, "--direction is for functions", "dy/dx times how fast"),
    ("x^2 + y^2 = z", {"at": "(3, 4, 25)", "direction": "x=2"}, "--direction is for functions", "the sum of ∂z/∂x"),
    ("ln(x) = 2", {}, "the equation has one variable, `x`", "it does not solve equations"),
    ("sin(xy) = 1", {}, "the equation has one variable, `xy`", "for a product write `x*y`"),
    ("1 + 1 = 2", {}, "the equation has no variable in it", "it does not solve equations"),
    ("x^2 + y^2 = 25", {"order": 9}, "the order is 9, of an equation at most 4", ""),
    ("x^2 + y^2 = 25", {"at": "x=3,y=4", "direction": "x=1"}, "--direction is for functions", ""),
    ("A @ x = b", {"at": {"A": [[1.0, 2.0]], "x": [1.0, 1.0], "b": [3.0]}}, "implicit derivation is for numbers", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "given", "message", "hint"), REFUSED)
def test_what_is_refused_says_why_and_what_else(text: str, given: dict[str, object], message: str, hint: str) -> None:
    with pytest.raises(GradcalcError) as raised:
        gradcalc.diff(text, **given)  # type: ignore[arg-type]  # of several types
    assert raised.value.message.startswith(message)
    assert hint in (raised.value.hint or "")


@pytest.mark.parametrize("derive", [gradcalc.hessian, gradcalc.jacobian])
def test_where_a_function_is_wanted_an_equation_is_refused_with_the_function(derive: Callable[[str], object]) -> None:
    with pytest.raises(GradcalcError) as raised:
        derive("x^2 + y^2 = 1")
    assert "as a function it is `x**2 + y**2 - 1`" in (raised.value.hint or "")


STILL = [  # what is no equation
    ("y = x^2", "2*x"),
    ("f(x) = x^2", "2*x"),
    ("sigmoid(z) = 1/(1 + e^(-z))", "exp(-z)/(1 + exp(-z))**2"),
    (r"\sigma^2 = x^2", "2*x"),
    ("where(x == 1, x, 2*x)", "where(x == 1, 1, 2)"),
]


@pytest.mark.parametrize(("text", "formula"), STILL)
def test_definitions_and_comparisons_stay_what_they_are(text: str, formula: str) -> None:
    found = gradcalc.diff(text)
    assert found.implicit is None
    assert next(iter(found.gradient.values())).formula == formula


def circle(order: int = 2) -> Problem:
    """The circle, about which nothing is known yet."""
    return pose("x^2 + y^2 = 25", Limits(), order=order, of=None)


def test_points_for_trials_are_on_the_curve() -> None:
    problem = circle()
    points = list(islice(points_on(problem), 6))
    assert len(points) == 6
    values = [ask.value(problem.root, point) for point in points]
    assert all(one is not None and abs(one.fraction() or 0) < 1e-60 for one in values)


WRONG = ["-24/y**3", "25/y**3", "-25*x/y**3"]


@pytest.mark.parametrize("text", WRONG)
def test_a_form_that_is_wrong_on_the_curve_is_not_shown(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    problem = circle()
    right = ClosedForm("-(x**2 + y**2)/y**3", root=read("-(x**2 + y**2)/y**3", Limits()).root)
    wrong = ClosedForm(text, root=read(text, Limits()).root)
    assert forms.chosen((wrong, right), problem, "x").text == right.text
    assert forms.chosen((wrong,), problem, "x").text is None


def test_a_wrong_rule_is_found_by_the_equation_s_values(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = circle()
    found = forms.implicit(problem.root, "y", "x", 2)
    halved = [*found[:-1], read("-(x**2 + y**2)/(2*y**3)", Limits()).root]
    monkeypatch.setattr(forms, "gradient", lambda tree, names: dict.fromkeys(names, halved[0]))
    with pytest.raises(InternalError, match="rules"):
        gradcalc.diff("x^2 + y^2 = 25")


def test_json_has_what_the_slope_rests_on(run: Run) -> None:
    found = run.record("x^2 + y^2 = 25", "--at", "x=3,y=4", code=0)
    assert found["value"] == 4.0
    assert found["gradient"]["x"]["symbolic"] == -0.75
    assert found["implicit"] == {
        "of": "y",
        "function": "x**2 + y**2 - 25",
        "partials": [
            {"of": "F", "by": "x", "formula": "2*x", "value": 6.0},
            {"of": "F", "by": "y", "formula": "2*y", "value": 8.0},
        ],
        "curve": "on",
        "sentence": "the point is on the curve: proven",
    }


CODES = [
    (["x^2 + y^2 = 25", "--at", "x=3,y=4"], 0),
    (["x^2 + y^2 = 25", "--at", "x=5,y=0"], 1),
    (["x^2 + y^2 = 25", "--at", "x=3,y=5"], 2),
    (["y^2 = x^3", "--at", "x=0,y=0"], 3),
    (["x^2 + y^2 = 25", "--at", "x=3,y=4", "--dtype", "float64,float16"], 0),
    (["x^2 + y^2 = 25", "--range", "x=0:1,y=0:1"], 2),
]


@pytest.mark.parametrize(("arguments", "code"), CODES)
def test_exit_codes_are_those_of_every_derivative(arguments: list[str], code: int) -> None:
    assert main(["diff", *arguments, "--quiet"]) == code


@pytest.mark.parametrize("text", ["sin(y) + x = 1", "sin(x) + y = 1", "atan(x*y) = x"])
def test_a_wrong_sign_in_the_catalogue_lets_no_formula_through(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for row in ("sin", "atan"):
        Plant(row, 0, "vjp").put(monkeypatch)
    with pytest.raises(InternalError):
        gradcalc.diff(text)
    with pytest.raises(InternalError):
        gradcalc.steps(text)


@pytest.mark.parametrize(
    ("equation", "sign"), [("x^4 + x^2*y^2 + y^6 = -3", "positive"), ("-exp(x) = y^2 + 1", "negative")]
)
def test_an_equation_that_nothing_solves_is_told(equation: str, sign: str) -> None:
    for order in (1, 2):
        row = gradcalc.diff(equation, order=order).gradient["x"]
        assert (row.formula, row.note) == (None, f"no real numbers solve the equation: F is {sign} everywhere")
