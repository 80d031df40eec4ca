"""The exact value of every node of a tree at a point, and the gradient that flows back to it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from gradcalc.engines.ball import Ball, as_real
from gradcalc.engines.evaluation import Evaluator
from gradcalc.problem import Problem
from gradcalc.results import Real
from gradcalc.syntax.tree import postorder

PRECISION = 1536  # bits; what is looked for shows in the first fifty


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
    evaluator = Evaluator(PRECISION, last=True)
    point = {name: evaluator.arithmetic.rational(Fraction(value)) for name, value in problem.numbers.items()}
    order = postorder(problem.root)
    values = evaluator.evaluate(order, point)
    active = evaluator.active(problem.root, values)
    flows = evaluator.flows(active, values, list(problem.wrt))
    taken = {id(node) for node in active}
    return {id(node): Traced(_real(values[id(node)]), _real(flows.get(id(node))), id(node) in taken) for node in order}


def _real(value: object) -> Real | None:
    return as_real(value.middle) if isinstance(value, Ball) else None
