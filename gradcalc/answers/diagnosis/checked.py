"""A cure is offered only after it was checked at the very same point, in value and gradient."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from gradcalc.answers.compare import close, within
from gradcalc.answers.diagnosis.cures import candidates
from gradcalc.base.limits import current
from gradcalc.base.real import Real
from gradcalc.engines import ask
from gradcalc.engines.records import Autograd, Missing, Truth
from gradcalc.functions.printer import to_text
from gradcalc.problem.problem import Problem
from gradcalc.problem.tolerance import Tolerance
from gradcalc.problem.written_out import indexed, scalar_form, written_out
from gradcalc.syntax.tree import Node

MOST = 60  # candidates that are tried
SAME = Fraction(1, 2**80)


def cure(whole: Problem, problem: Problem, truth: Truth, tolerance: Tolerance) -> str | None:
    """An equal expression that torch gets right at the very point, in value and gradient; None where none is known.

    `problem` writes `whole` out where that deals in arrays. The exact engine must find the same value and derivatives
    as for the original, and torch must agree with it. Raises LimitError where numbers or arrays are too large.
    """
    smooth = tuple(name for name, slope in truth.slopes.items() if slope.value is not None)
    for count, candidate in enumerate(_candidates(whole, problem)):
        if count == MOST:
            break
        tried = replace(whole, root=candidate)
        written = written_out(tried, current()) if whole.arrays else scalar_form(tried)
        found = ask.truth(replace(written.problem, wrt=smooth))
        equal = all(same(found.slopes[name].value, truth.slopes[name].value) for name in smooth)
        if equal and same(found.value, truth.value):
            autograd = ask.autograd(tried).by_parts(written.parts)
            if _healthy(autograd, found, tolerance, problem):
                return to_text(candidate)
    return None


def _candidates(whole: Problem, problem: Problem) -> Iterator[Node]:
    """Equal expressions; of arrays as a whole before those of their components."""
    yield from candidates(whole.root)
    if whole.arrays:
        yield from (indexed(one, whole) for one in candidates(problem.root))


def _healthy(autograd: Autograd, truth: Truth, tolerance: Tolerance, problem: Problem) -> bool:
    """Does torch get the value right, and every derivative?"""
    numbers = {name: autograd.number(name) for name in truth.slopes}
    if truth.value is None or autograd.value is None:
        return False
    return close(truth.value, None, autograd.value, tolerance, problem.format) and all(
        not isinstance(number, Missing) and within(truth.slopes[name], number, tolerance, problem.format)
        for name, number in numbers.items()
    )


def same(one: Real | None, other: Real | None) -> bool:
    """Are there two results, and are they the same number?"""
    return one is not None and other is not None and one.equals(other, SAME)
