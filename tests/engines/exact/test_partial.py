"""An array program where only a few components vary has the value and the derivatives of the whole program."""

from __future__ import annotations

import dataclasses
import random

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gradcalc.arrays.array import Array, nested
from gradcalc.arrays.shape import size
from gradcalc.base.errors import LimitError
from gradcalc.base.limits import Limits
from gradcalc.engines.exact.dual import measured
from gradcalc.engines.exact.partial import Budget, Partial, partial
from gradcalc.engines.exact.truth import differentiate
from gradcalc.engines.records import Slope, Truth
from gradcalc.inputs.pose import pose
from gradcalc.problem.problem import Problem
from gradcalc.problem.resolve import read
from gradcalc.problem.written_out import Written, written_out
from tests.programs import SHAPES, programs

LIMITS = Limits()
VALUES = (0.0, 1.0, -1.0, 0.5, 2.0, -0.75, 0.1, 1.3, -2.5)
VARYING = 2  # components


@settings(max_examples=40, deadline=None, derandomize=True)
@given(programs(), st.randoms(use_true_random=False))
def test_a_few_components_have_the_slopes_that_they_have_in_the_whole(expression: str, choice: random.Random) -> None:
    problem = somewhere(expression, choice)
    whole = written_out(problem, LIMITS)
    names = [(name, place) for name in problem.wrt for place in range(len(whole.parts[name]))]
    chosen = choice.sample(names, min(VARYING, len(names)))
    found, few = varying(problem, whole, chosen)
    try:
        truth = differentiate(dataclasses.replace(whole.problem, wrt=few.wrt))
        other = differentiate(few)
    except LimitError:
        assume(False)
    assert agree(truth, other, [name for name in few.wrt if name not in found.bent])
    assert agree(truth, other, [name for name in few.wrt if other.slopes[name].magnitude is not None])


def somewhere(expression: str, choice: random.Random) -> Problem:
    """The problem at a random point, where kinks and edges are not rare."""
    names = read(expression, LIMITS).variables
    assume(names)
    shapes = {name: tuple(map(int, filter(None, SHAPES[name].split(",")))) for name in names}
    at = {name: nested([choice.choice(VALUES) for _ in range(size(shape))], shape) for name, shape in shapes.items()}
    return pose(expression, LIMITS, at=at)


def varying(problem: Problem, whole: Written, chosen: list[tuple[str, int]]) -> tuple[Partial, Problem]:
    """The problem in the chosen components alone."""
    assert problem.point is not None
    duals = {}
    for name, value in problem.point.items():
        parameters = {whole.parts[name][place]: place for owner, place in chosen if owner == name}
        values = value.values if isinstance(value, Array) else [value]
        duals[name] = measured(problem.shapes.get(name, ()), values, parameters)
    found = partial(problem.root, duals, Budget(10**9, 10**9))
    names = tuple(whole.parts[name][place] for name, place in chosen)
    point = dict.fromkeys(names, 0.0)
    return found, dataclasses.replace(whole.problem, root=found.root, variables=names, wrt=names, point=point)


def agree(truth: Truth, other: Truth, names: list[str]) -> bool:
    """Do two truths have the same value, and the same derivatives by some names?"""
    if truth.value is None or other.value is None:
        return truth.value is other.value
    pairs = [(truth.slopes[name], other.slopes[name]) for name in names]
    return truth.value.same(other.value) and all(alike(one, two) for one, two in pairs)


def alike(one: Slope, two: Slope) -> bool:
    """Are two slopes of one kind, and the same number?"""
    if one.smoothness is not two.smoothness or one.value is None or two.value is None:
        return one.smoothness is two.smoothness and one.value is two.value
    return one.value.same(two.value)
