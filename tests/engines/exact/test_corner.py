"""Where a function of several variables has no gradient, and along which directions it breaks."""

from __future__ import annotations

import pytest

from gradcalc import diff

EXPLAINED = [  # expression, point, what is said of it
    ("max(x, y)", "x=1,y=1",
     "as (x, y) moves, it breaks along every direction in which `x - y` changes, and along no other: "
     "along (1, 1) its slope is 1"),
    ("max(x**2, y)", "x=3,y=9",
     "as (x, y) moves, it breaks along every direction in which `x**2 - y` changes, and along no other: "
     "along (1, 6) its slope is 6"),
    ("abs(exp(1)*x - y) + 2*x", "x=0,y=0",
     "as (x, y) moves, it breaks along every direction in which `exp(1)*x - y` changes, and along no other: "
     "along (0.367879, 1) its slope is 0.735759"),
    ("relu(w*x + b)", "w=1,x=-1,b=1",
     "as (w, x, b) moves, it breaks along every direction in which `w*x + b` changes, and along no other: "
     "along (1, 1, 0) its slope is 0"),
    ("where(x >= y, x, 2*y - x)", "x=1,y=1",
     "as (x, y) moves, it breaks along every direction in which `x - y` changes, and along no other: "
     "along (1, 1) its slope is 1"),
    ("max(x, y) + abs(3*x - 3*y)", "x=1,y=1",
     "as (x, y) moves, it breaks along every direction in which `x - y` changes, and along no other: "
     "along (1, 1) its slope is 1"),
    ("max(x, y, z)", "x=1,y=1,z=0",
     "as (x, y) moves, it breaks along every direction in which `x - y` changes, and along no other: "
     "along (1, 1) its slope is 1"),
    ("abs(x) - abs(y)", "x=0,y=0",
     "as (x, y) moves, of the directions tried, it breaks along (1, 0), (0, 1), and not along (1, 1), (1, -1)"),
    ("hypot(x, y)", "x=0,y=0",
     "as (x, y) moves, of the directions tried, it breaks along (1, 0), (0, 1), (1, 1), (1, -1)"),
    ("max(x)", "x=[1,1,1]",
     "as (x1, x2, x3) moves, of the directions tried, it breaks along (1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0) "
     "and 8 more, and not along (1, 1, 1)"),
    ("sqrt(abs(x*y))", "x=0,y=0",
     "as (x, y) moves, the partial derivatives exist, yet there is no gradient: "
     "along (1, 1) its slope is -1 on one side and 1 on the other"),
    ("cbrt(x*y)", "x=0,y=0",
     "as (x, y) moves, the partial derivatives exist, yet there is no gradient: "
     "along (1, 1) its slope is -inf on one side and inf on the other"),
    ("cbrt(x**3 + y**3)", "x=0,y=0",
     "as (x, y) moves, the partial derivatives exist, yet there is no gradient: "
     "along (1, 1) its slope is 1.25992, where they add up to 2"),
    ("where(x*y > 0, x*sin(1/y), 0)", "x=0,y=0",
     "as (x, y) moves, the partial derivatives exist, yet there is no gradient: along (1, 1) its slope has no limit"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "at", "sentence"), EXPLAINED)
def test_the_directions_along_which_it_breaks(text: str, at: str, sentence: str) -> None:
    corner = diff(text, at=at).corner
    assert corner is not None
    assert corner.explanation == sentence


GRADIENTS = [
    ("x*y", "x=0,y=0"),
    ("abs(x*y)", "x=0,y=0"),
    ("relu(x)*relu(y)", "x=0,y=0"),
    ("max(x, y) - abs(x - y)/2", "x=1,y=1"),
    ("abs(x) + y**2", "x=0,y=0"),
    ("sqrt(x) + sqrt(y)", "x=0,y=0"),
    ("sign(x) + sign(y)", "x=0,y=0"),
    ("sum(relu(x))", "x=[0,0,0,0,0,0,0]"),
]


@pytest.mark.parametrize(("text", "at"), GRADIENTS)
def test_nothing_is_said_where_there_is_a_gradient_or_no_corner_of_few_variables(text: str, at: str) -> None:
    assert diff(text, at=at).corner is None


def test_a_higher_derivative_has_no_directions() -> None:
    assert diff("abs(x)*x + abs(y)*y", at="x=0,y=0", order=2).corner is None


def test_the_slopes_along_every_line_tried() -> None:
    corner = diff("abs(x) - abs(y)", at="x=0,y=0").corner
    assert corner is not None
    assert corner.switch is None
    assert [(line.along, line.left, line.right, line.breaks) for line in corner.lines] == [
        ({"x": 1.0, "y": 0.0}, -1.0, 1.0, True),
        ({"x": 0.0, "y": 1.0}, 1.0, -1.0, True),
        ({"x": 1.0, "y": 1.0}, 0.0, 0.0, False),
        ({"x": 1.0, "y": -1.0}, 0.0, 0.0, False),
    ]


def test_of_a_large_function_fewer_lines_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gradcalc.engines.exact.corner.MOST_NODES", 1_500)
    corner = diff("+".join(["abs(x + y)"] * 100), at="x=0,y=0").corner
    assert corner is not None
    assert corner.switch == "x + y"
    assert len(corner.lines) == 3
    assert diff("+".join(["abs(x + y)"] * 150), at="x=0,y=0").corner is None
