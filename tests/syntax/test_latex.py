"""LaTeX is read as it is printed, and every error points at what was typed."""

from __future__ import annotations

import contextlib
import random

import pytest

from gradcalc.base import ways
from gradcalc.base.errors import ExpressionSyntaxError, GradcalcError, LimitError, UnknownNameError
from gradcalc.base.limits import Limits
from gradcalc.base.span import Span
from gradcalc.functions.printer import to_text
from gradcalc.syntax.beyond import INTEGRALS
from gradcalc.syntax.latex import tokenize_latex
from gradcalc.syntax.parser import Vocabulary, parse

BARE = frozenset({"sin", "cos", "tan", "sec", "ln", "log", "exp", "sqrt", "arcsin", "arctan", "sinh", "tanh"})
OTHERS = {"log2", "log10", "cbrt", "abs", "max", "min", "floor", "ceil", "sigmoid", "leaky_relu", "Gamma"}
VOCABULARY = Vocabulary(BARE | OTHERS, BARE)

READ = [
    (r"\sin(x^2)", "sin(x**2)"),
    (r"\sin x", "sin(x)"),
    (r"\sin 2x", "sin(2*x)"),
    (r"\sin 2x + 1", "sin(2*x) + 1"),
    (r"\sin^2 x", "sin(x)**2"),
    (r"\sin^{2}(x)", "sin(x)**2"),
    (r"\sin^2(x)^3", "(sin(x)**2)**3"),
    (r"\sin x^2", "sin(x**2)"),
    (r"\sin{x}", "sin(x)"),
    (r"\sin\left(x\right)", "sin(x)"),
    (r"\sin\left[x\right]", "sin(x)"),
    (r"\sin x \cos y", "sin(x)*cos(y)"),
    (r"\sin\cos x", "sin(cos(x))"),
    (r"\sin\frac{x}{2}", "sin(x/2)"),
    (r"\sin|x|", "sin(abs(x))"),
    (r"|\sin x|", "abs(sin(x))"),
    (r"\frac{\sin x}{x}", "sin(x)/x"),
    (r"\arcsin x", "arcsin(x)"),
    (r"\sinh(x)", "sinh(x)"),
    (r"\ln x + \log(y)", "ln(x) + log(y)"),
    (r"\log_2 x", "log2(x)"),
    (r"\log_{10}(x)", "log10(x)"),
    (r"\log_b(x)", "log(x, b)"),
    (r"\log_{b+1} x", "log(x, b + 1)"),
    (r"x\log_b^2(x)", "x*log(x, b)**2"),
    (r"a^{\log_b x}", "a**log(x, b)"),
    (r"\exp(-x)", "exp(-x)"),
    (r"\max(a,b)", "max(a, b)"),
    (r"\min\{a,b\}", "min(a, b)"),
    (r"\frac{a}{b}", "a/b"),
    (r"\frac12", "1/2"),
    (r"\frac1x", "1/x"),
    (r"\dfrac{a}{b}\tfrac{c}{d}\cfrac12", "a/b*(c/d)*(1/2)"),
    (r"\frac{a}{b}^2", "(a/b)**2"),
    (r"a/\frac{b}{c}", "a/(b/c)"),
    (r"x\frac{a}{b}", "x*(a/b)"),
    (r"2\frac{a}{b}x", "2*(a/b)*x"),
    (r"\frac{1}{2}mv^2", "1/2*m*v**2"),
    (r"\frac{1}{1+\frac{1}{x}}", "1/(1 + 1/x)"),
    (r"\frac\pi2", "pi/2"),
    (r"\sqrt{x}", "sqrt(x)"),
    (r"\sqrt x y", "sqrt(x)*y"),
    (r"\sqrt\pi x", "sqrt(pi)*x"),
    (r"2\sqrt{x}", "2*sqrt(x)"),
    (r"\sqrt[3]{x}", "cbrt(x)"),
    (r"\sqrt[n]{x}", "x**(1/n)"),
    (r"\sqrt[n]{x}^2", "(x**(1/n))**2"),
    (r"e^{-z}\,", "e**(-z)"),
    (r"\mathrm{e}^{x}", "e**x"),
    (r"\operatorname{e}^x", "e**x"),
    (r"x^{n+1}\,", "x**(n + 1)"),
    (r"x^\alpha", "x**alpha"),
    (r"x^\frac12 y", "x**(1/2)*y"),
    (r"e^xy\,", "e**x*y"),
    (r"x^2y\,", "x**2*y"),
    (r"a \cdot b \times c \div d \ast f", "a*b*c/d*f"),
    (r"\bigl(a+b\bigr) c", "(a + b)*c"),
    (r"\Big[ a+b \Big] c", "(a + b)*c"),
    (r"\{a+b\}c", "(a + b)*c"),
    (r"\left|x\right|", "abs(x)"),
    (r"\lvert x \rvert \vert y \vert", "abs(x)*abs(y)"),
    (r"\left|a\left|b\right|\right|", "abs(a*abs(b))"),
    (r"\lfloor x \rfloor", "floor(x)"),
    (r"\alpha\beta + \Omega\pi", "alpha*beta + Omega*pi"),
    (r"\varepsilon_0 x_1 x_{max} x_{\mathrm{min}} x_\alpha", "varepsilon_0*x_1*x_max*x_min*x_alpha"),
    (r"\mathrm{mass}\,g", "mass*g"),
    (r"\operatorname{sigmoid}(x)", "sigmoid(x)"),
    (r"\operatorname{sigmoid}^2(x)", "sigmoid(x)**2"),
    (r"\mathrm{leaky\_relu}(x, a)", "leaky_relu(x, a)"),
    (r"a\;b\:c\!d\ f\quad g\qquad h~k", "a*b*c*d*f*g*h*k"),
    (r"x \leq y", "x <= y"),
    (r"x \geq y", "x >= y"),
    (r"x \neq y", "x != y"),
    (r"x \lt y", "x < y"),
    (r"$\alpha$", "alpha"),
    (r"\(x\)", "x"),
    (r"\[x\]", "x"),
    (r"-\alpha^2", "-alpha**2"),
    (r"x² \cdot y⁻¹", "x**2*y**(-1)"),
]


def read(source: str) -> str:
    """The bodies of the program, as canonical text."""
    return "; ".join(to_text(statement.body) for statement in parse(source, VOCABULARY, Limits()).statements)


@pytest.mark.parametrize(("source", "expected"), READ)
def test_it_is_read_as_printed(source: str, expected: str) -> None:
    assert read(source if "\\" in source else source + r"\,") == expected


@pytest.mark.parametrize("break_", [r"\\", ";", "\n"])
def test_statements_are_separated(break_: str) -> None:
    program = parse(rf"y = x^2 {break_} z = \sin(y)", VOCABULARY, Limits())
    assert [(statement.name, to_text(statement.body)) for statement in program.statements] == [
        ("y", "x**2"),
        ("z", "sin(y)"),
    ]


SYNTAX_ERRORS = [
    (r"\int x", r"`\int` is not part of the language", "\\int", INTEGRALS),
    (r"\frac{dy}{dx}", "a derivative is not part of the language", r"\frac{dy}{dx}", "write the function itself"),
    (r"\alpah x", r"unknown command `\alpah`", r"\alpah", r"did you mean `\alpha`?"),
    (r"\pi x^10", "`^` takes one digit only", "10", "write `x^{10}`"),
    (r"\pi x^-1", "`^` needs an argument in braces", "^", "write `x^{-1}`"),
    (r"\pi x_12", "`_` takes one digit only", "12", "write `x_{12}`"),
    (r"\pi x_{\frac12}", "a subscript is one word of letters and digits", r"\frac12", ways.WORD),
    (r"\left(x", r"`\left(` is never closed", r"\left(", ways.closing("(")),
    (r"\left(x)", r"expected `\right)`, found `)`", r"\left(x)", ways.OWN_KIND),
    (r"\left(x\right]", r"expected `\right)`, found `\right]`", r"\left(x\right]", ways.OWN_KIND),
    (r"x\right)", r"`\right)` closes nothing", r"\right)", ways.OPEN),
    (r"\frac{a}", r"`\frac` needs an argument in braces", r"\frac", ways.ARGUMENT),
    (r"\sin + 1", r"`\sin` is a function and needs an argument", r"\sin", r"write `\sin(x)`"),
    (r"\sin 2\frac{x}{3}", r"it is unclear where the argument of `\sin` ends", r"\sin 2\frac{x}{3}",
     r"write `\sin(…)`"),
    (r"$\pi", "`$` is never closed", "$", ways.closing("$")),
    (r"\pi # 2", "unexpected `#`", "#", ways.LEAVE_OUT),
    (r".T \cdot x", "expected a value, found `.`", ".", ways.VALUE),
    (r"\sin^{n} x", r"a power of `\sin` itself is ambiguous", r"\sin^{n}",
     r"write `\sin(x)^{…}`, or the name of the inverse function"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "message", "place", "hint"), SYNTAX_ERRORS)
def test_wrong_latex_is_pointed_at(source: str, message: str, place: str, hint: str | None) -> None:
    start = source.index(place)
    with pytest.raises(ExpressionSyntaxError) as raised:
        read(source)
    assert (raised.value.message, raised.value.hint) == (message, hint)
    assert (raised.value.span, raised.value.source) == (Span(start, start + len(place)), source)


@pytest.mark.parametrize("command", ["int", "lim", "partial", "infty", "sup", "nabla", "pm", "dots", "arg", "approx"])
def test_foreign_commands_are_named(command: str) -> None:
    with pytest.raises(ExpressionSyntaxError, match=rf"^`\\{command}` is not part of the language\nhint: "):
        read(rf"x + \{command} y")


def test_a_word_before_a_parenthesis_is_a_function() -> None:
    with pytest.raises(UnknownNameError, match=r"^unknown function `foo`\nhint: "):
        read(r"\operatorname{foo}(x)")


@pytest.mark.parametrize(
    "opening", ["{", "(", r"\frac{", r"\sqrt{", r"\sin ", r"\sqrt[", r"\log_{", r"\left|", "x^{", "x_{"]
)
def test_deep_nesting_is_a_clean_error(opening: str) -> None:
    with pytest.raises((LimitError, ExpressionSyntaxError)):
        tokenize_latex(r"\pi+" + opening * 20_000, VOCABULARY, Limits())


@pytest.mark.parametrize(
    "source", ["\\", r"\frac", r"\sqrt", r"\left", r"\log_", r"\mathrm", "x^\\,", "x_\\", r"\sin^", r"\sqrt[", "$\\$"]
)
def test_truncated_text_is_a_clean_error(source: str) -> None:
    with pytest.raises(GradcalcError):
        read(source)


PIECES = [
    r"\frac",
    r"\sin",
    r"\sqrt",
    r"\log",
    r"\left",
    r"\right",
    r"\mathrm",
    r"\lvert",
    r"\cdot ",
    *"{}x2^_()|+[],\\;$!=",
]


@pytest.mark.parametrize("seed", range(100))
def test_any_text_is_read_or_refused(seed: int) -> None:
    chosen = random.Random(seed)
    for _ in range(100):
        with contextlib.suppress(GradcalcError):
            read(r"\pi" + "".join(chosen.choices(PIECES, k=8)))


def test_spans_point_into_the_source() -> None:
    tokens = tokenize_latex(r"\alpha + x_{max}", Vocabulary(), Limits()).tokens
    assert [(token.text, token.span) for token in tokens] == [
        ("alpha", Span(0, 6)),
        ("+", Span(7, 8)),
        ("x_max", Span(9, 16)),
        ("", Span(16, 16)),
    ]
