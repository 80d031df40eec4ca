"""Intervals: whatever a function takes on one lies in what is said of it, row by row of the catalogue."""

from __future__ import annotations

import random

import mpmath
import pytest

from gradcalc.base.errors import LimitError
from gradcalc.base.limits import Limits
from gradcalc.engines.exact import interval
from gradcalc.engines.exact.ball import Undecided, working
from gradcalc.engines.exact.interval import OPERATIONS, Interval
from gradcalc.engines.exact.zeros import BITS, values_over
from gradcalc.functions import ELEMENTWISE, OPERATORS
from gradcalc.functions.function import Function
from gradcalc.inputs.pose import pose
from gradcalc.syntax.tree import Call, Name
from tests import reference

ROWS = {name: row for name, row in (OPERATORS | ELEMENTWISE).items() if row.samples}
WIDTHS = (0.01, 0.7, 5.0)
INSIDE = 9  # points of an interval
SLACK = mpmath.mpf(2) ** -80  # the reference computes with a hundred digits, the ends have 96 bits


def escapes(row: Function) -> list[tuple[dict[str, Interval], float]]:
    """Boxes around the row's samples, with a value that does not lie in what is said of them."""
    root = Call(row.name, tuple(map(Name, row.parameters)))
    draw = random.Random(row.name)
    found = []
    for sample in row.samples:
        for width in WIDTHS:
            box = {
                name: Interval.between(at - width * draw.random(), at + width * draw.random())
                for name, at in zip(row.parameters, sample, strict=True)
            }
            try:
                with working(BITS):
                    said = values_over(root, box)
            except (Undecided, LimitError):
                continue
            for _ in range(INSIDE):
                point = {name: draw.uniform(*map(float, ends)) for name, ends in box.items()}
                value = reference.evaluate(root, {name: mpmath.mpf(at) for name, at in point.items()})
                if said is None or not within(value, said):
                    found.append((box, value))
    return found


def within(value: mpmath.mpf, said: Interval) -> bool:
    low, high = (mpmath.mpf(end.str(60, radius=False)) for end in said)
    slack = SLACK * (abs(value) + 1)
    return bool(low - slack <= value <= high + slack)


@pytest.mark.parametrize("name", ROWS)
def test_what_a_row_takes_lies_in_what_is_said(name: str) -> None:
    with mpmath.workdps(100):
        assert escapes(ROWS[name]) == []


@pytest.mark.parametrize("name", ["sin", "cos", "cosh", "sech", "abs"])
def test_a_turn_that_is_forgotten_is_seen(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(OPERATIONS, name, interval._by_pieces(name, ()))
    interval.THROUGHOUT.operation.cache_clear()
    interval.THROUGHOUT.plans.clear()
    try:
        with mpmath.workdps(100):
            assert escapes(ROWS[name]) != []
    finally:
        interval.THROUGHOUT.operation.cache_clear()
        interval.THROUGHOUT.plans.clear()


def over(text: str, low: float, high: float) -> tuple[float, float] | None:
    """What the values of an expression in x lie in; None where it has none."""
    root = pose(text, Limits()).root
    with working(BITS):
        found = values_over(root, {"x": Interval.between(low, high)})
    return None if found is None else (float(found.low), float(found.high))


SAID = [
    ("x*x", -1, 1, (0, 1)),
    ("x**2", -3, 1, (0, 9)),
    ("x**3", -2, 1, (-8, 1)),
    ("sqrt(x*x + 1)", -1, 1, (1, 2**0.5)),
    ("abs(x)", -2, 1, (0, 2)),
    ("cos(x)", -1, 7, (-1, 1)),
    ("sin(x)", 1, 2, (0.8414709848078965, 1)),
    ("cosh(x)", -1, 2, (1, 3.7621956910836314)),
    ("relu(x)", -1, 2, (0, 2)),
    ("floor(x)", 0.5, 2.5, (0, 2)),
    ("max(x, 1 - x)", 0, 1, (0, 1)),
    ("1/x", 2, 4, (0.25, 0.5)),
    ("2**x", -1, 1, (0.5, 2)),
    ("x - 1", 0, 1, (-1, 0)),
    ("log(x)", -2, -1, None),
]


@pytest.mark.parametrize(("text", "low", "high", "ends"), SAID)
def test_the_values_over_an_interval(text: str, low: float, high: float, ends: tuple[float, float] | None) -> None:
    assert over(text, low, high) == ends


@pytest.mark.parametrize("text", ["1/x", "log(x)", "sqrt(x)", "where(x > 0, 1, 2)", "x**x", "tan(2*x)"])
def test_what_is_not_decided_is_not_said(text: str) -> None:
    with pytest.raises(Undecided):
        over(text, -1, 1)
