"""Random scalar functions of arrays have closed forms, and these have the value of the exact gradient."""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gradcalc.base.errors import LimitError
from gradcalc.base.limits import Limits
from gradcalc.calculus.matrix import closed_form
from gradcalc.engines.exact import truth as exact
from gradcalc.functions.printer import to_text
from gradcalc.problem.problem import Problem
from gradcalc.problem.resolve import read
from gradcalc.problem.written_out import expanded, written_out
from gradcalc.syntax.tree import Node
from tests.programs import SHAPES, programs

LIMITS = Limits()
EXACT = Fraction(1, 10**28)  # the terms of a gradient may themselves be differences
NEEDS_MORE = ("det(", "prod(")  # det(A)*inv(A).T needs an inverse, prod(x)/x no 0


@settings(max_examples=60, deadline=None, derandomize=True)
@given(programs(), st.randoms(use_true_random=False))
def test_a_closed_form_has_the_value_of_the_exact_gradient(
    at_random: Callable[..., Problem], error: Callable[..., Fraction], expression: str, choice: random.Random
) -> None:
    variables = read(expression, LIMITS).variables
    assume(variables)
    problem = at_random(expression, " ".join(f"{name}={SHAPES[name]}" for name in variables if SHAPES[name]))
    variable = choice.choice(variables)
    assume(is_smooth(problem, variable))
    form = closed_form(problem.root, variable, problem.shapes)
    assume(form is not None)
    assert form is not None
    assume(not any(name in expression for name in NEEDS_MORE) or is_defined(problem, form))
    assert read(to_text(form), LIMITS).root == form
    assert error(problem, variable, form) < EXACT


def is_smooth(problem: Problem, variable: str) -> bool:
    """Is the function defined and smooth around the point, and within the limits?"""
    written = written_out(problem, LIMITS)
    try:
        truth = exact.differentiate(written.problem)
    except LimitError:
        return False
    slopes = [truth.slopes[part] for part in written.parts[variable]]
    return truth.value is not None and all(slope.magnitude is not None for slope in slopes)


def is_defined(problem: Problem, form: Node) -> bool:
    """Has a gradient a value at the point?"""
    written = written_out(problem, LIMITS)
    parts = expanded(form, problem, written.parts, LIMITS).nodes
    return all(exact.value(part, written.problem.numbers) is not None for part in parts)
