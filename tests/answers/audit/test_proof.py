"""What is proven of a range: every place where a function breaks, every piece without a value, and what is left."""

from __future__ import annotations

import itertools
import math
import random

import mpmath
import pytest

from gradcalc.answers.audit import subdivision
from gradcalc.answers.audit.proof import Between, proven
from gradcalc.answers.audit.subdivision import subdivided
from gradcalc.base.limits import Limits, time_limit
from gradcalc.engines.exact.interval import Interval
from gradcalc.inputs.pose import pose
from gradcalc.inputs.question import asked
from tests import reference

PI, KINK, JUMP, POLE, STEEP = math.pi, "kink", "a jump", "a pole", "the slope is infinite"
HOLE = "no value at this one point"


def found(text: str, low: float, high: float, at: tuple[str, ...] = ()) -> Between:
    """What is proven of a function of x."""
    with time_limit(60):
        return proven(asked(text, at=[f"x={low!r}", *at]), "x", (low, high))


PLACES = [
    ("sqrt((x - 0.3)**2)", 0, 1, [(0.3, KINK)]),
    ("abs(x - 1/3)", 0, 1, [(1 / 3, KINK)]),
    ("sqrt(x*x)", -1, 1, [(0, KINK)]),
    ("max(x, x**2)", -1, 2, [(0, KINK), (1, KINK)]),
    ("1/(x - 0.1)", 0, 1, [(0.1, POLE)]),
    ("1/(x**3 - x)", -2, 2.5, [(-1, POLE), (0, POLE), (1, POLE)]),
    ("tan(x)", 0, 9, [(PI / 2, POLE), (3 * PI / 2, POLE), (5 * PI / 2, POLE)]),
    ("floor(x)", 0.5, 3.5, [(1, JUMP), (2, JUMP), (3, JUMP)]),
    ("ceil(2*x)", 0.1, 1.1, [(0.5, JUMP), (1, JUMP)]),
    ("round(x)", 0, 2, [(0.5, JUMP), (1.5, JUMP)]),
    ("frac(x)", -1.5, 1.5, [(-1, JUMP), (1, JUMP)]),
    ("sqrt(x)", 0, 1, [(0, STEEP)]),
    ("cbrt(x - 0.7)", 0, 1, [(0.7, STEEP)]),
    ("x**(1/3)", 0, 1, [(0, STEEP)]),
    ("log(x**2 - 2*x + 1)", 0, 3, [(1, POLE)]),
    ("log(1 + sin(x))", -3, 6, [(-PI / 2, POLE), (3 * PI / 2, POLE)]),
    ("sqrt(1 - cos(x))", -1, 7, [(0, KINK), (2 * PI, KINK)]),
    ("abs(1 - cos(x))", -1, 7, []),
    ("where(x > 0.3, x**2, x)", 0, 1, [(0.3, JUMP)]),
    ("where(x > 0.3, x, 0.6 - x)", 0, 1, [(0.3, KINK)]),
    ("where(x > 0.3, x**2, x*x)", 0, 1, []),
    ("where(x > 0, where(x > 1, 2*x, x + 1), exp(x))", -1, 2, [(1, KINK)]),
    ("hypot(x - 0.3, x**2 - 0.09)", -1, 1, [(0.3, KINK)]),
    ("abs(x) + sqrt(abs(x))", -1, 1, [(0, STEEP)]),
    ("abs(abs(x) - 0.25)", -1, 1, [(-0.25, KINK), (0, KINK), (0.25, KINK)]),
    ("abs(x**2 - 2)", 0, 2, [(2**0.5, KINK)]),
    ("sqrt((x**2 - 2)**2)", 0, 2, [(2**0.5, KINK)]),
    ("abs(x**3 - 3*x**2 + 3*x - 1)", 0, 3, []),
    ("abs(cos(x) - x)", 0, 1, [(0.7390851332151607, KINK)]),
    ("sin(x)/x", -1, 2, [(0, HOLE)]),
    ("(x**2 - 0.09)/(x - 0.3)", 0, 1, [(0.3, HOLE)]),
    ("relu(x - 0.3)**2", 0, 1, []),
    ("huber(x, 0)", -2, 2, []),
    ("x*abs(x)", -1, 1, []),
    ("gamma(x)", -2.5, 3, [(-2, POLE), (-1, POLE), (0, POLE)]),
    ("atan(1/x)", -1, 1, [(0, JUMP)]),
    ("exp(1/x)", -1, 1, [(0, POLE)]),
    ("exp(1/x**2)", -1, 1, [(0, POLE)]),
    ("exp(sin(x))*x**2", -5, 5, []),
    ("sigmoid(x)*tanh(x**3) - silu(x)", -30, 30, []),
    ("x**2", -1e300, 1e300, []),
    ("abs(x - x)", 0, 1, []),
    ("2**x + e**x", -50, 50, []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "low", "high", "places"), PLACES)
def test_every_place_is_found(text: str, low: float, high: float, places: list[tuple[float, str]]) -> None:
    between = found(text, low, high)
    assert [(one.at["x"], one.what) for one in between.breaks] == places
    assert between.undecided == ()


def test_the_kinks_of_many_periods_are_all_found() -> None:
    between = found("abs(sin(x))", 0, 200)
    with mpmath.workdps(40):
        assert [one.at["x"] for one in between.breaks] == [float(k * mpmath.pi) for k in range(64)]
    assert {(one.left, one.right) for one in between.breaks} == {(-1.0, 1.0)}


GAPS = [
    ("log(x)", -1, 1, [(-1, 0)]),
    ("sqrt(x**2 - 1e-6)", -1, 1, [(-0.001, 0.001)]),
    ("sqrt(x - sin(x))", -1, 1, [(-1, 0)]),
    ("log(tan(x))", 1, 5, [(PI / 2, PI), (3 * PI / 2, 5)]),
    ("acos(2*x)", -1, 1, [(-1, -0.5), (0.5, 1)]),
    ("sqrt(abs(x - 0.3) - 1e-9)", 0, 1, [(0.299999999, 0.300000001)]),
    ("log(-x**2 - 1)", -1, 1, [(-1, 1)]),
    ("x**1.5", -1, 1, [(-1, 0)]),
]


@pytest.mark.parametrize(("text", "low", "high", "gaps"), GAPS)
def test_every_gap_is_found(text: str, low: float, high: float, gaps: list[tuple[float, float]]) -> None:
    between = found(text, low, high)
    assert [(one.first["x"], one.last["x"]) for one in between.gaps] == gaps
    assert between.undecided == ()


def test_other_variables_have_their_values() -> None:
    (kink,) = found("abs(x - y)", 0, 1, ("y=0.3",)).breaks
    assert kink.at == {"x": 0.3}


LEFT = [  # near what is left open
    ("abs(sin(1/x))", -1, 1, 0.0),
    ("floor(1/x)", -1, 1, 0.0),
    ("abs(x - sin(x) - x**3/6)", -1, 1, 0.0),
    ("sqrt(exp(x) - 2*x - 2 + 2*log(2))", 0, 1, 0.6931471805599453),
]


@pytest.mark.parametrize(("text", "low", "high", "near"), LEFT)
def test_what_is_not_decided_is_named(
    text: str, low: float, high: float, near: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subdivision, "MOST_PIECES", 300)
    between = found(text, low, high)
    assert not between.followed
    assert any(one.first["x"] <= near <= one.last["x"] for one in between.undecided)
    assert all(one.quantities for one in between.undecided)


def test_the_zeros_of_random_products_are_all_found() -> None:
    draw = random.Random(5)
    for _ in range(20):
        roots = sorted({draw.randint(-50, 50) for _ in range(4)})
        factors = [f"(x - {root}/10)**{draw.randint(1, 3)}" for root in roots]
        zeros = subdivided(pose(f"1/({'*'.join(factors)})", Limits()).root, "x", Interval.between(-6, 6)).zeros
        assert [round(float(zero.where.low) * 10) for zero in zeros] == roots


SMOOTH = [
    "abs(sin(x)) + floor(x/2)",
    "sqrt((x**2 - 3)**2)*tan(x)",
    "max(sin(x), cos(2*x), x/4)",
    "log(abs(x**2 - x - 1))",
]


@pytest.mark.parametrize("text", SMOOTH)
def test_between_the_places_the_slope_is_continuous(text: str) -> None:
    places = [-3.0, *(one.at["x"] for one in found(text, -3, 3).breaks), 3.0]
    root = pose(text, Limits()).root
    draw = random.Random(text)
    with mpmath.workdps(60):
        for low, high in itertools.pairwise(places):
            for _ in range(20):
                at, step = low + (high - low) * draw.uniform(0.01, 0.99), mpmath.mpf(10) ** -20
                near = [reference.evaluate(root, {"x": at + k * step}) for k in (-1, 0, 1)]
                assert abs(near[2] - 2 * near[1] + near[0]) < mpmath.mpf(10) ** -32 * (1 + abs(near[1]))
