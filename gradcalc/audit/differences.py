"""Derivatives from values alone, with an estimate of their error: the judge of a function that is only code."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

SHRINK = 2.0  # the step's ratio from one try to the next
TRIES = 12
EPSILON = 2.0**-52
Line = Callable[[float], float]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A derivative and how far it may be off."""

    value: float
    error: float


def central(f: Line, x: float, step: float) -> Estimate:
    """The derivative of `f` at `x` by central differences, extrapolated to step zero.

    The error is estimated by the last change of the best column, and by the rounding of the values.
    Source: Ridders, Adv. Eng. Software 4, 1982, 75-76; Press et al., Numerical Recipes, 3rd ed., section 5.7.
    """
    return _extrapolated(lambda h: (f(x + h) - f(x - h)) / ((x + h) - (x - h)), step, order=2, scale=abs(f(x)))


def one_sided(f: Line, x: float, step: float, direction: int) -> Estimate:
    """The slope on one side of `x`: right for `direction` 1, left for -1."""
    here = f(x)

    def slope(h: float) -> float:
        there = x + direction * h
        return (f(there) - here) / (there - x)

    return _extrapolated(slope, step, order=1, scale=abs(here))


def stencil(f: Line, x: float, step: float) -> float:
    """The derivative by the central difference of eighth order, which shares no step with the extrapolation.

    Source: Fornberg, Math. Comp. 51, 1988, 699-706, table 1.
    """
    weights = (4 / 5, -1 / 5, 4 / 105, -1 / 280)
    return sum(weight * (f(x + k * step) - f(x - k * step)) for k, weight in enumerate(weights, 1)) / step


def _extrapolated(quotient: Callable[[float], float], step: float, order: int, scale: float) -> Estimate:
    """Neville's scheme in powers of step**order; the entry with the least estimated error."""
    row: list[float] = []
    best = Estimate(math.nan, math.inf)
    for attempt in range(TRIES):
        h = step / SHRINK**attempt
        noise = 4 * EPSILON * scale / h
        fresh = [quotient(h)]
        for column, before in enumerate(row, 1):
            factor = SHRINK ** (order * column)
            fresh.append((factor * fresh[-1] - before) / (factor - 1))
        for column in range(1, len(fresh)):
            change = max(abs(fresh[column] - fresh[column - 1]), abs(fresh[column] - row[column - 1]))
            if math.isfinite(change) and change + noise < best.error:
                best = Estimate(fresh[column], change + noise)
        row = fresh
    return best


def settled(f: Line, x: float, rule: Callable[[Line, float, float], Estimate]) -> Estimate:
    """The best of a few first steps: relative to `x`, so that a kink nearby is not stepped over, and absolute ones."""
    steps = {abs(x) / 8 or 1e-3, abs(x) / 1024 or 1e-5, 1e-2 * max(1.0, abs(x)), 1e-5 * max(1.0, abs(x))}
    return min((rule(f, x, step) for step in sorted(steps)), key=lambda one: one.error)
