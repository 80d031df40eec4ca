"""`gradcalc critical`: the page, the record, the lines, and how it ends."""

from __future__ import annotations

import pytest

import gradcalc
from gradcalc.answers.audit import subdivision
from tests.running import Run

COMMAND = "critical"

pytestmark = [pytest.mark.smoke, pytest.mark.torchless]


def test_the_page(run: Run) -> None:
    assert run.printed("x**3 - x + y**2", "--range", "x=-2:2,y=-1:1") == (
        "f = x**3 - x + y**2\nx = -2.0 to 2.0\ny = -1.0 to 1.0\n\n"
        "critical points\n"
        "x                    y    f                             exactly\n"
        "-0.5773502691896257  0.0  0.3849001794597505   saddle   x = -sqrt(3)/3\n"
        "0.5773502691896257   0.0  -0.3849001794597505  minimum  x = sqrt(3)/3\n\n"
        "these are all: that is proven\n"
    )


def test_the_record(run: Run) -> None:
    record = run.record("abs(x**2 - y)", "--range", "x=-3:3", "--at", "y=1", code=0)
    assert (record["schema"], record["range"], record["at"]) == (1, {"x": [-3.0, 3.0]}, {"y": 1.0})
    assert record["points"] == [{"at": {"x": 0.0}, "exact": {"x": "0"}, "value": 1.0, "kind": "maximum", "alone": True}]
    assert [(one["at"], one["kind"]) for one in record["breaks"]] == [({"x": -1.0}, "minimum"), ({"x": 1.0}, "minimum")]
    assert (record["complete"], record["undecided"], record["verdict"]) == (True, [], None)


def test_the_lines(run: Run) -> None:
    assert run.printed("x**3 - 3*x", "--range", "x=-3:3", "-q") == "maximum -1.0\nminimum 1.0\n"


TOLD = {  # expression, variable, and what is printed behind the head
    "a vertical tangent is a place without a derivative": (
        "cbrt(x - 7)",
        "x",
        """\
no derivative
where    why           what
x = 7.0  `x - 7` is 0  the slope is infinite

the gradient is 0 nowhere in the box: that is proven
""",
    ),
    "what is outside of the domain is none": (
        "t^(1/5)*(2*t + 8)^2",
        "t",
        """\
no derivative
where    why       what
t = 0.0  `t` is 0  the slope is infinite

right next to places without a derivative nothing is proven of it, on pieces of a length up to 9e-24

these are all: that is proven
""",
    ),
    "a function has its name": (
        "P(w) = w^2 - w/3",
        "w",
        """\
critical points
w                    P                               exactly
0.16666666666666666  -0.027777777777777776  minimum  w = 1/6

these are all: that is proven
""",
    ),
}


@pytest.mark.parametrize(("expression", "name", "text"), TOLD.values(), ids=TOLD)
def test_it_is_told(expression: str, name: str, text: str, run: Run) -> None:
    assert run.printed(expression, "--range", f"{name}=-10:10").split("to 10.0\n\n", 1)[1] == text


def test_that_there_is_none_is_proven(run: Run) -> None:
    assert run.printed("exp(x)", "--range", "x=-3:3").endswith("the gradient is 0 nowhere in the box: that is proven\n")


def test_what_is_left_open_ends_with_3(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subdivision, "MOST_PIECES", 60)
    assert "`sin(1/x)`" in (shown := run.printed("abs(sin(1/x))", "--range", "x=-1:1", code=3))
    assert shown.endswith("there may be more where nothing is proven\n")


REFUSED = [
    ((), "critical points are looked for in a box"),
    ((), "add --range x=-3:3,y=-3:3"),
    (("--range", "x=1:0"), "the range of `x` is empty"),
    (("--range", "x=0:1", "--at", "x=2"), "`x` has a value and a range"),
    (("--range", "x=0:1"), "no value for `y`"),
]


@pytest.mark.parametrize(("options", "message"), REFUSED)
def test_what_makes_no_sense_is_refused(options: tuple[str, ...], message: str, run: Run) -> None:
    assert message in run.refused("x*y", *options)


def test_a_result_that_is_an_array_is_refused(run: Run) -> None:
    assert run("[x, 1]", "--range", "x=0:1").code == 2


def test_from_python() -> None:
    (point,) = gradcalc.critical("x**2 + a", ["x=-1:1"], at=["a=3"]).points
    assert (point.at, point.value, point.kind) == ({"x": 0.0}, 3.0, "minimum")
