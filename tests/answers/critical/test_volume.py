"""The critical points of functions of several variables: every one in the box, and what each is."""

from __future__ import annotations

from collections import Counter

import pytest

from gradcalc.answers.critical.records import CriticalPoints
from gradcalc.answers.critical.search import critical_points
from gradcalc.engines.exact.definiteness import inertia
from gradcalc.engines.exact.interval import Interval

MIN, MAX, SADDLE, OPEN = "minimum", "maximum", "saddle", "undecided"


def found(text: str, box: str) -> CriticalPoints:
    return critical_points(text, [box], timeout=60)


def places(result: CriticalPoints) -> list[tuple[tuple[float, ...], str]]:
    return [(tuple(one.at.values()), str(one.kind)) for one in result.points]


SQUARE = "x=-2:2,y=-2:2"
POINTS = [
    ("x**2 + y**2", SQUARE, [((0, 0), MIN)]),
    ("x*y", SQUARE, [((0, 0), SADDLE)]),
    ("(1 - x)**2 + 100*(y - x**2)**2", SQUARE, [((1, 1), MIN)]),
    ("x**3 - 3*x + y**2", SQUARE, [((-1, 0), SADDLE), ((1, 0), MIN)]),
    ("x**3 - 3*x + y**3 - 3*y", SQUARE, [((-1, -1), MAX), ((-1, 1), SADDLE), ((1, -1), SADDLE), ((1, 1), MIN)]),
    ("x**3*y**2*(6 - x - y)", "x=1:6,y=1:6", [((3, 2), MAX)]),
    ("exp(-x**2 - y**2)*(x + y)", SQUARE, [((-0.5, -0.5), MIN), ((0.5, 0.5), MAX)]),
    ("x**4 + y**4", SQUARE, [((0, 0), OPEN)]),
    ("x**2 + y**2", "x=0:1,y=0:1", [((0, 0), MIN)]),
    ("x**2 + y**2", "x=0.5:1,y=0:1", []),
    ("exp(x) + y", SQUARE, []),
    ("log(x) + log(y) - x - y", "x=-1:3,y=-1:3", [((1, 1), MAX)]),
]  # fmt: skip
SPACE = [((-2, -2, -2), SADDLE), ((-2, 2, 2), SADDLE), ((0, 0, 0), MIN), ((2, -2, 2), SADDLE), ((2, 2, -2), SADDLE)]
POINTS += [("x*y*z + x**2 + y**2 + z**2", "x=-3:3,y=-3:3,z=-3:3", SPACE)]


@pytest.mark.parametrize(("text", "box", "points"), POINTS)
def test_every_critical_point_is_found(text: str, box: str, points: list[tuple[tuple[float, ...], str]]) -> None:
    result = found(text, box)
    assert places(result) == points
    assert result.complete


def test_what_is_cancelled_below_makes_no_line_of_critical_points() -> None:
    rest = "(1 - p - q)"
    result = found(f"-p*log(p) - q*log(q) - {rest}*log{rest}", "p=0.2:0.7,q=0.2:0.7")  # an entropy
    assert (result.remarks, [(one.exact, one.kind) for one in result.points]) == (
        (), [({"p": "1/3", "q": "1/3"}, MAX)],
    )  # fmt: skip


DATA = [  # a likelihood, or a sum of squares, of data in arrays; the range, the data, and where the maximum is
    ("sum(x*log(p) + (1 - x)*log(1 - p))", "p=0:1", {"x": [1, 0, 1, 1]}, {"p": "0.75"}),
    ("sum(log(k) - k*x)", "k=0.01:5", {"x": [2.5, 1.8, 3.2]}, {"k": "0.4"}),
    ("n*log(k) - k*sum(x)", "k=0.01:5", {"n": 3, "x": [2.5, 1.8, 3.2]}, {"k": "0.4"}),
    ("-sum((y - a - b*x)^2)", "a=-5:5,b=-5:5", {"x": [1, 2, 3], "y": [2.1, 3.4, 4.5]}, {"a": "14/15", "b": "1.2"}),
    ("-(y - a*x) @ (y - a*x)", "a=-5:5", {"x": [1, 2], "y": [2, 3]}, {"a": "1.6"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "box", "data", "at"), DATA)
def test_data_in_arrays(text: str, box: str, data: dict[str, object], at: dict[str, str]) -> None:
    result = critical_points(text, [box], at=data, timeout=60)
    assert [(one.exact, one.kind) for one in result.points] == [(at, MAX)]
    assert result.complete
    assert result.fixed.keys() == data.keys()


LAGRANGIANS = [  # with what the points are where the constraints hold
    ("x*y - λ*(x^2 + y^2 - 1)", "x=-3:3,y=-3:3,λ=-5:5", [MAX, MIN, MIN, MAX]),
    ("x^2 + y^2 + z^2 - lam*(x + y + z - 12)", "x=-9:9,y=-9:9,z=-9:9,lam=-20:20", [MIN]),
    ("x^2 - y^2 + z - lam*z", "x=-1:1,y=-1:1,z=-1:1,lam=-5:5", [SADDLE]),
    ("3*x - lam*(x + y + z - 1) - mu*(x^2 + y^2 + z^2 - 1)", "x=-2:2,y=-2:2,z=-2:2,lam=-9:9,mu=-9:9", [MIN, MAX]),
    ("x*a - b*(x - a)", "x=-1:1,a=-1:1,b=-1:1", [None]),  # b may be anything
]


@pytest.mark.parametrize(("text", "box", "kinds"), LAGRANGIANS)
def test_where_a_constraint_holds(text: str, box: str, kinds: list[str | None]) -> None:
    result = found(text, box)
    assert [one.constrained for one in result.points] == kinds
    assert {str(one.kind) for one in result.points} == {SADDLE}
    assert result.complete


CASES = [  # constrained, how many points of each kind there, and what is critical as a whole
    ("x*y*z - lam*(x + y + z - 1)", "x=0:1,y=0:1,z=0:1,lam=-1:1", {SADDLE: 3, MAX: 1}, 0),
    ("x^2*y^2*z^2 - lam*(x^2 + y^2 + z^2 - 1)", "x=-2:2,y=-2:2,z=-2:2,lam=-2:2", {MAX: 8}, 3),
    ("x^4 + y^4 + z^4 - lam*(x^2 + y^2 + z^2 - 1)", "x=-2:2,y=-2:2,z=-2:2,lam=-3:3", {MAX: 6, MIN: 8, SADDLE: 12}, 0),
    ("x*y*z - lam*(x*y + 2*x*z + 2*y*z - 12)", "x=0:5,y=0:5,z=0:5,lam=-5:5", {MAX: 1}, 0),
    ("x*y*z - lam*(x^2 + 2*y^2 + 3*z^2 - 6)", "x=-3:3,y=-3:3,z=-3:3,lam=-5:5", {MIN: 4, MAX: 4, SADDLE: 6}, 0),
    ("a*b*c*d - lam*(a + b + c + d - 4)", "a=-5:5,b=-5:5,c=-5:5,d=-5:5,lam=-9:9", {MAX: 1}, 6),
    ("x*y + y*z - lam*(x*y - 1) - mu*(y^2 + z^2 - 1)", "x=-9:9,y=-3:3,z=-3:3,lam=-5:5,mu=-5:5", {MAX: 2, MIN: 2}, 0),
]  # fmt: skip


@pytest.mark.parametrize(("text", "box", "kinds", "curves"), CASES)
def test_polynomials_in_many_unknowns_are_solved_case_by_case(
    text: str, box: str, kinds: dict[object, int], curves: int
) -> None:
    result = found(text, box)
    assert Counter(one.constrained for one in result.points) == kinds
    assert sum(one.startswith("every point where") for one in result.remarks) == curves
    assert result.complete


def test_the_nine_points_of_himmelblau() -> None:  # Himmelblau, Applied Nonlinear Programming, 1972
    result = found("(x**2 + y - 11)**2 + (x + y**2 - 7)**2", "x=-5:5,y=-5:5")
    kinds = [kind for _, kind in places(result)]
    assert (kinds.count(MIN), kinds.count(SADDLE), kinds.count(MAX)) == (4, 4, 1)
    assert ((3.0, 2.0), MIN) in places(result)
    assert result.complete


REMARKS = [
    ("x**2*y**2", SQUARE, {"every point where `x` is 0 is critical", "every point where `y` is 0 is critical"}, []),
    ("(x**2 + y**2 - 1)**2", SQUARE, {"every point where `x**2 + y**2 - 1` is 0 is critical"}, [((0, 0), MAX)]),
    ("x**2", SQUARE, {"the function does not change with `y`: a critical point is one for every value"}, [((0,), MIN)]),
    ("where(x > 0, x, x + 1) + y**2", SQUARE,
     {"where `x` is 0 the function may jump, and extrema there are not looked for"}, []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "box", "remarks", "points"), REMARKS)
def test_what_is_no_point_is_said(text: str, box: str, remarks: set[str], points: list[object]) -> None:
    result = found(text, box)
    assert (set(result.remarks), places(result)) == (remarks, points)
    assert result.complete


def test_of_a_constant_every_point_is_critical() -> None:
    (piece,) = found("3", SQUARE).flat
    assert (piece.first, piece.last) == ({"x": -2.0, "y": -2.0}, {"x": 2.0, "y": 2.0})


BREAKS = [
    ("abs(x) + y**2", {"x": 0.0, "y": 0.0}),
    ("hypot(x - 1, y)", {"x": 1.0, "y": 0.0}),
    ("max(x, y) + x**2 + y**2", {"x": -0.25, "y": -0.25}),
    ("abs(x) + abs(y) + x/2", {"x": 0.0, "y": 0.0}),
]


@pytest.mark.parametrize(("text", "at"), BREAKS)
def test_a_corner_that_may_be_an_extremum_is_named(text: str, at: dict[str, float]) -> None:
    result = found(text, SQUARE)
    assert [one.at for one in result.breaks] == [at]
    assert result.points == ()


def test_what_is_left_open_is_named() -> None:
    result = found("x**3 - 3*x*y**2 + abs(x*y)*sin(x)", SQUARE)
    assert result.verdict == ("undecided" if result.undecided else None)


SIGNS = [  # of the eigenvalues: how many are negative and positive
    ([[2, 0], [0, 3]], (0, 2)),
    ([[0, 1], [1, 0]], (1, 1)),
    ([[-2, 1], [1, -2]], (2, 0)),
    ([[1, 2, 0], [2, 1, 0], [0, 0, -5]], (2, 1)),
    ([[0, 1, 0], [1, 0, 1], [0, 1, 7]], (1, 2)),
    ([[1, 1], [1, 1]], None),
    ([[0, 0], [0, 0]], None),
]


@pytest.mark.parametrize(("rows", "signs"), SIGNS)
def test_the_signs_of_eigenvalues(rows: list[list[float]], signs: tuple[int, int] | None) -> None:
    assert inertia([[Interval.between(one, one) for one in row] for row in rows]) == signs
