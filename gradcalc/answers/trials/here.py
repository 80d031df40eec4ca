"""A closed form against the truth at the very point that was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from gradcalc.answers.trials.verify import UNTRIED
from gradcalc.base.errors import LimitError
from gradcalc.base.limits import Limits
from gradcalc.base.real import Real, fraction
from gradcalc.engines import ask
from gradcalc.engines.records import ClosedForm, Slope
from gradcalc.problem.problem import Problem
from gradcalc.problem.resolve import read

OUT_OF_SIGHT = Fraction(1, 2**1000)  # a difference of terms this small may count as 0 at the last precision
MATCHING = Fraction(1, 2**80)  # relative difference of two results that are right to more than 100 bits


def right_here(form: ClosedForm, slope: Slope, problem: Problem, limits: Limits) -> ClosedForm:
    """The closed form, unless its value at the point contradicts the true derivative."""
    true = fraction(slope.value)
    if form.text is None or true is None:
        return form
    try:
        found = ask.value(form.root or read(form.text, limits, problem.variables).root, problem.numbers)
    except LimitError:  # a value too large to tell
        return form
    value = fraction(found)
    if value is None and found:  # far outside the range of floats
        return form
    if value is not None and (abs(value - true) <= MATCHING * abs(true) or (value == 0 and abs(true) < OUT_OF_SIGHT)):
        return replace(form, note=None) if form.note == UNTRIED else form
    if value is None or slope.magnitude is None:  # the rules did not decide here: it is a special point for them
        return ClosedForm(form.text, "the closed form holds around this point, not at it")
    return ClosedForm(None, "SymPy's closed form contradicts the true value here and is not shown")


def matching(values: Sequence[Real | None], trues: Sequence[Fraction | None]) -> bool | None:
    """Are the values of a closed form the true ones, wherever both are known? None where they are nowhere."""
    pairs = [
        (one, true)
        for one, true in zip(map(fraction, values), trues, strict=True)
        if one is not None and true is not None
    ]
    return all(abs(one - true) <= MATCHING * max(abs(true), MATCHING) for one, true in pairs) if pairs else None
