"""`gradcalc diff --direction`: the derivative along a line."""

from __future__ import annotations

import pytest

import gradcalc
from gradcalc.answers.verdicts import Verdict
from tests.running import Run

COMMAND = "diff"
A = "A=[[1,2],[3,4]]"


QUIET = [
    (("x**2*y", "--at", "x=1,y=2", "--direction", "x=3/5,y=4/5"), "3.2\n"),
    (("x**2*y", "--at", "x=1,y=2", "--direction", "x=0.6,y=0.8"), "3.2\n"),
    (("x**2*y", "--at", "x=1,y=2", "--direction", "x=3", "--direction", "y=4"), "16.0\n"),
    (("x**2*y", "--at", "x=1,y=2", "--direction", "y=1"), "1.0\n"),
    (("x**2*y", "--direction", "y=1"), "x**2\n"),
    (("x**2*y", "--direction", "x=1,y=sqrt(2)/2"), "x*(x/sqrt(2) + 2*y)\n"),
    (("x**2", "--at", "3", "--direction", "-1"), "-6.0\n"),
    (("sum(x**2)", "--at", "x=[1,2]", "--direction", "[1,1]"), "6.0\n"),
    (("sum(x**2)", "--at", "x=[1,2]", "--direction", "x=[1,-1]/2"), "-1.0\n"),
    (("sum(A@x)", "--at", A, "--at", "x=[1,2]", "--direction", "A=[[1,0],[0,1]]", "--direction", "x=[1,1]"), "13.0\n"),
    (("x**2*y", "--at", "x=1,y=2", "--direction", "x=1,y=1", "--order", "2"), "8.0\n"),
    (("x*y", "--at", "x=1,y=2", "--wrt", "x", "--direction", "y=1"), "1.0\n"),
    (("x*t", "--at", "x=1,t=2", "--direction", "x=1,t=1"), "3.0\n"),
    (("5", "--at", "x=1", "--wrt", "x", "--direction", "x=1"), "0.0\n"),
    (("e*x", "--at", "x=1,e=2", "--direction", "e=1"), "1.0\n"),
    (("e*x", "--direction", "e=1"), "x\n"),
    (("cbrt(x)", "--at", "0", "--direction", "2"), "inf\n"),
    (("abs(x) + abs(y)", "--at", "x=0,y=0", "--direction", "x=1,y=1"), "nan\n"),
    (("abs(x - y)", "--at", "x=0,y=0", "--direction", "x=1,y=1"), "0.0\n"),
    (("sin(x)", "--at", "1", "--direction", "2", "--dtype", "float32"), "1.0806045532226562\n"),
]


@pytest.mark.parametrize(("arguments", "output"), QUIET)
def test_quiet_prints_the_directional_derivative_alone(run: Run, arguments: tuple[str, ...], output: str) -> None:
    assert run("-q", *arguments)[1:] == (output, "")


def test_json_has_a_key_for_it(run: Run) -> None:
    assert run.record("x*y", "--at", "x=1,y=2", "--direction", "x=3,y=4")["direction"] == {
        "along": {"x": 3.0, "y": 4.0},
        "length": 5.0,
        "formula": "4*x + 3*y",
        "symbolic": 10.0,
        "exact": "10.000000000000000000",
        "autograd": 10.0,
        "error": 0.0,
        "ulps": 0.0,
        "verdict": "agree",
        "reason": None,
    }


def test_json_without_one_has_no_such_key(run: Run) -> None:
    assert "direction" not in run.record("x*y", "--at", "x=1,y=2")


def test_a_kink_along_the_direction_is_told_on_either_side(run: Run) -> None:
    found = run.record("hypot(x, y)", "--at", "x=0,y=0", "--direction", "x=3,y=4")
    along = found["direction"]
    assert (along["verdict"], along["left"], along["right"]) == ("kink", -5.0, 5.0)


def test_a_direction_in_which_a_kink_is_not_met_is_smooth() -> None:
    found = gradcalc.diff("abs(x - y)", at={"x": 0, "y": 0}, direction={"x": 1, "y": 1}).direction
    assert found is not None
    assert (found.row.symbolic, found.row.verdict) == (0.0, Verdict.AGREE)


def test_a_written_direction_is_exact_and_its_rounding_is_autograds() -> None:
    found = gradcalc.diff("x", at={"x": 1}, direction="0.1").direction
    assert found is not None
    assert (found.row.exact, found.row.autograd, found.row.ulps) == ("0.10000000000000000000", 0.1, 0.4)


def test_the_verdict_is_the_worst_of_all() -> None:
    smooth = gradcalc.diff("abs(x) + y", at={"x": 1, "y": 0}, direction={"x": 1})
    along_a_kink = gradcalc.diff("abs(x) + y", at={"x": 0, "y": 0}, wrt="y", direction={"x": 1})
    assert (smooth.verdict, along_a_kink.row("y").verdict, along_a_kink.verdict) == ("agree", "agree", "kink")


LARGE = [  # f, x, the direction; what is true, what autograd says, the verdict
    ("sum(x**2)", [1.0] * 30_000, [1.0] * 30_000, "60000.000000000000000", 60_000.0, "agree"),
    ("norm(x)", [0.5] * 40_000, [0.125] * 40_000, "25.000000000000000000", 25.0, "agree"),
    ("abs(sum(x))", [1.0, -1.0] * 15_000, [1.0, 0.0] * 15_000, None, 0.0, "kink"),
]


@pytest.mark.parametrize(("expression", "x", "along", "exact", "autograd", "verdict"), LARGE)
def test_along_a_direction_large_arrays_are_verified(
    expression: str, x: list[float], along: list[float], exact: str | None, autograd: float, verdict: str
) -> None:
    found = gradcalc.diff(expression, at={"x": x}, direction={"x": along}, timeout=60).direction
    assert found is not None
    assert (found.row.exact, found.row.verdict) == (exact, verdict)
    assert found.row.autograd == pytest.approx(autograd, rel=1e-12)


LARGE = [  # of 200 numbers and their direction, where few operations may be written out: the slope, and the verdict
    ("logsumexp(x)", 0.0, 1.0, (1.0, "agree")),
    ("norm1(x)", 0.0, 1.0, (None, "kink")),
    ("sum(log(x))", -1.0, 1.0, (None, "undefined")),
]


@pytest.mark.parametrize(("expression", "at", "direction", "expected"), LARGE)
def test_along_large_arrays(
    expression: str, at: float, direction: float, expected: tuple[float | None, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADCALC_MAX_OPERATIONS", "100")
    found = gradcalc.diff(expression, at={"x": [at] * 200}, direction={"x": [direction] * 200}, timeout=60)
    assert found.direction is not None
    assert (found.direction.row.symbolic, found.direction.row.verdict) == expected


TEXT = """\
f = x**2*y
x = 1.0
y = 2.0
value = 2.0

       closed form  true value  autograd (float64)  distance  verdict
∂f/∂x  2*x*y        4.0         4.0                 0 ulp     agree
∂f/∂y  x**2         1.0         1.0                 0 ulp     agree

v = x=3.0, y=4.0
length of v = 5.0 (not normalised; along the unit vector the slope is 3.2)

       closed form    true value  autograd (float64)  distance  verdict
df/dv  x*(4*x + 6*y)  16.0        16.0                0 ulp     agree
"""


def test_the_output_says_that_it_is_not_normalised(run: Run) -> None:
    assert run("x**2*y", "--at", "x=1,y=2", "--direction", "x=3,y=4") == (0, TEXT, "")


def test_a_unit_vector_is_not_said_to_be_anything_else(run: Run) -> None:
    assert "\nv = x=0.6, y=0.8\nlength of v = 1.0\n" in run("x*y", "--at", "x=1,y=2", "--direction", "x=0.6,y=0.8").out


ERRORS = [
    (("x*y", "--at", "x=1,y=2", "--direction", "x=0,y=0"),
     "error: the direction is zero\n\nhint: give a component that is not 0\n"),
    (("x*y", "--at", "x=1,y=2", "--direction", "1"),
     "error: which variable is this for: `x` or `y`?\n\n  1\n  ^\n\nhint: write --direction x=…,y=…; "
     "at an angle that is (cos(1), sin(1))\n"),
    (("x*y", "--at", "x=1,y=2", "--direction", "z=1"),
     "error: `z` is not a variable of the expression\n\n  z=1\n  ^^^\n\nhint: its variables are `x` and `y`\n"),
    (("x*y", "--at", "x=1,y=2", "--direction", "x=1,x=2"),
     "error: `x` is given twice\n\n  x=1,x=2\n      ^^^\n"),
    (("x*y", "--at", "x=1,y=2", "--direction", "x=q"),
     "error: `q` is not a number\n\n  x=q\n  ^^^\n\nhint: give a number, or numbers in an expression: `pi/4`\n"),
    (("sum(x)", "--at", "x=[1,2]", "--direction", "1"),
     "error: the direction of `x` has shape (), expected (2,)\n"),
    (("sum(x**2)", "--direction", "2"), "error: the direction of `x` has shape (), expected (n,)\n\n"
     "hint: `x` is an array unless --at or --shape say something else\n"),
    (("x**2", "--direction", "[1,2]"),
     "error: the direction of `x` has shape (2,), expected ()\n\n"
     "hint: `x` is a scalar unless --at or --shape say something else\n"),
    (("x", "--range", "x=0:1", "--direction", "1"), "error: --direction takes one point and one dtype\n"),
    (("x", "--at", "1", "--dtype", "float64,float32", "--direction", "1"),
     "error: --direction takes one point and one dtype\n"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "message"), ERRORS)
def test_a_direction_that_does_not_fit_is_refused(run: Run, arguments: tuple[str, ...], message: str) -> None:
    assert run(*arguments) == (2, "", message)


ORDERS = [
    (("sum((t*[1,2])**2)", "--order", "2", "--at", "3", "-q"), (0, "10.0\n", "")),
    (("sum(x**2)*t**3", "--order", "3", "--at", "x=[1,2],t=2", "--wrt", "t", "-q"), (0, "30.0\n", "")),
    (("sum(x**2)", "--order", "2", "--at", "x=[1,2]"),
     (2, "", "error: higher derivatives by an array are not vectors\n\nhint: ask for `gradcalc hessian`\n")),
    (("sum(x**2)", "--order", "3", "--at", "x=[1,2]"),
     (2, "", "error: higher derivatives by an array are not vectors\n\n"
             "hint: ask for `gradcalc hessian` for the second ones, or name scalars with --wrt\n")),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "printed"), ORDERS)
def test_higher_orders_are_by_scalars(run: Run, arguments: tuple[str, ...], printed: tuple[int, str, str]) -> None:
    assert run(*arguments) == printed


def test_a_direction_says_the_shape_of_what_must_be_an_array(run: Run) -> None:
    code, text, _ = run("sum(x**2)", "--direction", "[1,2]", "-q")
    assert (code, text) == (0, "2*(x1 + 2*x2)\n")
