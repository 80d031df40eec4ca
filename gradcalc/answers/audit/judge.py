"""The verdict on the value and on every component: torch's number against the truth of the recorded run."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from gradcalc.answers.audit.allowance import Allowance
from gradcalc.answers.audit.records import ROUNDING, Finding, Judged, Part
from gradcalc.base.effort import spend
from gradcalc.base.floating import Format
from gradcalc.engines.exact.ball import ONE, Ball, as_real, from_fraction, known, working
from gradcalc.tracing.evaluate import flows
from gradcalc.tracing.line import Half, Side, Sides
from gradcalc.tracing.rules import OPAQUE, SMOOTH, Flow
from gradcalc.tracing.truth import ENOUGH, Truth, only_steps, only_whole, seed

PER_COMPONENT = 10.0  # steps of work
BY_DIFFERENCES = 1e-6  # of the largest derivative: what differences of float64 values are good for
KINDS = {Side.INFINITE: Finding.INFINITE, Side.JUMP: Finding.UNDEFINED}


@dataclass(eq=False)
class Judge:
    """Compares at a tolerance."""

    truth: Truth
    form: Format
    rtol: float
    cuts: bool = False
    inner: Format | None = None  # the coarsest format that the code computes in

    @cached_property
    def allowance(self) -> Allowance:
        """What torch's numbers may be off."""
        return Allowance(self.truth, self.form, self.rtol, self.inner or self.form, self.cuts)

    # -- the value

    def value(self, found: float) -> Judged:
        """The verdict on torch's value."""
        true = self.truth.value
        if not true.is_finite():
            return Judged(found, None, None, Finding.UNDEFINED)
        opaque = any(way & OPAQUE for ways in self.truth.ways.values() for way in ways)
        good = self.allowance.value(found, true) or (opaque and abs(found - float(true)) <= BY_DIFFERENCES * abs(found))
        reason = None if good else self._reason(found, true)
        return self._judged(found, true, Finding.AGREE if good else Finding.DISAGREE, reason)

    # -- the gradient

    def gradient(
        self, found: Mapping[str, Sequence[float]] | None, shapes: Mapping[str, tuple[int, ...]]
    ) -> dict[str, Part]:
        """The verdict on every component of every variable; `found` is None where autograd refuses."""
        parts = {}
        for name in self.truth.tape.leaves:
            slopes = self.slopes(name)
            spend(PER_COMPONENT * len(slopes))
            numbers = [None] * len(slopes) if found is None else found[name]
            judged = tuple(
                self._component(name, place, *pair) for place, pair in enumerate(zip(numbers, slopes, strict=True))
            )
            parts[name] = Part(shapes[name], judged)
        return parts

    def slopes(self, name: str) -> Flow:
        """The true derivative by each component of a variable."""
        return self._held(name) if self.cuts else self.truth.slopes(name)

    def _held(self, name: str) -> Flow:
        node = self.truth.tape.leaves[name]
        return self.held[node] or [None] * self.truth.tape.nodes[node].size

    def _component(self, name: str, place: int, found: float | None, slope: Ball | None) -> Judged:
        if not self.truth.value.is_finite():
            return Judged(found, None, None, Finding.UNDEFINED)
        if (name, place) in self.truth.open:
            return Judged(found, None, None, Finding.UNDECIDED, "limit")
        if (name, place) in self.truth.sides and not (self._is_label(name) and found == 0):
            return self._sided(name, place, found, self.truth.sides[name, place])
        if slope is None:
            return self._without_way(name, place, found, self.truth.ways[name][place])
        return self._smooth(name, place, found, slope)

    def _is_label(self, name: str) -> bool:
        """Is it an argument of whole numbers that serves as such: classes, labels, while others are derived by?"""
        tape = self.truth.tape
        whole = all(one.is_integer() for one in self.truth.run.values[tape.leaves[name]])
        smooth = [other for other, ways in self.truth.ways.items() if any(way & SMOOTH for way in ways)]
        return whole and bool(smooth) and name not in smooth

    def _without_way(self, name: str, place: int, found: float | None, way: int) -> Judged:
        """A component that no smooth way leads from."""
        zero = self._judged(found, Ball(0), Finding.AGREE, None)
        if self._is_label(name):
            return zero
        if only_whole(way) and not self.cuts:
            return self._judged(found, Ball(0), Finding.DISAGREE, "cut")
        if found is not None and found != 0:
            return self._smooth(name, place, found, Ball(0))
        return self._judged(found, Ball(0), Finding.FLAT, None) if only_steps(way) else zero

    def _smooth(self, name: str, place: int, found: float | None, slope: Ball) -> Judged:
        if found is None:
            return self._judged(found, slope, Finding.DISAGREE, "in-place")
        if self.allowance.component(found, slope, name, place):
            lost = self.allowance.digits_lost(found, slope) > self.allowance.inner.digits / 2
            return self._judged(found, slope, Finding.AGREE, ROUNDING if lost else None)
        good = self._by_differences(name, place, found, slope) or (found == 0 and self._saturated(name, place, slope))
        cut = not good and not self.cuts and self.is_cut(name, place, found)
        reason = None if good else "cut" if cut else self._reason(found, slope)
        return self._judged(found, slope, Finding.AGREE if good else Finding.DISAGREE, reason)

    def _saturated(self, name: str, place: int, slope: Ball) -> bool:
        """Is a slope so small that the value would not change if the component changed by all of itself?"""
        x = abs(self.truth.run.values[self.truth.tape.leaves[name]][place])
        return bool(abs(slope) * (ONE if x.is_zero() else x) <= abs(self.truth.value) * Ball(self.form.epsilon))

    def _by_differences(self, name: str, place: int, found: float, slope: Ball) -> bool:
        """Near enough for a component whose way leads through an operation that is judged by differences?"""
        if not self.truth.ways[name][place] & OPAQUE or not math.isfinite(found):
            return False
        flow = [abs(one).mid() for one in self.truth.slopes(name) if one is not None and one.is_finite()]
        return bool(abs(Ball(found) - slope) <= Ball(BY_DIFFERENCES) * max([abs(slope), *flow]))

    def _sided(self, name: str, place: int, found: float | None, both: Sides) -> Judged:
        """A component at which a branch changes, or a rule has no number."""
        left, right = both.left, both.right
        if both.smooth:
            return self._smooth(name, place, found, right.slope)
        for side, finding in KINDS.items():
            if side in (left.kind, right.kind):
                reason = "jump" if side is Side.JUMP else None
                return Judged(found, None, None, finding, reason, self._side(left), self._side(right))
        if left.kind is Side.NONE and right.kind is Side.NONE:
            return Judged(found, None, None, Finding.UNDEFINED)
        if Side.NONE in (left.kind, right.kind):
            one = right if left.kind is Side.NONE else left
            judged = self._smooth(name, place, found, one.slope)
            reason = "edge" if judged.verdict is Finding.AGREE else judged.reason
            return Judged(
                found, judged.symbolic, judged.exact, judged.verdict, reason, self._side(left), self._side(right)
            )
        return Judged(found, None, None, Finding.KINK, None, self._side(left), self._side(right))

    def _side(self, half: Half) -> float | None:
        if half.kind is Side.NONE:
            return None
        return float(half.slope) * (math.inf if half.kind is Side.INFINITE else 1)

    # -- what is said

    def _judged(self, found: float | None, true: Ball, verdict: Finding, reason: str | None) -> Judged:
        symbolic, exact = self.numbers(true)
        return Judged(found, symbolic, exact, verdict, reason)

    def numbers(self, true: Ball) -> tuple[float, str]:
        """A true number in the format, and its digits."""
        if not known(true, ENOUGH):
            return 0.0, "0"
        real = as_real(true)
        return real.nearest(self.form), real.text

    def _reason(self, found: float, true: Ball) -> str:
        """What became of a number, before its cause is known."""
        size = abs(true)
        if size > from_fraction(Fraction(self.form.largest)):
            return "overflow"
        if math.isnan(found):
            return "nan"
        if math.isinf(found):
            return "overflow"
        if found == 0 and not true.is_zero():
            return "underflow"
        return "precision"

    @cached_property
    def held(self) -> list[Flow]:
        """The gradient with what the code hides from autograd held constant."""
        with working(self.truth.bits):
            return flows(self.truth.tape, self.truth.run, seed(self.truth.tape, self.truth.result), held=True)

    @cached_property
    def _allowance_held(self) -> Allowance:
        return Allowance(self.truth, self.form, self.rtol, self.inner or self.form, held=True)

    def is_cut(self, name: str, place: int, found: float) -> bool:
        """Is torch's number right once what is hidden from autograd is held constant?"""
        hidden = bool(self.truth.tape.cuts) or any(node.bypass is not None for node in self.truth.tape.nodes)
        one = self._held(name)[place] if hidden else None
        if one is None:
            return found == 0 and hidden
        return self._allowance_held.component(found, one, name, place)
