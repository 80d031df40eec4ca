"""A cure is offered only after it was checked at the very same point, in value and gradient."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice

from gradcalc.answers.compare import close, within
from gradcalc.answers.diagnosis.cures import LARGEST, candidates
from gradcalc.answers.diagnosis.near import series_near
from gradcalc.answers.diagnosis.rearranged import rearrangements
from gradcalc.base.limits import current
from gradcalc.base.real import Real
from gradcalc.engines import ask
from gradcalc.engines.records import Autograd, Missing, Truth
from gradcalc.functions.printer import to_text
from gradcalc.problem.problem import Problem
from gradcalc.problem.tolerance import Tolerance
from gradcalc.problem.written_out import indexed, scalar_form, written_out
from gradcalc.syntax.tree import Node, postorder

MOST = 60  # candidates that are tried
VALUE = ""  # the value, beside the names of what it is derived by
SAME = Fraction(1, 2**80)


@dataclass(frozen=True, slots=True)
class Cure:
    """An equal expression, and what torch gets right with it: derivatives by their names, and the value.

    With `near` it is equal to all digits of the format near a place alone: `x = 0`.
    """

    text: str
    healed: frozenset[str]
    near: str | None = None


def cure(
    whole: Problem, problem: Problem, truth: Truth, tolerance: Tolerance, wrong: frozenset[str] = frozenset()
) -> Cure | None:
    """An equal expression that torch gets right at the very point, in value and gradient; None where none is known.

    Where no candidate heals all that is `wrong`, it is the one that heals most of it, and spoils nothing that is right.
    `problem` writes `whole` out where that deals in arrays. The exact engine must find the same value and derivatives
    as for the original, and torch must agree with it. Raises LimitError where numbers or arrays are too large.
    """
    smooth = tuple(name for name, slope in truth.slopes.items() if slope.value is not None)
    best: Cure | None = None
    for candidate, near in _all_candidates(whole, problem):
        tried = replace(whole, root=candidate)
        written = written_out(tried, current()) if whole.arrays else scalar_form(tried)
        found = ask.truth(replace(written.problem, wrt=smooth))
        share = SAME if near is None else Fraction(problem.format.epsilon) / 4
        equal = all(same(found.slopes[name].value, truth.slopes[name].value, share) for name in smooth)
        if equal and same(found.value, truth.value, share):
            healthy = _healthy(ask.autograd(tried).by_parts(written.parts), found, tolerance, problem)
            if healthy >= {*smooth, VALUE}:
                return Cure(to_text(candidate), healthy, near)
            healed = healthy & wrong
            if healed and healthy | wrong >= {*smooth, VALUE} and (best is None or len(healed) > len(best.healed)):
                best = Cure(to_text(candidate), healed, near)
    return best


def _all_candidates(whole: Problem, problem: Problem) -> Iterator[tuple[Node, str | None]]:
    """Equal expressions; then those that are equal near a place, which is told beside them."""
    for candidate in islice(_candidates(whole, problem), MOST):
        yield candidate, None
    if not whole.arrays and len(postorder(problem.root)) <= LARGEST:
        yield from ((rearranged, None) for rearranged in rearrangements(problem))
        yield from ((one.root, one.place) for one in series_near(problem))


def _candidates(whole: Problem, problem: Problem) -> Iterator[Node]:
    """Equal expressions; of arrays as a whole before those of their components."""
    yield from candidates(whole.root)
    if whole.arrays:
        yield from (indexed(one, whole) for one in candidates(problem.root))


def _healthy(autograd: Autograd, truth: Truth, tolerance: Tolerance, problem: Problem) -> frozenset[str]:
    """What torch gets right: the derivatives by these names, and the value."""
    numbers = {name: autograd.number(name) for name in truth.slopes}
    healthy = {
        name
        for name, number in numbers.items()
        if not isinstance(number, Missing) and within(truth.slopes[name], number, tolerance, problem.format)
    }
    if truth.value is None or autograd.value is None:
        return frozenset(healthy)
    right = close(truth.value, None, autograd.value, tolerance, problem.format)
    return frozenset({*healthy, VALUE} if right else healthy)


def same(one: Real | None, other: Real | None, share: Fraction = SAME) -> bool:
    """Are there two results, and are they the same number, but for a small share of it?"""
    return one is not None and other is not None and one.equals(other, share)
