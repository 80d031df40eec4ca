"""The exact value of every node of a tree at a point, and the gradient that flows back to it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import partial

from gradcalc.base.real import Real
from gradcalc.engines.exact.ball import Ball, Undecided, as_real
from gradcalc.engines.exact.evaluation import Evaluator, Flow
from gradcalc.engines.exact.precision import refined
from gradcalc.problem.problem import Problem
from gradcalc.syntax.tree import postorder

ENOUGH = 100  # bits; what is looked for shows in the first fifty


@dataclass(frozen=True, slots=True)
class Traced:
    """What a node is worth: its value, and the derivative of the result by it; None where there is none.

    `taken` says whether the result really came from it: a branch of `where` may not have been taken.
    """

    value: Real | None
    flow: Real | None
    taken: bool


def trace(problem: Problem) -> dict[int, Traced]:
    """The truth about every node of the problem's tree, by the node's id."""
    return refined(problem.root, partial(_trace, problem), lambda found: True)


def _trace(problem: Problem, evaluator: Evaluator) -> dict[int, Traced]:
    point = {name: evaluator.arithmetic.rational(Fraction(value)) for name, value in problem.numbers.items()}
    values = evaluator.evaluate(problem.root, point)
    active = evaluator.active(values, problem.root)
    flows = evaluator.flows(active, values, problem.wrt)
    taken = {id(node) for node in active}
    return {
        id(node): Traced(
            _real(values.get(id(node)), evaluator), _flow(flows.get(id(node)), evaluator), id(node) in taken
        )
        for node in postorder(problem.root)
    }


def _flow(flow: object, evaluator: Evaluator) -> Real | None:
    return _real(flow.value, evaluator) if isinstance(flow, Flow) else None


def _real(value: object, evaluator: Evaluator) -> Real | None:
    """The number that a ball is. Raises Undecided where it is not known well enough yet."""
    if not isinstance(value, Ball):
        return None
    if not value.known(ENOUGH) and not evaluator.arithmetic.last:
        raise Undecided
    return as_real(value.middle)
