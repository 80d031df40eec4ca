"""How far autograd may be off."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from gradcalc.base.errors import UsageError
from gradcalc.problem.problem import Problem


@dataclass(frozen=True, slots=True)
class Tolerance:
    """Autograd may be `atol + rtol * |true derivative|` away from the true derivative, and the value as far from its.

    With `strict_forward` a value that is farther off counts, else only one that is not finite.
    """

    rtol: float
    atol: float = 0.0
    strict_forward: bool = False

    def accepts(self, error: Fraction, scale: Fraction) -> bool:
        """Is an absolute `error` of a number of size `scale` small enough?"""
        return error <= Fraction(self.atol) + Fraction(self.rtol) * scale


def tolerance_of(
    problem: Problem, rtol: float | None = None, atol: float = 0.0, strict_forward: bool = False
) -> Tolerance:
    """The tolerance asked for; the relative one belongs to the dtype unless given."""
    chosen = problem.format.rtol if rtol is None else rtol
    require_tolerance("rtol", chosen)
    require_tolerance("atol", atol)
    return Tolerance(chosen, atol, strict_forward)


def require_tolerance(name: str, value: float) -> None:
    """Raises UsageError at a tolerance that is negative or no number."""
    if not (math.isfinite(value) and value >= 0):
        raise UsageError(f"{name} is {value}, expected a number from 0 up")
