"""Values are read as people write them and settled as numbers; a mistake is pointed at in the text."""

from __future__ import annotations

import pytest

from gradcalc.arrays.array import Array
from gradcalc.base.errors import GradcalcError, LimitError, PointError
from gradcalc.base.floating import FORMATS
from gradcalc.base.limits import Limits
from gradcalc.base.span import Span
from gradcalc.functions import VOCABULARY
from gradcalc.functions.printer import to_text
from gradcalc.inputs.assignment import Assignment, parse_point, settled, written

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
    ("", "expected a value, found the end", Span(0, 0), "write what is missing, or leave out the sign before it"),
    ("x=", "expected a value, found the end", Span(2, 2), "write what is missing, or leave out the sign before it"),
    ("x=3,", "expected a value, found the end", Span(4, 4), "write what is missing, or leave out the sign before it"),
    ("=3", "expected a value, found `=`", Span(0, 1), "write a number, a name or a bracket there, or leave it out"),
    ("x=3 y=2", "expected `,` or the end, found `=`", Span(5, 6), "separate values with a comma"),
    ("x=2 3", "two values side by side", Span(2, 5), "write an operator between them"),
    ("x=(3", "`(` is never closed", Span(2, 3), "close it, or leave it out"),
    ("x=sinn(2)", "unknown function `sinn`", Span(2, 6), "did you mean `sin`?"),
    (
        "x=\x1b[31m",
        "unexpected character U+001B",
        Span(2, 3),
        "leave it out: the operators are + - * / @ % ^ ! and comparisons",
    ),
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


SETTLED = [  # the value, the dtype, its number
    ("3", "float64", 3.0),
    ("1/3", "float64", 1 / 3),
    ("0.1", "float32", 0.10000000149011612),
    ("pi/4", "float64", 0.7853981633974483),
    ("exp(1)", "bfloat16", 2.71875),
]


@pytest.mark.parametrize(("text", "dtype", "value"), SETTLED)
def test_a_value_is_the_nearest_number_of_the_dtype(text: str, dtype: str, value: float) -> None:
    assert settled(one(text), FORMATS[dtype], Limits()) == value


def test_an_array_is_settled_row_by_row() -> None:
    found = settled(one("[[1, 2], [3, 1/2]]"), FORMATS["float64"], Limits())
    assert isinstance(found, Array)
    assert found.nested() == [[1.0, 2.0], [3.0, 0.5]]


WRITTEN = [("1/3", ["1/3"]), ("sqrt(2)", ["sqrt(2)"]), ("[1, pi]", ["1", "pi"]), ("[[1, 2], [3, 4]]", list("1234"))]


@pytest.mark.parametrize(("text", "components"), WRITTEN)
def test_a_value_is_kept_as_it_was_written(text: str, components: list[str]) -> None:
    assert list(map(to_text, written(one(text), Limits()))) == components


UNSETTLED = [  # the value, the message, the hint
    ("y + 1", "`y` is not a number", "give a number, or numbers in an expression: `pi/4`"),
    ("log(-1)", "the value is not a real number", "give a finite real number"),
    ("1e5", "the value is beyond the largest float16, 6.55e+04", None),
    ("exp(20)", "the value is beyond the largest float16, 6.55e+04", None),
]


@pytest.mark.parametrize(("text", "message", "hint"), UNSETTLED)
def test_a_value_without_a_number_is_told(text: str, message: str, hint: str | None) -> None:
    with pytest.raises(PointError) as raised:
        settled(one(text), FORMATS["float16"], Limits())
    assert (raised.value.message, raised.value.hint) == (message, hint)


def one(text: str) -> Assignment:
    """The only assignment in a text."""
    (found,) = parse_point(text, VOCABULARY, Limits())
    return found
