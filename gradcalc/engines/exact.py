"""The truth: value and derivatives at a point, to as many digits as it takes, and what happens at kinks and edges."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import TypeVar

from mpmath.libmp import mpf_abs, mpf_cmp, mpf_shift

from gradcalc.calculus.reverse import derivative
from gradcalc.engines.ball import Ball, Undecided, as_real
from gradcalc.engines.evaluation import Evaluator, Undefined, Value
from gradcalc.engines.sides import Side, hole, one_sided
from gradcalc.problem import Problem
from gradcalc.results import Real, Slope, Smoothness, Truth
from gradcalc.syntax.tree import Node, dependents, free_names, postorder

PRECISIONS = (192, 384, 768, 1536, 3072, 4608)  # bits; each is tried until the result is known
RELATIVE_BITS = 110  # how well a result must be known: rounded to 53 bits or 20 digits, it is then right
Result = TypeVar("Result")


def differentiate(problem: Problem) -> Truth:
    """The function's value and its true derivatives at the problem's point, each as good as a mathematician's.

    The value comes first: where there is none, there is no derivative. Raises LimitError where an intermediate
    value is too large to compute with.
    """
    point = {name: Fraction(value) for name, value in problem.numbers.items()}
    result = evaluate(problem.root, point)
    if isinstance(result, Undefined):
        slope = Slope(Smoothness.UNDEFINED, blame=result.node, why=result.condition)
        holes = {name: hole(problem.root, point, name) for name in problem.wrt if name in point}
        return Truth(None, {name: dataclasses.replace(slope, limit=holes.get(name)) for name in problem.wrt})
    return Truth(result, _slopes(problem, point))


def regular(problem: Problem) -> dict[str, Slope] | None:
    """The true derivatives at the problem's point, where the rules decide every one; None where one is special.

    A point is special outside the domain, and at a kink, a pole or an edge of a part. Raises as `differentiate` does.
    """
    point = {name: Fraction(value) for name, value in problem.numbers.items()}
    if isinstance(evaluate(problem.root, point), Undefined):
        return None
    found: dict[str, Slope] = {}
    for name, slope in _decided(problem, point):
        if slope is None:
            return None
        found[name] = slope
    return found


def _decided(problem: Problem, point: Mapping[str, Fraction]) -> Iterator[tuple[str, Slope | None]]:
    """The slopes that the rules decide, one by one where each has its own tree."""
    if problem.order == 1:
        yield from _gradient(problem.root, point, problem.wrt).items()
        return
    for name in problem.wrt:
        lower = derivative(problem.root, name, problem.order - 1)
        defined = not isinstance(evaluate(lower, point), Undefined)
        yield name, _gradient(lower, point, (name,))[name] if defined else None


def _slopes(problem: Problem, point: Mapping[str, Fraction]) -> dict[str, Slope]:
    """A slope for each variable. First derivatives come from one reverse pass, higher ones each from its own tree."""
    if problem.order == 1:
        smooth = _gradient(problem.root, point, problem.wrt)
        return {name: smooth[name] or at_singularity(problem.root, point, name) for name in problem.wrt}
    slopes: dict[str, Slope] = {}
    for name in problem.wrt:
        lower = derivative(problem.root, name, problem.order - 1)
        if isinstance(missing := evaluate(lower, point), Undefined):
            slopes[name] = Slope(Smoothness.UNDEFINED, blame=missing.node, why=missing.condition)
        else:
            slopes[name] = _gradient(lower, point, (name,))[name] or at_singularity(lower, point, name)
    return slopes


def evaluate(root: Node, point: Mapping[str, Fraction]) -> Real | Undefined:
    """The value of a tree at a rational point, or what has none."""

    def attempt(evaluator: Evaluator) -> Value:
        order = postorder(root)
        return evaluator.evaluate(order, _balls(evaluator, point))[id(root)]

    value = refined(attempt, lambda value: not isinstance(value, Ball) or known(value))
    assert not isinstance(value, bool)
    return value if isinstance(value, Undefined) else as_real(value.middle)


def value(root: Node, point: Mapping[str, float]) -> Real | None:
    """The value of a tree at a point of floats; None where it has no real one."""
    found = evaluate(root, {name: Fraction(number) for name, number in point.items()})
    return None if isinstance(found, Undefined) else found


def _gradient(root: Node, point: Mapping[str, Fraction], names: tuple[str, ...]) -> dict[str, Slope | None]:
    """The slopes that the rules alone decide; None where the point is at a kink, a pole or an edge of a part."""

    def attempt(evaluator: Evaluator) -> dict[str, tuple[Ball, Ball] | None]:
        values = evaluator.evaluate(postorder(root), _balls(evaluator, point))
        order = evaluator.active(root, values)
        touched = set(free_names(postorder(*evaluator.singular(order, values))))
        partials = evaluator.gradient(order, values, list(names))
        sizes = evaluator.gradient(order, values, list(names), magnitude=True)
        found: dict[str, tuple[Ball, Ball] | None] = {}
        for name in names:
            partial, size = partials[name], sizes[name]
            regular = isinstance(partial, Ball) and isinstance(size, Ball) and name not in touched
            found[name] = (partial, size) if regular else None  # type: ignore[assignment]
        return found

    found = refined(attempt, lambda found: all(pair is None or known(pair[0]) for pair in found.values()))
    return {
        name: None
        if pair is None
        else Slope(Smoothness.SMOOTH, as_real(pair[0].middle), magnitude=as_real(pair[1].middle))
        for name, pair in found.items()
    }


def at_singularity(root: Node, point: Mapping[str, Fraction], name: str) -> Slope:
    """The slope along one variable from difference quotients on either side, where rules do not decide."""
    blame = _suspect(root, point, name)
    left, right = (one_sided(root, point, name, direction) for direction in (-1, 1))
    if left.undefined and right.undefined:
        return Slope(Smoothness.UNDEFINED, blame=blame, why="neither side of the point is in the domain")
    if left.jump or right.jump:
        return Slope(Smoothness.UNDEFINED, blame=blame, why="the value jumps here")
    if left.restless or right.restless:
        return Slope(Smoothness.UNDEFINED, blame=blame, why="the slope has no limit here")
    if left.undefined or right.undefined:
        return _at_edge(left, right, blame)
    return _between(left, right, blame)


def _at_edge(left: Side, right: Side, blame: Node | None) -> Slope:
    """Only one side is in the domain."""
    there = right if left.undefined else left
    value = there.slope
    assert value is not None
    smoothness = Smoothness.INFINITE if value.infinite else Smoothness.EDGE
    return Slope(smoothness, value, left=left.slope, right=right.slope, blame=blame)


def _between(left: Side, right: Side, blame: Node | None) -> Slope:
    """Both one-sided slopes exist."""
    below, above = left.slope, right.slope
    assert below is not None
    assert above is not None
    if below.infinite and above.infinite:
        value = below if below == above else None
        return Slope(Smoothness.INFINITE, value, left=below, right=above, blame=blame)
    if below.infinite or above.infinite or not left.equals(right):
        return Slope(Smoothness.KINK, left=below, right=above, blame=blame)
    return Slope(Smoothness.SMOOTH, above)


def _suspect(root: Node, point: Mapping[str, Fraction], name: str) -> Node | None:
    """The innermost call that stands at a kink or pole of its own and depends on the variable."""

    def attempt(evaluator: Evaluator) -> Node | None:
        values = evaluator.evaluate(postorder(root), _balls(evaluator, point))
        order = evaluator.active(root, values)
        reached = dependents(order, [name])
        return next((node for node in evaluator.singular(order, values) if id(node) in reached), None)

    return refined(attempt, lambda node: True)


# -- precision


def refined(attempt: Callable[[Evaluator], Result], enough: Callable[[Result], bool]) -> Result:
    """`attempt` at rising precision, until its result is known well `enough`; at the last, what it says."""
    for precision in PRECISIONS[:-1]:
        try:
            result = attempt(Evaluator(precision))
        except Undecided:
            continue
        if enough(result):
            return result
    return attempt(Evaluator(PRECISIONS[-1], last=True))


def known(ball: Ball) -> bool:
    """Is the relative error small enough for every rounding that follows?"""
    if ball.exact:
        return True
    return bool(mpf_cmp(mpf_abs(ball.middle), mpf_shift(ball.radius, RELATIVE_BITS)) > 0)


def _balls(evaluator: Evaluator, point: Mapping[str, Fraction]) -> dict[str, Value]:
    return {name: evaluator.arithmetic.rational(value) for name, value in point.items()}
