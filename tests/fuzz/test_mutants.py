"""Formulas with something changed in them are read in one way, or refused with a hint that is read itself."""

from __future__ import annotations

import random

import pytest

from gradcalc.base.errors import GradcalcError
from gradcalc.base.limits import Limits
from gradcalc.inputs.pose import pose
from tests.fuzz.mutants import faults, mutant


@pytest.mark.parametrize("seed", range(8))
def test_a_mutant_is_read_in_one_way_or_refused_in_helpful_words(seed: int) -> None:
    chance = random.Random(seed)
    found = {text: list(faults(text)) for text in (mutant(chance) for _ in range(25))}
    assert {text: wrong for text, wrong in found.items() if wrong} == {}


FOUND = [  # by the hunt, each of a kind
    ("pow\\sin x", "`pow` takes 2 arguments, found 1"),
    ("n_1 pow\\sin\\theta_1", "`pow` takes 2 arguments, found 1"),
    ("A^T mul(x) x", "`mul` takes 2 arguments, found 1"),
    ("tr(div())", "`div` takes 2 arguments, found 0"),
    ("⟨⟩ + x", "expected a value, found nothing"),
    ("\\log|\n_2|", "expected a value, found nothing"),
    ("⟨x, y)", "expected `,` or `⟩`, found `)`"),
    ("⟨a=1, b⟩", "expected `,` or `⟩`, found `=`"),
    ("|| p=2, x ||", "expected `,` or `)`, found `=`"),
    ("y = y \\cos x y = y \\cos(x)", "`y` is defined by itself"),
    ("f'=ff'=ff'=f\\frac{c+v}{c-v}", "`f_prime` is defined by itself"),
    ("\\Gamma = x\\Gamma(xG)", "`Gamma` is defined by itself"),
    ("x^\\cdot(x)", "expected a value, found `\\cdot`"),
    ("\\dot4⁻ + \\sin x", "it is unclear what `^⁻` means"),
    ("\\frac{(x-x⁻')^2}{2}", "it is unclear what `^⁻` means"),
]


@pytest.mark.parametrize(("text", "message"), FOUND, ids=[text for text, _ in FOUND])
def test_what_the_hunt_found_is_refused_in_helpful_words(text: str, message: str) -> None:
    with pytest.raises(GradcalcError) as caught:
        pose(text, Limits())
    assert caught.value.message == message
    assert list(faults(text)) == []
