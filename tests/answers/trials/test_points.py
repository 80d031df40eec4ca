"""The points that a function is looked at: inside its domain, off its kinks, simple ones first, always the same."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from gradcalc.answers.trials.candidates import neighbours
from gradcalc.answers.trials.points import FEW, MOST, sample, samples
from gradcalc.base.errors import LimitError
from gradcalc.base.limits import Limits
from gradcalc.engines.exact.at_point import value
from gradcalc.inputs.pose import pose
from gradcalc.problem.problem import Problem


def posed(expression: str, wrt: str | None = None) -> Problem:
    """The problem of an expression."""
    return pose(expression, Limits(), wrt=wrt)


def points(expression: str) -> list[dict[str, float]]:
    """The points of an expression."""
    return [dict(one.point) for one in samples(posed(expression))]


FIRST = [
    ("sin(x)", [{"x": 1.0}, {"x": 2.0}, {"x": 3.0}, {"x": 0.0}, {"x": -1.0}]),
    ("log(x)", [{"x": 1.0}, {"x": 2.0}, {"x": 3.0}, {"x": 0.5}, {"x": 1.5}]),
    ("abs(x)", [{"x": 1.0}, {"x": 2.0}, {"x": 3.0}, {"x": -1.0}, {"x": 0.5}]),
    ("floor(x)", [{"x": 0.5}, {"x": 1.5}, {"x": -0.5}, {"x": 0.25}, {"x": -1.5}]),
    ("asin(x)", [{"x": 0.0}, {"x": 0.5}, {"x": -0.5}, {"x": 0.25}, {"x": -0.25}]),
    ("x*y", [{"x": 1.0, "y": 2.0}, {"x": 2.0, "y": 3.0}, {"x": 3.0, "y": 0.0}, {"x": 0.0, "y": -1.0}]),
    ("sqrt(x - y)", [{"x": 3.0, "y": 0.0}, {"x": 0.0, "y": -1.0}, {"x": 0.5, "y": -2.0}, {"x": 1.5, "y": -0.5}]),
    ("acosh(x - 50)", [{"x": 52.0}]),
    ("sqrt(x - 1000)*sqrt(1001 - x)", [{"x": 1000.5}]),
    ("log(log(log(log(log(x)))))", [{"x": 1e7}, {"x": 1e8}, {"x": 1e9}]),
    ("5", [{}]),
]


@pytest.mark.parametrize(("expression", "first"), FIRST)
def test_the_simplest_points_of_the_domain_come_first(expression: str, first: list[dict[str, float]]) -> None:
    assert points(expression)[: len(first)] == first


COUNTS = [
    ("sin(x)", MOST),
    ("x*y*z", MOST),
    ("acosh(x)", 10),
    ("sqrt(1 - a**2 - b**2 - c**2 - d**2)", 10),
    ("acosh(sin(x) + 0.001)", 8),
    ("sqrt(1 - (x - 7)**2 - (y + 300)**2)", 6),
    ("log(-abs(x*y - 37) + 0.01)", 3),
    ("sqrt(sin(x) - 0.99999)*sqrt(cos(y) - 0.9999)", 6),
    ("asin(exp(exp(x)) + 1000000*x)", 8),
    ("+".join(f"{k}*x" for k in range(2, 4000)), FEW),
]


@pytest.mark.parametrize(("expression", "least"), COUNTS)
def test_a_domain_is_found_however_thin(expression: str, least: int) -> None:
    problem = posed(expression)
    found = samples(problem, steps=10**8)
    assert len(found) >= least
    assert None not in [value(problem.root, one.point) for one in found]


NOWHERE = ["sqrt(-1 - x**2)", "sqrt(-x**2)", "log(-abs(x))", "asin(2 + x**2)", "1/(x - x)"]


@pytest.mark.parametrize("expression", NOWHERE)
def test_a_function_that_is_smooth_nowhere_has_no_points(expression: str) -> None:
    assert samples(posed(expression)) == []


def test_points_have_both_signs_and_several_magnitudes() -> None:
    numbers = [point["x"] for point in points("sin(x)")]
    assert min(numbers) < -1
    assert max(numbers) > 1
    assert min(map(abs, numbers)) < 0.5


PIECES = [
    ("where(x > 17, x, 0)", 0, 17),
    ("where(x > 17, where(x < 19, x, 2), 0)", 17, 19),
    ("where(x < -250, 1, x)", -1000, -250),
    ("max(x - 40, 0)", 40, 1000),
    ("where(x == 5, 1, where(x > 1e6, 2, 3))", 1e6, 1e9),
]


@pytest.mark.parametrize(("expression", "low", "high"), PIECES)
def test_each_piece_of_a_piecewise_function_has_a_point(expression: str, low: float, high: float) -> None:
    assert [number for point in points(expression) if low < (number := point["x"]) < high] != []


def test_numbers_of_the_proposed_gradient_count_too() -> None:
    proposed = posed("where(x > 300, 1, 2)").root
    assert max(one.point["x"] for one in samples(posed("x**2"), [proposed])) > 300


def test_no_point_comes_twice() -> None:
    found = points("acosh(sin(x) + 0.001)")
    assert len({point["x"] for point in found}) == len(found)


def test_the_points_do_not_depend_on_the_run() -> None:
    program = (
        "from gradcalc.base.limits import Limits; from gradcalc.inputs.pose import pose;"
        "from gradcalc.answers.trials.points import samples;"
        "print([dict(one.point) for one in samples(pose('acosh(sin(x*y) + 0.01) + 3*x', Limits()))])"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", program], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1]


def test_a_sample_has_the_true_slopes() -> None:
    found = sample(posed("x**2*y"), {"x": 3.0, "y": 5.0})
    assert found is not None
    assert {name: slope.text for name, slope in found.slopes.items()} == {
        "x": "30.000000000000000000",
        "y": "9.0000000000000000000",
    }


SMOOTH_ALL_THE_SAME = [("relu(relu(x))", -1.0, "0"), ("min(x, x)", 3.0, "1.0"), ("x*abs(x)", 0.0, "0")]


@pytest.mark.parametrize(("expression", "x", "slope"), SMOOTH_ALL_THE_SAME)
def test_a_kink_without_a_corner_is_a_sample(expression: str, x: float, slope: str) -> None:
    found = sample(posed(expression), {"x": x})
    assert found is not None
    assert found.special
    assert found.slopes["x"].text.startswith(slope)


NOT_SMOOTH = [
    ("abs(x)", {"x": 0.0}),
    ("log(x)", {"x": -1.0}),
    ("sqrt(x)", {"x": 0.0}),
    ("floor(x)", {"x": 3.0}),
    ("cbrt(x)", {"x": 0.0}),
    ("exp(exp(x))", {"x": 1e6}),
]


@pytest.mark.parametrize(("expression", "point"), NOT_SMOOTH)
def test_a_kink_an_edge_and_a_number_too_large_are_no_sample(expression: str, point: dict[str, float]) -> None:
    assert sample(posed(expression), point) is None


def test_neighbours_lie_on_both_sides_and_off_the_diagonal() -> None:
    above, below = neighbours({"x": 2.0, "y": 2.0})
    assert above["x"] > 2 > below["x"]
    assert above["x"] != above["y"]
    assert max(abs(above["x"] - 2), abs(above["y"] - 2)) < 1e-5


def test_a_search_that_takes_too_long_is_a_limit() -> None:
    with pytest.raises(LimitError, match=re.escape("no point of the domain is found in the time there is")):
        samples(posed("sqrt(-1 - x**2 - y**2 - z**2)"), steps=5_000)
