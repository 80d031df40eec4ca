"""A small curve in plain characters: as good in a pipe as in a terminal."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import Any

from gradcalc.answers.plot.records import Curve, Ends, LinePlot, Stroke
from gradcalc.answers.plot.view import limits

WIDTH, HEIGHT = 60, 8  # characters
MARK = "*"


def curve(values: Sequence[float], first: str, last: str) -> str:
    """The values from left to right, `first` and `last` written below the two ends; what is not finite is left out.

    Every value stands in its own column as far as the width allows; beyond, a column shows the mean of its values.
    """
    return curves([values], first, last)


def curves(series: Sequence[Sequence[float]], first: str, last: str, marks: str = MARK) -> str:
    """Several curves over the same numbers, each with a mark of its own; where two meet, the first is seen."""
    drawn = [_columns(values) for values in series]
    finite = [value for columns in drawn for value in columns if math.isfinite(value)]
    if not finite:
        return "no value is finite\n"
    low, high = min(finite), max(finite)
    labels = {0: f"{high:.4g}", HEIGHT - 1: f"{low:.4g}"}
    margin = max(map(len, labels.values()))
    rows = [_row(drawn, row, low, high, marks) for row in range(HEIGHT)]
    lines = [f"{labels.get(row, ''):>{margin}} |{text}".rstrip() for row, text in enumerate(rows)]
    width = len(drawn[0])
    below = first + " " * max(1, width - len(first) - len(last)) + last
    return "\n".join([*lines, f"{'':>{margin}} +{'-' * width}", f"{'':>{margin}}  {below}"]) + "\n"


def plotted(series: Mapping[str, Sequence[float]], ends: Ends, name: str, variable: str) -> tuple[Any, ...]:
    """The same for formats that draw: a plot without breaks, and its curves by their names."""
    step = (ends[1] - ends[0]) / (len(next(iter(series.values()))) - 1)
    drawn = []
    for order, (called, values) in enumerate(series.items()):
        points = [(ends[0] + step * place, value) for place, value in enumerate(values)]
        runs = [list(run) for finite, run in itertools.groupby(points, lambda one: math.isfinite(one[1])) if finite]
        strokes = tuple(Stroke(tuple(x for x, _ in run), tuple(y for _, y in run)) for run in runs)
        drawn.append(Curve(order, called, strokes, limits(points, (), 1.0, ())))
    return (LinePlot("", name, variable, ends, {}, tuple(drawn), ()), *drawn)


def _columns(values: Sequence[float]) -> list[float]:
    """One value for each column of the drawing."""
    if len(values) <= WIDTH:
        wide = max(1, WIDTH // len(values))
        return [value for value in values for _ in range(min(wide, 3))]
    edges = [index * len(values) // WIDTH for index in range(WIDTH + 1)]
    return [sum(value / (b - a) for value in values[a:b]) for a, b in itertools.pairwise(edges)]


def _row(drawn: Sequence[Sequence[float]], row: int, low: float, high: float, marks: str) -> str:
    """The marks of a row: in each column that of the first curve which is there."""
    return "".join(
        next((mark for value, mark in zip(column, marks, strict=True) if _is_at(row, value, low, high)), " ")
        for column in zip(*drawn, strict=True)
    )


def _is_at(row: int, value: float, low: float, high: float) -> bool:
    return math.isfinite(value) and _height(value, low, high) == row


def _height(value: float, low: float, high: float) -> int:
    """The row of a value, the highest in row 0; where all are equal, they lie at the bottom."""
    share = 0.0 if high == low else (value - low) / (high - low)
    return round((1 - share) * (HEIGHT - 1))
