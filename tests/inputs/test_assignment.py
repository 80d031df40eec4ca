"""Points are read as people write them, and a mistake is pointed at in the text of the point."""

from __future__ import annotations

import pytest

from gradcalc.base.errors import GradcalcError, LimitError
from gradcalc.base.limits import Limits
from gradcalc.base.span import Span
from gradcalc.functions import VOCABULARY
from gradcalc.functions.printer import to_text
from gradcalc.inputs.assignment import parse_point

READ = [
    ("3", [(None, "3")]),
    ("-3", [(None, "-3")]),
    ("x=3", [("x", "3")]),
    ("x=3,y=2", [("x", "3"), ("y", "2")]),
    (" x = 3 ,\ty = -2.5e-3 ", [("x", "3"), ("y", "-0.0025")]),
    ("x=3; y=2", [("x", "3"), ("y", "2")]),
    ("x=3\ny=2", [("x", "3"), ("y", "2")]),
    ("x=pi/4", [("x", "pi/4")]),
    ("π/4", [(None, "pi/4")]),
    ("x=max(1, 2), y=2", [("x", "max(1, 2)"), ("y", "2")]),
    ("x=2pi", [("x", "2*pi")]),
    ("θ₂=√2", [("θ2", "sqrt(2)")]),
    ("e=2", [("e", "2")]),
    ("x=\\frac{1}{3}", [("x", "1/3")]),
    ("3,4", [(None, "3"), (None, "4")]),
]


@pytest.mark.parametrize(("source", "assignments"), READ)
def test_a_point_is_read(source: str, assignments: list[tuple[str | None, str]]) -> None:
    found = parse_point(source, VOCABULARY, Limits())
    assert [(one.name, to_text(one.value)) for one in found] == assignments


def test_each_value_keeps_its_place() -> None:
    source = "x=3, y = 2/3"
    found = parse_point(source, VOCABULARY, Limits())
    assert [source[one.span.start : one.span.end] for one in found] == ["x=3", "y = 2/3"]


REFUSED = [
    ("", "expected a value, found the end", Span(0, 0), None),
    ("x=", "expected a value, found the end", Span(2, 2), None),
    ("x=3,", "expected a value, found the end", Span(4, 4), None),
    ("=3", "expected a value, found `=`", Span(0, 1), None),
    ("x=3 y=2", "expected `,` or the end, found `=`", Span(5, 6), "separate values with a comma"),
    ("x=2 3", "two values side by side", Span(2, 5), "write an operator between them"),
    ("x=(3", "`(` is never closed", Span(2, 3), None),
    ("x=sinn(2)", "unknown function `sinn`", Span(2, 6), "did you mean `sin`?"),
    ("x=\x1b[31m", "unexpected character U+001B", Span(2, 3), None),
]


@pytest.mark.parametrize(("source", "message", "span", "hint"), REFUSED)
def test_what_is_no_point_is_pointed_at(source: str, message: str, span: Span, hint: str | None) -> None:
    with pytest.raises(GradcalcError) as raised:
        parse_point(source, VOCABULARY, Limits())
    error = raised.value
    assert (error.message, error.span, error.hint, error.source) == (message, span, hint, source)


def test_a_point_has_the_limits_of_an_expression() -> None:
    with pytest.raises(LimitError, match=r"^the expression is nested 5,001 deep"):
        parse_point("x=" + "(" * 6_000, VOCABULARY, Limits())
