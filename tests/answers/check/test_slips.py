"""The slips that are recognised: every one of the table is wrong, and is found where it was made."""

from __future__ import annotations

import pytest

from gradcalc.answers.check.evidence import Evidence, Pair, value
from gradcalc.answers.check.slips import SLIPS, Slip, slips
from gradcalc.base.limits import Limits
from gradcalc.calculus.reverse import gradient
from gradcalc.functions import CATALOGUE
from gradcalc.functions.function import rule
from gradcalc.functions.printer import to_text
from gradcalc.problem.resolve import read
from gradcalc.syntax.tree import Call, Node, substitute

POINTS = [{"x": x} for x in (0.3, 2.3, -0.7)]  # each slip has a value at one of them, and not the true one
ARGUMENTS = {1: ("x + x**2/5",), 2: ("x + 1/4", "x**2 + 3/4")}


def tree(text: str) -> Node:
    """An expression in x."""
    return read(text, Limits(), {"x"}).root


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: f"{slip.function}: {slip.wrong}")
def test_a_slip_of_the_table_is_a_wrong_derivative_and_is_told_with_its_sentence(slip: Slip) -> None:
    row = CATALOGUE[slip.function]
    multiple = ("3*x",) if "rest" in slip.wrong else ()
    arguments = tuple(map(tree, (*multiple, *ARGUMENTS[len(row.parameters)][len(multiple) :])))
    call = Call(slip.function, arguments)
    bound = dict(zip(row.parameters, arguments, strict=True))
    bound |= {"number": tree("3"), "rest": tree("x")} if multiple else {}
    slopes = {f"d{name}": gradient(argument, ["x"])["x"] for name, argument in bound.items()}
    wrong, right = substitute(rule(slip.wrong), bound | slopes | {"out": call}), gradient(call, ["x"])["x"]
    pairs = [Pair(point, value(wrong, point), true) for point in POINTS if (true := value(right, point)) is not None]
    telling = [pair for pair in pairs if pair.proposed is not None and not pair.holds]
    evidence = Evidence(call, "x", wrong, telling)
    assert telling
    assert slip.sentence in {sentence for found, sentence in slips(call, "x") if evidence.is_tree(found)}


FOUND = [  # an expression, a wrong derivative of it, and what is told
    ("sin(x**2)", "cos(x**2)", "the chain rule's inner derivative is missing: the derivative of `x**2` is `2*x`"),
    ("3*sin(x**2)", "3*cos(x**2)", "the chain rule's inner derivative is missing: the derivative of `x**2` is `2*x`"),
    ("exp(-x)", "exp(-x)", "the chain rule's inner derivative is missing: the derivative of `-x` is `-1`"),
    ("x*sin(x)", "cos(x)", "the product rule is u'·v + u·v', not u'·v'"),
]


@pytest.mark.parametrize(("expression", "wrong", "sentence"), FOUND)
def test_the_first_slip_that_fits_is_the_one_that_is_told(expression: str, wrong: str, sentence: str) -> None:
    pairs = [Pair(point, value(tree(wrong), point), real) for point in POINTS if (real := value(tree("1"), point))]
    evidence = Evidence(tree(expression), "x", tree(wrong), pairs)
    fitting = (told for found, told in slips(tree(expression), "x") if evidence.is_tree(found))
    assert next(fitting) == sentence


def test_a_large_expression_is_no_exercise() -> None:
    assert list(slips(tree(" + ".join(["x*x"] * 100)), "x")) == []


def test_inner_derivatives_that_are_missing_come_first() -> None:
    told = [sentence for _, sentence in slips(tree("sin(x**2)"), "x")]
    assert told[0].startswith("the chain rule's inner derivative is missing")
    assert to_text(next(found for found, _ in slips(tree("sin(x**2)"), "x"))) == "cos(x**2)"
