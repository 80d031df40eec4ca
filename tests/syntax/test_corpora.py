"""Formulas as people write them are read as they are meant, or refused with the right word; none is misread."""

from __future__ import annotations

import math
from collections.abc import Sequence

import mpmath
import pytest

from gradcalc.base.errors import GradcalcError
from gradcalc.base.limits import Limits
from gradcalc.functions.printer import to_text
from gradcalc.inputs.pose import pose
from gradcalc.problem.problem import Problem
from gradcalc.problem.resolve import read
from gradcalc.syntax.tree import free_names, postorder
from tests.array_reference import evaluate, flat
from tests.syntax.corpora import Formula, Nested, number, table

TABLES = {name: table(name) for name in ("latex", "typed")}
READ = [one for name in TABLES for one in TABLES[name] if one.refusal is None]
REFUSED = [one for name in TABLES for one in TABLES[name] if one.refusal is not None]


def point(formula: Formula) -> dict[str, Nested]:
    """Values for the variables of a transcription."""
    sized = {name: tuple(sizes) for name, sizes in formula.sizes.items()}
    names = free_names(postorder(read(formula.transcription, Limits(), [*sized], sized).root))
    return {name: formula.value_of(name) for name in (*names, *formula.numbers) if name != "e"}


def posed(formula: Formula) -> Problem:
    """The problem that a formula poses, at its point."""
    return pose(formula.text, Limits(), at=point(formula), of=None)


def value(problem: Problem, formula: Formula) -> Sequence[float]:
    """What the reading comes to, by an evaluation that shares nothing with gradcalc's own."""
    at = {name: _exact(one) for name, one in point(formula).items()}
    return [math.nan if one is None else float(one) for one in flat(evaluate(problem.root, at))]


def _exact(value: Nested) -> Nested:
    return [_exact(one) for one in value] if isinstance(value, list) else mpmath.mpf(value)


@pytest.mark.parametrize("formula", READ, ids=lambda one: one.text)
def test_a_formula_is_read_as_it_is_meant_and_printed_so_that_it_is_read_again(formula: Formula) -> None:
    problem = posed(formula)
    assert value(problem, formula) == pytest.approx(formula.values, rel=1e-9)
    at = {name: one for name, one in point(formula).items() if name in problem.variables}
    assert pose(to_text(problem.root), Limits(), at=at).root == problem.root


@pytest.mark.parametrize("formula", REFUSED, ids=lambda one: one.text)
def test_what_cannot_be_read_is_refused_by_its_name(formula: Formula) -> None:
    at = {name: formula.value_of(name) for name in (*formula.sizes, *formula.numbers)}
    with pytest.raises(GradcalcError) as raised:
        pose(formula.text, Limits(), at=at or None)
    assert (formula.refusal or "") in f"{raised.value.message} {raised.value.hint}"


def test_a_formula_that_is_misread_is_found() -> None:
    wrong = Formula("1/2x", "1/(2*x)", {}, {}, (1 / (2 * number("x")),))
    with pytest.raises(AssertionError):
        test_a_formula_is_read_as_it_is_meant_and_printed_so_that_it_is_read_again(wrong)
