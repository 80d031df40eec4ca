"""Names and numbers as sentences say them."""

from __future__ import annotations

import math

import pytest

from gradcalc.base.words import brief, first_of, joined, listed, place

JOINED = [
    (["x"], "and", "x"),
    (["x", "y"], "and", "x and y"),
    (["x", "y", "z"], "or", "x, y or z"),
]


@pytest.mark.parametrize(("texts", "joint", "sentence"), JOINED)
def test_the_last_name_stands_behind_the_joint(texts: list[str], joint: str, sentence: str) -> None:
    assert joined(texts, joint) == sentence


LISTED = [
    (["x"], "`x`"),
    (["x", "y"], "`x` and `y`"),
    (["a" * 50], f"`{'a' * 40}…`"),
    (list("abcdefghij"), "`a`, `b`, `c`, `d`, `e`, `f`, `g`, `h`, `i` and `j`"),
    (list("abcdefghijkl"), "`a`, `b`, `c`, `d`, `e`, `f`, `g`, `h`, `i`, `j` and 2 more"),
]


@pytest.mark.parametrize(("names", "sentence"), LISTED)
def test_a_user_s_names_are_quoted_and_cut(names: list[str], sentence: str) -> None:
    assert listed(names) == sentence


FIRST = [  # how many texts, most, shown; the sentence
    (3, 3, 3, "0, 1, 2"),
    (4, 3, 3, "0, 1, 2 and 1 more"),
    (4, 4, 3, "0, 1, 2, 3"),
    (5, 4, 3, "0, 1, 2 and 2 more"),
    (2_003, 12, 3, "0, 1, 2 and 2,000 more"),
]


@pytest.mark.parametrize(("count", "most", "shown", "sentence"), FIRST)
def test_of_many_the_first_are_named(count: int, most: int, shown: int, sentence: str) -> None:
    assert first_of([str(index) for index in range(count)], most, shown) == sentence


SHORT = [(2.0, "2"), (-0.0, "0"), (1 / 3, "0.333333"), (1.5e-7, "1.5e-07"), (math.inf, "inf"), (None, "nothing")]


@pytest.mark.parametrize(("value", "text"), SHORT)
def test_a_number_is_short(value: float | None, text: str) -> None:
    assert brief(value) == text


def test_a_place_names_every_coordinate() -> None:
    assert place({"x": 1.0, "y": -0.1}) == "x = 1.0, y = -0.1"
