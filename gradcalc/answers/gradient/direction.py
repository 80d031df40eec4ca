"""The derivative along a direction v: that of f(x + t*v) by t at 0, with all that is done for any derivative."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import partial

from gradcalc.answers.compare import compare
from gradcalc.answers.gradient.arrays import MOST_NODES, TOO_LARGE, TOO_SLOW
from gradcalc.answers.gradient.large import along_tangent
from gradcalc.answers.gradient.scalar import CLOSED_FORM_SHARE, right_here
from gradcalc.answers.records import Comparison, Directional, Row, worst
from gradcalc.answers.trials.verify import verified
from gradcalc.arrays.array import Array, Value
from gradcalc.base.effort import Exhausted
from gradcalc.base.errors import LimitError
from gradcalc.base.limits import Limits
from gradcalc.calculus.simplify import rational
from gradcalc.engines import ask
from gradcalc.engines.records import ClosedForm
from gradcalc.inputs.direction import Direction
from gradcalc.inputs.question import Question
from gradcalc.problem.problem import Problem
from gradcalc.problem.written_out import scalar_form, written_out
from gradcalc.syntax.tree import Call, Name, Node, Number, postorder, substitute

TRUTH_SHARE = 0.6  # of the time
LEFT_OUT = ClosedForm(None, "closed form left out for arrays of this size")
PARAMETERS = ("t", "s", "u", "τ")


def with_direction(found: Comparison, question: Question, direction: Direction) -> Comparison:
    """The answer with the derivative along a direction; the verdict is the worst of all."""
    row = _row(question, direction)
    size = length(direction.along)
    verdicts = [one for one in (found.verdict, row.verdict) if one is not None]
    return dataclasses.replace(
        found,
        direction=Directional(direction.along, size, row),
        verdict=worst(verdicts) if verdicts else None,
    )


def length(along: Mapping[str, Value]) -> float:
    """The length of a direction."""
    return math.hypot(*(one for value in along.values() for one in _components(value)))


def _components(value: Value) -> Sequence[float]:
    return value.values if isinstance(value, Array) else (value,)


def _row(question: Question, direction: Direction) -> Row:
    """The derivative along the direction."""
    problem, limits = question.problem, question.limits
    autograd = None if problem.point is None else ask.autograd_along(problem, direction.along)
    try:
        line, form = _line(question, direction)
        if autograd is None:
            return Row("v", form.text, note=form.note)
        with question.clock.grant(TRUTH_SHARE):
            slope = ask.truth(line).slopes[line.wrt[0]]
            form = right_here(form, slope, line, limits)
            stress = partial(ask.stress, line, line.wrt[0])
            return compare(line, line.wrt[0], slope, autograd, form, question.tolerance, stress)
    except LimitError:
        note = TOO_LARGE
    except Exhausted:
        note = TOO_SLOW
    return Row("v", None, autograd=autograd, note=note)


def _line(question: Question, direction: Direction) -> tuple[Problem, ClosedForm]:
    """The function of t alone, and its closed form; of arrays too large to be written out, what is as good near 0."""
    problem, limits = question.problem, question.limits
    try:
        line = along_line(problem, direction, limits)
    except LimitError:
        found = {name: list(map(rational, nodes)) for name, nodes in direction.exact.items()}
        components = {name: [one for one in own if one is not None] for name, own in found.items()}
        if problem.point is None or components != found:
            raise
        with question.clock.grant(TRUTH_SHARE):
            return along_tangent(problem, components, PARAMETERS[0], limits), LEFT_OUT
    return line, _verified(_closed_form(question.about(line)), line, limits)


def along_line(problem: Problem, direction: Direction, limits: Limits) -> Problem:
    """The problem about f(x + t*v), a function of t at 0."""
    written = written_out(problem, limits) if problem.arrays else scalar_form(problem)
    whole = written.problem
    parameter = next((name for name in PARAMETERS if name not in whole.variables), "t_")
    moved: dict[str, Node] = {}
    for name, nodes in direction.exact.items():
        for part, node in zip(written.all_parts.get(name, (name,)), nodes, strict=True):
            if node != Number(Fraction(0)):
                moved[part] = Call("add", (Name(part), _times(Name(parameter), node)))
    point = None if whole.point is None else {**whole.point, parameter: 0.0}
    return dataclasses.replace(
        whole,
        root=substitute(whole.root, moved),
        variables=(*whole.variables, parameter),
        wrt=(parameter,),
        point=point,
    )


def _times(parameter: Node, node: Node) -> Node:
    return parameter if node == Number(Fraction(1)) else Call("mul", (node, parameter))


def _closed_form(question: Question) -> ClosedForm:
    """The closed form, where the function is small and the time is enough."""
    line = question.problem
    if len(postorder(line.root)) > MOST_NODES:
        return LEFT_OUT
    try:
        with question.clock.grant(CLOSED_FORM_SHARE):
            return ask.closed_form_at_zero(line, line.wrt[0])
    except Exhausted:
        return ClosedForm(None, "the closed form takes too long to find")


def _verified(form: ClosedForm, line: Problem, limits: Limits) -> ClosedForm:
    """The closed form, unless it is wrong at a point of our own."""
    (parameter,) = line.wrt
    return verified({parameter: form}, line, limits, fixed={parameter: 0.0})[parameter]
