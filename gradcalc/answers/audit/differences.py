"""Derivatives from values alone, with an estimate of their error: the judge of a function that is only code."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

SHRINK = 2.0  # the step's ratio from one try to the next
TRIES = 12
EPSILON = 2.0**-52
SHORTER = (2.0**-23, 2.0**-10, 2.0**-7)  # of float32, float16 and bfloat16
CROWDED = 64  # places for each number of the shorter format
NEIGHBOURS = 4  # on either side
Line = Callable[[float], float]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A derivative and how far it may be off."""

    value: float
    error: float


def central(f: Line, x: float, step: float, epsilon: float = EPSILON) -> Estimate:
    """The derivative of `f` at `x` by central differences, extrapolated to step zero.

    The error is estimated by the last change of the best column, and by the rounding of the values.
    Source: Ridders, Adv. Eng. Software 4, 1982, 75-76; Press et al., Numerical Recipes, 3rd ed., section 5.7.
    """
    return _extrapolated(
        lambda h: (f(x + h) - f(x - h)) / ((x + h) - (x - h)), step, order=2, noise=4 * epsilon * abs(f(x))
    )


def one_sided(f: Line, x: float, step: float, direction: int, epsilon: float = EPSILON) -> Estimate:
    """The slope on one side of `x`: right for `direction` 1, left for -1."""
    here = f(x)

    def slope(h: float) -> float:
        there = x + direction * h
        return (f(there) - here) / (there - x)

    return _extrapolated(slope, step, order=1, noise=4 * epsilon * abs(here))


def _extrapolated(quotient: Callable[[float], float], step: float, order: int, noise: float) -> Estimate:
    """Neville's scheme in powers of step**order; the entry with the least estimated error.

    `noise` is how far a difference of two values may be off.
    """
    row: list[float] = []
    best = Estimate(math.nan, math.inf)
    for attempt in range(TRIES):
        h = step / SHRINK**attempt
        fresh = [quotient(h)]
        for column, before in enumerate(row, 1):
            factor = SHRINK ** (order * column)
            fresh.append((factor * fresh[-1] - before) / (factor - 1))
        for column in range(1, len(fresh)):
            change = max(abs(fresh[column] - fresh[column - 1]), abs(fresh[column] - row[column - 1]))
            if math.isfinite(change) and change + noise / h < best.error:
                best = Estimate(fresh[column], change + noise / h)
        row = fresh
    return best


def resolution(f: Line, x: float) -> float:
    """The relative spacing of the numbers that `f` computes with: coarser where it rounds to a shorter format inside.

    A function that rounds has few values between places so near to each other that the format cannot tell them
    apart, although it changes over a distance of some of its numbers.
    """
    for epsilon in SHORTER:
        spacing = (abs(x) or 1.0) * epsilon / CROWDED
        few = len({f(x + k * spacing) for k in range(-NEIGHBOURS, NEIGHBOURS + 1)}) <= 2
        moves = len({f(x + k * CROWDED * spacing) for k in range(-NEIGHBOURS, NEIGHBOURS + 1)}) > NEIGHBOURS
        if few and moves:
            return epsilon
    return EPSILON


def settled(f: Line, x: float, rule: Callable[[Line, float, float], Estimate]) -> Estimate:
    """The best of a few first steps: relative to `x`, so that a kink nearby is not stepped over, and absolute ones."""
    steps = {abs(x) / 8 or 1e-3, abs(x) / 1024 or 1e-5, 1e-2 * max(1.0, abs(x)), 1e-5 * max(1.0, abs(x))}
    return min((rule(f, x, step) for step in sorted(steps)), key=lambda one: one.error)
