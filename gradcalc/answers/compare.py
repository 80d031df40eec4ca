"""The comparison: what is true, what autograd says, how far apart they are, and the verdict."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from fractions import Fraction

from gradcalc.answers.explain import explain
from gradcalc.answers.records import Blame, Diagnosis, Row
from gradcalc.answers.trials.claims import confirm
from gradcalc.answers.verdicts import Reason, Verdict
from gradcalc.base.floating import Format
from gradcalc.base.real import Real, nearest
from gradcalc.engines import ask
from gradcalc.engines.records import ClosedForm, Missing, Slope, Smoothness, Stress
from gradcalc.functions.printer import to_text
from gradcalc.problem.problem import Problem
from gradcalc.problem.tolerance import Tolerance
from gradcalc.syntax.tree import Node

LOST_BITS = 8  # of a sum, before the loss counts as cancellation
VERDICTS = {
    Smoothness.KINK: Verdict.KINK, Smoothness.INFINITE: Verdict.INFINITE, Smoothness.UNDEFINED: Verdict.UNDEFINED,
    Smoothness.UNDECIDED: Verdict.UNDECIDED,
}  # fmt: skip


def compare(
    problem: Problem,
    name: str,
    slope: Slope,
    autograd: float | Missing,
    closed_form: ClosedForm,
    tolerance: Tolerance,
    why: Callable[[], Diagnosis | None],
) -> Row:
    """The row of one variable. `why` is asked only where the two disagree, to find the cause.

    Where torch has no gradient of its own nothing is compared, and the verdict tells only what has no derivative.
    """
    slope = _scaled(problem, name, slope, autograd)
    form = problem.format
    number = None if isinstance(autograd, Missing) else autograd
    verdict, reason = _verdict(slope, autograd, tolerance, form)
    if verdict in (Verdict.DISAGREE, None) and name in problem.wrt:
        confirm(problem, {name: slope})
    error, ulps = _off(slope, number, form) if verdict in (Verdict.AGREE, Verdict.DISAGREE) else (None, None)
    row = Row(
        name=name,
        formula=closed_form.text,
        symbolic=nearest(slope.value, form),
        exact=None if slope.value is None else slope.value.text,
        autograd=number,
        error=error,
        ulps=ulps,
        verdict=verdict,
        reason=reason,
        left=nearest(slope.left, form),
        right=nearest(slope.right, form),
        blame=None if slope.blame is None else blamed(slope.blame, problem.source),
        note=closed_form.note,
        limit=nearest(slope.limit, form),
    )
    if verdict is None and isinstance(autograd, Missing):
        return dataclasses.replace(row, explanation=autograd.why)
    return explain(_caused(row, why) if verdict is Verdict.DISAGREE else row, slope, problem)


def _caused(row: Row, why: Callable[[], Diagnosis | None]) -> Row:
    """A row that disagrees with its cause; that is the reason, where the numbers alone tell none."""
    found = why()
    if found is None:
        return row
    return dataclasses.replace(
        row, diagnosis=found, reason=found.kind if row.reason is Reason.PRECISION else row.reason
    )


def _off(slope: Slope, number: float | None, form: Format) -> tuple[float | None, float | None]:
    """How far autograd is off, by itself and in units in the last place."""
    symbolic = nearest(slope.value, form)
    if slope.value is None or number is None or symbolic is None:
        return None, None
    distance = slope.value.distance(number)
    error = 0.0 if number == symbolic else abs(number - symbolic)  # 0 also where both are the same infinity
    return error, ulps_of(distance, symbolic, form)


def _scaled(problem: Problem, name: str, slope: Slope, autograd: float | Missing) -> Slope:
    """The slope; where it is exactly 0 and autograd's is not, with the size that rounding alone can give it."""
    zero = slope.value is not None and slope.value.mantissa == 0
    if isinstance(autograd, Missing) or not zero or autograd == 0 or not math.isfinite(autograd):
        return slope
    if name not in problem.variables:
        return slope
    size = ask.sensitivity(problem, name)
    if size is None or (slope.magnitude is not None and (slope.magnitude.fraction() or 0) >= (size.fraction() or 0)):
        return slope
    return dataclasses.replace(slope, magnitude=size)


def _verdict(
    slope: Slope, autograd: float | Missing, tolerance: Tolerance, form: Format
) -> tuple[Verdict | None, Reason | None]:
    """What the comparison comes to, and why as far as the numbers tell."""
    if slope.smoothness not in VERDICTS:
        if isinstance(autograd, Missing):
            return None, Reason.NO_AUTOGRAD
        if not within(slope, autograd, tolerance, form):
            assert slope.value is not None
            return Verdict.DISAGREE, reason_of(slope.value, autograd, form)
        return Verdict.AGREE, Reason.EDGE if slope.smoothness is Smoothness.EDGE else None
    one_sided = (slope.left is None) != (slope.right is None)
    return VERDICTS[slope.smoothness], Reason.EDGE if one_sided else None


def blamed(node: Node, source: str) -> Blame:
    """A piece of the expression, as the user wrote it where it is in the text."""
    if node.span is None:
        return Blame(to_text(node), None)
    return Blame(source[node.span.start : node.span.end], node.span)


def within(slope: Slope, autograd: float, tolerance: Tolerance, form: Format) -> bool:
    """Is autograd's derivative close enough?"""
    assert slope.value is not None
    return close(slope.value, slope.magnitude, autograd, tolerance, form)


def close(value: Real, size: Real | None, found: float, tolerance: Tolerance, form: Format) -> bool:
    """Is what torch found close enough to a true number: within the tolerance, or as close as the format can be?

    Where the true number is 0 there is no relative error; the size of the terms that cancel stands in.
    """
    nearest = value.nearest(form)
    if not (math.isfinite(found) and math.isfinite(nearest)):
        return False
    if found == nearest:
        return True
    true, distance = value.fraction(), value.distance(found)
    if distance is None:
        return False
    if true is None:  # far below the smallest number
        return distance <= form.ulp(0.0)
    scale = abs(true)
    if scale == 0 and size is not None:
        scale = size.fraction() or scale
    return distance <= form.ulp(nearest) or tolerance.accepts(distance, scale)


def reason_of(true: Real, autograd: float, form: Format) -> Reason:
    """Why a number of torch's is wrong, as far as it and the true one tell."""
    if math.isinf(true.nearest(form)):
        return Reason.OVERFLOW
    return Reason.NAN if math.isnan(autograd) else Reason.PRECISION


def endangered(stress: Stress, form: Format) -> Diagnosis | None:
    """What dangers on the way suggest of the reason, where no part of the way can be tried by itself."""
    dangers = (
        (stress.underflow, Reason.UNDERFLOW), (stress.overflow, Reason.OVERFLOW),
        (stress.lost_bits >= lost_bits(form), Reason.CANCELLATION),
    )  # fmt: skip
    kind = next((kind for holds, kind in dangers if holds), None)
    return None if kind is None else Diagnosis(None, None, kind=kind)


def lost_bits(form: Format) -> int:
    """How many bits a sum may lose before that counts as cancellation."""
    return min(LOST_BITS, form.precision - 3)


def digits_lost(ulps: float | None, form: Format) -> float:
    """How many of the format's digits a number lacks that is so far off; infinite where none is right."""
    digits = math.inf if ulps is None else math.log10(ulps) if ulps > 1 else 0.0
    return math.inf if digits >= form.digits else round(digits, 1)


def ulps_of(distance: Fraction | None, symbolic: float, form: Format) -> float | None:
    """The distance in units in the last place of the true number, to one decimal or three digits."""
    if distance is None or math.isinf(symbolic):
        return None
    count = distance / form.ulp(symbolic)
    if count > Fraction(10) ** 300 or (symbolic == 0 and count > 2**form.precision):
        return math.inf  # beside a true 0 there is no digit to count from
    return round(float(count), 1) if count < 100 else float(f"{float(count):.3g}")
