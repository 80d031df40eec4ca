"""The word that someone may have meant is suggested, and nothing where none is near."""

from __future__ import annotations

import pytest

from gradcalc.base.errors import did_you_mean, shortened
from gradcalc.base.spelling import slips
from gradcalc.functions import VOCABULARY

DISTANCES = [
    ("", "", 0),
    ("sin", "sin", 0),
    ("sni", "sin", 1),
    ("sinn", "sin", 1),
    ("sn", "sin", 1),
    ("son", "sin", 1),
    ("cosine", "sin", 3),
    ("", "sin", 3),
    ("ca", "abc", 3),
]


@pytest.mark.parametrize(("word", "other", "distance"), DISTANCES)
def test_slips_are_counted(word: str, other: str, distance: int) -> None:
    assert slips(word, other) == slips(other, word) == distance


SUGGESTED = [
    ("sni", "sin"),
    ("sinn", "sin"),
    ("SIN", "sin"),
    ("cosine", "cos"),
    ("sgmoid", "sigmoid"),
    ("Sigmoid", "sigmoid"),
    ("soft_plus", "softplus"),
    ("exponential", "exp"),
    ("absolute", "abs"),
    ("arcsine", "arcsin"),
    ("arctg", "arctan"),
    ("log_b", "log"),
    ("erff", "erf"),
    ("hard", "hardtanh"),
]


@pytest.mark.parametrize(("word", "known"), SUGGESTED)
def test_the_nearest_function_is_suggested(word: str, known: str) -> None:
    assert did_you_mean(word, VOCABULARY.functions) == f"did you mean `{known}`?"


@pytest.mark.parametrize("word", ["", "x", "f", "foo", "xyzzy", "integrate", "x" * 100_000])
def test_nothing_is_suggested_where_nothing_is_near(word: str) -> None:
    assert did_you_mean(word, VOCABULARY.functions) is None


def test_the_case_of_the_word_decides_between_equals() -> None:
    assert did_you_mean("ab", ["Abs", "abs"]) == "did you mean `abs`?"


def test_variables_are_suggested_too() -> None:
    assert did_you_mean("X", ["x", "y"]) == "did you mean `x`?"
    assert did_you_mean("z", ["x", "y"]) is None


def test_a_long_word_is_cut_for_a_message() -> None:
    assert shortened("x" * 40) == "x" * 40
    assert shortened("x" * 41) == "x" * 40 + "…"
