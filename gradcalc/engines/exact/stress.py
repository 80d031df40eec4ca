"""Where floating-point arithmetic is in danger on the way to a derivative, seen with exact values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from gradcalc.base.floating import Format
from gradcalc.engines.exact.ball import Ball, Undecided, known, magnitude
from gradcalc.engines.exact.evaluation import Evaluator
from gradcalc.engines.exact.precision import refined
from gradcalc.engines.exact.values import Flow
from gradcalc.engines.records import Stress
from gradcalc.problem.problem import Problem
from gradcalc.syntax.tree import Call, Node

COARSE = 2  # bits; the causes looked for are matters of size
SUMS = frozenset({"add", "sub"})


def stress(problem: Problem, name: str) -> Stress:
    """The dangers on the way to the derivative by `name`, at a point where the function is smooth.

    What leaves the range on the way forward spoils everything after it; gradients are asked only where nothing does.
    """
    return refined(problem.root, lambda evaluator: _stress(problem, name, evaluator), lambda found: True)


def _stress(problem: Problem, name: str, evaluator: Evaluator) -> Stress:
    point = {variable: Fraction(value) for variable, value in problem.numbers.items()}
    values = evaluator.evaluate(problem.root, evaluator.point(point))
    order = evaluator.active(values, problem.root)
    exponents = {id(node): exponent(values[id(node)]) for node in order}
    flows = [flow for flow in evaluator.flows(problem.root, values, [name]).values() if isinstance(flow, Flow)]
    partial = evaluator.gradient(problem.root, values, [name])[name]
    ends = [partial.size, partial.value] if isinstance(partial, Flow) else []
    sizes = [exponent(ball) for ball in (*ends, *(flow.value for flow in flows))]
    form = problem.format
    forward = in_range([one for one in exponents.values() if one is not None], form)
    overflow, underflow = forward if any(forward) else in_range([one for one in sizes if one is not None], form)
    return Stress(
        overflow=overflow,
        underflow=underflow,
        lost_bits=max([*_cancelled(order, exponents), _drop(*sizes[:2]) if ends else 0]),
    )


def in_range(exponents: list[int], form: Format) -> tuple[bool, bool]:
    """Is one of the numbers too large for the format, and is one too small?"""
    return any(one > form.greatest for one in exponents), any(one < form.least for one in exponents)


def exponent(value: object) -> int | None:
    """The power of two that a number begins with; None for zero and for what is no number.

    Raises Undecided where that is not known yet.
    """
    if not isinstance(value, Ball):
        return None
    if not known(value, COARSE):
        raise Undecided
    size = magnitude(value)
    return None if size is None else size - 1


def _cancelled(order: list[Node], exponents: Mapping[int, int | None]) -> Iterator[int]:
    """For each sum, how many bits shorter it is than its larger term."""
    for node in order:
        if isinstance(node, Call) and node.function in SUMS:
            terms = [one for argument in node.arguments if (one := exponents[id(argument)]) is not None]
            yield _drop(max(terms, default=None), exponents[id(node)])


def _drop(high: int | None, low: int | None) -> int:
    """The bits between the size of the terms and the size of the result; a sum that is 0 has no size."""
    return 0 if low is None or high is None else max(0, high - low)
