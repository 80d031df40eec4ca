"""The derivative along a direction v: that of f(x + t*v) by t at 0, with all that is done for any derivative."""

from __future__ import annotations

import dataclasses
import math
from array import array
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import ClassVar

from gradcalc.answers.compare import compare, endangered
from gradcalc.answers.gradient.arrays import LEFT_OUT
from gradcalc.answers.matrices.entries import BEYOND, TRUTH_SHARE, Source, compared_entries, too_much, worked_out
from gradcalc.answers.matrices.outputs import Outputs, function_name
from gradcalc.answers.matrices.records import Matrix
from gradcalc.answers.records import Comparison, Diagnosis, Directional, Row
from gradcalc.answers.trials.verify import verified
from gradcalc.answers.verdicts import overall
from gradcalc.arrays.array import Array, Value, numbers_of
from gradcalc.base.limits import Limits
from gradcalc.calculus.simplify import rational
from gradcalc.engines import ask
from gradcalc.engines.records import ClosedForm, Missing
from gradcalc.inputs.direction import Direction
from gradcalc.inputs.question import Question
from gradcalc.problem.problem import Problem
from gradcalc.problem.written_out import scalar_form, written_out
from gradcalc.syntax.tree import Call, Name, Node, Number, substitute

PARAMETERS = ("t", "s", "u", "τ")


def with_direction(found: Comparison, question: Question, direction: Direction) -> Comparison:
    """The answer with the derivative along a direction; the verdict is the worst of all."""
    row = _row(question, direction)
    size = length(direction.along)
    return dataclasses.replace(
        found,
        direction=Directional(direction.along, size, row),
        verdict=overall((found.verdict, row.verdict)),
    )


def length(along: Mapping[str, Value]) -> float:
    """The length of a direction."""
    return math.hypot(*(one for value in along.values() for one in numbers_of(value)))


def _row(question: Question, direction: Direction) -> Row:
    """The derivative along the direction."""
    problem = question.problem
    autograd = None if problem.point is None else ask.autograd_along(problem, direction.along)
    try:
        found, truths, forms = worked_out(Line(direction), question)
    except BEYOND as reason:
        bare = Row("v", None, autograd=None if isinstance(autograd, Missing) else autograd, note=too_much(reason))
        return bare if autograd is None else _by_arrays(question, direction, autograd) or bare
    if autograd is None:
        (form,) = forms[0].values()
        return Row("v", form.text, note=form.note)
    return compared_entries(found, truths, forms, _bare(found, autograd), question)[0][0]


def _by_arrays(question: Question, direction: Direction, autograd: float | Missing) -> Row | None:
    """The row by whole arrays; None where the direction is not rational, or that is too much."""
    problem = question.problem
    rates = {
        name: {place: rate for place, node in enumerate(nodes) if (rate := rational(node)) is not None}
        for name, nodes in direction.exact.items()
    }
    if problem.order > 1 or any(len(rates[name]) < len(nodes) for name, nodes in direction.exact.items()):
        return None
    names = tuple(rates)
    asked = dataclasses.replace(problem, wrt=names)
    try:
        with question.clock.grant(TRUTH_SHARE):
            slope = ask.truth_along(asked, rates).slopes["t"]
    except BEYOND:
        return None
    bare = dataclasses.replace(problem, wrt=())

    def danger() -> Diagnosis | None:
        return endangered(ask.array_stress(asked), problem.format)

    return compare(bare, "v", slope, autograd, LEFT_OUT, question.tolerance, danger)


def _bare(found: Outputs, autograd: float | Missing) -> Matrix:
    """The matrix of one entry with torch's number, if it has one."""
    missing = dict.fromkeys(found.columns, autograd) if isinstance(autograd, Missing) else {}
    number = math.nan if isinstance(autograd, Missing) else autograd
    return Matrix(found.rows, found.columns, {}, autograd=Array((1, 1), array("d", [number])), missing=missing)


@dataclasses.dataclass(frozen=True, slots=True)
class Line(Source):
    """The function of t alone, whose gradient has one component: a Jacobian of one row and one column."""

    direction: Direction
    few: ClassVar = 1
    left_out: ClassVar = LEFT_OUT

    def outputs(self, question: Question) -> Outputs:
        """The function. Raises LimitError where arrays are too large to be written out."""
        line = along_line(question.problem, self.direction, question.limits)
        return Outputs((line,), (function_name(question.problem),), line.wrt, {name: (name,) for name in line.wrt})

    def forms(self, found: Outputs, question: Question) -> Iterator[tuple[int, Mapping[str, ClosedForm]]]:
        """The closed form for t = 0."""
        (line,), (parameter,) = found.problems, found.columns
        form = ask.closed_form_at_zero(line, parameter)
        yield 0, verified({parameter: form}, line, question.limits, fixed={parameter: 0.0})


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
