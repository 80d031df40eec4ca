"""A proposed derivative beside the true one: which pairs hold, and what is shown of one that does not."""

from __future__ import annotations

import pytest

from gradcalc.answers.check.everywhere import counterexample, pairs_at
from gradcalc.answers.check.evidence import Evidence, Pair, is_value, value
from gradcalc.answers.check.proposal import propose
from gradcalc.answers.trials.points import sample
from gradcalc.base.limits import Limits
from gradcalc.base.real import Real
from gradcalc.inputs.pose import pose
from gradcalc.problem.resolve import read
from gradcalc.syntax.tree import Node


def tree(text: str) -> Node:
    """An expression in x."""
    return read(text, Limits(), {"x"}).root


def real(text: str) -> Real:
    """The value of a constant expression."""
    found = value(tree(text), {})
    assert found is not None
    return found


HOLDS = [  # the proposed value, the true one, whether they are one
    ("2", "2", True),
    ("sqrt(4)", "2", True),
    ("2", "2 + 1e-29", False),
    ("exp(1000)", "exp(1000)", True),
    ("exp(-5000)", "2*exp(-5000)", False),
]


@pytest.mark.parametrize(("proposed", "true", "holds"), HOLDS)
def test_a_pair_holds_where_its_numbers_are_one(proposed: str, true: str, holds: bool) -> None:
    assert Pair({}, real(proposed), real(true)).holds is holds


def test_a_pair_without_a_value_does_not_hold() -> None:
    assert not Pair({"x": -1.0}, value(tree("log(x)"), {"x": -1.0}), real("0")).holds


def test_a_tree_whose_value_is_too_large_has_none() -> None:
    assert value(tree("exp(exp(x))"), {"x": 1e9}) is None
    assert not is_value(tree("exp(exp(x))"), {"x": 1e9}, real("1"))


def test_a_tree_is_recognised_by_its_value_at_every_point() -> None:
    pairs = [Pair({"x": x}, real(f"2*{x}"), real("0")) for x in (1.0, 2.0)]
    evidence = Evidence(tree("x"), "x", tree("2*x"), pairs)
    assert evidence.is_tree(tree("x + x"))
    assert not evidence.is_tree(tree("x + 1"))


def test_a_proposal_stands_beside_the_true_derivative_at_each_sample() -> None:
    problem = pose("x**2", Limits())
    samples = [found for x in (1.0, 3.0) if (found := sample(problem, {"x": x})) is not None]
    pairs = list(pairs_at(samples, propose("x + 1", problem, Limits())["x"]))
    assert [(pair.point["x"], pair.holds) for pair in pairs] == [(1.0, True), (3.0, False)]
    shown = counterexample(pairs[1].point, pairs[1].proposed, pairs[1].true)
    assert (shown.at, shown.proposed, shown.true, shown.difference) == ({"x": 3.0}, 4.0, 6.0, -2.0)


def test_a_counter_example_without_a_value_has_no_difference() -> None:
    shown = counterexample({"x": -1.0}, None, real("2"))
    assert (shown.proposed, shown.true, shown.difference) == (None, 2.0, None)
