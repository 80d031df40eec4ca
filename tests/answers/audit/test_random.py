"""The states of random numbers: the same as NumPy and Python say, and not asked for where nothing was drawn."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from gradcalc.answers.audit.random_kept import OfNumpy, OfPython

numpy: Any = pytest.importorskip("numpy")

DRAWN: dict[str, Callable[[], Any]] = {
    "nothing": lambda: None,
    "a uniform number": lambda: numpy.random.rand(),
    "a normal number, which leaves a second one waiting": lambda: numpy.random.randn(),
    "the one that waited": lambda: numpy.random.randn(),
    "a permutation": lambda: numpy.random.permutation(5),
    "whole numbers": lambda: numpy.random.randint(0, 10, 3),
    "a new seed": lambda: numpy.random.seed(5),
    "the same seed": lambda: numpy.random.seed(5),
    "more than all words": lambda: numpy.random.rand(2000),
}


def same(one: Any, other: Any) -> bool:
    """Are two states one?"""
    return one[0] == other[0] and bool((one[1] == other[1]).all()) and one[2:] == other[2:]


def test_the_state_is_what_numpy_says() -> None:
    numpy.random.seed(3)
    kept = OfNumpy()
    for what, draw in DRAWN.items():
        draw()
        assert same(kept.now(), numpy.random.get_state()), what
        assert same(kept.now(), numpy.random.get_state()), what


def test_numpy_is_not_asked_again_where_nothing_was_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    numpy.random.seed(3)
    kept, asked = OfNumpy(), []
    state = numpy.random.get_state
    monkeypatch.setattr(numpy.random, "get_state", lambda: asked.append(1) or state())
    for _ in range(3):
        kept.now()
    numpy.random.rand()
    kept.now()
    assert len(asked) == 2


def test_another_generator_is_read_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    before = numpy.random.get_bit_generator()
    try:
        numpy.random.set_bit_generator(numpy.random.PCG64(7))
        kept = OfNumpy()
        first = kept.now()
        numpy.random.rand()
        assert (kept.now() != first, kept.now()) == (True, numpy.random.get_state(legacy=False))
    finally:
        numpy.random.set_bit_generator(before)


def test_the_state_of_python_is_what_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    before, state, asked = random.getstate(), random.getstate, []
    monkeypatch.setattr(random, "getstate", lambda: asked.append(1) or state())
    draws: list[Callable[[], Any]] = [lambda: random.seed(3), lambda: None, random.random, lambda: random.gauss(0, 1)]
    kept = OfPython()
    for draw in (*draws, lambda: random.gauss(0, 1), lambda: None, lambda: random.sample(range(2000), 1999)):
        draw()
        assert kept.now() == state()
    assert len(asked) == 5  # not where nothing was drawn
    random.setstate(before)
