"""An operation on arrays whose gradient torch works out by a rule of its own that fails at the numbers it gets."""

from __future__ import annotations

import math
from collections.abc import Iterator

from gradcalc.answers.compare import blamed, within
from gradcalc.answers.diagnosis.cause import Stage
from gradcalc.answers.records import Diagnosis
from gradcalc.answers.verdicts import Reason
from gradcalc.arrays.array import Array, Value, numbers_of, shape_of
from gradcalc.engines import ask
from gradcalc.engines.records import Missing
from gradcalc.functions import ARRAY_FUNCTIONS
from gradcalc.inputs.question import Question
from gradcalc.problem.problem import Problem
from gradcalc.problem.written_out import written_out
from gradcalc.syntax.tree import Call, Name, Node, Number, postorder

PLACE = "#{}"  # an argument by its place: no name of the language begins so
RULES = {  # why torch's rule fails, where that is known
    "det": "its rule is det(A)*inv(A).T, which divides by det(A): that is 0, or nearly so, here",
    "prod": "its rule divides the product by each factor",
}
PLAIN = "its own rule fails at these numbers"


def array_fault(question: Question) -> Diagnosis | None:
    """The first operation on arrays whose gradient torch has wrong by itself. Raises LimitError or Exhausted."""
    problem = question.problem
    held = ask.held(problem)
    for node in postorder(problem.root):
        if isinstance(node, Call) and node.function in ARRAY_FUNCTIONS:
            alone = _alone(node, held, problem)
            wrong = None if alone is None else next(_wrong(alone, question), None)
            if wrong is not None:
                return _reported(node, wrong, problem)
    return None


def _alone(node: Call, held: dict[int, Value], problem: Problem) -> Problem | None:
    """The operation by itself, the sum of its components, at the numbers that torch gave it; None where one is none."""
    point = {
        PLACE.format(place): held[id(argument)]
        for place, argument in enumerate(node.arguments)
        if not isinstance(argument, Number) and id(argument) in held
    }
    if not point or not all(math.isfinite(number) for value in point.values() for number in numbers_of(value)):
        return None
    arguments = (
        Name(name) if (name := PLACE.format(place)) in point else argument
        for place, argument in enumerate(node.arguments)
    )
    call: Node = Call(node.function, tuple(arguments))
    return problem.at(Call("sum", (call,)) if shape_of(held[id(node)]) else call, point, tuple(point))


def _wrong(alone: Problem, question: Question) -> Iterator[tuple[str, float]]:
    """The true derivatives, in full, that torch has wrong, each with torch's number."""
    written = written_out(alone, question.limits)
    truth, autograd = ask.truth(written.problem), ask.autograd(alone)
    for name, parts in written.parts.items():
        found = autograd.gradient[name]
        if isinstance(found, Missing):
            continue
        for part, number in zip(parts, found.values if isinstance(found, Array) else (found,), strict=True):
            slope = truth.slopes[part]
            if slope.value is not None and not within(slope, number, question.tolerance, alone.format):
                yield slope.value.text, number


def _reported(node: Call, wrong: tuple[str, float], problem: Problem) -> Diagnosis:
    blame = blamed(node, problem.source)
    true, found = wrong
    why = RULES.get(node.function, PLAIN)
    return Diagnosis(
        sentence=f"torch works the gradient of `{blame.text}` out wrongly: {why}",
        cure=None,
        blame=blame,
        operation=node.function,
        stage=Stage.BACKWARD,
        kind=Reason.NAN if math.isnan(found) else Reason.PRECISION,
        true=true,
        autograd=found,
    )
