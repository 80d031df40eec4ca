"""A gradient by arrays that are too large to be verified whole: a few components of it, verified exactly."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from gradcalc.answers.compare import lost_bits
from gradcalc.answers.explain import explain
from gradcalc.answers.gradient.scalar import compared
from gradcalc.answers.records import Reason, Row
from gradcalc.arrays.array import Array, Value
from gradcalc.arrays.shape import size
from gradcalc.base.errors import LimitError
from gradcalc.base.limits import Limits
from gradcalc.base.real import Real
from gradcalc.engines import ask
from gradcalc.engines.exact.dual import Dual, measured, moving, total
from gradcalc.engines.exact.partial import Budget, Partial, partial
from gradcalc.engines.records import Autograd, ClosedForm, Missing, Slope
from gradcalc.inputs.question import Question
from gradcalc.problem.problem import Problem
from gradcalc.problem.written_out import component_names

SPREAD = 7  # components at equal distances, from the first to the last
ATTEMPTS = ((SPREAD, 4), (0, 1))  # so many beside the steepest, with this part of the operations written out
ARITHMETIC = 200  # operations on whole numbers that take as long as one of the exact engine's
READING = 3  # operations on whole numbers that it takes to make one of a float


@dataclass(frozen=True, slots=True)
class Sample:
    """The function's value, and the rows that were compared: by the variable, and the place of the component in it."""

    value: Real | None
    rows: Mapping[str, Mapping[int, Row]]


def along_tangent(problem: Problem, direction: Mapping[str, Sequence[Fraction]], name: str, limits: Limits) -> Problem:
    """The function of t that is f(x + t*v), or near x as good as that; `direction` has the components of v.

    Raises LimitError where that is too much, or where it has no slope that counts.
    """
    _require_room(problem, limits)
    duals = _duals(problem, {})
    for variable, components in direction.items():
        duals[variable] = total(duals[variable], moving(duals[variable].shape, components, name))
    found, function = varying(problem, duals, (name,), Budget(limits.operations * ARITHMETIC, limits.operations))
    truth = ask.truth(function)
    if truth.value is not None and name in found.bent and truth.slopes[name].magnitude is None:
        raise LimitError("the slope is not that of the tangent")
    return function


def sampled(question: Question, autograd: Autograd) -> Sample | None:
    """The comparison of a few components: the steepest one by autograd, and others that are spread evenly.

    None where even one takes more operations than there may be, or where nothing was decided.
    """
    problem, limits = question.problem, question.limits
    if problem.order > 1:
        return None
    for spread, part in ATTEMPTS:
        parts = {name: _parts(problem, name, autograd.gradient.get(name, 0.0), spread) for name in problem.wrt}
        try:
            _require_room(problem, limits)
            budget = Budget(limits.operations * ARITHMETIC, limits.operations // part)
            return _compared(question, parts, budget, autograd)
        except LimitError:
            continue
    return None


def _require_room(problem: Problem, limits: Limits) -> None:
    """Raises LimitError where to read the numbers is more than may be done."""
    elements = sum(map(size, problem.shapes.values()))
    if elements * READING > limits.operations * ARITHMETIC:
        raise LimitError("the arrays are too large")


def _parts(problem: Problem, name: str, gradient: Value | Missing, spread: int) -> dict[str, int]:
    """The components of a variable that are looked at, each with its place."""
    shape = problem.shapes.get(name, ())
    places = _places(gradient.values, spread) if isinstance(gradient, Array) else [0]
    names = component_names(name, shape, problem.names, places)
    return dict(zip(names, places, strict=True))


def _places(gradient: Sequence[float], spread: int) -> list[int]:
    """The place of the steepest component, one without a number before all, and others from the first to the last."""
    sizes = list(map(abs, gradient))
    if any(map(math.isnan, sizes)):
        sizes = [math.inf if math.isnan(size) else size for size in sizes]
    last = len(sizes) - 1
    return sorted({sizes.index(max(sizes)), *(round(step * last / (spread - 1)) for step in range(spread))})


def _compared(
    question: Question, parts: Mapping[str, Mapping[str, int]], budget: Budget, autograd: Autograd
) -> Sample | None:
    """The comparison of these components. Raises LimitError."""
    problem = question.problem
    names = tuple(part for own in parts.values() for part in own)
    found, function = varying(problem, _duals(problem, parts), names, budget)
    truth = ask.truth(function)
    bent = () if truth.value is None else found.bent
    sure = tuple(name for name in names if name not in bent or truth.slopes[name].magnitude is not None)
    if not sure:
        return None
    numbers = {part: _number(autograd, name, place) for name, own in parts.items() for part, place in own.items()}
    inner = compared(
        question.about(replace(function, wrt=sure)),
        dict.fromkeys(sure, ClosedForm(None)),
        Autograd(autograd.value, numbers),
        truth,
        diagnose=False,
    )
    told = {part: _told(inner.row(part), truth.slopes[part], function, found.lost) for part in sure}
    rows = {name: {own[part]: row for part, row in told.items() if part in own} for name, own in parts.items()}
    return Sample(truth.value, rows)


def varying(
    problem: Problem, duals: Mapping[str, Dual], names: tuple[str, ...], budget: Budget
) -> tuple[Partial, Problem]:
    """The problem in the parameters of `duals` alone, each counted from the point. Raises LimitError."""
    found = partial(problem.root, duals, budget)
    return found, problem.of_numbers(found.root, names, names, dict.fromkeys(names, 0.0))


def _told(row: Row, slope: Slope, problem: Problem, lost: int) -> Row:
    """The row; where autograd is off, with what the sums that were worked out have to do with it."""
    if row.reason is not Reason.PRECISION or lost < lost_bits(problem.format):
        return row
    return explain(replace(row, reason=Reason.CANCELLATION), slope, problem)


def _duals(problem: Problem, parts: Mapping[str, Mapping[str, int]]) -> dict[str, Dual]:
    """The numbers of every variable, and which of them vary."""
    assert problem.point is not None
    found = {}
    for name, value in problem.point.items():
        shape, values = (value.shape, value.values) if isinstance(value, Array) else ((), (value,))
        found[name] = measured(shape, values, parts.get(name, {}))
    return found


def _number(autograd: Autograd, name: str, place: int) -> float | Missing:
    """autograd's derivative by one component."""
    value = autograd.gradient.get(name, 0.0)
    return value.values[place] if isinstance(value, Array) else value
