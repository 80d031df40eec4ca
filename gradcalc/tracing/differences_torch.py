"""Slopes of a function of which nothing is known but its float64 values, each with a bound on what it is good for."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, partial, reduce
from typing import Any, TypeAlias

from gradcalc.engines.torch import torch
from gradcalc.tracing.line import Side

Tensor = Any
Line: TypeAlias = Callable[[float], Tensor]  # the results, a flat tensor, so many of the argument's own scale away

FIRST = 2.0**-13  # the error of extrapolated quotients is about its fourth power, and rounding over it
DECADES = tuple(10.0**power for power in range(-12, 13))  # from fine to coarse
SETTLED = 1e-9  # relative error that ends the search
APART = 1e-6  # relative, of slopes on both sides: less is one slope
SAFETY = 8.0  # times the noise
TINY = tuple(2.0**power for power in range(-46, -15, 6))  # steps that rounding is seen at
NOISES = 7
LEAST_NUMBER = 2.0**-1000
SMALLEST = 5  # decades at the fine end of the ladder that tell jumps and infinite slopes
GROWS = 1.5


@dataclass(frozen=True, slots=True)
class Estimate:
    """Slopes, one for each result, and how far they may be off."""

    slope: Tensor
    error: Tensor

    def refined(self, coarser: Estimate) -> Estimate:
        """Of each result the one that is known best; a coarser step that contradicts this one is none.

        Far away a function may be another straight line: the same slope at all large steps is no proof.
        """
        fits = ~((coarser.slope - self.slope).abs() > SAFETY * self.error + coarser.error) | ~self.slope.isfinite()
        wins = fits & coarser.slope.isfinite() & ~(coarser.error >= self.error)
        return Estimate(torch.where(wins, coarser.slope, self.slope), torch.where(wins, coarser.error, self.error))


@dataclass(eq=False)
class Slopes:
    """The slopes of the results of a line at 0; `scatter` is how far rounding throws them, where that is known."""

    line: Line
    scatter: Tensor | None = None
    values: dict[float, Tensor] = field(default_factory=dict)

    def at(self, step: float) -> Tensor:
        """The results so far away, worked out once."""
        if step not in self.values:
            self.values[step] = self.line(step)
        return self.values[step]

    @cached_property
    def here(self) -> Tensor:
        """The results at the point itself."""
        return self.at(0.0)

    @cached_property
    def noise(self) -> Tensor:
        """How far rounding throws the results, from how they scatter at neighbouring points.

        Steps that change nothing tell nothing: larger ones are taken. At least half a unit in their last place.
        Source: Moré and Wild, SIAM J. Sci. Comput. 33, 2011.
        """
        if self.scatter is not None:
            return self.scatter
        found, open_ = self.here.abs() * 2.0**-53, torch.ones_like(self.here, dtype=torch.bool)
        for step in TINY:
            sides = [torch.stack([self.line(sign * step * (1 + k)) for k in range(NOISES)]) for sign in (-1, 1)]
            changing = torch.stack([(one != one[:1]).any(0) for one in sides]).all(0)
            scattered = torch.fmin(*map(_scattered, sides))
            found = torch.where(open_ & changing, torch.maximum(found, scattered), found)
            open_ &= ~changing
            if not bool(open_.any()):
                break
        return found

    @cached_property
    def smooth(self) -> Estimate:
        """The symmetric quotients: extrapolated at one step, and where these do not settle the best of all steps.

        Source: Richardson, Phil. Trans. A 226, 1927.
        """
        first = self._extrapolated(FIRST)
        return first if self._settled(first) else self._best(self._extrapolated)

    def _best(self, estimated: Callable[[float], Estimate]) -> Estimate:
        """Of all steps of the ladder."""
        return reduce(Estimate.refined, map(estimated, DECADES))

    @cached_property
    def sides(self) -> tuple[Estimate, Estimate]:
        """The slopes on the left and on the right."""
        left, right = (self._one_sided(sign, FIRST) for sign in (-1, 1))
        if not self._settled(self.smooth) or bool(self._differ(left, right).any()):
            left, right = (self._best(partial(self._one_sided, sign)) for sign in (-1, 1))
        return left, right

    @cached_property
    def broken(self) -> Tensor:
        """The results that jump, or whose slopes on the two sides are not the same or are no numbers."""
        return self._jumps(-1) | self._jumps(1) | self._differ(*self.sides) | ~self.smooth.slope.isfinite()

    def _jumps(self, sign: int) -> Tensor:
        """The results that change by as much at the finest step as at one ten thousand times as large.

        What is steep, but smooth, does not: its slopes on the two sides agree at the finest steps.
        """
        fine, coarse = (self.at(sign * DECADES[place]).sub(self.here).abs() for place in (0, SMALLEST - 1))
        return (fine > SAFETY * self.noise) & (fine > coarse / 2)

    def side(self, sign: int, place: int) -> tuple[Side, float]:
        """How one result behaves on one side, with its slope, or its jump."""
        changes = [float((self.at(sign * step) - self.here)[place]) for step in DECADES[SMALLEST - 1 :: -1]]
        if not all(map(math.isfinite, changes)):
            return Side.NONE, 0.0
        if bool(self._jumps(sign)[place]):
            return Side.JUMP, changes[-1]
        sizes = [abs(one) for one in changes]
        steps = itertools.pairwise(sizes)
        if sizes[-1] > SAFETY * float(self.noise[place]) and all(fine * 10 > coarse * GROWS for coarse, fine in steps):
            return Side.INFINITE, sign * changes[-1]
        if not bool(self.broken[place]):
            return Side.SLOPE, float(self.smooth.slope[place])
        return Side.SLOPE, float(self.sides[(sign + 1) // 2].slope[place])

    def _differ(self, left: Estimate, right: Estimate) -> Tensor:
        gap, size = (left.slope - right.slope).abs(), left.slope.abs() + right.slope.abs()
        return ~(gap <= APART * size + SAFETY * (left.error + right.error))

    def _settled(self, found: Estimate) -> bool:
        return bool((found.error <= SETTLED * found.slope.abs() + SAFETY * self.noise / FIRST).all())

    def _extrapolated(self, step: float) -> Estimate:
        """From symmetric quotients of three steps, each half the one before."""
        far, near, nearest = (
            (self.at(one) - self.at(-one)) / (2 * one) for one in (step, step / 2, step / 4)
        )  # fmt: skip
        one, other = (4 * near - far) / 3, (4 * nearest - near) / 3
        return Estimate(other, (other - one).abs() + self.noise * 4 / step)

    def _one_sided(self, sign: int, step: float) -> Estimate:
        """From quotients to one side."""
        far, near, nearest = (
            (self.at(sign * one) - self.here) / (sign * one) for one in (step, step / 2, step / 4)
        )  # fmt: skip
        one, other = 2 * near - far, 2 * nearest - near
        best = (4 * other - one) / 3
        return Estimate(best, (best - other).abs() + self.noise * 16 / step)


def _scattered(values: Tensor) -> Tensor:
    """What is left of neighbouring values when all that is smooth has gone from them, from their differences."""
    size = values.abs().max(0).values.clamp(min=LEAST_NUMBER)
    level, least = values / size, torch.full_like(values[0], math.inf)
    for order in range(1, NOISES - 2):
        level = level[1:] - level[:-1]
        weight = math.factorial(order) ** 2 / math.factorial(2 * order)
        if order > 1:  # the first difference has the slope in it
            least = torch.minimum(least, (weight * level.square().mean(0)).sqrt())
    return least * size
