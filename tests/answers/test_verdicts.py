"""The verdicts: every kind of point where a derivative and autograd may part, and what is said of it."""

from __future__ import annotations

import math

import pytest

from gradcalc import diff
from gradcalc.answers.diagnosis import checked, diagnose
from gradcalc.base.effort import Exhausted
from gradcalc.base.errors import LimitError
from gradcalc.engines.exact import corner

INF, NAN = math.inf, math.nan
VERDICTS = [  # expression, point, dtype, verdict, reason, left, right, autograd
    # ordinary points
    ("x**2", "3", "float64", "agree", None, None, None, 6.0),
    ("x**2", "300", "float16", "agree", None, None, None, 600.0),
    ("x**3", "0.1", "float16", "agree", None, None, None, 0.0299835205078125),
    ("x*0.1", "3", "float16", "agree", None, None, None, 0.0999755859375),
    ("sin(x)", "100", "bfloat16", "agree", None, None, None, 0.86328125),
    ("1 - cos(x)", "1e-4", "float32", "agree", None, None, None, 9.999999747378752e-05),
    ("sigmoid(x)", "-800", "float64", "agree", None, None, None, 0.0),
    ("exp(-x)", "1000", "float64", "agree", None, None, None, -0.0),
    ("hypot(x, y)", "x=1e200,y=1e200", "float64", "agree", None, None, None, 0.7071067811865475),
    ("logaddexp(x, y)", "x=1000,y=1000", "float64", "agree", None, None, None, 0.5),
    ("7", "x=1", "float64", "agree", None, None, None, 0.0),
    # corners
    ("abs(x)", "0", "float64", "kink", None, -1.0, 1.0, 0.0),
    ("relu(x)", "0", "float64", "kink", None, 0.0, 1.0, 0.0),
    ("sqrt(x**2)", "0", "float64", "kink", None, -1.0, 1.0, NAN),
    ("max(x, y)", "x=1,y=1", "float64", "kink", None, 0.0, 1.0, 0.5),
    ("hypot(x, y)", "x=0,y=0", "float64", "kink", None, -1.0, 1.0, NAN),
    ("where(x > 0, x*log(x), 0)", "0", "float64", "kink", None, 0.0, -INF, NAN),
    ("abs(x)", "0", "float16", "kink", None, -1.0, 1.0, 0.0),
    # corners that are tiny beside the slope
    ("erf(x*1e500) + abs(x)", "0", "float64", "kink", None, INF, INF, NAN),
    ("softsign(1e500*x) + abs(x)", "0", "float64", "kink", None, INF, INF, NAN),
    ("sigmoid(1e500*x) + relu(x)", "0", "float64", "kink", None, INF, INF, NAN),
    ("1e200*x*y + abs(x)*y", "x=0,y=1", "float64", "kink", None, 1e200, 1e200, 1e200),
    ("erf(x*1e500) + abs(x)*x", "0", "float64", "disagree", "overflow", None, None, NAN),
    ("floor(x)*sin(pi*x)", "2", "float64", "kink", None, math.pi, 2 * math.pi, 2 * math.pi),
    # vertical tangents
    ("cbrt(x)", "0", "float64", "infinite", None, INF, INF, NAN),
    ("sqrt(abs(x))", "0", "float64", "infinite", None, -INF, INF, NAN),
    ("sqrt(x)", "0", "float64", "infinite", "edge", None, INF, INF),
    ("x**(1/3)", "0", "float64", "infinite", "edge", None, INF, INF),
    ("acos(x)", "1", "float64", "infinite", "edge", -INF, None, -INF),
    ("x**x", "0", "float64", "infinite", "edge", None, -INF, 0.0),
    # an edge of the domain with a slope
    ("x**1.5", "0", "float64", "agree", "edge", None, 0.0, 0.0),
    # outside the domain, jumps, and slopes without a limit
    ("log(x)", "-1", "float64", "undefined", None, None, None, -1.0),
    ("atanh(x)", "2", "float64", "undefined", None, None, None, -0.3333333333333333),
    ("x**(1/3)", "-8", "float64", "undefined", None, None, None, NAN),
    ("x/x", "0", "float64", "undefined", None, None, None, NAN),
    ("asin(x)", "1.0000000000000002", "float64", "undefined", None, None, None, NAN),
    ("gamma(x)", "-1", "float64", "undefined", None, None, None, NAN),
    ("floor(x)", "2", "float64", "undefined", None, None, None, 0.0),
    ("sign(x)", "0", "float64", "undefined", None, None, None, 0.0),
    ("where(y < x**x, x, x)", "x=-1,y=0", "float64", "undefined", None, None, None, 1.0),
    ("where(x == 0, 0, x*sin(1/x))", "0", "float64", "undefined", None, None, None, NAN),
    # digits lost to a difference
    ("(1 - cos(x))/x**2", "1e-8", "float64", "disagree", "cancellation", None, None, 99999999.99999999),
    ("(x - 0.1)**2", "0.1", "float64", "disagree", "cancellation", None, None, 0.0),
    # numbers out of range
    ("exp(x)", "1000", "float64", "disagree", "overflow", None, None, INF),
    ("exp(x)", "709.9", "float64", "disagree", "overflow", None, None, INF),
    ("exp(x)", "100", "float32", "disagree", "overflow", None, None, INF),
    ("sqrt(x*x + y*y)", "x=1e200,y=1e200", "float64", "disagree", "overflow", None, None, 0.0),
    ("sqrt(x*x + y*y)", "x=1e-200,y=1e-200", "float64", "disagree", "underflow", None, None, INF),
    ("1/(1 + exp(-x))", "-700", "float64", "disagree", "underflow", None, None, 0.0),
    ("1000*x**3", "1e-3", "float16", "disagree", "underflow", None, None, 0.003040313720703125),
    ("x/sqrt(x*x + y*y)", "x=1e200,y=1e200", "float64", "disagree", "overflow", None, None, 0.0),
    ("(exp(x) - exp(-x))/2", "710", "float64", "disagree", "overflow", None, None, INF),
    # divisions by what was rounded to 0
    ("acos(cos(x))", "pi", "float64", "disagree", "precision", None, None, INF),
    ("x*log(1 - sigmoid(y))", "x=1,y=40", "float64", "disagree", "cancellation", None, None, -INF),
    # steps without a value
    ("1/(1 + exp(-x))", "-800", "float64", "disagree", "nan", None, None, NAN),
    ("log(1 + exp(x))", "1000", "float64", "disagree", "nan", None, None, NAN),
    ("log(exp(x) + exp(y))", "x=1000,y=1000", "float64", "disagree", "nan", None, None, NAN),
    ("where(x > 0, sqrt(x), 0)", "-1", "float64", "disagree", "nan", None, None, NAN),
    ("sqrt(x**4)", "0", "float64", "disagree", "nan", None, None, NAN),
    ("x**4*1e6", "1e-3", "float16", "disagree", "nan", None, None, NAN),  # a literal beyond its range, times 0
    ("(1 - cos(x))/x**2", "1e-300", "float64", "disagree", "nan", None, None, NAN),
    # digits lost inside an operation of torch
    ("tanh(x)", "20", "float64", "disagree", "precision", None, None, 0.0),
    ("gelu(x)", "-9", "float64", "disagree", "precision", None, None, -9.251796214502024e-18),
    ("softplus(x)", "20.5", "float64", "disagree", "precision", None, None, 1.0),
    # conventions that do not add up
    ("relu(x) - relu(-x)", "0", "float64", "disagree", "precision", None, None, 0.0),
    ("max(x, 0) + min(x, 0)", "0", "float64", "agree", None, None, None, 1.0),
]  # fmt: skip


@pytest.mark.parametrize(("text", "at", "dtype", "verdict", "reason", "left", "right", "autograd"), VERDICTS)
def test_a_verdict(
    text: str,
    at: str,
    dtype: str,
    verdict: str,
    reason: str | None,
    left: float | None,
    right: float | None,
    autograd: float,
) -> None:
    row = diff(text, at=at, dtype=dtype, wrt="x").row("x")
    assert (row.verdict, row.reason, row.left, row.right) == (verdict, reason, left, right)
    assert row.autograd == pytest.approx(autograd, rel=1e-12, abs=0.0, nan_ok=True)


SYMBOLIC = [
    ("(1 - cos(x))/x**2", "1e-8", "float64", -8.333333333333334e-10, "-8.3333333333333334521e-10"),
    ("exp(x)", "1000", "float64", INF, "1.9700711140170469939e434"),
    ("1/(1 + exp(-x))", "-800", "float64", 0.0, "3.6678745841776872135e-348"),
    ("cbrt(x)", "0", "float64", INF, "Infinity"),
    ("abs(x)", "0", "float64", None, None),
    ("log(x)", "-1", "float64", None, None),
    ("x**2/3", "1", "float16", 0.66650390625, "0.66666666666666666667"),
    ("x**2/3", "1", "bfloat16", 0.66796875, "0.66666666666666666667"),
    ("x**3", "0.1", "float64", 0.030000000000000002, "0.030000000000000003331"),  # of the double nearest to 0.1
    ("x**3", "0.1", "float32", 0.030000001192092896, "0.030000000894069678292"),
]


@pytest.mark.parametrize(("text", "at", "dtype", "symbolic", "exact"), SYMBOLIC)
def test_the_true_derivative_is_rounded_once(
    text: str, at: str, dtype: str, symbolic: float | None, exact: str | None
) -> None:
    row = diff(text, at=at, dtype=dtype).row("x")
    assert (row.symbolic, row.exact) == (symbolic, exact)


TOLERATED = [  # one unit in the last place always agrees; where the true derivative is 0, its terms are the scale
    ("sin(x)", "100", {"rtol": 0.0}, "agree"),
    ("exp(x)/3", "0.7", {"rtol": 0.0}, "agree"),
    ("sin(x)*exp(x)*x**3/7", "2.3", {"rtol": 0.0}, "disagree"),
    ("sin(x)*exp(x)*x**3/7", "2.3", {"rtol": 1e-15}, "agree"),
    ("sin(x)*exp(x)*x**3/7", "2.3", {"rtol": 0.0, "atol": 1e-12}, "agree"),
    ("x/3 + x/3 + x/3 - x", "7", {}, "agree"),
    ("x/3 + x/3 + x/3 - x", "7", {"rtol": 1e-17}, "disagree"),
    ("sin(x)**2 + cos(x)**2", "0.3", {"rtol": 0.0}, "agree"),
    ("gelu(x)", "-9", {"rtol": 0.1}, "agree"),
    ("exp(x)", "1000", {"atol": 1e300}, "disagree"),
]


@pytest.mark.parametrize(("text", "at", "tolerance", "verdict"), TOLERATED)
def test_what_is_tolerated(text: str, at: str, tolerance: dict[str, float], verdict: str) -> None:
    assert diff(text, at=at, **tolerance).verdict == verdict


WORST = [
    ("x + y", "x=1,y=1", "agree"),
    ("x + abs(y)", "x=1,y=0", "kink"),
    ("exp(x) + abs(y)", "x=1000,y=0", "disagree"),
    ("abs(x) + cbrt(y)", "x=0,y=0", "infinite"),
    ("cbrt(x) + floor(y)", "x=0,y=0", "infinite"),
    ("abs(x) + floor(y)", "x=0,y=0", "undefined"),
    ("x + log(y)", "x=1,y=-1", "undefined"),
    ("y**2 + abs(1 + exp(-x) - 1)", "x=1e7,y=1", "undecided"),
    ("1 + abs(y) + abs(1 + exp(-x) - 1)", "x=1e7,y=0", "kink"),  # and undecided by x
]


@pytest.mark.parametrize(("text", "at", "verdict"), WORST)
def test_the_worst_verdict_is_that_of_the_whole(text: str, at: str, verdict: str) -> None:
    assert diff(text, at=at).verdict == verdict


BLAMED = [
    ("1 + log(x - 3)*x", "1", "log(x - 3)"),
    ("sqrt(abs(x))", "0", "abs(x)"),
    ("where(x > 0, x, -x) + x", "0", "x > 0"),
    ("exp(floor(x))", "2", "floor(x)"),
    ("x**2/(x - 1)", "1", "x**2/(x - 1)"),
    ("polygamma(x, 2)*x", "1", "polygamma(x, 2)"),
    ("y = x - 1; z = abs(y); z*z + z", "1", "abs(y)"),
]


@pytest.mark.parametrize(("text", "at", "blamed"), BLAMED)
def test_the_piece_to_blame_is_the_text_of_the_user(text: str, at: str, blamed: str) -> None:
    blame = diff(text, at=at).row("x").blame
    assert blame is not None
    assert blame.text == blamed


AROUND = "the closed form holds around this point, not at it"
NOTES = [  # expression, point, closed form, note
    ("cbrt(x**3)", "0", "x**2/cbrt(x**3)**2", AROUND),  # it has no value there
    ("where(x != 1, x + 1, 2)*x", "1", "x*where(x != 1, 1, 0) + where(x != 1, x + 1, 2)", AROUND),  # another value
    ("x*abs(x)", "0", "2*abs(x)", None),
    ("x**y", "x=0,y=2", "y*x**(y - 1)", None),
    ("cbrt(x)", "0", "1/(3*cbrt(x)**2)", None),  # nor has the function a finite slope
]


@pytest.mark.parametrize(("text", "at", "formula", "note"), NOTES)
def test_a_closed_form_says_where_it_does_not_hold(text: str, at: str, formula: str, note: str | None) -> None:
    row = diff(text, at=at, wrt="x").row("x")
    assert (row.formula, row.note) == (formula, note)


EXPLANATIONS = [
    (
        "relu(x) - relu(-x)",
        "0",
        "a part of it has no slope of its own here, and autograd answers there by convention; the parts together have "
        "one, 1, and autograd's conventions add up to 0",
    ),
    ("x**1.5", "0", "the domain ends here: only the right side exists, and its slope is the one compared"),
    ("floor(x)", "2", "there is no derivative: the value jumps here"),
    ("atanh(x)", "2", "`atanh(x)` has no real value here: atanh(x) needs abs(x) < 1"),
    ("cbrt(x)", "0", "the tangent is vertical here, the slope grows without bound"),
    (
        "cbrt(x**2)",
        "0",
        "the tangent is vertical here, at a cusp: the slope goes to -inf on the left and inf on the right",
    ),
    ("acos(cos(x))", "pi", "autograd is inf: an operation divides by a number that was rounded to 0"),
    ("factorial(x)", "-2", "`factorial(x)` has no real value here: it has none at -1, -2, -3, …"),
    ("gelu(x)", "-9", "autograd is 7.32e+13 units in the last place off: more than rounding alone should cost"),
]


@pytest.mark.parametrize(("text", "at", "sentence"), EXPLANATIONS)
def test_a_verdict_is_explained_in_a_sentence(text: str, at: str, sentence: str) -> None:
    assert diff(text, at=at).row("x").explanation == sentence


HIGHER = [  # expression, order, verdict, true value, left, right; all at 0
    ("abs(x)**3", 2, "agree", 0.0, None, None),
    ("abs(x)**3", 3, "kink", None, -6.0, 6.0),
    ("abs(x)**3", 4, "undefined", None, None, None),
    ("relu(x)", 3, "undefined", None, None, None),
    ("relu(x)**3", 2, "agree", 0.0, None, None),
    ("where(x < 0, 0, x**3)", 3, "kink", None, 0.0, 6.0),
    ("x**(5/2)", 2, "agree", 0.0, None, 0.0),
    ("x**(5/2)", 3, "infinite", INF, None, INF),
    ("cbrt(x)**6", 2, "disagree", 2.0, None, None),
    ("cbrt(x)**7", 3, "infinite", INF, INF, INF),
    ("where(x == 0, 0, x**3*sin(1/x))", 2, "undefined", None, None, None),
    ("where(x == 0, 0, exp(-1/x**2))", 2, "disagree", 0.0, None, None),
    ("max(x, 0)**2 + min(x, 0)**2", 2, "disagree", 2.0, None, None),
]


@pytest.mark.parametrize(("text", "order", "verdict", "true", "left", "right"), HIGHER)
def test_a_higher_derivative_at_a_special_point(
    text: str, order: int, verdict: str, true: float | None, left: float | None, right: float | None
) -> None:
    row = diff(text, at=0, order=order).row("x")
    assert (row.verdict, row.symbolic, row.left, row.right) == (verdict, true, left, right)


def test_a_corner_of_a_higher_derivative_is_told_as_such() -> None:
    explanation = diff("abs(x)**3", at=0, order=3).row("x").explanation
    assert explanation is not None
    assert explanation.startswith("the graph of the derivative of order 2 has a corner here: its slope is -6 on the")


def test_what_no_precision_decides_is_undecided_and_says_so() -> None:
    row = diff("where(1 + exp(-x) > 1, x, 2*x)", at="1e7").gradient["x"]
    assert (row.verdict, row.symbolic, row.autograd, row.blame.text) == ("undecided", None, 2.0, "1 + exp(-x) > 1")
    assert "`1 + exp(-x) > 1` is not decided: with 524,288 bits" in row.explanation


@pytest.mark.parametrize("failure", [Exhausted(), LimitError("an intermediate value is too large")])
def test_an_answer_stands_without_its_explanation(failure: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise failure

    monkeypatch.setattr(diagnose, "found", fail)
    monkeypatch.setattr(checked, "candidates", fail)
    monkeypatch.setattr(corner, "one_sided", fail)
    row = diff("log(1 + exp(x))", at=1000).row("x")
    assert (row.verdict, row.reason, row.diagnosis) == ("disagree", "nan", None)
    tie = diff("max(x, y)", at="x=1,y=1")
    assert (tie.verdict, tie.corner) == ("kink", None)


ROUNDED = [  # what is said of the place that the point was rounded from
    ("tan(x)", "pi/2", "x was rounded from pi/2; exactly there `tan(x)` has no real value: cos(x) is 0 there"),
    ("y*sec(x)", "x=pi/2,y=2", "x was rounded from pi/2; exactly there `sec(x)` has no real value: cos(x) is 0 there"),
    (
        "1/sin(x)",
        "pi",
        "x was rounded from pi; exactly there `1/sin(x)` has no real value: nothing can be divided by 0",
    ),
    ("abs(sin(x))", "pi", "x was rounded from pi; exactly there `abs(sin(x))` has a corner or a jump"),
    ("sqrt(sin(x))", "pi", "x was rounded from pi; exactly there `sqrt(sin(x))` has a vertical tangent"),
    (
        "log(x - 0.1)",
        "0.1",
        "x was rounded from 0.1; exactly there `log(x - 0.1)` has no real value: log(x) needs x > 0",
    ),
    ("log(x**2 - 2)", "sqrt(3 - 1)", "x was rounded from sqrt(3 - 1); exactly there `log(x**2 - 2)` has no real value"),
    ("floor(10*x)", "0.3", "x was rounded from 0.3; exactly there `floor(10*x)` has a corner or a jump"),
    ("1/(x + y - 1)", "x=0.1,y=0.9", "x was rounded from 0.1, y was rounded from 0.9; exactly there `1/(x + y - 1)`"),
    ("sin(x)", "pi/2", None),
    ("abs(x - 0.5)", "0.25", None),
    ("tan(x)*y", "x=1,y=0.1", None),
    ("1/x", "0.1", None),
]


@pytest.mark.parametrize(("text", "at", "said"), ROUNDED)
def test_it_is_told_what_the_function_does_where_the_point_was_rounded_from(
    text: str, at: str, said: str | None
) -> None:
    found = diff(text, at=at).rounding
    assert found is None if said is None else found is not None and found.startswith(said)
