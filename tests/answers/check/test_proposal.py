"""A proposed gradient is read in terms of the variables alone, whatever names a program gives on the way."""

from __future__ import annotations

from typing import Any

import pytest

from gradcalc.answers.check.proposal import propose
from gradcalc.base.limits import Limits
from gradcalc.functions.printer import to_text
from gradcalc.inputs.pose import pose

READ: list[tuple[str, Any, dict[str, tuple[str, str]]]] = [  # expression, gradient; each partial's text, and its tree's
    ("x**2", "2x", {"x": ("2*x", "2*x")}),
    ("x*y", "y=x, x=y", {"x": ("y", "y"), "y": ("x", "x")}),
    ("x*y", {"x": "y", "y": 3}, {"x": ("y", "y"), "y": ("3", "3")}),
    ("u = x**2; sin(u)", "2*x*cos(u)", {"x": ("2*x*cos(u)", "2*x*cos(x**2)")}),
    ("u = x**2; v = 2*u; v", "v/x + u", {"x": ("v/x + u", "2*x**2/x + x**2")}),
]


@pytest.mark.parametrize(("expression", "gradient", "partials"), READ)
def test_a_partial_is_read_in_terms_of_the_variables(
    expression: str, gradient: Any, partials: dict[str, tuple[str, str]]
) -> None:
    found = propose(gradient, pose(expression, Limits()), Limits())
    assert {name: (one.text, to_text(one.root)) for name, one in found.items()} == partials


def test_a_partial_keeps_its_place_in_what_was_written() -> None:
    found = propose("x=y, y = 2*x", pose("x*y", Limits()), Limits())
    assert [one.source[one.span.start : one.span.end] for one in found.values()] == ["x=y", "y = 2*x"]
