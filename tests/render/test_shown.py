"""Results in Python and in notebooks: `print` has what the terminal shows, LaTeX is set where there is a formula."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest

import gradcalc
from gradcalc.answers.audit.interval import RangeAudit
from gradcalc.base.printing import Printed
from gradcalc.render.formats import KINDS as NAMED
from gradcalc.render.formats import text
from gradcalc.render.schema.schema import PRINTED

KINDS = {kind for kinds in PRINTED.values() for kind in kinds if isinstance(kind, type)} - {
    RangeAudit
}  # shown with others


def test_every_result_prints_itself() -> None:
    assert {kind.__name__ for kind in KINDS} == set(NAMED)
    assert {kind.__name__ for kind in KINDS if not issubclass(kind, Printed)} == set()


QUIZ = """\
1. f = cos(x**2)

Check yours: gradcalc check "EXPRESSION" --gradient "YOURS". The same with
--answers has the answers."""
SHOWN: list[tuple[Callable[[], Any], str]] = [
    (
        lambda: gradcalc.diff("sin(x**2)", at=3),
        """\
f     = sin(x**2)
x     = 3.0
value = 0.4121184852417566

       closed form    true value          autograd (float64)  distance  verdict
df/dx  2*x*cos(x**2)  -5.466781571308062  -5.466781571308061  0.6 ulp   agree""",
    ),
    (
        lambda: gradcalc.check("x**2", "x"),
        """\
f = x**2

       your gradient  true gradient  verdict
df/dx  x              2*x            wrong

counter-example
         x    your value  true value  difference
  df/dx  1.0  1.0         2.0         -1.0

the power rule is (x^n)' = n·x^(n-1)""",
    ),
    (lambda: gradcalc.quiz("chain", count=1, seed=7), QUIZ),
]


@pytest.mark.parametrize(("call", "page"), SHOWN)
def test_a_result_prints_as_the_terminal_shows_it(call: Callable[[], Any], page: str) -> None:
    assert str(call()) == page


def test_a_terminal_of_any_width_does_not_change_what_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    found = gradcalc.diff("log(1 + exp(x))", at=1000)
    printed = str(found)
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert str(found) == printed
    assert max(map(len, printed.splitlines())) <= 80 < max(map(len, text(found, "plain").splitlines()))
    assert "\x1b" not in printed


def test_a_program_is_printed_line_by_line_however_long_a_line_is() -> None:
    found = gradcalc.code("log(1 + exp(x))", to="numpy", test=True)
    assert isinstance(found, gradcalc.Code)
    assert found.source.rstrip() in str(found)
    assert max(map(len, str(found).splitlines())) > 80
    compile(str(found), "printed", "exec")


def test_the_representation_stays_that_of_a_record() -> None:
    row = gradcalc.Row("x", "2*x")
    assert repr(gradcalc.diff("x**2")).startswith("Comparison(expression='x**2', reading=None, at=None")
    assert repr(row) == str(row)


def test_a_result_that_was_kept_prints_itself() -> None:
    found = gradcalc.quiz("chain", count=1)
    assert str(pickle.loads(pickle.dumps(found))) == str(found)  # noqa: S301  # it was written a moment before


LATEX: list[tuple[Callable[[], Any], str | None]] = [
    (lambda: gradcalc.diff("sin(x**2)"), "$$\n\\frac{d f}{d x} = 2 x \\cos\\left(x^{2}\\right)\n$$"),
    (
        lambda: gradcalc.diff("x*y"),
        "$$\n\\begin{aligned}\n\\frac{\\partial f}{\\partial x} &= y \\\\\n\\frac{\\partial f}{\\partial y} &= x\n"
        "\\end{aligned}\n$$",
    ),
    (lambda: gradcalc.quiz("chain", count=1), None),  # a list is no formula
    (lambda: gradcalc.accumulate("x**2", at=2), None),
    (lambda: gradcalc.plot("x", "x=0:1"), None),
]


@pytest.mark.parametrize(("call", "formula"), LATEX)
def test_a_formula_is_displayed(call: Callable[[], Any], formula: str | None) -> None:
    assert call()._repr_latex_() == formula


class Words(HTMLParser):
    """The text of a page, and what is open at its end."""

    def __init__(self) -> None:
        super().__init__()
        self.words, self.open = "", []  # type: str, list[str]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


PAGES_OF = [
    lambda: gradcalc.diff("abs(x) < 3 ? x : 2*x", at=1),
    lambda: gradcalc.check("x**2", "x"),
    lambda: gradcalc.nograd("x**2", at=2),
    lambda: gradcalc.quiz("chain", count=1),
]


@pytest.mark.parametrize("call", PAGES_OF)
def test_a_notebook_shows_a_result_as_html(call: Callable[[], Any]) -> None:
    found = call()
    page = Words()
    page.feed(found._repr_html_())
    assert page.open == []
    assert ("<" in getattr(found, "expression", "")) == ("abs(x) < 3" in page.words)
