"""How near to the truth is near enough: within the tolerance, or as near as the numbers and the format allow."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from gradcalc.answers.audit.noise import Noise
from gradcalc.base.floating import Format
from gradcalc.engines.exact.ball import Ball, as_real, from_fraction, known
from gradcalc.tracing.truth import ENOUGH, Truth

SPREAD = 16.0  # times what a change of the leaves in their last place does: no fault of the code
RUNNING = 4.0  # times the running error of the pass back, which is what rounding does in the mean
ROUNDINGS = 4.0  # times the bound on rounding errors, where the true value is 0


@dataclass(eq=False)
class Allowance:
    """What torch's numbers may be off; `inner` is the coarsest format that the code computes in."""

    truth: Truth
    form: Format
    rtol: float
    inner: Format
    held: bool = False  # is what the code hides from autograd held constant?

    @cached_property
    def noise(self) -> Noise:
        """What rounding explains."""
        return Noise(self.truth, self.inner, self.held)

    def value(self, found: float, true: Ball) -> bool:
        """Is the value right?"""
        if self._near(found, true) or not math.isfinite(found):
            return self._near(found, true)
        off = self._off(found, true)
        moved = bool(off <= Ball(SPREAD) * self.noise.moves[0])
        if not known(true, ENOUGH) or true.is_zero():  # not to be told from 0
            return moved or bool(off <= Ball(ROUNDINGS) * self.noise.rounding.abs_upper() + abs(true).rad())
        return moved or self._last_place(off, true)

    def component(self, found: float, true: Ball, name: str, place: int) -> bool:
        """Is a component of the gradient right?"""
        if self._near(found, true) or not math.isfinite(found):
            return self._near(found, true)
        off = self._off(found, true)
        if off <= Ball(RUNNING) * self.noise.running(name, place):
            return True
        if not known(true, ENOUGH) or true.is_zero():
            return bool(off <= abs(true).rad())
        moved = self.noise.moves[1].get((name, place), Ball(0))
        return self._last_place(off, true) or bool(off <= Ball(SPREAD) * moved)

    def digits_lost(self, found: float, true: Ball) -> float:
        """The decimal digits of the format that a right number lacks; 0 where there is no number to have them."""
        if not math.isfinite(found) or not known(true, ENOUGH) or true.is_zero():
            return 0.0
        off, nearest = self._off(found, true), as_real(true).nearest(self.inner)
        if math.isinf(nearest) or off.upper() <= from_fraction(self.inner.ulp(nearest)):  # also far below the smallest
            return 0.0
        ratio = off.mid() / (abs(true).mid() * Ball(self.inner.epsilon))
        return min(float((ratio.log() / Ball(10).log()).mid()), self.inner.digits) if ratio > 1 else 0.0

    def _off(self, found: float, true: Ball) -> Ball:
        return abs(from_fraction(Fraction(found)) - true)

    def _near(self, found: float, true: Ball) -> bool:
        """Within the tolerance, without any excuse."""
        middle = float(true)
        near = abs(found - middle) <= self.rtol * abs(middle) * (1 - 1e-6)  # a little less, for what was rounded here
        return near and known(true, ENOUGH)

    def _last_place(self, off: Ball, true: Ball) -> bool:
        """Within the tolerance, or one unit in the last place."""
        nearest = as_real(true).nearest(self.form)
        if math.isinf(nearest):
            return False
        allowed = max(Fraction(self.rtol) * abs(Fraction(nearest)), self.form.ulp(nearest))
        return bool(off.upper() <= from_fraction(allowed))
