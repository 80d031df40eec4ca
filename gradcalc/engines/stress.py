"""Where floating-point arithmetic is in danger on the way to a derivative, seen with exact values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from gradcalc.engines.ball import Ball
from gradcalc.engines.evaluation import Evaluator
from gradcalc.problem import Problem
from gradcalc.results import Stress
from gradcalc.syntax.tree import Call, Node, postorder

PRECISION = 4608  # bits; the last that the derivative itself is tried at
SUMS = frozenset({"add", "sub"})


def stress(problem: Problem, name: str) -> Stress:
    """The dangers on the way to the derivative by `name`, at a point where the function is smooth."""
    root, form = problem.root, problem.format
    evaluator = Evaluator(PRECISION, last=True)
    balls = {variable: evaluator.arithmetic.rational(Fraction(value)) for variable, value in problem.numbers.items()}
    values = evaluator.evaluate(postorder(root), balls)
    order = evaluator.active(root, values)
    partial = evaluator.gradient(order, values, [name])[name]
    size = evaluator.gradient(order, values, [name], magnitude=True)[name]
    exponents = [exponent(value) for node in order if isinstance(value := values[id(node)], Ball)]
    exponents += [exponent(flow) for flow in (partial, size) if isinstance(flow, Ball)]
    present = [one for one in exponents if one is not None]
    lost = [*_cancelled(order, values), _drop(partial, size)]
    return Stress(
        overflow=any(one > form.greatest for one in present),
        underflow=any(one < form.least for one in present),
        lost_bits=max(lost, default=0),
    )


def exponent(ball: Ball) -> int | None:
    """The power of two that a number begins with; None for zero."""
    _, mantissa, power, bits = ball.middle
    return power + bits - 1 if mantissa else None


def _cancelled(order: list[Node], values: Mapping[int, object]) -> Iterator[int]:
    """For each sum, how many bits shorter it is than its larger term."""
    for node in order:
        if isinstance(node, Call) and node.function in SUMS:
            terms = [values[id(argument)] for argument in node.arguments]
            largest = max(terms, key=lambda term: exponent(term) or 0 if isinstance(term, Ball) else 0)
            yield _drop(values[id(node)], largest)


def _drop(result: object, largest: object) -> int:
    """The bits between the size of the terms and the size of the result."""
    if not isinstance(result, Ball) or not isinstance(largest, Ball):
        return 0
    low, high = exponent(result), exponent(largest)
    return 0 if low is None or high is None else max(0, high - low)
