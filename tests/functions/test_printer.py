"""A tree is written with no more parentheses than needed, and read back as the same tree."""

from __future__ import annotations

from fractions import Fraction
from functools import reduce

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradcalc.base.errors import LimitError
from gradcalc.base.limits import Limits
from gradcalc.functions import CATALOGUE, ELEMENTWISE, VOCABULARY
from gradcalc.functions.function import Everything, Function, rule
from gradcalc.functions.printer import to_text
from gradcalc.problem.resolve import read
from gradcalc.syntax.decimals import decimal
from gradcalc.syntax.parser import Vocabulary, parse
from gradcalc.syntax.tree import Call, Constant, Name, Node, Number

NUMBERS = [
    ("0", "0"),
    ("3", "3"),
    ("0.5", "0.5"),
    ("0.1", "0.1"),
    ("100", "100"),
    ("1000000", "1000000"),
    ("10000000", "1e7"),
    ("12300000000", "1.23e10"),
    ("123456789012345678901234567890", "123456789012345678901234567890"),
    ("0.001", "0.001"),
    ("0.0001", "0.0001"),
    ("0.00001", "1e-05"),
    ("6.674e-11", "6.674e-11"),
    ("1e400", "1e400"),
    ("1e-400", "1e-400"),
]


@pytest.mark.parametrize(("value", "text"), NUMBERS)
def test_a_number_is_written_exactly(value: str, text: str) -> None:
    assert decimal(Fraction(value)) == text
    assert Fraction(text) == Fraction(value)


def test_what_is_no_finite_decimal_is_no_literal() -> None:
    with pytest.raises(ValueError, match=r"^1/3 is not a finite decimal$"):
        decimal(Fraction(1, 3))


X, Y = Name("x"), Name("y")
WRITTEN = [
    (Call("neg", (Call("neg", (X,)),)), "--x"),
    (Call("sub", (X, Call("neg", (Y,)))), "x - -y"),
    (Call("sub", (X, Call("sub", (Y, X)))), "x - (y - x)"),
    (Call("add", (X, Call("add", (Y, X)))), "x + (y + x)"),
    (Call("mul", (X, Call("div", (Y, X)))), "x*(y/x)"),
    (Call("neg", (Call("mul", (X, Y)),)), "-(x*y)"),
    (Call("mul", (Call("neg", (X,)), Y)), "-x*y"),
    (Call("mul", (X, Call("neg", (Y,)))), "x*-y"),
    (Call("neg", (Call("pow", (X, Y)),)), "-x**y"),
    (Call("pow", (Call("neg", (X,)), Y)), "(-x)**y"),
    (Call("pow", (X, Call("neg", (Y,)))), "x**(-y)"),
    (Call("pow", (Call("pow", (X, Y)), X)), "(x**y)**x"),
    (Call("pow", (X, Call("pow", (Y, X)))), "x**y**x"),
    (Call("factorial", (Call("factorial", (X,)),)), "(x!)!"),
    (Call("factorial", (Call("neg", (X,)),)), "(-x)!"),
    (Call("pow", (Call("factorial", (X,)), Y)), "x!**y"),
    (Call("where", (Call("lt", (X, Y)), X, Y)), "where(x < y, x, y)"),
    (Call("max", (X, Y, X)), "max(x, y, x)"),
    (Constant("pi"), "pi"),
]


@pytest.mark.parametrize(("tree", "text"), WRITTEN, ids=[text for _, text in WRITTEN])
def test_a_tree_is_written_as_on_paper(tree: Node, text: str) -> None:
    assert to_text(tree) == text


def calls(arguments: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    """Any operator or function on as many arguments as it takes."""
    conditions = st.builds(Call, st.sampled_from(["lt", "le", "gt", "ge", "eq", "ne"]), st.tuples(arguments, arguments))
    return st.one_of(
        st.builds(Call, st.sampled_from(["add", "sub", "mul", "div", "pow"]), st.tuples(arguments, arguments)),
        st.builds(Call, st.sampled_from(["neg", "factorial", "sin", "sqrt", "abs", "gamma"]), st.tuples(arguments)),
        st.builds(Call, st.sampled_from(["max", "hypot", "log"]), st.tuples(arguments, arguments)),
        st.builds(Call, st.just("where"), st.tuples(conditions, arguments, arguments)),
    )


DECIMALS = st.builds(lambda digits, places: Fraction(digits, 10**places), st.integers(0, 10**9), st.integers(0, 30))
LEAVES = st.one_of(
    st.builds(Number, DECIMALS),
    st.builds(Name, st.sampled_from(["x", "y", "x_1", "E", "lambda", "gamma", "θ", "pi", "e", "e1", "d"])),
)
TREES = st.recursive(LEAVES, calls, max_leaves=30)


@given(TREES)
@settings(deadline=None)
def test_any_tree_is_read_back_as_itself(tree: Node) -> None:
    assert parse(to_text(tree), VOCABULARY, Limits()).statements[0].body == tree


def rules(row: Function) -> list[str]:
    """Every text of a row that is read as an expression."""
    texts = (*row.vjp, row.definition, row.domain, row.kink, row.pole, *row.defaults)
    return [text for text in texts if isinstance(text, str)]


END_TO_END = {  # is written as one, and read as such by the reader of expressions, not by that of rules
    "-diff(concat(concat(zeros(1), g), zeros(1)))": "-diff(concat(zeros(1), g, zeros(1)))",
    "-diff(concat(concat(zeros(1, n), g.T), zeros(1, n)).T)": "-diff(concat(zeros(1, n), g.T, zeros(1, n)).T)",
}
RULES = [(row.name, text) for row in CATALOGUE.values() for text in rules(row)]


@pytest.mark.parametrize(("name", "text"), RULES, ids=[f"{name}: {text}" for name, text in RULES])
def test_every_rule_of_the_catalogue_is_written_as_it_is_meant(name: str, text: str) -> None:
    assert rule(to_text(rule(text))) == rule(text) or to_text(rule(text)) == END_TO_END[text]


@pytest.mark.parametrize("name", sorted(ELEMENTWISE))
def test_every_function_is_written_by_its_name(name: str) -> None:
    tree = Call(name, tuple(Name(parameter) for parameter in ELEMENTWISE[name].parameters))
    vocabulary = Vocabulary(VOCABULARY.functions, frozenset())
    assert parse(to_text(tree), vocabulary, Limits()).statements[0].body == tree


ARRAYS = [
    ("x.T @ A @ x", "x.T @ A @ x"),
    ("A @ (B @ C)", "A @ (B @ C)"),
    ("A @ B * 2", "(A @ B)*2"),
    ("A @ x / 2", "A @ x/2"),
    ("2*A @ x", "2*A @ x"),
    ("(A + B).T", "(A + B).T"),
    ("(A @ B).T", "(A @ B).T"),
    ("A.T**2", "A.T**2"),
    ("(A**2).T", "(A**2).T"),
    ("-A.T", "-A.T"),
    ("x[1]", "x[1]"),
    ("(2*A)[1, 2]", "(2*A)[1, 2]"),
    ("[[1, 2], [3, x]]", "[[1, 2], [3, x]]"),
    ("2[1, 2]", "2*[1, 2]"),
    ("A.sum()", "sum(A)"),
    ("A.sum(axis=0)", "sum(A, axis=0)"),
    ("mean(A, axis=-1)", "mean(A, axis=-1)"),
    ("max(x)", "amax(x)"),
    ("max(x, 0)", "max(x, 0)"),
    ("max(A, axis=1)", "amax(A, axis=1)"),
    ("logsumexp(x)", "logsumexp(x)"),
    ("logsumexp(x, y)", "logaddexp(x, y)"),
    ("x.dot(y)", "dot(x, y)"),
    ("tr(A)", "trace(A)"),
    ("ones(2, 3) @ x", "ones(2, 3) @ x"),
]


@pytest.mark.parametrize(("source", "text"), ARRAYS)
def test_arrays_are_written_as_they_are_read(source: str, text: str) -> None:
    root = read(source, Limits()).root
    assert to_text(root) == text
    assert read(text, Limits()).root == root


def test_a_long_sum_is_written_in_one_go() -> None:
    source = " + ".join(["x"] * 20_000)
    assert to_text(parse(source, Everything(), Limits()).statements[0].body) == source


def test_a_tree_that_shares_its_nodes_may_be_too_long_to_write(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADCALC_MAX_WRITTEN_CHARACTERS", "5000")
    tree = reduce(lambda half, _: Call("add", (half, half)), range(100), Call("neg", (X,)))
    with pytest.raises(LimitError) as raised:
        to_text(tree)
    assert raised.value.message == "the formula is too long to write out, over the limit of 5,000 written characters"
    assert raised.value.hint == "set GRADCALC_MAX_WRITTEN_CHARACTERS to raise it"
