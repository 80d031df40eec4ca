"""How every lesson begins, with an expression at a point, and how it ends: its gradient against the true one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from gradcalc.derive import derive
from gradcalc.errors import PointError, UsageError
from gradcalc.limits import Limits
from gradcalc.point import Given, listed
from gradcalc.pose import pose, tolerance_of
from gradcalc.problem import DEFAULT_DTYPE, Problem
from gradcalc.results import Autograd, Comparison

Held: TypeAlias = float | list["Held"]  # the numbers in a tensor: one, or nested lists of its shape
SECONDS = 8.0  # for the comparison


def posed(
    expression: str,
    limits: Limits,
    *,
    at: Given | None,
    wrt: Sequence[str] | str | None = None,
    dtype: str = DEFAULT_DTYPE,
) -> Problem:
    """The problem of a lesson: it has a point, and something to derive by. Raises PointError where that is missing."""
    problem = pose(expression, limits, at=[] if at is None else at, wrt=wrt, dtype=dtype)
    assert problem.point is not None
    if not problem.wrt:
        raise UsageError("the expression has no variable to derive by", hint="name one with --wrt x --at x=…")
    if missing := [name for name in problem.wrt if name not in problem.point]:
        raise PointError(
            f"no value for {listed(missing)}", hint=f"add --at {','.join(f'{name}=…' for name in missing)}"
        )
    return problem


def checked(
    problem: Problem, answer: Autograd, limits: Limits, *, rtol: float | None = None, atol: float = 0.0
) -> Comparison:
    """The comparison of the gradient that a lesson found with the true one."""
    tolerance = tolerance_of(problem, rtol, atol)
    return derive(problem, tolerance, SECONDS, limits, answer)
