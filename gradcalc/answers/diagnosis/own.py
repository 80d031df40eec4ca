"""Higher derivatives that torch has wrong by itself: of one operation, at the very numbers that it gets."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from gradcalc.answers.compare import within
from gradcalc.answers.diagnosis.cause import Cause, Stage
from gradcalc.answers.verdicts import Reason
from gradcalc.engines import ask
from gradcalc.engines.records import Missing
from gradcalc.problem.problem import Problem
from gradcalc.problem.tolerance import Tolerance
from gradcalc.syntax.tree import Call, Name, Node, Number, number, postorder

STEP = "#"  # no name of the language begins so
LINES = ((1, 0), (0, 1), (1, 1))  # directions in which the arguments move
MOST = 60  # operations that are looked at


def own_fault(problem: Problem, tolerance: Tolerance) -> Cause | None:
    """The first operation whose derivatives up to the problem's order torch does not know; None where it knows all."""
    numbers = ask.traced(problem)
    calls = [node for node in postorder(problem.root) if isinstance(node, Call)]
    for node in calls[:MOST]:
        given = [numbers[id(argument)][0] for argument in node.arguments]
        if all(map(math.isfinite, given)):
            for order in range(2, problem.order + 1):
                for line in _lines(node, given):
                    cause = _wrong(node, replace(problem, root=line, order=order), tolerance)
                    if cause is not None:
                        return cause
    return None


def _lines(node: Call, given: list[float]) -> Iterator[Node]:
    """The operation as a function of a step that its arguments, where they are no literals, make together."""
    moving = [not isinstance(argument, Number) for argument in node.arguments]
    seen = set()
    for line in LINES if len(given) == 2 else ((1,) * len(given),):
        steps = tuple(step if moves else 0 for step, moves in zip(line, moving, strict=True))
        if any(steps) and steps not in seen:
            seen.add(steps)
            places = [number(Fraction(value)) for value in given]
            yield Call(node.function, tuple(_moved(one, step) for one, step in zip(places, steps, strict=True)))


def _moved(place: Node, step: int) -> Node:
    return Call("add", (place, Name(STEP))) if step else place


def _wrong(node: Call, line: Problem, tolerance: Tolerance) -> Cause | None:
    """The derivative along a line as a cause, where torch's is not the true one."""
    there = replace(line, variables=(STEP,), wrt=(STEP,), point={STEP: 0.0})
    slope, found = ask.truth(there).slopes[STEP], ask.autograd(there).number(STEP)
    if slope.value is None or isinstance(found, Missing) or within(slope, found, tolerance, line.format):
        return None
    return Cause(node, Stage.BACKWARD, Reason.PRECISION, slope.value, found, math.inf, order=line.order)
