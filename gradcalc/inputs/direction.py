"""A direction as people write it: a number for each variable, as for a point; what is left out is 0."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gradcalc.arrays.array import Value, numbers_of, shape_of
from gradcalc.arrays.shape import text
from gradcalc.base.errors import UsageError
from gradcalc.inputs.point import Point
from gradcalc.problem.problem import Problem
from gradcalc.syntax.tree import Node


@dataclass(frozen=True, slots=True)
class Direction:
    """The direction in numbers of the dtype, as torch gets it, and exactly as it was written, component by component.

    Like a literal in the expression, 0.1 is one tenth, and its rounding counts as torch's error.
    """

    along: Mapping[str, Value]
    exact: Mapping[str, tuple[Node, ...]]


def settle(given: Point, problem: Problem) -> Direction:
    """The direction for a problem. Raises PointError as for a point, UsageError where a shape is wrong, or at zero."""
    along = given.values(problem.names, problem.defined, problem.format)
    for name, value in along.items():
        own = shape_of(value)
        expected = problem.shapes.get(name, ())
        if own != expected:
            taken = "an array" if name in problem.assumed else None if expected else "a scalar"
            hint = f"`{name}` is {taken} unless --at or --shape say something else" if taken else None
            raise UsageError(f"the direction of `{name}` has shape {text(own)}, expected {text(expected)}", hint=hint)
    if not any(map(_moves, along.values())):
        raise UsageError("the direction is zero", hint="give a component that is not 0")
    return Direction(along, given.exact(problem.names))


def _moves(value: Value) -> bool:
    """Is a part of a direction anything but zero?"""
    return any(numbers_of(value))
