"""Names are settled: constants, variables, definitions and the functions of the catalogue."""

from __future__ import annotations

import pytest

from gradcalc.base.errors import ExpressionSyntaxError, GradcalcError, LimitError, UnknownNameError
from gradcalc.base.limits import Limits
from gradcalc.base.span import Span
from gradcalc.functions.printer import to_text
from gradcalc.problem.resolve import read
from gradcalc.syntax.tree import Call, Constant, Name, postorder

SETTLED = [
    ("ln(x)", "log(x)"),
    ("arcsin(x) + asin(x)", "asin(x) + asin(x)"),
    ("arctan x", "atan(x)"),
    ("Abs(x)", "abs(x)"),
    ("swish(x)", "silu(x)"),
    ("expit(x)", "sigmoid(x)"),
    ("log(x, b)", "log(x)/log(b)"),
    ("ln(x, 2)", "log(x)/log(2)"),
    ("max(x, y, z)", "max(max(x, y), z)"),
    ("max(x)", "amax(x)"),
    ("leaky_relu(x)", "leaky_relu(x, 0.01)"),
    ("elu(x)", "elu(x, 1)"),
    ("hardtanh(x)", "hardtanh(x, -1, 1)"),
    ("hardtanh(x, -2)", "hardtanh(x, -2, 1)"),
    ("clip(x, 0, 1)", "clamp(x, 0, 1)"),
    ("mod(x, 2) + fmod(x, 2)", "remainder(x, 2) + fmod(x, 2)"),
    ("celu(x) + softshrink(x) + hardshrink(x)", "celu(x, 1) + softshrink(x, 0.5) + hardshrink(x, 0.5)"),
    ("huber(x, y) + smooth_l1(x, y)", "huber(x, y, 1) + smooth_l1(x, y, 1)"),
    ("heaviside(x) + Heaviside(x, 1)", "heaviside(x, 1/2) + heaviside(x, 1)"),
    ("acot(x) + asec(x) + acsc(x)", "acot(x) + asec(x) + acsc(x)"),
    ("acoth(x) + asech(x) + acsch(x)", "acoth(x) + asech(x) + acsch(x)"),
    ("where(x > 0, 1, where(x == 0, 2, 3))", "where(x > 0, 1, where(x == 0, 2, 3))"),
    ("factorial(x) + x!", "factorial(x) + factorial(x)"),
]


@pytest.mark.parametrize(("source", "expected"), SETTLED)
def test_a_call_is_brought_to_its_row(source: str, expected: str) -> None:
    assert to_text(read(source, Limits()).root) == to_text(read(expected, Limits()).root)


PROGRAMS = [
    ("y = x**2; z = sin(y); u = exp(z)", "exp(sin(x**2))", ["y", "z", "u"], ("x",)),
    ("y = x**2\nz = sin(y)\nexp(z)", "exp(sin(x**2))", ["y", "z", None], ("x",)),
    ("y = a + b; c*y", "c*(a + b)", ["y", None], ("a", "b", "c")),
    ("x = 3; x**2", "3**2", ["x", None], ()),
    ("y = x", "x", ["y"], ("x",)),
    ("y = x; 2", "2", ["y", None], ()),
    ("e = 2; e*x", "2*x", ["e", None], ("x",)),
    ("mse = (p - q)**2; 2*mse", "2*(p - q)**2", ["mse", None], ("p", "q")),
    ("gamma = 2; gamma*gamma(x)", "2*gamma(x)", ["gamma", None], ("x",)),
    ("lambda = 2; I = lambda*E; I/S + N", "2*E/S + N", ["lambda", "I", None], ("E", "S", "N")),
]


@pytest.mark.parametrize(("source", "root", "names", "variables"), PROGRAMS)
def test_the_last_statement_is_the_result(
    source: str, root: str, names: list[str | None], variables: tuple[str, ...]
) -> None:
    found = read(source, Limits())
    assert to_text(found.root) == root
    assert [one.name for one in found.definitions] == names
    assert found.variables == variables


def test_a_definition_is_one_shared_node() -> None:
    root = read("y = sin(x); y*y", Limits()).root
    assert isinstance(root, Call)
    assert root.arguments[0] is root.arguments[1]


def test_a_body_speaks_of_earlier_definitions_by_name() -> None:
    *_, last = read("y = x**2; sin(y)", Limits()).definitions
    assert (to_text(last.body), to_text(last.whole)) == ("sin(y)", "sin(x**2)")


E = [
    ("e", (), Constant("e"), ()),
    ("e", ("x",), Constant("e"), ()),
    ("e", ("e",), Name("e"), ("e",)),
    ("pi", ("pi",), Constant("pi"), ()),
    ("E", (), Name("E"), ("E",)),
    ("π", (), Constant("pi"), ()),
]


@pytest.mark.parametrize(("source", "given", "root", "variables"), E)
def test_e_is_a_variable_where_it_is_given(
    source: str, given: tuple[str, ...], root: Name | Constant, variables: tuple[str, ...]
) -> None:
    found = read(source, Limits(), given)
    assert (found.root, found.variables) == (root, variables)


def test_variables_come_in_order_of_first_appearance() -> None:
    assert read("sin(c) + b*a + c + pi*e", Limits()).variables == ("c", "b", "a")


WORDS = [
    ("beta*x + beta(x, 2)", ("beta", "x")),
    ("round*2 + round(2*x)", ("round", "x")),
    ("mod + frac/hinge - clip", ("mod", "frac", "hinge", "clip")),
    ("2 beta x", ("beta", "x")),
    ("beta**2 (x + 1)", ("beta", "x")),
    ("round = 3; round*x", ("x",)),
    ("[huber, entr] @ [sinc, ndtr]", ("huber", "entr", "sinc", "ndtr")),
    ("zeta*i0 + i1 expi*zeta(i0) + gammainc", ("zeta", "i0", "i1", "expi", "gammainc")),
    ("zeta**2 x + beta*erfinv", ("zeta", "x", "beta", "erfinv")),
]


@pytest.mark.parametrize(("source", "variables"), WORDS)
def test_a_word_is_a_function_before_a_parenthesis_alone(source: str, variables: tuple[str, ...]) -> None:
    assert read(source, Limits()).variables == variables


def test_the_name_of_a_function_may_be_a_variable_where_it_is_given() -> None:
    assert read("sigmoid + gamma", Limits(), {"sigmoid"}).variables == ("sigmoid", "gamma")


NAMES = [
    ("y = 1; y = 2; y", "`y` is defined twice", Span(7, 8), "choose another name"),
    ("y = 1; z = y; y = 2", "`y` is defined twice", Span(14, 15), "choose another name"),
    ("a = b; b = 3; a", "`b` is used before it is defined", Span(4, 5), "move its definition up"),
    ("sin(b)*y; y = 3", "only the last statement may go without a name", Span(0, 8),
     "write `name = expression`, or parentheses around an expression of several lines"),
    ("x\n+ 1", "only the last statement may go without a name", Span(0, 1),
     "write `name = expression`, or parentheses around an expression of several lines"),
    ("a = a + 1", "`a` is defined by itself", Span(4, 5),
     "give the new value another name; an equation, to derive implicitly, is written the other way round: "
     "`a + 1 = a`"),
    ("a = a + 1; a", "`a` is defined by itself", Span(4, 5), "give the new value another name"),
    ("a = b; b = a; a", "`a` and `b` are defined by each other", Span(4, 5), "define one of them without the other"),
    ("a = b; b = c; c = a + x; a", "`a` and `b` are defined by each other", Span(4, 5),
     "define one of them without the other"),
    ("sin = 2", "`sin` cannot be defined, it has a meaning already", Span(0, 3), "choose another name"),
    ("pi = 3", "`pi` cannot be defined, it has a meaning already", Span(0, 2), "choose another name"),
    ("inf = 3", "`inf` cannot be defined, it has a meaning already", Span(0, 3), "choose another name"),
    ("x + inf", "`inf` is not a number here", Span(4, 7), "write a large number, such as `1e6`"),
    ("nan", "`nan` is not a number here", Span(0, 3), "leave it out: what has no value comes out as such"),
    ("y = 2; y(3)", "`y` is not a function", Span(7, 8), "for a product write `y*(3)`"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "message", "span", "hint"), NAMES)
def test_a_name_that_does_not_settle_is_pointed_at(source: str, message: str, span: Span, hint: str | None) -> None:
    error = refused(source)
    assert (error.message, error.span, error.hint, error.source) == (message, span, hint, source)


CALLS = [
    ("sin()", "`sin` takes 1 argument, found 0", Span(0, 5), "write `sin(x)`"),
    ("sin(x, y)", "`sin` takes 1 argument, found 2", Span(0, 9), "write `sin(x)`"),
    ("1 + atan2(x)", "`atan2` takes 2 arguments, found 1", Span(4, 12), "write `atan2(y, x)`"),
    ("max()", "`max` takes at least 1 argument, found 0", Span(0, 5), "write `max(x, y, …)`"),
    ("log()", "`log` takes 1 or 2 arguments, found 0", Span(0, 5), "write `log(x)` or `log(x, b)`"),
    ("ln(x, 2, 3)", "`ln` takes 1 or 2 arguments, found 3", Span(0, 11), "write `ln(x)` or `ln(x, b)`"),
    ("leaky_relu()", "`leaky_relu` takes 1 or 2 arguments, found 0", Span(0, 12), "write `leaky_relu(x, a)`"),
    ("hardtanh(1, 2, 3, 4)", "`hardtanh` takes 1 to 3 arguments, found 4", Span(0, 20),
     "write `hardtanh(x, low, high)`"),
    ("beta(x + 1)", "`beta` takes 2 arguments, found 1", Span(0, 11), "write `beta(a, b)` or `beta*(x + 1)`"),
    ("clamp(x)", "`clamp` takes 3 arguments, found 1", Span(0, 8), "write `clamp(x, low, high)`"),
    ("where(x > 0)", "`where` takes 3 arguments, found 1", Span(0, 12), "write `where(x > 0, a, b)`"),
    ("2*sigmoid x", "`sigmoid` is a function and needs an argument", Span(2, 9), "write `sigmoid(x)`"),
    ("swish + 1", "`swish` is a function and needs an argument", Span(0, 5), "write `swish(x)`"),
    ("max", "`max` is a function and needs an argument", Span(0, 3), "write `max(x, y, …)`"),
    ("x < y", "expected a number, found a comparison", Span(0, 5), "use it as `where(x > 0, a, b)`"),
    ("y = x > 0; y", "expected a number, found a comparison", Span(4, 9), "use it as `where(x > 0, a, b)`"),
    ("where(x > 0, y == 1, 2)", "expected a number, found a comparison", Span(13, 19),
     "use it as `where(x > 0, a, b)`"),
    ("where((x > 0)*1, 1, 2)", "expected a number, found a comparison", Span(6, 13),
     "use it as `where(x > 0, a, b)`"),
    ("where(x, 1, 2)", "expected a comparison, found a number", Span(6, 7),
     "write `where(x > 0, a, b)`, for instance"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "message", "span", "hint"), CALLS)
def test_a_call_that_does_not_fit_is_pointed_at(source: str, message: str, span: Span, hint: str | None) -> None:
    error = refused(source)
    assert (type(error), error.message, error.span, error.hint) == (ExpressionSyntaxError, message, span, hint)


def refused(source: str) -> GradcalcError:
    """The error that a source meets."""
    with pytest.raises((ExpressionSyntaxError, UnknownNameError)) as raised:
        read(source, Limits())
    return raised.value


def test_the_parts_that_definitions_bring_are_counted_once() -> None:
    doubled = ["a0 = x", *(f"a{i} = a{i - 1} + a{i - 1}" for i in range(1, 1_000))]
    assert len(postorder(read("; ".join(doubled), Limits()).root)) == 1_000


def test_too_many_parts_are_told() -> None:
    with pytest.raises(LimitError, match=r"^the expression has too many parts, over the limit of 8 nodes\nhint: "):
        read("y = x + 1; y*y + y", Limits(nodes=8))
