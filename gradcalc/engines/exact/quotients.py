"""Derivatives judged by values alone: central difference quotients, in which no rule of the catalogue has a part."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product, takewhile

from gradcalc.base.errors import LimitError
from gradcalc.engines.exact.ball import ZERO, Ball, Undecided, magnitude, rational, working
from gradcalc.engines.exact.evaluation import AT_ONCE, PROVING, Evaluator
from gradcalc.engines.exact.precision import precisions
from gradcalc.engines.records import Claim, Trial

STEPS = (100, 400, 1000)  # bits of a step, and of finer ones where a quotient is not what was claimed
SAME = 100  # bits of the terms to which a quotient has to be what they add up to
NOTHING = 300  # bits below the function's value at which a quotient is 0
SPARE = 32  # bits by which the function's value may be larger than its derivative, at the first try
MOST = 8192  # bits that a trial is worth
SETTLED = 40  # bits to which two quotients are one limit


@dataclass(frozen=True, slots=True)
class Measured:
    """A difference quotient, what was claimed instead, and the difference of the two that rounding alone explains."""

    quotient: Ball
    claimed: Ball
    allowed: Ball


def tried(claim: Claim, point: Mapping[str, float]) -> Trial:
    """Do the functions' own values about the point bear out what is claimed of their derivatives there?

    A quotient is off by O(step²). One that is not what was claimed speaks against it only where a finer one is the
    same number, and is so from either side: no corner lies within the step.
    """
    near = min((math.frexp(value)[1] for value in point.values() if value), default=0)
    first: list[Measured] = []
    for bits in (step - min(near, 0) for step in STEPS):  # a step is short beside every coordinate
        found = _measured(claim, point, bits)
        if isinstance(found, Trial):
            return found
        off = [place for place, one in enumerate(found) if _is_off(one)]
        if not off:
            return Trial.HOLDS
        if first and all(_one_limit(found[place], first[place]) for place in off):
            return Trial.FAILS if _has_no_corner(claim, point, bits, found, off) else Trial.OPEN
        first = found
    return Trial.OPEN


def _measured(claim: Claim, point: Mapping[str, float], bits: int) -> list[Measured] | Trial:
    """The quotients of steps of 2**-bits, known well enough to be told from what was claimed."""
    centre = {name: Fraction(value) for name, value in point.items()}
    rules = AT_ONCE
    for precision in _precisions(claim, bits):
        try:
            with working(precision):
                found = _at_precision(Evaluator(rules), claim, centre, bits)
        except Undecided:
            rules = PROVING
            continue
        except LimitError:
            break
        if isinstance(found, Trial) or all(_is_off(one) is not None for one in found):
            return found
    return Trial.OPEN


def _precisions(claim: Claim, bits: int) -> Iterator[int]:
    """The precisions to try: first the one that a quotient takes, which is divided by its step for each order."""
    usual = list(takewhile(MOST.__ge__, precisions(*claim.functions, *claim.entries)))
    least = bits * len(claim.along) + SAME + SPARE
    if least < usual[-1]:
        yield least
    yield from (one for one in usual if one > least or one == usual[-1])


def _has_no_corner(
    claim: Claim, point: Mapping[str, float], bits: int, found: Sequence[Measured], off: Sequence[int]
) -> bool:
    """Are first derivatives the same from either side of the point, by steps of 2**-bits?"""
    if len(claim.along) > 1:
        return True
    second = _measured(Claim(claim.functions, claim.along * 2, (), ()), point, bits)
    if isinstance(second, Trial):
        return False
    return all(_is_slight(second[place], found[place], bits) for place in off)


def _is_slight(second: Measured, first: Measured, bits: int) -> bool:
    """Is what the slope changes by within a step nothing beside the slopes themselves?"""
    change = abs(second.quotient) * Ball((1, SETTLED - bits))
    return any(change <= abs(slope.mid()) for slope in (first.quotient, first.claimed))


def _is_off(one: Measured) -> bool | None:
    """Is a quotient not what was claimed? None where it is not known well enough to tell."""
    apart = abs(one.quotient - one.claimed)
    if apart <= one.allowed:
        return False
    return True if apart > one.allowed else None


def _one_limit(one: Measured, other: Measured) -> bool:
    """Are two quotients the same number, as far as steps of different lengths can tell?"""
    apart = one.quotient - other.quotient
    if abs(one.quotient) > 2 * abs(other.quotient):  # a piece far steeper lies within the step
        return False
    if abs(apart) <= one.allowed:  # both may be rounding alone, where the function does not change
        return True
    return abs(apart.mid()) * Ball((1, SETTLED)) <= abs(one.quotient.mid())


def _at_precision(
    evaluator: Evaluator, claim: Claim, centre: Mapping[str, Fraction], bits: int
) -> list[Measured] | Trial:
    """What is measured and what is claimed, at one precision. Raises Undecided and LimitError."""
    quotients = [ZERO] * len(claim.functions)
    reach: list[int | None] = [None] * len(claim.functions)
    for weight, moved in _places(claim, centre, bits):
        values = evaluator.together(claim.functions, evaluator.point(moved))
        for place, function in enumerate(claim.functions):
            value = values.value_of(function)
            if not isinstance(value, Ball):
                return Trial.OUTSIDE
            quotients[place] += rational(weight) * value
            reach[place] = _larger(reach[place], magnitude(value))
    claimed = _claimed(evaluator, claim, centre)
    if claimed is None:
        return Trial.VALUELESS
    return [
        Measured(quotient, total, size * Ball((1, -SAME)) + (0 if most is None else Ball((1, most - NOTHING))))
        for quotient, (total, size), most in zip(quotients, claimed, reach, strict=True)
    ]


def _larger(one: int | None, other: int | None) -> int | None:
    """The larger of two powers of two; None stands for 0."""
    return max((size for size in (one, other) if size is not None), default=None)


def _places(claim: Claim, centre: Mapping[str, Fraction], bits: int) -> Iterator[tuple[Fraction, dict[str, Fraction]]]:
    """Where the functions are looked at, and the weight of what they are there, for the quotient."""
    directions = [one for place, one in enumerate(claim.along) if one not in claim.along[:place]]
    orders = [claim.along.count(one) for one in directions]
    scale = Fraction(2 ** (bits * len(claim.along)), 2 ** len(claim.along))
    for places in product(*(range(order + 1) for order in orders)):
        moved = dict(centre)
        weight = scale
        for direction, order, place in zip(directions, orders, places, strict=True):
            weight *= (-1) ** place * math.comb(order, place)
            steps = Fraction(order - 2 * place, 2**bits)
            for name, rate in direction.items():
                moved[name] = moved.get(name, Fraction(0)) + rate * steps
        yield weight, moved


def _claimed(evaluator: Evaluator, claim: Claim, centre: Mapping[str, Fraction]) -> list[tuple[Ball, Ball]] | None:
    """What the claimed derivatives of each function add up to along the directions, and the size of the terms."""
    values = evaluator.together(claim.entries, evaluator.point(centre))
    width = len(claim.weights)
    found = []
    for place in range(len(claim.functions)):
        total, size = ZERO, ZERO
        for weight, entry in zip(claim.weights, claim.entries[place * width : (place + 1) * width], strict=True):
            value = values.value_of(entry) if weight else ZERO
            if not isinstance(value, Ball):
                return None
            term = rational(weight) * value
            total, size = total + term, size + abs(term)
        found.append((total, size))
    return found
