"""The critical points of functions of one variable: every one, in order, and what each is."""

from __future__ import annotations

import math
import random

import mpmath
import pytest
import sympy

from gradcalc.answers.audit import subdivision
from gradcalc.answers.critical.records import CriticalPoints
from gradcalc.answers.critical.search import critical_points

PI, MIN, MAX, BEND = math.pi, "minimum", "maximum", "inflection"
ROOT2 = 2**0.5
T = sympy.Symbol("t")


def found(text: str, low: float = -3, high: float = 3, at: tuple[str, ...] = ()) -> CriticalPoints:
    return critical_points(text, [f"x={low!r}:{high!r}"], at=at, timeout=60)


def places(result: CriticalPoints) -> list[tuple[float, str]]:
    return [(one.at["x"], str(one.kind)) for one in result.points]


POINTS = [
    ("x**2", [(0, MIN)]),
    ("x**3 - 3*x", [(-1, MAX), (1, MIN)]),
    ("x**4", [(0, MIN)]),
    ("-x**6", [(0, MAX)]),
    ("x**3", [(0, BEND)]),
    ("x - sin(x)", [(0, BEND)]),
    ("sin(x)", [(-PI / 2, MIN), (PI / 2, MAX)]),
    ("cos(x) + x/2", [(PI / 6, MAX), (5 * PI / 6, MIN)]),
    ("x*exp(-x**2)", [(-ROOT2 / 2, MIN), (ROOT2 / 2, MAX)]),
    ("x + 1/x", [(-1, MAX), (1, MIN)]),
    ("exp(x)/x", [(1, MIN)]),
    ("tan(x)", []),
    ("log(x) - x", [(1, MAX)]),
    ("x**2*(x - 1)**3", [(0, MAX), (0.4, MIN), (1, BEND)]),
    ("(x**2 - 1)**4", [(-1, MIN), (0, MAX), (1, MIN)]),
    ("gamma(x + 4)", [(1.4616321449683622 - 4, MIN)]),
    ("sqrt(x - x**2)", [(0.5, MAX)]),
    ("x*abs(x)", [(0, BEND)]),
    ("huber(x - 1, 0)", [(1, MIN)]),
    ("exp(x)", []),
    ("sigmoid(x)*x", [(-1.2784645427610738, MIN)]),
    ("log(1 + x**2)", [(0, MIN)]),
    ("atan(x) - x/2", [(-1, MIN), (1, MAX)]),
    ("max(x, -x)**3", [(0, MIN)]),
    ("abs(x - 1) + 1/x", []),  # the derivative's fraction, multiplied out, is 0 at -1 too: on the other branch
    ("abs(x - 1) + x**2/4", []),
    ("sqrt((x - 1)**2) + x**2/4", []),
    ("abs(x - 1) - 1/x", [(-1, MIN)]),
]


@pytest.mark.parametrize(("text", "points"), POINTS)
def test_every_critical_point_is_found(text: str, points: list[tuple[float, str]]) -> None:
    result = found(text)
    assert [(pytest.approx(at, abs=1e-15), kind) for at, kind in places(result)] == points
    assert result.complete


def test_the_points_of_many_periods() -> None:
    points = places(found("sin(x)", 0, 60))
    with mpmath.workdps(40):
        assert points == [(float((k + 0.5) * mpmath.pi), MIN if k % 2 else MAX) for k in range(19)]


BREAKS = [
    ("abs(x)", [(0, "kink", MIN)]),
    ("1 - abs(x - 0.3)", [(0.3, "kink", MAX)]),
    ("cbrt(x**2)", [(0, "the slope is infinite", MIN)]),
    ("abs(x**2 - 1)", [(-1, "kink", MIN), (1, "kink", MIN)]),
    ("max(x, 2*x)", [(0, "kink", None)]),  # it rises on both sides
    ("cbrt(x)", [(0, "the slope is infinite", None)]),
    ("1/x", [(0, "a pole", None)]),
    ("where(x > 0, x, x + 1)", [(0, "a jump", None)]),
]


@pytest.mark.parametrize(("text", "breaks"), BREAKS)
def test_where_there_is_no_derivative_and_whether_it_is_an_extremum(
    text: str, breaks: list[tuple[float, str, str | None]]
) -> None:
    assert [(one.at["x"], one.what, one.kind) for one in found(text).breaks] == breaks


FLAT = [
    ("3", [(-3, 3)]),
    ("x - x", [(-3, 3)]),
    ("relu(x)", [(-3, 0)]),
    ("relu(x)**2", [(-3, 0)]),
    ("clamp(x, -1, 1)", [(-3, -1), (1, 3)]),
    ("floor(x/2)", [(-3, -2), (-2, 0), (0, 2), (2, 3)]),
]


@pytest.mark.parametrize(("text", "pieces"), FLAT)
def test_pieces_on_which_every_point_is_critical(text: str, pieces: list[tuple[float, float]]) -> None:
    result = found(text)
    assert [(one.first["x"], one.last["x"]) for one in result.flat] == pieces
    assert result.complete
    assert result.points == ()


ENDS = [
    ("x**2", 0, 1, [(0, MIN)]),  # at the end of the range
    ("x**2", 0.5, 1, []),
    ("cos(x)", 0, 1, [(0, MAX)]),
    ("x**2 - 2*x", -1, 1, [(1, MIN)]),
]


@pytest.mark.parametrize(("text", "low", "high", "points"), ENDS)
def test_the_ends_belong_to_the_range(text: str, low: float, high: float, points: list[tuple[float, str]]) -> None:
    assert places(found(text, low, high)) == points


EXACT = [
    ("x**3 - x", ["-sqrt(3)/3", "sqrt(3)/3"]),
    ("x*exp(-x**2)", ["-sqrt(2)/2", "sqrt(2)/2"]),
    ("sin(x)", ["-pi/2", "pi/2"]),
    ("exp(x) - 3*x", ["log(3)"]),
    ("3*x**2 - 2*x", ["1/3"]),
    ("x**5/5 - x**2/2 + x/10 + 1", [None, None]),
]


@pytest.mark.parametrize(("text", "forms"), EXACT)
def test_the_closed_form_where_it_is_proven(text: str, forms: list[str | None]) -> None:
    assert [one.exact["x"] for one in found(text).points] == forms


def test_other_variables_have_their_values() -> None:
    assert places(found("x**2 + y*x", at=("y=3",))) == [(-1.5, MIN)]


@pytest.mark.parametrize("text", ["abs(sin(1/x))", "x**3*sin(1/x)", "exp(x - x**2/2 - 1/2)*(1 + x**2) - erf(x)"])
def test_what_is_left_open_is_named_or_everything_is_proven(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subdivision, "MOST_PIECES", 150)
    result = found(text, -1, 1)
    assert result.complete or all(one.quantities for one in result.undecided)


def test_random_polynomials_have_the_critical_points_that_they_were_made_with() -> None:
    draw = random.Random(3)
    for _ in range(15):
        roots = sorted({draw.randint(-20, 20) for _ in range(3)})
        slope = "*".join(f"(t - {root}/10)**{draw.choice((1, 2, 3))}" for root in roots)
        text = str(sympy.integrate(sympy.sympify(slope), T)).replace("t", "x")
        assert [round(at * 10, 9) for at, _ in places(found(text))] == roots
