"""Closed forms for functions that no formula in numbers stands for, tried on whole arrays: by difference quotients."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from gradcalc.arrays.array import Array, Value, numbers_of
from gradcalc.arrays.infer import infer
from gradcalc.arrays.shape import Shape, size
from gradcalc.base.errors import LimitError
from gradcalc.engines import ask
from gradcalc.problem.problem import Problem
from gradcalc.syntax.tree import Call, Name, Node

POINTS = ((0.31, 0.17, 2.0), (0.31, 0.17, 12.0), (-0.23, 0.09, 1.5))  # first number, step, more on diagonals
RATES = 7  # of different components
WEIGHTS = "#w"  # no name has it


def holds_along(form: Node, name: str, problem: Problem) -> bool | None:
    """Is a form the derivative by a variable, at a point of our own? None where none tells."""
    for point in _points(problem):
        try:
            told = _agrees(form, name, _summed(replace(problem, point=point, wrt=(name,))))
        except LimitError:
            continue
        if told is not None:
            return told
    return None


def _summed(problem: Problem) -> Problem:
    """The problem about the sum of the function's components, each with a weight of its own."""
    assert problem.point is not None
    shape = infer(problem.root, problem.shapes)[id(problem.root)]
    own = tuple(map(int, shape))
    weights = Array(own, array("d", map(float, _rates(size(own)))))
    return replace(
        problem,
        root=Call("sum", (Call("mul", (Name(WEIGHTS), problem.root)),)),
        point={**problem.point, WEIGHTS: weights if own else weights.values[0]},
        shapes={**problem.shapes, WEIGHTS: own},
    )


def _agrees(form: Node, name: str, problem: Problem) -> bool | None:
    """Is the slope along a direction what the form makes of it?"""
    assert problem.point is not None
    shape = tuple(map(int, problem.shapes.get(name, ())))
    entries = [None if one is None else one.fraction() for one in ask.elements(form, problem.point)]
    known = [one for one in entries if one is not None]
    weights, count = list(map(Fraction, numbers_of(problem.point[WEIGHTS]))), size(shape)
    if len(known) < len(entries):
        return None
    if len(known) != count * len(weights):
        return False
    mirrored = name in problem.symmetric
    own = [_first(place, shape, mirrored) for place in range(count)]
    rates = {place: _rates(count)[first] for place, first in enumerate(own)}
    moving = [place for place in range(count) if own[place] == place]
    pairs = [(row * count + place, weight * rates[place]) for row, weight in enumerate(weights) for place in moving]
    return ask.borne_out(problem, {name: rates}, sum((known[place] * rate for place, rate in pairs), Fraction(0)))


def _rates(count: int) -> list[Fraction]:
    """Different numbers, so that no two components are taken for each other."""
    return [Fraction(1 + place * 3 % RATES, 8) for place in range(count)]


def _first(place: int, shape: Shape, mirrored: bool) -> int:
    """The place itself, or that of its mirror image above the diagonal."""
    if not mirrored:
        return place
    row, column = divmod(place, int(shape[1]))
    return min(row, column) * int(shape[1]) + max(row, column)


def _points(problem: Problem) -> Iterator[Mapping[str, Value]]:
    """A few points, of matrices whose diagonals are heavy."""
    for start, step, more in POINTS:
        yield {
            name: _value(problem, name, start + place * step, step, more)
            for place, name in enumerate(problem.variables)
        }


def _value(problem: Problem, name: str, start: float, step: float, more: float) -> Value:
    shape = tuple(map(int, problem.shapes.get(name, ())))
    if not shape:
        return start
    places = [_first(place, shape, name in problem.symmetric) for place in range(size(shape))]
    width = shape[-1]
    on_diagonal = [len(shape) == 2 and place // width == place % width for place in range(size(shape))]
    numbers = [start + step * (place % 5) + more * own for place, own in zip(places, on_diagonal, strict=True)]
    return Array(shape, array("d", numbers))
