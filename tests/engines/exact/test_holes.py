"""The limit where a function has no value: told where it is proven in all variables at once, and else not."""

from __future__ import annotations

import pytest

from gradcalc.base.limits import Limits
from gradcalc.engines.exact.truth import differentiate
from gradcalc.inputs.pose import pose

LIMITS = [  # at 0, 0 or 0, 0, 0
    ("x**2*y/(x**2 + y**2)", "0"),
    ("x*y**2/(2*x**2 - x*y + y**2)", "0"),
    ("(x**4 + y**5)/(x**2 + y**2)", "0"),
    ("x*y/sqrt(x**2 + y**2)", "0"),
    ("x**2/hypot(x, y)", "0"),
    ("x*sin(y)/(abs(x) + abs(y))", None),  # 0, yet a sum of sizes is no root of a form
    ("sin(x**2 + y**2)/(x**2 + y**2)", "1.0000000000000000000"),
    ("(x**2 + y**2)/(exp(x**2 + y**2) - 1)", "1.0000000000000000000"),
    ("(1 - cos(hypot(x, y)))/hypot(x, y)**2", "0.50000000000000000000"),
    ("(3*x**2 + 3*y**2 + x**3)/(x**2 + y**2)", "3.0000000000000000000"),
    ("sin(x*y)/(x*y)", "1.0000000000000000000"),
    ("sin(x*y)/(x*y) + cos(x)", "2.0000000000000000000"),
    ("exp(x**2*y/(x**2 + y**2)) + y", "1.0000000000000000000"),
    ("(x**2 + y**2)*log(x**2 + y**2)", "0"),
    ("x*y*z/(x**2 + y**2 + z**2)", "0"),
    ("x*sin(1/(x**2 + y**2))", "0"),
    ("y*tanh(x/(x**2 + y**2))", "0"),
    ("sin(x)/x*(y + 2)", "2.0000000000000000000"),
    ("x*asin(x*y)/(x**2 + y**2)", "0"),  # domains that ask for the size of what is 0 there
    ("(x**2 + y**2)/atanh(x**2 + y**2)", "1.0000000000000000000"),
    ("x*y*erfinv(x)/(x**2 + y**2)", "0"),
    ("x*y*(1 - acos(x))/sqrt(x**2 + y**2)", "0"),
    # no limit, or one that nothing proves
    ("(asin(sin(x))*x*y)/y/sin(x)", None),
    ("x*y/(x**2 + y**2)", None),
    ("x**2*y/(x**4 + y**2)", None),
    ("(x**2 - y**2)/(x**2 + y**2)", None),
    ("x/hypot(x, y)", None),
    ("x**3/(x**2 + y**2)**2", None),
    ("x**2*y/(x**2 - y**2)", None),
    ("x**3/(x - y)", None),
    ("x**2/(x + y)", None),
    ("x*y*z/(x**2 + y**2)**2", None),
    ("x*y**2*z/(x**4 + y**4 + z**4)", None),
    ("sign(x*y)*sin(x)/x", None),
    ("floor(x*y/(x**2 + y**2))", None),
    ("sin(x)/x + x*y/(x**2 + y**2)", None),
    ("1/(x**2 + y**2)", None),
    ("where(x < 1/x, x, y)", None),
    ("where(y == 1/x, x, 2*y) + 1/x", None),
    ("where(x > y, 3, 1)*sqrt(-1)", None),
    ("(x*y - 1)/(x**2 + y**2)", None),
    ("atan2(y, x)", None),
    ("sin(1/(x**2 + y**2))", None),
]


@pytest.mark.parametrize(("text", "limit"), LIMITS)
def test_a_limit_in_several_variables_is_proven_or_not_told(text: str, limit: str | None) -> None:
    at = {name: 0 for name in "xyz" if name in text.replace("hypot", "")}
    slope = differentiate(pose(text, Limits(), at=at)).slopes["x"]
    assert slope.smoothness == "undefined"
    assert (slope.limit and slope.limit.text) == limit


AWAY = [
    ("(x*y - 2)*(x - 1)**2/((x - 1)**2 + (y - 2)**2)", {"x": 1, "y": 2}, "0"),
    ("(x - y)*(x + y)/(x - y)", {"x": 1, "y": 1}, None),
    ("sin(x - y)/(x - y)", {"x": 0.3, "y": 0.3}, "1.0000000000000000000"),
    ("(exp(x*y) - 1)/(x*y)*z", {"x": 0, "y": 0, "z": 3}, "3.0000000000000000000"),
]


@pytest.mark.parametrize(("text", "at", "limit"), AWAY)
def test_so_is_one_away_from_the_origin(text: str, at: dict[str, float], limit: str | None) -> None:
    slope = differentiate(pose(text, Limits(), at=at)).slopes["x"]
    assert (slope.limit and slope.limit.text) == limit
