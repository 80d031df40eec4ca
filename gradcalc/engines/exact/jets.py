"""Derivatives of any order by Taylor series: all follow from the catalogue's first derivatives, term by term."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import factorial
from typing import Any

from flint import ctx

from gradcalc.base.effort import spend
from gradcalc.engines.exact.ball import Ball
from gradcalc.engines.exact.evaluation import Evaluator
from gradcalc.engines.exact.plan import plan_of
from gradcalc.engines.exact.rules import Rules
from gradcalc.engines.exact.series import AT_A_BOUND, Series, on_series
from gradcalc.engines.exact.values import Flow, Undefined
from gradcalc.syntax.tree import Node


def slope(root: Node, point: Mapping[str, Fraction], name: str, order: int, rules: Rules) -> Flow | Undefined:
    """The derivative of an order by one name, at a point where no part has a kink or a pole."""
    evaluator = Evaluator(on_series(rules))
    moving = [point[name], Fraction(1), *[Fraction(0)] * (order - 1)]
    balls = list(map(rules.arithmetic.number, moving))
    there: dict[str, Any] = evaluator.point(point) | {name: Series(balls, list(map(abs, balls)))}
    spend(plan_of(root, rules).effort(ctx.prec) * order**2)
    value = evaluator.evaluate(root, there)[id(root)]
    if not isinstance(value, Series):
        assert isinstance(value, Undefined)
        return value
    if not value.whole:
        return Undefined(root, AT_A_BOUND)
    if len(value.terms) == 1:
        return Flow(rules.zero, rules.zero)
    times = rules.arithmetic.number(Fraction(factorial(order)))
    return Flow(rules.arithmetic.operations["mul"](value.terms[order], times), value.sizes[order] * times)


def along(
    root: Node, point: Mapping[str, Fraction], direction: Mapping[str, Ball], order: int, rules: Rules
) -> Sequence[Ball] | None:
    """The terms up to an order of the Taylor series along a direction; of a constant the first alone.

    None where there is no such series: at an edge of the domain, a kink or a pole of a part. A direction of wide balls
    stands for all that are in them. Raises Undecided.
    """
    evaluator = Evaluator(on_series(rules))
    there: dict[str, Any] = evaluator.point(point)
    for name, part in direction.items():
        moving = [rules.arithmetic.number(point[name]), part, *[rules.zero] * (order - 1)]
        there[name] = Series(moving, list(map(abs, moving)))
    spend(plan_of(root, rules).effort(ctx.prec) * order**2)
    value: Any = evaluator.evaluate(root, there)[id(root)]
    return None if isinstance(value, Undefined) or not value.whole else value.terms
