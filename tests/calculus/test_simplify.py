"""Small algebra: what becomes shorter keeps its value."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradcalc.calculus.simplify import build, rational, simplified
from gradcalc.functions.function import rule
from gradcalc.functions.printer import to_text
from gradcalc.syntax.tree import Call, Name, Node, Number, number, substitute
from tests import reference

X, Y = Name("x"), Name("y")


def simple(text: str) -> str:
    """A rule, simplified on the way up."""
    return to_text(substitute(rule(text), {}, simplified))


SIMPLER = [
    ("x + 0", "x"), ("0 + x", "x"), ("x + -y", "x - y"), ("x - 0", "x"), ("0 - x", "-x"), ("x - -y", "x + y"),
    ("-(-x)", "x"), ("1*x", "x"), ("x*1", "x"), ("0*x", "0"), ("x*0", "0"), ("x*(-1)", "-x"), ("x*2", "2*x"),
    ("2*(3*x)", "6*x"), ("(-x)*y", "-(x*y)"), ("x*(-y)", "-(x*y)"), ("x*(1/y)", "x/y"), ("(1/x)*y", "y/x"),
    ("0/x", "0"), ("x/1", "x"), ("(-x)/y", "-(x/y)"), ("x/(-y)", "-(x/y)"), ("x**1", "x"), ("x**0", "1"),
    ("2 + 3", "5"), ("2 - 3", "-1"), ("2*3", "6"), ("1/4", "0.25"), ("1/3", "1/3"), ("2/6", "1/3"), ("2**10", "1024"),
    ("2**(-1)", "0.5"), ("0**0", "1"), ("floor(2.5)", "2"), ("floor(-0.5)", "-1"),
    ("where(2 > 1, x, y)", "x"), ("where(2 < 1, x, y)", "y"), ("where(1 == 1, x, y)", "x"), ("where(x > 0, 3, 3)", "3"),
    ("where(2 == 0, 0, where(2 == 1, 1, 2*x**(2 - 1)))", "2*x"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "simpler"), SIMPLER)
def test_what_becomes_simpler(text: str, simpler: str) -> None:
    assert simple(text) == simpler


KEPT = [
    "x + y",
    "x - y",
    "x/y",
    "x**y",
    "x/x",
    "x - x",
    "2*x",
    "x**2",
    "1/x",
    "x/0",
    "log(2)",
    "2**0.5",
    "2**1000",
    "1e200*1e200",
    "0**(-1)",
]


@pytest.mark.parametrize("text", KEPT)
def test_what_stays_as_it_is(text: str) -> None:
    assert simple(text) == text


CONSTANTS = [("3", "3"), ("-3", "-3"), ("1/3", "1/3"), ("-1/3", "-1/3"), ("0.125", "1/8")]


@pytest.mark.parametrize(("text", "value"), CONSTANTS)
def test_the_number_that_a_constant_is(text: str, value: str) -> None:
    assert rational(substitute(rule(text), {}, simplified)) == Fraction(value)


@pytest.mark.parametrize("text", ["x", "log(2)", "1/0", "x/2", "pi"])
def test_what_is_no_rational_constant(text: str) -> None:
    assert rational(rule(text)) is None


LEAVES = st.sampled_from([X, Y, *(number(Fraction(text)) for text in ("0", "1", "-1", "2", "1/2", "1/3", "-3"))])


def grown(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    binary = st.builds(
        lambda name, a, b: Call(name, (a, b)), st.sampled_from(["add", "sub", "mul", "div"]), inner, inner
    )
    negated = st.builds(lambda a: Call("neg", (a,)), inner)
    powers = st.builds(lambda a, n: Call("pow", (a, Number(Fraction(n)))), inner, st.integers(0, 3))
    choices = st.builds(
        lambda name, a, b, c, d: Call("where", (Call(name, (a, b)), c, d)),
        st.sampled_from(["lt", "le", "gt", "ge", "eq", "ne"]), inner, inner, inner, inner,
    )  # fmt: skip
    return binary | negated | powers | choices


def rebuilt(node: Node) -> Node:
    """The tree, simplified on the way up; conditions stay."""
    if not isinstance(node, Call):
        return node
    return build(node.function, *(rebuilt(argument) for argument in node.arguments))


@given(st.recursive(LEAVES, grown, max_leaves=12), st.fractions(-4, 4, max_denominator=8))
def test_simplification_keeps_the_value(node: Node, x: Fraction) -> None:
    with mpmath.workdps(50):
        point = {"x": mpmath.mpf(x.numerator) / x.denominator, "y": mpmath.mpf("0.71875")}
        try:
            value = reference.evaluate(node, point)
        except reference.NoValue:
            return
        assert abs(reference.evaluate(rebuilt(node), point) - value) <= mpmath.mpf(10) ** -40 * max(1, abs(value))
