"""The quick way through a tree whose parts all have a value: one call after the other, forward and back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gradcalc.base.errors import LimitError
from gradcalc.engines.exact.ball import Ball, Undecided
from gradcalc.engines.exact.plan import Back, Lined
from gradcalc.engines.exact.rules import UNIT, NoValue
from gradcalc.engines.exact.values import Values


def in_line(line: list[Lined], values: Values) -> bool:
    """Work out calls of one argument or two; False, with nothing done, where one has no value."""
    try:
        for operation, key, first, second in line:
            values[key] = operation(values[first]) if second is None else operation(values[first], values[second])
    except (NoValue, Undecided, LimitError):
        for _, key, _, _ in line:
            values.pop(key, None)
        return False
    return True


def straight_back(
    ways: list[Back], slopes: dict[int, Any], values: Values, mul: Callable[[Ball, Ball], Ball]
) -> dict[int, Any] | None:
    """The derivatives by each node, `slopes` before that by the root, with no sums; None where a rule has no value."""
    try:
        for key, bound_keys, ends in ways:
            slope, bound = slopes[key], [values[one] for one in bound_keys]
            for end, derivative in ends:
                slopes[end] = slope if derivative is UNIT else mul(slope, derivative(bound))
    except (NoValue, Undecided):
        return None
    return slopes
