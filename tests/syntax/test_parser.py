"""An expression is read as the field reads it, or refused with what to write instead."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from gradcalc.base import ways
from gradcalc.base.errors import ExpressionSyntaxError, GradcalcError, LimitError, UnknownNameError
from gradcalc.base.limits import Limits
from gradcalc.base.span import Span
from gradcalc.functions import VOCABULARY
from gradcalc.functions.printer import to_text
from gradcalc.syntax.parser import parse
from gradcalc.syntax.tree import postorder

pytestmark = pytest.mark.torchless

COMMA = "a decimal comma is written as a point: 1.5; an array stands in brackets: [x, y]"
READ = [
    # numbers
    ("3", "3"),
    ("3.5", "3.5"),
    (".5", "0.5"),
    ("5.", "5"),
    ("1e-3", "0.001"),
    ("2.5E+4", "25000"),
    ("1e100", "1e100"),
    ("0.1", "0.1"),
    ("007", "7"),
    ("1e0", "1"),
    # names
    ("E + I + S + N + O + Q", "E + I + S + N + O + Q"),
    ("beta*gamma*lambda*sigma*zeta", "beta*gamma*lambda*sigma*zeta"),
    ("x_1 + x1 + _x", "x_1 + x1 + _x"),
    ("xy", "xy"),
    ("αβ + θ", "αβ + θ"),
    ("i*j", "i*j"),
    ("print + import + None", "print + import + None"),
    # constants
    ("pi", "pi"),
    ("π", "pi"),
    ("e", "e"),
    # precedence
    ("1 + 2*3", "1 + 2*3"),
    ("(1 + 2)*3", "(1 + 2)*3"),
    ("a - b - c", "a - b - c"),
    ("a - (b - c)", "a - (b - c)"),
    ("a/b/c", "a/b/c"),
    ("a/(b/c)", "a/(b/c)"),
    ("a/b*c", "a/b*c"),
    ("a/(b*c)", "a/(b*c)"),
    ("2**3**2", "2**3**2"),
    ("(2**3)**2", "(2**3)**2"),
    ("x^2^3", "x**2**3"),
    ("x^2", "x**2"),
    ("-x**2", "-x**2"),
    ("-2^2", "-2**2"),
    ("(-x)**2", "(-x)**2"),
    ("2**-x", "2**(-x)"),
    ("2^-x", "2**(-x)"),
    ("e^-x^2", "e**(-x**2)"),
    ("x**-y**2", "x**(-y**2)"),
    ("x^-1/2", "x**(-1)/2"),
    ("-x*y", "-x*y"),
    ("-(x*y)", "-(x*y)"),
    ("2*-x", "2*-x"),
    ("2 - -x", "2 - -x"),
    ("2--x", "2 - -x"),
    ("--x", "--x"),
    ("+x", "x"),
    ("-+-x", "--x"),
    ("-x!", "-x!"),
    ("2^x!", "2**x!"),
    ("x!^2", "x!**2"),
    ("(x!)!", "(x!)!"),
    ("(x^2)!", "(x**2)!"),
    ("((((x))))", "x"),
    # implicit products
    ("2x", "2*x"),
    ("2(x+1)", "2*(x + 1)"),
    ("(x+1)(x-1)", "(x + 1)*(x - 1)"),
    ("(x)y", "x*y"),
    ("(x)2", "x*2"),
    ("3sin(x)", "3*sin(x)"),
    ("2pi x", "2*pi*x"),
    ("2π x", "2*pi*x"),
    ("x y z", "x*y*z"),
    ("x (y + 1)", "x*(y + 1)"),
    ("x (2)", "x*2"),
    ("tau (x + 1)", "tau*(x + 1)"),
    ("foo (x)", "foo*x"),
    ("x sin(x)", "x*sin(x)"),
    ("2x^2", "2*x**2"),
    ("2x!", "2*x!"),
    ("2^3x", "2**3*x"),
    ("a^b c", "a**b*c"),
    ("a b^c", "a*b**c"),
    ("a^(b)(c)", "a**b*c"),
    ("1/2x", "1/2*x"),
    ("1/2(x+1)", "1/2*(x + 1)"),
    ("1/(2x)", "1/(2*x)"),
    ("a/b c", "a/b*c"),
    ("1/x y", "1/x*y"),
    ("x*y z", "x*y*z"),
    ("-2x", "-2*x"),
    ("2e", "2*e"),
    ("2e3x", "2000*x"),
    ("2e x", "2*e*x"),
    ("2ex", "2*ex"),
    ("2e-x", "2*e - x"),
    # unicode
    ("x²", "x**2"),
    ("x³ + x⁴", "x**3 + x**4"),
    ("x⁻²", "x**(-2)"),
    ("x¹⁰", "x**10"),
    ("2x²y³", "2*x**2*y**3"),
    ("(x+1)²", "(x + 1)**2"),
    ("|x|²", "abs(x)**2"),
    ("-x²", "-x**2"),
    ("2^x²", "2**x**2"),
    ("x²!", "(x**2)!"),
    ("x²^3", "(x**2)**3"),
    ("x!²", "x!**2"),
    ("e⁻ˣ", "e**(-x)"),
    ("xⁿ⁺¹", "x**(n + 1)"),
    ("x⁽ⁿ⁻¹⁾", "x**(n - 1)"),
    ("√x", "sqrt(x)"),
    ("√2x", "sqrt(2)*x"),
    ("√(2x)", "sqrt(2*x)"),
    ("√x²", "sqrt(x**2)"),
    ("√√x", "sqrt(sqrt(x))"),
    ("√x/2", "sqrt(x)/2"),
    ("2√x", "2*sqrt(x)"),
    ("√-x", "sqrt(-x)"),
    ("∛x", "cbrt(x)"),
    ("a·b × c ÷ d − f", "a*b*c/d - f"),
    ("2*π*r", "2*pi*r"),
    ("x₁ + θ₂", "x1 + θ2"),
    ("ẋ", "ẋ"),
    ("𝑥+𝑦", "x + y"),
    ("|x|", "abs(x)"),
    ("| |x| |", "abs(abs(x))"),
    ("||x| - 1|", "abs(abs(x) - 1)"),
    ("|x + |y||", "abs(x + abs(y))"),
    ("|-|x||", "abs(-abs(x))"),
    ("|x|y", "abs(x)*y"),
    ("|x||y|", "abs(x)*abs(y)"),
    ("2|x|", "2*abs(x)"),
    ("|x|2", "abs(x)*2"),
    ("|x|(y)", "abs(x)*y"),
    ("|(|x|)|", "abs(abs(x))"),
    ("مرحبا", "مرحبا"),
    # functions
    ("sin(x)", "sin(x)"),
    ("sin (x)", "sin(x)"),
    ("max(x, y, z)", "max(x, y, z)"),
    ("log(x, b)", "log(x, b)"),
    ("where(x >= 0, x, -x)", "where(x >= 0, x, -x)"),
    ("where(x ≤ y, 1, 2)", "where(x <= y, 1, 2)"),
    ("where(x ≠ y, 1, 2)", "where(x != y, 1, 2)"),
    ("factorial(x)", "x!"),
    ("gamma(x) + gamma", "gamma(x) + gamma"),
    # functions without parentheses
    ("sin x", "sin(x)"),
    ("sin 2x", "sin(2*x)"),
    ("sin 2 x", "sin(2*x)"),
    ("sin x y", "sin(x*y)"),
    ("sin x^2", "sin(x**2)"),
    ("sin x²", "sin(x**2)"),
    ("sin x!", "sin(x!)"),
    ("sin x + 1", "sin(x) + 1"),
    ("sin x/2", "sin(x)/2"),
    ("sin pi/4", "sin(pi)/4"),
    ("sin x cos x", "sin(x)*cos(x)"),
    ("x sin x", "x*sin(x)"),
    ("2/3 sin x", "2/3*sin(x)"),
    ("1/sin x", "1/sin(x)"),
    ("sin sin x", "sin(sin(x))"),
    ("sin |x|", "sin(abs(x))"),
    ("sin |x| cos y", "sin(abs(x))*cos(y)"),
    ("sin √x", "sin(sqrt(x))"),
    ("sin^2 x", "sin(x)**2"),
    ("sin**2 x", "sin(x)**2"),
    ("sin^2(x)", "sin(x)**2"),
    ("sin² x", "sin(x)**2"),
    ("sin²(x) + cos²(x)", "sin(x)**2 + cos(x)**2"),
    ("sin(x)^2", "sin(x)**2"),
    ("sin x sigmoid(y)", "sin(x)*sigmoid(y)"),
    ("ln x", "ln(x)"),
    ("exp 2x", "exp(2*x)"),
    # braces and dollars, as in LaTeX
    ("e^{z}", "e**z"),
    ("1/(1 + e^{-z})", "1/(1 + e**(-z))"),
    ("x_{max}^{2}", "x_max**2"),
    ("{x + 1}y", "(x + 1)*y"),
    ("$x^2$", "x**2"),
    ("\\frac{a}{b}", "a/b"),
    # white space
    (" \t x \u00a0+\u30001 ", "x + 1"),
    ("(x\n+ 1)", "x + 1"),
    ("x +\n1", "x + 1"),
    ("max(x,\n\n y)", "max(x, y)"),
    ("-\nx", "-x"),
    # programs
    ("y = x**2; z = sin(y); exp(z)", "y = x**2; z = sin(y); exp(z)"),
    ("y = x**2\nz = sin(y)\nexp(z)", "y = x**2; z = sin(y); exp(z)"),
    ("y = x\r\ny", "y = x; y"),
    ("y =\n x", "y = x"),
    (";;x;", "x"),
    ("x\n\n", "x"),
]


def read(source: str) -> str:
    """The program as canonical text."""
    statements = parse(source, VOCABULARY, Limits()).statements
    return "; ".join(f"{one.name} = {to_text(one.body)}" if one.name else to_text(one.body) for one in statements)


@pytest.mark.parametrize(("source", "expected"), READ)
def test_it_is_read_as_the_field_reads_it(source: str, expected: str) -> None:
    assert read(source) == expected


@pytest.mark.parametrize("expected", sorted({expected for _, expected in READ}))
def test_canonical_text_is_read_as_itself(expected: str) -> None:
    assert read(expected) == expected


REFUSED = [
    # nothing, or not enough
    ("", "the expression is empty", "", "write one, such as `x**2`"),
    (" \n ; ", "the expression is empty", " \n ; ", "write one, such as `x**2`"),
    ("x +", "expected a value, found the end", "", ways.MISSING),
    ("x**", "expected a value, found the end", "", ways.MISSING),
    ("1e+", "expected a value, found the end", "", ways.MISSING),
    ("x=", "expected a value, found the end", "", ways.MISSING),
    ("x==", "expected a value, found the end", "", ways.MISSING),
    ("√", "expected a value, found the end", "", ways.MISSING),
    ("-", "expected a value, found the end", "", ways.MISSING),
    ("**x", "expected a value, found `**`", "**", ways.VALUE),
    ("==x", "expected a value, found `==`", "==", ways.VALUE),
    ("x//2", "expected a value, found `/`", "/", "a whole quotient is `floor(x/y)`"),
    ("²x", "expected a value, found `²`", "²", ways.VALUE),
    ("x^²", "expected a value, found `²`", "²", ways.VALUE),
    ("x⁺", "expected a value, found `⁺`", "⁺", ways.VALUE),
    ("x + ;", "expected a value, found `;`", ";", ways.MISSING),
    ("sin(,)", "expected a value, found `,`", ",", ways.VALUE),
    ("sin(x,)", "expected a value, found `)`", ")", ways.VALUE),
    ("()", "expected a value, found `)`", ")", ways.VALUE),
    ("sin", "`sin` is a function and needs an argument", "sin", "write `sin(x)`"),
    ("sin + 1", "`sin` is a function and needs an argument", "sin", "write `sin(x)`"),
    ("sin -x", "`sin` is a function and needs an argument", "sin", "write `sin(x)`"),
    ("sin\nx", "`sin` is a function and needs an argument", "sin", "write `sin(x)`"),
    # too much
    ("x)", "expected an operator or the end, found `)`", ")", ways.STATEMENT),
    ("x,y", "expected an operator or the end, found `,`", ",", COMMA),
    ("x=y=2", "it is unclear which side is the definition", "=2", "leave one of the sides out"),
    ("2 3", "two values side by side", "2 3", "write an operator between them"),
    ("x 2", "two values side by side", "x 2", "write an operator between them"),
    ("x² 2", "two values side by side", "² 2", "write an operator between them"),
    ("x!2", "two values side by side", "!2", "write an operator between them"),
    ("1..2", "two values side by side", "1..2", "write an operator between them"),
    ("1.2.3", "two values side by side", "1.2.3", "write an operator between them"),
    ("x+1=y=2", "an equation has one equals sign, and this is the second", "=", "leave one side out"),
    # brackets
    ("(x", "`(` is never closed", "(", ways.closing("(")),
    ("(", "`(` is never closed", "(", ways.closing("(")),
    ("sin(x", "`(` is never closed", "(", ways.closing("(")),
    ("x(2", "`(` is never closed", "(", ways.closing("(")),
    ("sin(x; y)", "`(` is never closed", "(", ways.closing("(")),
    ("{x", "`{` is never closed", "{", ways.closing("{")),
    ("|x", "`|` is never closed", "|", ways.closing("|")),
    ("|x|y|", "`|` is never closed", "|", ways.closing("|")),
    ("(x}", "expected an operator or `)`, found `}`", "}", ways.OPERATOR),
    ("{x)", "expected an operator or `}`, found `)`", ")", ways.OPERATOR),
    ("sin(x y", "`(` is never closed", "(", ways.closing("(")),
    ("(x, y)", "expected an operator or `)`, found `,`", ",", COMMA),
    ("|x, y|", "expected an operator or `|`, found `,`", ",", COMMA),
    ("where(x=0, 1, 2)", "expected `,` or `)`, found `=`", "=", "write `==` to compare"),
    # what is unclear on paper
    ("sin x (y + 1)", "it is unclear where the argument of `sin` ends", "sin x (", "write `sin(…)`"),
    ("sin 2(x + 1)", "it is unclear where the argument of `sin` ends", "sin 2(", "write `sin(…)`"),
    ("sin x|y|", "it is unclear where the argument of `sin` ends", "sin x|", "write `sin(…)`"),
    ("sin x √y", "it is unclear where the argument of `sin` ends", "sin x √", "write `sin(…)`"),
    ("sin |x| y", "it is unclear where the argument of `sin` ends", "sin |x| y", "write `sin(…)`"),
    ("sin √x y", "it is unclear where the argument of `sin` ends", "sin √x y", "write `sin(…)`"),
    ("sin^-1 x", "a power of `sin` itself is ambiguous", "sin^-1",
     "write `sin(x)**(…)`, or the name of the inverse function"),
    ("sin⁻¹(x)", "a power of `sin` itself is ambiguous", "sin⁻¹",
     "write `sin(x)**(…)`, or the name of the inverse function"),
    ("sin^n x", "a power of `sin` itself is ambiguous", "sin^n",
     "write `sin(x)**(…)`, or the name of the inverse function"),
    ("x!!", "a double factorial is not part of the language", "!!", "write `(x!)!` for two factorials"),
    ("0 < x < 1", "comparisons do not chain", "< x <", "write `where(x > 0, where(y > 0, a, b), b)`"),
    # words of other languages
    ("where(x > 0 and y > 0, 1, 2)", "`and` is not part of the language", "and",
     "write `where(x > 0, where(y > 0, a, b), b)`"),
    ("not x", "`not` is not part of the language", "not", "write `where(x > 0, where(y > 0, a, b), b)`"),
    ("x if y", "expected `else`, found the end", "", "write `where(x > 0, a, b)`"),
    ("x else y", "expected an operator or the end, found `else`", "else", "write `where(x > 0, a, b)`"),
    ("x?", "expected a value, found the end", "", ways.MISSING),
    ("x ? y", "expected `:`, found the end", "", "write `where(x > 0, a, b)`"),
    ("f(2) = x**2", "a function is defined with names in its parentheses", "f(2)", "write `f(x) = …`"),
    # arrays
    ("[]", "an array has at least one element", "[]", "write `[x, y]`"),
    ("x.foo()", "unknown method `foo`", "foo", "write `x.T`, or `x.sum()`"),
    ("x.sun()", "unknown method `sun`", "sun", "did you mean `sum`?"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "message", "place", "hint"), REFUSED)
def test_what_is_no_expression_is_pointed_at(source: str, message: str, place: str, hint: str | None) -> None:
    start = source.rindex(place)
    with pytest.raises(ExpressionSyntaxError) as raised:
        read(source)
    error = raised.value
    assert (error.message, error.hint, error.span) == (message, hint, Span(start, start + len(place)))


UNKNOWN = [
    # misspelt
    ("sinn(x)", "unknown function `sinn`", "sinn", "did you mean `sin`?"),
    ("sni(x)", "unknown function `sni`", "sni", "did you mean `sin`?"),
    ("sgmoid(x)", "unknown function `sgmoid`", "sgmoid", "did you mean `sigmoid`?"),
    ("cosine(x)", "unknown function `cosine`", "cosine", "did you mean `cos`?"),
    ("tangent(x)", "unknown function `tangent`", "tangent", "did you mean `tan`?"),
    ("arcsine(x)", "unknown function `arcsine`", "arcsine", "did you mean `arcsin`?"),
    ("Sin(x)", "unknown function `Sin`", "Sin", "did you mean `sin`?"),
    ("ReLU(x)", "unknown function `ReLU`", "ReLU", "did you mean `relu`?"),
    ("leakyrelu(x)", "unknown function `leakyrelu`", "leakyrelu", "did you mean `leaky_relu`?"),
    ("2*xsin(x)", "unknown function `xsin`", "xsin", "write `x*sin(x)`"),
    ("sinn (x)", "unknown function `sinn`", "sinn", "did you mean `sin`?"),
    # from elsewhere
    ("sen(x)", "unknown function `sen`", "sen", "did you mean `sec`?"),
    ("if(x > 0, 1, 2)", "unknown function `if`", "if", "write `where(x > 0, a, b)`"),
    # products
    ("x(2)", "`x` is not a function", "x", "for a product write `x*(2)`"),
    ("x(y)(z)", "`x` is not a function", "x", "for a product write `x*(y)`"),
    ("a b(c)", "`b` is not a function", "b", "for a product write `b*(c)`"),
    ("sin x(y+1)", "`x` is not a function", "x", "for a product write `x*(y+1)`"),
    ("x((y+1)*(z))", "`x` is not a function", "x", "for a product write `x*((y+1)*(z))`"),
    ("pi(2)", "`pi` is not a function", "pi", "for a product write `pi*(2)`"),
    ("2π(x + 1)", "`π` is not a function", "π", "for a product write `pi*(x + 1)`"),
    ("e(2)", "`e` is not a function", "e", "for a product write `e*(2)`"),
    ("tau(x)", "`tau` is not a function", "tau", "for a product write `tau*(x)`"),
    ("2*cost + cost(2)", "`cost` is not a function", "cost", "for a product write `cost*(2)`"),
    ("f(x) == 2", "`f` is not a function", "f", "for a product write `f*(x)`"),
    ("foo(x)", "`foo` is not a function", "foo", "for a product write `foo*(x)`"),
    ("a(" + "b*" * 40 + "c)", "`a` is not a function", "a", "for a product write `a*(…)`"),
    ("__import__(x)", "`__import__` is not a function", "__import__", "for a product write `__import__*(x)`"),
]


@pytest.mark.parametrize(("source", "message", "place", "hint"), UNKNOWN)
def test_what_is_no_function_is_pointed_at(source: str, message: str, place: str, hint: str) -> None:
    start = source.rindex(place)
    with pytest.raises(UnknownNameError) as raised:
        read(source)
    error = raised.value
    assert (error.message, error.hint, error.span) == (message, hint, Span(start, start + len(place)))


SHOWN = [
    ("2*x", False),
    ("sin(x)**2", False),
    ("x^2", False),
    ("where(x > 0, 1, 2)", False),
    ("2x", True),
    ("(x)(y)", True),
    ("sin x", True),
    ("sin^2(x)", True),
    ("|x|", True),
    ("x²", True),
    ("θ", True),
    ("x^{2}", True),
    ("\\sin(x)", True),
]


@pytest.mark.parametrize(("source", "shown"), SHOWN)
def test_a_reading_is_worth_showing_where_it_is_not_obvious(source: str, shown: bool) -> None:
    assert parse(source, VOCABULARY, Limits()).rewritten is shown


PIECES = [
    ("2*sin(x) + 1", ["2", "x", "sin(x)", "2*sin(x)", "1", "2*sin(x) + 1"]),
    ("(a+b)/c", ["a", "b", "(a+b)", "c", "(a+b)/c"]),
    ("-x²", ["x", "²", "x²", "-x²"]),
    ("2 |x|!", ["2", "x", "|x|", "|x|!", "2 |x|!"]),
    ("sin^2 3x", ["3", "x", "3x", "sin^2 3x", "2", "sin^2 3x"]),
    ("e^{-z}", ["e", "z", "{-z}", "e^{-z}"]),
    ("√x·y", ["x", "√x", "y", "√x·y"]),
]


@pytest.mark.parametrize(("source", "pieces"), PIECES)
def test_a_node_knows_what_it_was_written_as(source: str, pieces: list[str]) -> None:
    nodes = postorder(parse(source, VOCABULARY, Limits()).statements[0].body)
    assert [source[node.span.start : node.span.end] for node in nodes if node.span] == pieces


@pytest.mark.parametrize("opening", ["(", "-", "sin(", "sin ", "2^", "|", "√", "{", "2^{", "where(x > ", "+"])
def test_nesting_beyond_the_limit_is_told(opening: str) -> None:
    with pytest.raises(LimitError, match=r"^the expression is nested 101 deep, over the limit of 100 depth\nhint: "):
        parse(opening * 200 + "x", VOCABULARY, Limits(depth=100))


def test_parsers_in_many_threads_share_the_room_for_recursion() -> None:
    source = "(" * 3_000 + "x" + ")" * 3_000
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(read, [source] * 16)) == ["x"] * 16


def test_the_limit_of_recursion_is_as_before() -> None:
    before = sys.getrecursionlimit()
    read("(x)")
    with pytest.raises(GradcalcError):
        read("(x")
    assert sys.getrecursionlimit() == before
