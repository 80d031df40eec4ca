"""The exact value of every node of a tree at a point, and the gradient that flows back to it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import partial

from gradcalc.base.real import Real
from gradcalc.engines.exact.ball import Ball, as_real, known
from gradcalc.engines.exact.evaluation import Evaluator
from gradcalc.engines.exact.precision import refined
from gradcalc.engines.exact.values import Flow
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
    """The truth about every node of the problem's tree, by the node's id; what is not known well has no value."""
    return refined(problem.root, partial(_trace, problem), lambda found: found[1], or_last=True)[0]


def _trace(problem: Problem, evaluator: Evaluator) -> tuple[dict[int, Traced], bool]:
    """What is known of each node, and whether all is."""
    point = {name: Fraction(value) for name, value in problem.numbers.items()}
    values = evaluator.evaluate(problem.root, evaluator.point(point))
    active = evaluator.active(values, problem.root)
    flows = evaluator.flows(problem.root, values, problem.wrt)
    taken = {id(node) for node in active}
    slopes = {key: flow.value for key, flow in flows.items() if isinstance(flow, Flow)}
    traced = {
        id(node): Traced(_real(values[id(node)]), _real(slopes.get(id(node))), taken=True)
        if id(node) in taken
        else Traced(None, None, taken=False)
        for node in postorder(problem.root)
    }
    found = (*(values[key] for key in taken), *slopes.values())
    balls = [value for value in found if isinstance(value, Ball)]
    return traced, all(known(ball, ENOUGH) for ball in balls)


def _real(value: object) -> Real | None:
    """The number that a ball is, where it is known well."""
    return as_real(value) if isinstance(value, Ball) and known(value, ENOUGH) else None
