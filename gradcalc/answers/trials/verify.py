"""A closed form is shown only where it has the true derivative's value at points of the function's domain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from gradcalc.answers.trials.points import Sample, spot_checks, variables
from gradcalc.base.errors import GradcalcError, LimitError
from gradcalc.base.limits import Limits, TimeUp, alarm
from gradcalc.base.real import Real
from gradcalc.engines import ask
from gradcalc.engines.records import ClosedForm
from gradcalc.problem.problem import Problem
from gradcalc.problem.resolve import read

EXACT = Fraction(1, 10**30)  # relative difference of two numbers that count as one
OUT_OF_SIGHT = -4_000  # a difference of ordinary numbers below 2 to this power is 0 at every precision tried
SPOTS, SPOT_TIME = 2, 1.0  # points of a spot check, and seconds for all of them


def spot_checked(forms: Mapping[str, ClosedForm], problem: Problem, limits: Limits) -> dict[str, ClosedForm]:
    """The closed forms without those that are wrong at a few points, as far as these are found in a moment."""
    if all(form.text is None for form in forms.values()):
        return dict(forms)
    try:
        with alarm(SPOT_TIME):
            return verified_at(spot_checks(problem, SPOTS), forms, problem, limits)
    except TimeUp:
        return dict(forms)


def verified_at(
    samples: Sequence[Sample], forms: Mapping[str, ClosedForm], problem: Problem, limits: Limits
) -> dict[str, ClosedForm]:
    """The closed forms, without the text of those that are wrong at one of the points."""
    return {name: _verified(form, name, samples, problem, limits) for name, form in forms.items()}


def _verified(form: ClosedForm, name: str, samples: Sequence[Sample], problem: Problem, limits: Limits) -> ClosedForm:
    if form.text is None:
        return form
    try:
        root = read(form.text, limits, variables(problem)).root
    except GradcalcError:
        return ClosedForm(None, "SymPy's closed form is not one that can be read back")
    for sample in samples:
        if sample.special:
            continue
        try:
            value = ask.value(root, sample.point)
        except LimitError:
            continue
        if value is None or not same(value, sample.slopes[name]):
            where = ", ".join(f"{variable} = {number!r}" for variable, number in sample.point.items())
            return ClosedForm(None, f"SymPy's closed form is wrong at {where or 'every point'} and is not shown")
    return form


def same(one: Real, other: Real) -> bool:
    """Are two numbers the same, as far as the exact engine tells?"""
    sizes = [number.exponent + number.mantissa.bit_length() for number in (one, other) if number.mantissa]
    if len(sizes) < 2:
        return all(size < OUT_OF_SIGHT for size in sizes)
    if abs(sizes[0] - sizes[1]) > 1:
        return False
    shift = one.exponent - other.exponent
    return abs(Fraction(one.mantissa, other.mantissa) * Fraction(2) ** shift - 1) <= EXACT
