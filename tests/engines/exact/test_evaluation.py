"""The evaluator: what `where` takes, what is undefined, and the gradient with the size of its terms."""

from __future__ import annotations

from fractions import Fraction

import pytest

from gradcalc.base.errors import LimitError
from gradcalc.engines.exact.ball import Ball, Undecided, as_fraction, working
from gradcalc.engines.exact.evaluation import AT_ONCE, PROVING, Evaluator, Flow, Undefined, Values
from gradcalc.engines.exact.rules import Rules
from gradcalc.functions.printer import to_text
from gradcalc.syntax.tree import Node, postorder
from tests.reference import tree


def number(value: object) -> Fraction | None:
    assert isinstance(value, Ball)
    return as_fraction(value)


def values_of(root: Node, rules: Rules = PROVING, bits: int = 128, **point: float) -> tuple[Evaluator, Values]:
    """The evaluator, and the value of every node."""
    evaluator = Evaluator(rules)
    with working(bits):
        return evaluator, evaluator.evaluate(root, evaluator.point({name: Fraction(x) for name, x in point.items()}))


def evaluated(text: str, rules: Rules = AT_ONCE, **point: float) -> object:
    """The value of an expression at 128 bits."""
    root = tree(text)
    return values_of(root, rules, **point)[1][id(root)]


TAKEN = [
    ("where(x > 0, x, log(x))", 2, 2),
    ("where(x > 0, log(x), x)", -2, -2),
    ("where(x > 0, x, exp(exp(exp(1000*x))))", 1, 1),
    ("where(x > 0, x, 1/0)", 1, 1),
    ("where(x > 0, where(x > 1, x, 1/0), 1/0)", 3, 3),
    ("where(x == 0, 1, sin(x)/x)", 0, 1),
    ("max(x, 3)", 2, 3),
    ("relu(x) + relu(-x)", -4, 4),
    ("hardtanh(x)", -7, -1),
    ("ceil(x)", 1.5, 2),
]


@pytest.mark.parametrize(("text", "x", "value"), TAKEN)
def test_a_branch_that_is_not_taken_does_not_matter(text: str, x: float, value: float) -> None:
    assert number(evaluated(text, x=x)) == Fraction(value)


def test_every_branch_can_be_asked_for() -> None:
    root = tree("where(x > 0, x + 1, log(x)) + where(x > 0, 1, exp(exp(1e300)))")
    order = postorder(root)
    with working(2048):
        evaluator = Evaluator()
        values = evaluator.everywhere(order, evaluator.point({"x": Fraction(1)}))
    written = {to_text(node): values[id(node)] for node in order}
    assert number(written["x + 1"]) == 2
    assert number(written["log(x)"]) == 0
    assert isinstance(written["exp(exp(1e300))"], Undefined)
    assert written["exp(exp(1e300))"].condition == "an intermediate value is too large to compute with"


UNDEFINED = [
    ("log(x)", -1, "log(x)", "x > 0"),
    ("1 + sqrt(log(x))", 0.5, "sqrt(log(x))", "x >= 0"),
    ("where(log(x) > 0, 1, 2)", -1, "log(x)", "x > 0"),
    ("where(x > 0, 1/(x - 1), 2)", 1, "1/(x - 1)", "y != 0"),
    ("0*log(x)", -1, "log(x)", "x > 0"),
    ("factorial(x)", -2, "x!", "where(x > -1, 1 > 0, x != floor(x))"),
    ("log2(x)", -2, "log2(x)", "x > 0"),
]


@pytest.mark.parametrize(("text", "x", "blamed", "condition"), UNDEFINED)
def test_what_has_no_value_names_the_call_to_blame(text: str, x: float, blamed: str, condition: str) -> None:
    found = evaluated(text, x=x)
    assert isinstance(found, Undefined)
    assert (to_text(found.node), found.condition) == (blamed, condition)


def test_a_branch_that_is_taken_may_be_too_large() -> None:
    with pytest.raises(LimitError, match="an intermediate value is too large to compute with"):
        values_of(tree("where(x > 0, exp(exp(exp(1000*x))), x)"), bits=2048, x=1)


def test_a_comparison_of_what_cannot_be_told_apart_is_undecided() -> None:
    with pytest.raises(Undecided):
        evaluated("where(sin(x)**2 + cos(x)**2 > 1, x, 2*x)", x=0.3)


def test_a_comparison_of_what_is_the_same_is_decided_by_proof() -> None:
    assert evaluated("where(sin(x)**2 + cos(x)**2 > 1, x, 2*x)", PROVING, x=0.5) == 1


def test_the_sign_of_a_sine_is_not_guessed() -> None:
    with pytest.raises(Undecided):
        evaluated("abs(sin(exp(x)))", x=201)


def test_a_shared_node_is_evaluated_once() -> None:
    root = tree("y = x*x; z = y*y; z*z")
    _, values = values_of(root, x=2)
    assert number(values[id(root)]) == 256
    assert set(values) == {id(node) for node in postorder(root)}


GRADIENTS = [  # the derivative, and the sum of the absolute values of its terms
    ("x*x - 2*x", 1, 0, 4),
    ("x + x - x", 5, 1, 3),
    ("(x - 1)**2", 3, 4, 4),
    ("where(x > 0, x**2, -x)", 3, 6, 6),
    ("where(x > 0, x**2, -x)", -3, -1, 1),
    ("7", 1, 0, 0),
]


@pytest.mark.parametrize(("text", "x", "derivative", "size"), GRADIENTS)
def test_a_gradient_comes_with_the_size_of_its_terms(text: str, x: float, derivative: int, size: int) -> None:
    root = tree(text)
    evaluator, values = values_of(root, x=x)
    flow = evaluator.gradient(evaluator.active(values, root), values, ["x"])["x"]
    assert isinstance(flow, Flow)
    assert (number(flow.value), number(flow.size)) == (derivative, size)


def test_no_gradient_flows_through_a_whole_number() -> None:
    root = tree("polygamma(x, 2)")
    evaluator, values = values_of(root, x=1)
    flow = evaluator.gradient(evaluator.active(values, root), values, ["x"])["x"]
    assert isinstance(flow, Undefined)
    assert flow.node is root


SINGULAR = [
    ("abs(x)", 0, ["abs(x)"]),
    ("abs(x)", 1, []),
    ("max(x, 1) + sqrt(x - 1)", 1, ["max(x, 1)", "sqrt(x - 1)"]),
    ("where(x > 2, abs(x - 1), x)", 1, []),
    ("where(x > 0, x, -x)", 0, ["x > 0"]),
    ("relu(x - x)", 5, ["relu(x - x)"]),
]


@pytest.mark.parametrize(("text", "x", "calls"), SINGULAR)
def test_the_calls_at_a_kink_or_pole_of_theirs(text: str, x: float, calls: list[str]) -> None:
    root = tree(text)
    evaluator, values = values_of(root, x=x)
    assert [to_text(call) for call in evaluator.singular(evaluator.active(values, root), values)] == calls
