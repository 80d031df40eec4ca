"""Many points in short: `x=0:1:0.25`."""

from __future__ import annotations

import pytest

from gradcalc.base.errors import GradcalcError, LimitError
from gradcalc.base.limits import Limits
from gradcalc.inputs.sweep import points_of

SWEPT = [
    (["x=0:1:0.5"], [["x=0"], ["x=1/2"], ["x=1"]]),
    (["x=0:1:0.1"], [[f"x={place}/10" if place in (1, 3, 7, 9) else f"x={text}"] for place, text in enumerate(
        ["0", "", "1/5", "", "2/5", "1/2", "3/5", "", "4/5", "", "1"])]),
    (["x=0:1:0.6"], [["x=0"], ["x=3/5"]]),
    (["x=1:-1:-1"], [["x=1"], ["x=0"], ["x=-1"]]),
    (["x=0:1:1,y=5"], [["x=0", "y=5"], ["x=1", "y=5"]]),
    (["x=0:1:1", "y=2:3:1"], [["x=0", "y=2"], ["x=0", "y=3"], ["x=1", "y=2"], ["x=1", "y=3"]]),
    (["x=2:2:1"], [["x=2"]]),
    (["x=0:2*1:max(1, 2)"], [["x=0"], ["x=2"]]),
    (["A=[1, 2],x=0:1:1"], [["A=[1, 2]", "x=0"], ["A=[1, 2]", "x=1"]]),
    (["3"], None),
    (["x=3,y=[1, 2]"], None),
    (["x=1>0?2:3"], None),
    (["x=1>0?2:0>1?3:4"], None),
    (["A=@a:b:c.csv"], None),
]  # fmt: skip


@pytest.mark.parametrize(("at", "points"), SWEPT)
def test_a_range_is_its_numbers(at: list[str], points: list[list[str]] | None) -> None:
    assert points_of(at, Limits()) == points


def test_a_range_between_roots_has_floats() -> None:
    found = points_of(["x=0:pi:pi/2"], Limits())
    assert found is not None and len(found) == 3


REFUSED = [
    ("x=0:1", "a range without a step"),
    ("x=0:1:0", "the step does not lead"),
    ("x=0:1:-1", "the step does not lead"),
    ("x=0:y:1", "`y` is not a number"),
]


@pytest.mark.parametrize(("text", "message"), REFUSED)
def test_a_range_that_makes_no_sense_is_refused(text: str, message: str) -> None:
    with pytest.raises(GradcalcError, match=message):
        points_of([text], Limits())


@pytest.mark.parametrize("at", [["x=0:1:1e-9"], ["x=0:99:1", "y=0:99:1", "z=0:99:1"]])
def test_too_many_points_are_for_map(at: list[str]) -> None:
    with pytest.raises(LimitError, match="more than 10,000 points") as caught:
        points_of(at, Limits())
    assert "gradcalc map" in str(caught.value.hint)
