"""The loss curve in plain characters."""

from __future__ import annotations

import math

import pytest

from gradcalc.render.curve import curve

DRAWN = [  # values, the drawing
    ([1.0, 0.5, 0.25, 0.0], """\
1 |***
  |
  |
  |
  |   ***
  |      ***
  |
0 |         ***
  +------------
   1          4
"""),
    ([2.0], """\
2 |
  |
  |
  |
  |
  |
  |
2 |***
  +---
   1 1
"""),
    ([math.inf, 3.0, math.nan, 1.0], """\
3 |   ***
  |
  |
  |
  |
  |
  |
1 |         ***
  +------------
   1          4
"""),
    ([math.nan], "no value is finite\n"),
]  # fmt: skip


@pytest.mark.parametrize(("values", "drawing"), DRAWN)
def test_a_curve(values: list[float], drawing: str) -> None:
    assert curve(values, "1", str(len(values))) == drawing


def test_a_long_curve_has_the_mean_of_its_values_in_each_column() -> None:
    lines = curve([1.0 - step / 6000 for step in range(6000)], "1", "6000").splitlines()
    assert [max(map(len, lines)), lines[0][:6], lines[7][:7], lines[7][-2:]] == [70, "  0.99", "0.00841", "**"]


def test_values_too_large_to_add_up_are_drawn() -> None:
    assert curve([1e308] * 200, "1", "200").count("*") == 60
