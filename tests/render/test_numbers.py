"""Arrays for people: brackets, and the middle left out where there are many numbers."""

from __future__ import annotations

import math
from array import array

import pytest

from gradcalc.arrays.array import Array
from gradcalc.render.numbers import bracketed, short

WRITTEN = [
    ((3,), "[0.0, 0.125, 0.25]"),
    ((2, 3), "[[0.0, 0.125, 0.25], [0.375, 0.5, 0.625]]"),
    ((10,), "[0, 0.125, 0.25, …, 0.875, 1, 1.125]"),
    ((9, 1), "[[0], [0.125], [0.25], …, [0.75], [0.875], [1]]"),
]


def made(shape: tuple[int, ...]) -> Array:
    """Eighths, counted up."""
    return Array(shape, array("d", [k / 8 for k in range(math.prod(shape))]))


@pytest.mark.parametrize(("shape", "text"), WRITTEN)
def test_an_array_in_brackets(shape: tuple[int, ...], text: str) -> None:
    assert short(made(shape)) == text


@pytest.mark.parametrize("shape", [(20,), (9, 2), (2, 30), (12, 12)])
def test_what_is_packed_reads_as_what_is_nested(shape: tuple[int, ...]) -> None:
    assert short(made(shape)) == bracketed(made(shape).nested())
