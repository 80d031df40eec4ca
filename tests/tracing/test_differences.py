"""Slopes from nothing but values: of any scale, on both sides, with a bound on their error that holds."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from gradcalc.engines.torch import torch
from gradcalc.tracing.differences_torch import SAFETY, Slopes
from gradcalc.tracing.line import Side

Function = Callable[[float], float]


def slopes(function: Function) -> Slopes:
    """Of a function of one number, at 0."""
    return Slopes(lambda step: torch.tensor([function(step)], dtype=torch.float64))


SMOOTH: list[tuple[str, Function, float]] = [
    ("of ordinary scale", lambda h: math.sin(1 + h), math.cos(1)),
    ("of a billionth of it", lambda h: math.sin(1 + h * 1e9), 1e9 * math.cos(1)),
    ("of a billion times it", lambda h: math.exp(h * 1e-9), 1e-9),
    ("near the largest number", lambda h: 1e300 * math.sin(1 + h), 1e300 * math.cos(1)),
    ("with eight digits lost", lambda h: (1e8 + math.sin(1 + h)) - 1e8, math.cos(1)),
    ("another straight line far away", lambda h: math.log1p(math.exp(min(h, 700))) if h < 700 else h, 0.5),
    ("a corner beside the point", lambda h: max(h - 1e-6, 0.0), 0.0),
    ("constant", lambda h: 3.0, 0.0),
    ("steep as a jump", lambda h: math.tanh(1e9 * h), 1e9),
]


@pytest.mark.parametrize(("name", "function", "true"), SMOOTH)
def test_a_smooth_slope_is_found_within_its_error(name: str, function: Function, true: float) -> None:
    found = slopes(function)
    assert not bool(found.broken[0])
    assert abs(float(found.smooth.slope[0]) - true) <= SAFETY * float(found.smooth.error[0]) + 1e-12 * abs(true)
    assert float(found.smooth.error[0]) <= 1e-3 * abs(true) + 1e-9


BROKEN: list[tuple[str, Function, tuple[Side, Side]]] = [
    ("a corner", abs, (Side.SLOPE, Side.SLOPE)),
    ("a jump", lambda h: float(h > 0), (Side.SLOPE, Side.JUMP)),
    ("a small jump in a slope", lambda h: h + 1e-3 * (h > 0), (Side.SLOPE, Side.JUMP)),
    ("an infinite slope", lambda h: math.sqrt(abs(h)), (Side.INFINITE, Side.INFINITE)),
    ("an edge", lambda h: math.sqrt(h) if h >= 0 else math.nan, (Side.NONE, Side.INFINITE)),
]


@pytest.mark.parametrize(("name", "function", "kinds"), BROKEN)
def test_what_breaks_is_told_apart(name: str, function: Function, kinds: tuple[Side, Side]) -> None:
    found = slopes(function)
    assert bool(found.broken[0])
    assert (found.side(-1, 0)[0], found.side(1, 0)[0]) == kinds


def test_both_slopes_of_a_corner_are_found() -> None:
    found = slopes(lambda h: 3 * abs(h) + h)
    assert [found.side(sign, 0)[1] for sign in (-1, 1)] == pytest.approx([-2, 4])
