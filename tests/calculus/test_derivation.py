"""Derivations rule by rule: which rule a textbook would take, and what comes out."""

from __future__ import annotations

from fractions import Fraction

import pytest

from gradcalc.base.errors import LimitError
from gradcalc.base.limits import Limits
from gradcalc.calculus.derivation import derivation
from gradcalc.calculus.step import Step, every
from gradcalc.functions.printer import to_text
from gradcalc.problem.resolve import read
from gradcalc.syntax.tree import Call, Name, Node, Number


def derived(text: str, by: str = "x") -> Step:
    """The derivation of a program's last statement."""
    found = read(text, Limits())
    *before, last = found.definitions
    names = {one.name: one.body for one in before if one.name is not None}
    return derivation(last.body, by, names, {*found.variables, *names})


RULES = {
    "a constant": ("3", "constant", "0"),
    "the variable": ("x", "variable", "1"),
    "another variable": ("y", "constant", "0"),
    "a sum": ("x**2 + x - 3", "sum", "2*x + 1"),
    "a negative": ("-x**2", "constant multiple", "-(2*x)"),
    "a multiple": ("3*x**2", "constant multiple", "6*x"),
    "a quotient by a constant": ("x**2/y", "constant multiple", "2*x/y"),
    "a product": ("x*sin(x)", "product", "sin(x) + x*cos(x)"),
    "a product of three": ("x*sin(x)*exp(x)", "product", "sin(x)*exp(x) + x*cos(x)*exp(x) + x*sin(x)*exp(x)"),
    "a quotient": ("sin(x)/x", "quotient", "(cos(x)*x - sin(x))/x**2"),
    "a quotient by a power": ("sin(x)/x**2", "quotient", "(cos(x)*x**2 - sin(x)*(2*x))/x**4"),
    "a quotient by a root": ("sin(x)/sqrt(x)", "quotient", "(cos(x)*sqrt(x) - sin(x)/(2*sqrt(x)))/x"),
    "a reciprocal": ("1/(x + 1)", "reciprocal", "-(1/(x + 1)**2)"),
    "the variable below the line": ("1/x", "power", "-x**(-2)"),
    "a power below the line": ("5/x**3", "power", "-(15*x**(-4))"),
    "with a factor below": ("7/(3*x**2)", "power", "-(14/3*x**(-3))"),
    "with a name above": ("a/x**n", "power", "-(a*n*x**(-n - 1))"),
    "a root below the line": ("3/sqrt(x)", "power", "-(3/2*x**(-(3/2)))"),
    "a cube root below the line, which has values where powers have none": (
        "1/cbrt(x)",
        "reciprocal",
        "-(1/(3*cbrt(x)**2)/cbrt(x)**2)",
    ),
    "a power of a sum below the line": ("1/(3*x + 1)**5", "chain", "-(15*(3*x + 1)**(-6))"),
    "a decimal stays one": ("x**2.5", "power", "2.5*x**1.5"),
    "a power": ("x**3", "power", "3*x**2"),
    "a root as a power": ("x**(1/2)", "power", "x**(-(1/2))/2"),
    "a variable exponent": ("x**n", "power", "n*x**(n - 1)"),
    "an exponential": ("2**x", "exponential", "2**x*log(2)"),
    "Euler's": ("e**x", "exponential", "e**x"),
    "exp": ("exp(x)", "exponential", "exp(x)"),
    "a power of both": ("x**x", "logarithmic derivation", "x**x*(log(x) + 1)"),
    "a quotient of powers": (
        "x**2*sqrt(x + 1)/(x - 3)**4",
        "logarithmic derivation",
        "x**2*sqrt(x + 1)/(x - 3)**4*(2/x + 1/(2*(x + 1)) - 4/(x - 3))",
    ),
    "many factors above and below": (
        "(x + 1)*(x + 2)/((x + 3)*(x + 4))",
        "logarithmic derivation",
        "(x + 1)*(x + 2)/((x + 3)*(x + 4))*(1/(x + 1) + 1/(x + 2) - 1/(x + 3) - 1/(x + 4))",
    ),
    "a product of powers": (
        "x**4*(x - 1)**5*exp(a*x)",
        "logarithmic derivation",
        "x**4*(x - 1)**5*exp(a*x)*(4/x + 5/(x - 1) + a)",
    ),
    "a root of many factors": (
        "cbrt(x*(x - 2)/(x + 1))",
        "logarithmic derivation",
        "cbrt(x*(x - 2)/(x + 1))*(1/(3*x) + 1/(3*(x - 2)) - 1/(3*(x + 1)))",
    ),
    "powers of both among factors": (
        "x**x*(x + 1)**3*sin(x)",
        "logarithmic derivation",
        "x**x*(x + 1)**3*sin(x)*(log(x) + 1 + 3/(x + 1) + cos(x)/sin(x))",
    ),
    "few factors": ("x*exp(x)/(x + 1)", "quotient", "((exp(x) + x*exp(x))*(x + 1) - x*exp(x))/(x + 1)**2"),
    "from the table": ("sin(x)", "table", "cos(x)"),
    "a function of a constant": ("sin(y)*x", "constant multiple", "sin(y)"),
    "a chain": ("sin(x**2)", "chain", "cos(x**2)*(2*x)"),
    "a power of a sum": ("(3*x + 1)**5", "chain", "15*(3*x + 1)**4"),
    "two arguments": ("atan2(x, y)", "table", "y/(x**2 + y**2)"),
    "a fraction by the chain rule": ("acos(x**2)", "chain", "-(2*x/sqrt(1 - (x**2)**2))"),
    "one fraction for two": ("log(x**2)/log(2)", "constant multiple", "2*x/(x**2*log(2))"),
    "a negative quotient": ("-2*x/(x + 1)", "constant multiple", "-(2*((x + 1 - x)/(x + 1)**2))"),
    "both arguments": ("hypot(x, 2*x)", "chain, by each argument", "x/hypot(x, 2*x) + 2*(2*x/hypot(x, 2*x))"),
    "cases": ("where(x > 0, x**2, -x)", "cases", "where(x > 0, 2*x, -1)"),
    "a name of the program": ("u = x**2; u", "definition", "2*x"),
    "names": ("u = x**2; v = sin(u); v*u", "product", "cos(u)*(2*x)*u + v*(2*x)"),
}


@pytest.mark.parametrize(("text", "rule", "result"), RULES.values(), ids=RULES)
def test_the_rule_and_what_comes_out(text: str, rule: str, result: str) -> None:
    found = derived(text)
    assert (found.rule.value, to_text(found.result)) == (rule, result)


def test_a_chain_names_its_inner_function_by_a_letter_that_is_free() -> None:
    found = derived("u*sin(x**2) + v").inner[0].inner[0]
    assert (found.letter, found.inside) == ("t", read("x**2", Limits()).root)


def test_a_chain_on_a_name_needs_no_letter() -> None:
    found = derived("u = x**2; sin(u)")
    assert (found.rule, found.letter, to_text(found.pattern)) == ("chain", None, "cos(u)*#0")


def test_every_step_is_walked() -> None:
    assert [step.rule.value for step in every(derived("x*sin(x**2)"))] == [
        "product", "variable", "chain", "power",
    ]  # fmt: skip


def nested(levels: int) -> Node:
    root: Node = Name("x")
    for _ in range(levels):
        root = Call("sin", (root,))
    return root


def long(terms: int) -> Node:
    root: Node = Name("x")
    for _ in range(terms):
        root = Call("add", (Number(Fraction(1)), root))
    return root


@pytest.mark.parametrize("root", [nested(200), nested(20_000), long(2_500)], ids=["deep", "deeper", "large"])
def test_what_nobody_would_do_by_hand_is_refused(root: Node) -> None:
    with pytest.raises(LimitError, match="too large to be derived step by step"):
        derivation(root, "x", {}, {"x"})
