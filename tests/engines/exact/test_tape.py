"""The quick way through a tree: it finds what the careful one finds, and leaves to it what has no value."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from flint import arb

from gradcalc.engines.exact import tape
from gradcalc.engines.exact.ball import Ball, working
from gradcalc.engines.exact.evaluation import AT_ONCE, PROVING, Evaluator, Undefined
from gradcalc.engines.exact.plan import plan_of
from gradcalc.engines.exact.primitives import UNCHECKED
from gradcalc.engines.exact.rules import NoValue, Rules
from gradcalc.engines.exact.values import Flow
from gradcalc.functions import CATALOGUE
from gradcalc.syntax.tree import Node
from tests.reference import tree

Found = dict[str, Flow | Undefined]


def gradient(root: Node, rules: Rules, *, quick: bool, **point: float) -> tuple[Ball, Found]:
    """The value and the gradient of a tree, the quick way or the careful one."""
    with working(192):
        plan_of(root, rules).uses = 1 if quick else -9
        evaluator = Evaluator(rules)
        values = evaluator.evaluate(root, evaluator.point({name: Fraction(x) for name, x in point.items()}))
        value = values[id(root)]
        assert isinstance(value, Ball)
        return value, evaluator.gradient(root, values, list(point))


def is_one(one: object, other: object) -> bool:
    """Are two numbers the same, both known well?"""
    assert isinstance(one, Ball)
    assert isinstance(other, Ball)
    known = all(ball.rel_accuracy_bits() > 100 or ball.is_zero() for ball in (one, other))
    return known and bool(one.overlaps(other))


SAMPLES = {"x": 0.40625, "y": 0.3125}
TREES = [
    "sin(x*y)*exp(x*y) + log(1 + x**2)/(2 + cos(x*y))",
    "x - x*y - x - x*y",
    "(x + y)**2 * tanh(x + y) - (x + y)",
    "x**y / y**x + atan2(y, x) - hypot(x, y)",
    "t = x*y; u = t*t + t; u*u*sin(u) - t",
    "betainc(2, 3, x) + logaddexp(x, y) + erf(x)*erfc(y)",
    "sqrt(x)*cbrt(y) + asin(x) + acos(y) + atanh(x*y) + acosh(1 + x)",
    "gamma(x) + lgamma(y) + digamma(x) + polygamma(1, y)",
    "sigmoid(x) + softplus(y) + gelu(x*y) + mish(x)",
    "abs(x - y) + sign(x)*floor(y + 3)",
    "0*x + y - y + 3",
]


@pytest.mark.parametrize("rules", [AT_ONCE, PROVING], ids=["plain", "proving"])
@pytest.mark.parametrize("text", TREES)
def test_both_ways_find_the_same(text: str, rules: Rules) -> None:
    root = tree(text)
    careful, slopes = gradient(root, rules, quick=False, **SAMPLES)
    value, quick = gradient(root, rules, quick=True, **SAMPLES)
    assert tape.back(plan_of(root, rules), ("x", "y")) is not None
    assert is_one(value, careful)
    flows = [(quick[name], slopes[name]) for name in SAMPLES]
    assert all(isinstance(one, Flow) and isinstance(other, Flow) for one, other in flows)
    assert all(is_one(a, b) for pair in flows for a, b in zip(*pair, strict=True))  # type: ignore[arg-type]  # as above


SPECIAL = [  # what has a choice in it, and what has no value, is left to the careful way
    ("where(x > 0, x, y)", 1.0),
    ("log(x)", -1.0),
    ("1/x", 0.0),
    ("sqrt(x)", 0.0),
]


@pytest.mark.parametrize(("text", "x"), SPECIAL)
def test_what_may_have_no_value_is_left_alone(text: str, x: float) -> None:
    plan = plan_of(tree(text), AT_ONCE)
    plan.uses = 5
    with working(192):
        point = {key: AT_ONCE.arithmetic.number(Fraction(x)) for _, key in plan.named}
        point |= {key: constant(()) for key, constant in plan.constants}
        ways = (tape.forward(plan), tape.back(plan, ("x",)))
        assert None in ways or not all(way.run(point) for way in ways if way is not None)


def test_equal_parts_are_worked_out_once() -> None:
    plan = plan_of(tree("exp(x*x) + sin(x*x)*exp(x*x)"), AT_ONCE)
    plan.uses = 5
    with working(64):
        forward, back = tape.forward(plan), tape.back(plan, ("x",))
    assert forward is not None
    assert back is not None
    assert [entry[0] for entry in forward.entries].count(AT_ONCE.quick("exp")) == 1
    assert AT_ONCE.quick("exp") not in [entry[0] for entry in back.entries]


EVERYWHERE = ("-3", "-2.5", "-1", "-0.5", "0", "0.5", "1", "1.5", "2", "40")


@pytest.mark.parametrize("name", UNCHECKED)
def test_outside_its_domain_arb_has_no_finite_value_of_what_is_not_checked(name: str) -> None:
    places = [tuple(map(Fraction, one)) for one in product(EVERYWHERE, repeat=len(CATALOGUE[name].parameters))]
    with working(128):
        balls = [[arb(one.numerator) / one.denominator for one in place] for place in places]
        outside = [ball for ball in balls if not _has_value(name, ball)]
        assert [ball for ball in outside if UNCHECKED[name](*ball).is_finite()] == []


def _has_value(name: str, arguments: list[Ball]) -> bool:
    try:
        AT_ONCE.operation(name)(*arguments)
    except NoValue:
        return False
    return True
