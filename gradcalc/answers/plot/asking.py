"""A picture of an expression: from arguments to what there is to draw."""

from __future__ import annotations

import math
from dataclasses import replace

from gradcalc.answers.audit.box import Box, GivenBox
from gradcalc.answers.audit.interval import require_box
from gradcalc.answers.audit.range import at_corner, read_box
from gradcalc.answers.critical.data import in_ranges
from gradcalc.answers.critical.line import on_line
from gradcalc.answers.critical.records import Found
from gradcalc.answers.critical.volume import in_box
from gradcalc.answers.gradient.scalar import closed_forms
from gradcalc.answers.matrices.outputs import function_name
from gradcalc.answers.plot.line import line_plot
from gradcalc.answers.plot.plane import surface_plot
from gradcalc.answers.plot.records import LinePlot, Special, SurfacePlot
from gradcalc.arrays.array import Array
from gradcalc.base.errors import UsageError
from gradcalc.base.floating import FORMATS
from gradcalc.base.limits import DEFAULT_TIMEOUT, current, time_limit
from gradcalc.inputs.point import Given, read_point
from gradcalc.inputs.question import Question, asked
from gradcalc.problem.problem import DEFAULT_DTYPE

Picture = LinePlot | SurfacePlot
HIGHEST = 3  # order of a derivative that is drawn: each has a picture of its own below the others


def plot(
    expression: str,
    ranges: GivenBox,
    *,
    at: Given | None = None,
    order: int = 1,
    tangent: Given | None = None,
    critical: bool = False,
    timeout: float = DEFAULT_TIMEOUT,
) -> Picture:
    """What there is to draw of the function and its derivatives up to `order`, as `gradcalc.plot` says.

    Raises as `diff` does, and UsageError where a range makes no sense.
    """
    with time_limit(timeout):
        if not ranges:
            raise UsageError("a picture needs a range", hint="add --range x=-3:3")
        box = read_box(ranges, at, current())
        given = asked(expression, at=at_corner(at, box), wrt=list(box))
        question = _of_numbers(given, box)
        if len(box) == 2:
            _refuse(order, tangent)
            return _finished(surface_plot(question, box, function_name(given.problem)), question, given, critical)
        if len(box) > 2:
            raise UsageError("a picture is of one variable or of two", hint="give the others a value with --at")
        if not 0 <= order <= HIGHEST:
            raise UsageError(f"--order is {order}, expected 0 to {HIGHEST}")
        return _finished(_line(question, box, order, tangent), question, given, critical)


def _of_numbers(question: Question, box: Box) -> Question:
    """The question, data in arrays put in. Raises UsageError where the box does not fit."""
    if question.problem.arrays:
        return in_ranges(question, box)
    require_box(question.problem, box)
    return question


def over(expression: str, box: Box, others: Given | None) -> Picture | None:
    """The picture of what was audited over a box; None where it is of more than two variables."""
    if len(box) > 2:
        return None
    question = asked(expression, at=at_corner(others, box), wrt=list(box))
    if len(box) == 2:
        return surface_plot(question, box, function_name(question.problem))
    return _line(question, box, 1, None)


def _line(question: Question, box: Box, order: int, tangent: Given | None) -> LinePlot:
    """The curves over the one range. Raises UsageError at a tangent that there is not."""
    ((variable, ends),) = box.items()
    place = None if tangent is None else _place(tangent, variable)
    if place is not None and not ends[0] <= place <= ends[1]:
        raise UsageError(f"the tangent at {place:g} lies outside of the range")
    found = line_plot(question, variable, ends, max(order, 1), function_name(question.problem), place)
    if place is not None and found.tangent is None:
        raise UsageError(f"there is no tangent at {place:g}", hint="gradcalc diff says why")
    return _formulas(replace(found, curves=found.curves[: order + 1]), question)


def _place(tangent: Given, variable: str) -> float:
    """The value of the variable where a tangent is wanted. Raises GradcalcError where it is none."""
    found = read_point(tangent, current(), "--tangent").settle([variable], (), (), FORMATS[DEFAULT_DTYPE])[variable]
    if isinstance(found, Array):
        raise UsageError("--tangent is at one point")
    return found


def _refuse(order: int, tangent: Given | None) -> None:
    if order != 1:
        raise UsageError("--order is for one variable: contours show the function, arrows its gradient")
    if tangent is not None:
        raise UsageError("--tangent is for one variable")


def _formulas(found: LinePlot, question: Question) -> LinePlot:
    """The picture with the closed form of each derivative."""
    curves = []
    for one in found.curves:
        form = None
        if one.order:
            form = closed_forms(question.about(replace(question.problem, order=one.order))).get(found.variable)
        curves.append(replace(one, formula=None if form is None else form.text))
    return replace(found, curves=tuple(curves))


def _finished(found: LinePlot | SurfacePlot, question: Question, given: Question, critical: bool) -> Picture:
    """The picture with what was given, and with the critical points where they are wanted."""
    box = [found.variable] if isinstance(found, LinePlot) else found.variables
    values = given.problem.point or {}
    found = replace(found, fixed={name: value for name, value in values.items() if name not in box})
    if not critical:
        return found
    if isinstance(found, SurfacePlot):
        points = in_box(question, found.box)
        return replace(found, critical=_special(points), open=bool(points.undecided))
    points = on_line(question, found.variable, found.ends)
    open_ = tuple((one.first[found.variable], one.last[found.variable]) for one in points.undecided)
    return replace(found, critical=_special(points), undecided=(*found.undecided, *open_))


def _special(found: Found) -> tuple[Special, ...]:
    """Critical points with a value, and extrema without a derivative."""
    return tuple(
        Special(tuple(one.at.values()), one.value, str(one.kind), tuple(one.exact.values()))
        for one in found.points
        if one.value is not None and math.isfinite(one.value)
    )
