"""Known values for a program's test: points, the function's value there, and its gradient, exact and rounded once."""

from __future__ import annotations

from dataclasses import replace

from gradcalc.answers.trials.points import Sample
from gradcalc.arrays.array import nested, nested_of, shape_of
from gradcalc.base.errors import UsageError
from gradcalc.base.floating import FORMATS
from gradcalc.codegen.checks import Known
from gradcalc.engines import ask
from gradcalc.problem.problem import DEFAULT_DTYPE, Problem

MOST = 8  # points of a test
FORM = FORMATS[DEFAULT_DTYPE]
NO_POINT = "the function has no value and gradient there, so that there is nothing to test"


def known_values(problem: Problem, samples: list[Sample]) -> list[Known]:
    """What is known at the problem's own point, if it has one, and at others. Raises UsageError where nothing is."""
    if problem.arrays:
        return [_of_arrays(problem)]
    points = [{name: one.point[name] for name in problem.names} for one in samples[:MOST]]
    if problem.point is not None:
        own = dict(problem.numbers)
        points = [own, *(one for one in points if one != own)][:MOST]
    found = [one for point in points if (one := _at(problem, point)) is not None]
    if not found:
        raise UsageError(NO_POINT, hint="name a point of the domain with --at")
    return found


def _at(problem: Problem, point: dict[str, float]) -> Known | None:
    truth = ask.truth(replace(problem, point=point))
    slopes = [truth.slopes[name].value for name in problem.wrt]
    if truth.value is None or any(slope is None for slope in slopes):
        return None
    gradient = tuple(slope.nearest(FORM) for slope in slopes if slope is not None)
    return Known(tuple(point.values()), truth.value.nearest(FORM), gradient)


def _of_arrays(problem: Problem) -> Known:
    if problem.point is None:
        raise UsageError("--test of arrays needs a point", hint="give values with --at")
    truth = ask.array_truth(problem, plainly=True)
    if truth is None or truth.value is None:
        raise UsageError(NO_POINT, hint="name another point with --at")
    gradient = tuple(
        nested(truth.slopes[name].nearest(FORM).tolist(), shape_of(problem.point[name])) for name in problem.wrt
    )
    return Known(tuple(nested_of(problem.point[name]) for name in problem.names), truth.value.nearest(FORM), gradient)
