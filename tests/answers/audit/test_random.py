"""The state of NumPy's generator: the same as NumPy says, and not asked for where nothing was drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from gradcalc.answers.audit.random_numpy import Kept

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
    kept = Kept()
    for what, draw in DRAWN.items():
        draw()
        assert same(kept.now(), numpy.random.get_state()), what
        assert same(kept.now(), numpy.random.get_state()), what


def test_numpy_is_not_asked_again_where_nothing_was_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    numpy.random.seed(3)
    kept, asked = Kept(), []
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
        kept = Kept()
        first = kept.now()
        numpy.random.rand()
        assert (kept.now() != first, kept.now()) == (True, numpy.random.get_state(legacy=False))
    finally:
        numpy.random.set_bit_generator(before)
