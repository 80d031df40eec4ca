"""A direction is settled in numbers of the dtype, and kept as it was written; one that does not fit is an error."""

from __future__ import annotations

import pytest

from gradcalc.arrays.array import Array
from gradcalc.base.errors import GradcalcError
from gradcalc.base.limits import Limits
from gradcalc.functions.printer import to_text
from gradcalc.inputs.direction import Direction, settle
from gradcalc.inputs.point import read_point
from gradcalc.inputs.pose import pose


def settled(text: str, expression: str = "x**2*y", dtype: str = "float64", shape: str | None = None) -> Direction:
    """The direction of `text` for a problem without a point."""
    given = read_point(text, Limits(), "--direction")
    return settle(given, pose(expression, Limits(), dtype=dtype, shape=shape, named=given.names))


SETTLED = [  # the direction, the dtype; its numbers, and how it was written
    ("x=3/5,y=4/5", "float64", {"x": 0.6, "y": 0.8}, {"x": ["3/5"], "y": ["4/5"]}),
    ("y=0.1", "float32", {"y": 0.10000000149011612}, {"y": ["0.1"]}),
    ("2i - j", "float64", {"x": 2.0, "y": -1.0}, {"x": ["2"], "y": ["-1"]}),
    (r"\mathbf{j}", "float64", {"y": 1.0}, {"y": ["1"]}),
    (r"3/5 \hat{\imath} + 0.8\vec{j}", "float64", {"x": 0.6, "y": 0.8}, {"x": ["0.6"], "y": ["0.8"]}),
    ("x=sqrt(4),y=-1", "float64", {"x": 2.0, "y": -1.0}, {"x": ["sqrt(4)"], "y": ["-1"]}),
]


@pytest.mark.parametrize(("text", "dtype", "along", "exact"), SETTLED)
def test_a_direction_has_numbers_and_what_was_written(
    text: str, dtype: str, along: dict[str, float], exact: dict[str, list[str]]
) -> None:
    found = settled(text, dtype=dtype)
    assert found.along == along
    assert {name: list(map(to_text, parts)) for name, parts in found.exact.items()} == exact


def test_a_direction_of_an_array_has_its_components() -> None:
    found = settled("x=[1, 1/2]", "sum(x**2)", shape="x=2")
    assert isinstance(found.along["x"], Array)
    assert found.along["x"].nested() == [1.0, 0.5]
    assert list(map(to_text, found.exact["x"])) == ["1", "1/2"]


WRONG = [  # the direction, the message, the hint
    ("x=0", "the direction is zero", "give a component that is not 0"),
    ("z=1", "`z` is not a variable of the expression", "its variables are `x` and `y`"),
    ("pi/4", "which variable is this for: `x` or `y`?",
     "write --direction x=…,y=…; at an angle that is (cos(pi/4), sin(pi/4))"),
    ("i + 2k", "the point has 3 coordinates, the expression has the variables `x` and `y`",
     "write --direction x=…,y=…"),
    ("x=1,x=2", "`x` is given twice", None),
    ("x=[1,2]", "the direction of `x` has shape (2,), expected ()",
     "`x` is a scalar unless --at or --shape say something else"),
    ("x=1/0", "the value is not a real number", "give a finite real number"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message", "hint"), WRONG)
def test_a_direction_that_does_not_fit_is_told(text: str, message: str, hint: str | None) -> None:
    given = read_point(text, Limits(), "--direction")
    with pytest.raises(GradcalcError) as raised:
        settle(given, pose("x**2*y", Limits()))
    assert (raised.value.message, raised.value.hint) == (message, hint)
