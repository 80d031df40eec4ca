"""A problem is posed from the arguments, or what is wrong with them is told."""

from __future__ import annotations

from typing import Any

import pytest

from gradcalc.base.errors import GradcalcError, UnknownNameError, UsageError
from gradcalc.base.limits import Limits
from gradcalc.inputs.pose import names, pose

CHOSEN: list[tuple[str, Any, tuple[str, ...]]] = [
    ("x*y", None, ("x", "y")),
    ("y*x", None, ("y", "x")),
    ("x*y", "y", ("y",)),
    ("x*y", "y,x", ("y", "x")),
    ("x*y", ["y", "x,y"], ("y", "x")),
    ("x*y", " y , x ", ("y", "x")),
    ("x", "z", ("z",)),
    ("2", "x", ("x",)),
    ("2", None, ()),
    ("x*e", "e", ("e",)),
    ("θ₂", "θ₂", ("θ2",)),
    ("x", "𝑥", ("x",)),
]


@pytest.mark.parametrize(("expression", "wrt", "chosen"), CHOSEN)
def test_the_variables_to_derive_by_are_chosen(expression: str, wrt: Any, chosen: tuple[str, ...]) -> None:
    assert pose(expression, Limits(), wrt=wrt).wrt == chosen


REFUSED: list[tuple[dict[str, Any], type[GradcalcError], str, str | None]] = [
    ({"expression": 3}, UsageError, "the expression is int, expected text", None),
    ({"expression": None}, UsageError, "the expression is NoneType, expected text", None),
    ({"expression": b"x"}, UsageError, "the expression is bytes, expected text", None),
    ({"dtype": "flaot64"}, UsageError, "unknown dtype `flaot64`", "did you mean `float64`?"),
    ({"dtype": "double"}, UsageError, "unknown dtype `double`", "did you mean `float64`?"),
    ({"dtype": ["float64"]}, UsageError, "unknown dtype `['float64']`",
     "one of float64, float32, float16, bfloat16"),
    ({"order": 0}, UsageError, "the order is 0, expected a whole number from 1 to 50", None),
    ({"order": 51}, UsageError, "the order is 51, expected a whole number from 1 to 50", None),
    ({"order": 2.5}, UsageError, "the order is 2.5, expected a whole number from 1 to 50", None),
    ({"order": True}, UsageError, "the order is True, expected a whole number from 1 to 50", None),
    ({"wrt": ""}, UsageError, "the name of a variable is missing", "write --wrt x, or --wrt x,y"),
    ({"wrt": "x,"}, UsageError, "the name of a variable is missing", "write --wrt x, or --wrt x,y"),
    ({"wrt": "2"}, UsageError, "`2` is not the name of a variable", "write --wrt x, or --wrt x,y"),
    ({"wrt": "x²"}, UsageError, "`x²` is not the name of a variable", "write --wrt x, or --wrt x,y"),
    ({"wrt": "inf"}, UsageError, "`inf` is not the name of a variable", "write --wrt x, or --wrt x,y"),
    ({"wrt": [1]}, UsageError, "wrt is no text, expected names", 'write wrt="x", or wrt=["x", "y"]'),
    ({"wrt": 3}, UsageError, "wrt is no text, expected names", 'write wrt="x", or wrt=["x", "y"]'),
    ({"wrt": "pi"}, UnknownNameError, "`pi` is a constant, not a variable", None),
    ({"wrt": "π"}, UnknownNameError, "`pi` is a constant, not a variable", None),
    ({"wrt": "sin"}, UnknownNameError, "`sin` is a function, not a variable", None),
    ({"expression": "y = a*b; y", "wrt": "y"}, UnknownNameError,
     "`y` is defined by the expression, it is not a variable of it", "its variables are `a` and `b`"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "kind", "message", "hint"), REFUSED)
def test_arguments_that_pose_no_problem_are_told(
    arguments: dict[str, Any], kind: type[GradcalcError], message: str, hint: str | None
) -> None:
    with pytest.raises(kind) as raised:
        pose(**({"expression": "x", "limits": Limits()} | arguments))
    assert (raised.value.message, raised.value.hint) == (message, hint)


def test_a_name_comes_once() -> None:
    assert names("x,y,x") == ["x", "y"]
