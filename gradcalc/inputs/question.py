"""What was asked for, with the means to answer: the problem, how exact torch has to be, and what it may cost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Unpack

from gradcalc.arrays.array import shape_of
from gradcalc.base.effort import Clock
from gradcalc.base.limits import Limits, current, running
from gradcalc.inputs.direction import Direction, settle
from gradcalc.inputs.point import Given, read_point
from gradcalc.inputs.pose import Posing, pose
from gradcalc.problem.problem import DEFAULT_DTYPE, Problem
from gradcalc.problem.tolerance import Tolerance, tolerance_of


class Options(Posing, total=False):
    """The options that make a question of an expression at a point."""

    rtol: float | None
    atol: float
    strict_forward: bool


@dataclass(frozen=True, slots=True)
class Question:
    """A problem, the tolerance for autograd, the limits of size, the clock; a direction to derive along, if any.

    `tangent`: is that at the point wanted too?
    """

    problem: Problem
    tolerance: Tolerance
    limits: Limits
    clock: Clock
    direction: Direction | None = None
    tangent: bool = False

    @classmethod
    def of(cls, problem: Problem, tolerance: Tolerance | None = None, direction: Direction | None = None) -> Question:
        """The question about a problem, to be answered in the time limit that is running; by its dtype's tolerance."""
        return cls(problem, tolerance or tolerance_of(problem), current(), running(), direction)

    def about(self, problem: Problem) -> Question:
        """The same question about another problem."""
        return replace(self, problem=problem, direction=None, tangent=False)

    def part(self, part: float) -> Question:
        """The same question, for a part of the time."""
        return replace(self, clock=self.clock.part(part))


def asked(
    expression: str,
    *,
    at: Given | None = None,
    dtype: str = DEFAULT_DTYPE,
    rtol: float | None = None,
    atol: float = 0.0,
    strict_forward: bool = False,
    direction: Given | None = None,
    tangent: bool = False,
    **options: Unpack[Posing],
) -> Question:
    """The question that the options describe, to be answered in the time limit that is running.

    Raises the GradcalcError that says what is wrong with them.
    """
    limits = current()
    given = None if direction is None else read_point(direction, limits, "--direction")
    named = given.names if given else ()
    problem = pose(expression, limits, at=at, dtype=dtype, named=named, **options)
    if given is not None and problem.assumed and options.get("shape") is None:  # the direction says it itself
        along = given.values(problem.names, problem.defined, problem.format)
        options["shape"] = {name: shape_of(along[name]) for name in problem.assumed if name in along}
        problem = pose(expression, limits, at=at, dtype=dtype, named=named, **options)
    settled = None if given is None else settle(given, problem)
    tolerance = tolerance_of(problem, rtol, atol, strict_forward)
    return replace(Question.of(problem, tolerance, settled), tangent=tangent)
