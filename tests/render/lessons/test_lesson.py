"""What the documents of the lessons share."""

from __future__ import annotations

from typing import Any

import pytest

from gradcalc.render.lessons.lesson import bare, one_or_named
from gradcalc.render.numbers import bracketed

SHOWN = {
    "a number": (4.0, "4.0"),
    "none": (None, "None"),
    "a flag": (True, "True"),
    "a vector": ([1.0, 0.1], "[1.0, 0.1]"),
    "a matrix": ([[1.0, 2.0], [3.0, 4.0]], "[[1.0, 2.0], [3.0, 4.0]]"),
    "a long vector": ([1 / 3] * 9, "[0.333333, 0.333333, 0.333333, …, 0.333333, 0.333333, 0.333333]"),
}


@pytest.mark.parametrize(("value", "text"), SHOWN.values(), ids=SHOWN)
def test_a_value_is_shown_as_python_does_and_kept_short(value: Any, text: str) -> None:
    assert bracketed(value) == text


def test_bare_values_stand_one_a_line() -> None:
    assert bare([4.0, None, [[1.0, 2.0], [1 / 3, 4.0]]]) == "4.0\nNone\n1.0\n2.0\n0.3333333333333333\n4.0\n"


def test_one_variable_stands_for_itself_and_several_by_name() -> None:
    assert one_or_named({"x": [1.0]}) == [1.0]
    assert one_or_named({"x": 1.0, "y": None}) == {"x": 1.0, "y": None}
