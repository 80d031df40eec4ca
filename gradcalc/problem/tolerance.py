"""How far autograd may be off."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from gradcalc.base.errors import UsageError
from gradcalc.problem.problem import Problem


@dataclass(frozen=True, slots=True)
class Tolerance:
    """Autograd may be `atol + rtol * |true derivative|` away from the true derivative."""

    rtol: float
    atol: float = 0.0

    def accepts(self, error: Fraction, scale: Fraction) -> bool:
        """Is an absolute `error` of a number of size `scale` small enough?"""
        return error <= Fraction(self.atol) + Fraction(self.rtol) * scale


def tolerance_of(problem: Problem, rtol: float | None, atol: float) -> Tolerance:
    """The tolerance asked for; the relative one belongs to the dtype unless given."""
    chosen = problem.format.rtol if rtol is None else rtol
    require_tolerance("rtol", chosen)
    require_tolerance("atol", atol)
    return Tolerance(chosen, atol)


def require_tolerance(name: str, value: float) -> None:
    """Raises UsageError at a tolerance that is negative or no number."""
    if not (math.isfinite(value) and value >= 0):
        raise UsageError(f"{name} is {value}, expected a number from 0 up")
