"""Whole arrays have the value and the slopes that their components have, written out one by one."""

from __future__ import annotations

import random

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gradcalc.arrays.array import nested
from gradcalc.arrays.shape import size
from gradcalc.base.errors import LimitError
from gradcalc.base.limits import Limits
from gradcalc.engines.exact.arrays import truth as whole
from gradcalc.engines.exact.truth import differentiate
from gradcalc.engines.records import ArrayTruth, Slope, Truth
from gradcalc.inputs.pose import pose
from gradcalc.problem.problem import Problem
from gradcalc.problem.resolve import read
from gradcalc.problem.written_out import Written, written_out
from tests.programs import SHAPES, programs

LIMITS = Limits()
VALUES = (0.0, 1.0, -1.0, 0.5, 2.0, -0.75, 0.1, 1.3, -2.5)  # where kinks and edges are not rare


@settings(max_examples=60, deadline=None, derandomize=True)
@given(programs(), st.randoms(use_true_random=False))
def test_whole_arrays_have_the_slopes_of_their_components(expression: str, choice: random.Random) -> None:
    problem = somewhere(expression, choice)
    written = written_out(problem, LIMITS)
    try:
        truth, other = differentiate(written.problem), whole.differentiate(problem)
    except LimitError:
        assume(False)
    assert other is not None
    assert agree(truth, other, written)


def somewhere(expression: str, choice: random.Random) -> Problem:
    """The problem at a random point."""
    names = read(expression, LIMITS).variables
    assume(names)
    shapes = {name: tuple(map(int, filter(None, SHAPES[name].split(",")))) for name in names}
    at = {name: nested([choice.choice(VALUES) for _ in range(size(shape))], shape) for name, shape in shapes.items()}
    return pose(expression, LIMITS, at=at)


def agree(truth: Truth, other: ArrayTruth, written: Written) -> bool:
    """Do two truths have the same value, and the same slopes by the components that were looked at?"""
    if truth.value is None or other.value is None:
        return truth.value is other.value
    pairs = [
        (truth.slopes[part], other.slopes[name][place])
        for name, parts in written.parts.items()
        for place, part in enumerate(parts)
        if place not in other.slopes[name].unknown
    ]
    return truth.value.same(other.value) and all(alike(one, two) for one, two in pairs)


def alike(one: Slope, two: Slope) -> bool:
    """Are two slopes of one kind, and the same number?"""
    if one.smoothness is not two.smoothness or one.value is None or two.value is None:
        return one.smoothness is two.smoothness and one.value is two.value
    return one.value.same(two.value)
