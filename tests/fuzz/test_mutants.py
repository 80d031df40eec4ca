"""Formulas with something changed in them are read in one way, or refused with a hint that is read itself."""

from __future__ import annotations

import random

import pytest

from tests.fuzz.mutants import faults, mutant


@pytest.mark.parametrize("seed", range(8))
def test_a_mutant_is_read_in_one_way_or_refused_in_helpful_words(seed: int) -> None:
    chance = random.Random(seed)
    found = {text: list(faults(text)) for text in (mutant(chance) for _ in range(25))}
    assert {text: wrong for text, wrong in found.items() if wrong} == {}
