"""A function of two variables over a box: its values on a grid, its gradient at some points."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from gradcalc.answers.audit.box import Box
from gradcalc.answers.plot.records import Arrow, SurfacePlot
from gradcalc.answers.plot.view import limits
from gradcalc.answers.trials.derived import tried_gradient
from gradcalc.base.errors import LimitError
from gradcalc.base.floating import FORMATS
from gradcalc.calculus.branches import branched
from gradcalc.engines import ask
from gradcalc.engines.exact.switches import switches
from gradcalc.inputs.question import Question
from gradcalc.problem.problem import DEFAULT_DTYPE
from gradcalc.syntax.tree import Node

LINES = 65  # of the grid, either way
ARROWS = 13  # either way
STEEP = 5.0  # times the spread of the middle half: beyond, values are no longer told apart
MOST_BREAKS = 4  # quantities whose zeros are drawn
FORM = FORMATS[DEFAULT_DTYPE]


def surface_plot(question: Question, box: Box, name: str) -> SurfacePlot:
    """The values on a grid, the gradient on a coarser one, and the quantities whose zeros are where it may break."""
    problem = question.problem
    (first, second) = box
    xs, ys = (even(*box[one], LINES) for one in (first, second))
    quantities = dict([*switches(problem.root).items()][:MOST_BREAKS])
    trees = [problem.root, *quantities.values()]
    rows = [[_at(trees, {**problem.numbers, first: x, second: y}) for x in xs] for y in ys]
    value, *others = (tuple(tuple(cell[place] for cell in row) for row in rows) for place in range(len(trees)))
    slopes = branched(tried_gradient(problem, problem.root, [first, second]).values())
    arrows = [
        Arrow((x, y), (found[0], found[1]))
        for y in inner(*box[second])
        for x in inner(*box[first])
        if (found := _numbers(_at(slopes, {**problem.numbers, first: x, second: y}))) is not None
    ]
    plot = SurfacePlot(
        problem.source, name, (first, second), box, _fixed(problem.numbers, box), tuple(xs), tuple(ys), value, (0, 1),
        tuple(arrows), dict(zip(quantities, others, strict=True)) or None,
    )  # fmt: skip
    return replace(plot, limits=heights(plot))


def heights(plot: SurfacePlot) -> tuple[float, float]:
    """The least and the greatest value that is told apart: where the function may break, values far out are not."""
    values = [(0.0, one) for row in plot.values for one in row if one is not None]
    return limits(values, [math.inf] if plot.breaks else [], 1.0, (), STEEP)


def _fixed(numbers: Mapping[str, float], box: Box) -> dict[str, float]:
    return {one: value for one, value in numbers.items() if one not in box}


def even(low: float, high: float, count: int) -> list[float]:
    """So many places from one to another, both taken."""
    return [low + (high - low) * index / (count - 1) for index in range(count)]


def inner(low: float, high: float) -> list[float]:
    """The middles of even parts."""
    return [low + (high - low) * (index + 0.5) / ARROWS for index in range(ARROWS)]


def _at(trees: Sequence[Node], point: Mapping[str, float]) -> list[float | None]:
    try:
        found = ask.values(trees, point)
    except LimitError:
        return [None] * len(trees)
    return [None if one is None else float(one.nearest(FORM)) for one in found]


def _numbers(found: Sequence[float | None]) -> list[float] | None:
    """Numbers that are there, all of them, and finite."""
    numbers = [one for one in found if one is not None and math.isfinite(one)]
    return numbers if len(numbers) == len(found) else None
