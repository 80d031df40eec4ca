"""Whatever the text, reading and deriving it raises a GradcalcError or nothing, and what comes out is well formed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from gradcalc import api
from gradcalc.answers.records import Comparison
from gradcalc.base.errors import GradcalcError, LimitError
from gradcalc.base.limits import Limits
from gradcalc.files.lines import Line
from gradcalc.functions import CATALOGUE
from gradcalc.inputs.point import read_point
from gradcalc.jobs.batch import Settings, answer
from gradcalc.problem.resolve import read
from gradcalc.render.error import render as error_text
from gradcalc.render.json import error
from gradcalc.render.json import render as as_json

SECONDS = 0.3
LIMITS = Limits(nodes=5_000, digits=500)
SIGNS = (
    "+ - * / @ ** ^ ( ) [ ] , ; = < <= ! .T | √ ² · × ÷ − π e x y A 0 1 2 .5 1e9 \\frac{ \\sqrt{ { } _ \\sin \\left( \n"
)
PIECES = sorted(CATALOGUE) + SIGNS.split(" ")
REAL = [
    "sin(x**2)", "2x sin x", "x^2y + y^3", "log(x)/x", "sqrt(x**2 + 1)", "abs(x)", "where(x > 0, x, 0)",
    "max(x, y)", "y = x**2; z = sin(y); exp(z)", "\\frac{\\sin(x)}{x}", "x.T @ A @ x", "sum([1, 2, x])", "|x| + √x",
    "bce(sigmoid(w*x + b), 1)", "softmax([x, y])[1]", "-x**-2!", "gamma(x)", "atan2(y, x)", "log(x, 2)", "(x+1)(x-1)",
]  # fmt: skip
VERDICTS = {"agree", "disagree", "kink", "infinite", "undefined", "undecided"}

words = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
spaced = st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A real expression with a piece of it replaced by another piece."""
    text = draw(st.sampled_from(REAL))
    start = draw(st.integers(0, len(text)))
    end = draw(st.integers(start, min(len(text), start + 3)))
    return text[:start] + draw(st.sampled_from(PIECES) | st.text(max_size=2)) + text[end:]


texts = st.text(max_size=60) | words | spaced | mutated()
often = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
seldom = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def refused(text: str, problem: GradcalcError) -> None:
    """Asserts that an error is fit to be shown, to people and to programs."""
    shown = error_text(problem.located(text))
    assert all(letter.isprintable() or letter == "\n" for letter in shown)
    assert strict(as_json(error(problem)))["error"]["message"] == problem.message
    assert problem.kind != "error"


def strict(line: str) -> Any:
    """JSON without the numbers that it does not have."""
    assert line.rstrip("\n").isprintable()
    return json.loads(line, parse_constant=pytest.fail)


@often
@given(texts)
def test_any_text_is_an_expression_or_an_error(text: str) -> None:
    try:
        read(text, LIMITS)
    except GradcalcError as problem:
        refused(text, problem)


@often
@given(texts | texts.map("x={}".format))
def test_any_text_is_a_point_or_an_error(text: str) -> None:
    try:
        read_point(text, LIMITS)
    except GradcalcError as problem:
        refused(text, problem)


@seldom
@given(st.binary(max_size=60) | texts.map(lambda text: json.dumps({"expression": text, "at": 1.5}).encode()))
def test_any_line_of_a_batch_has_its_answer(line: bytes) -> None:
    outcome = answer(Line(1, line, len(line)), Settings(SECONDS, "float64"))
    assert outcome.error is None or outcome.error.kind != "error"


def derived(text: str, at: dict[str, float] | None) -> Comparison | None:
    """The gradient, or None where there is none for a reason."""
    try:
        return api.diff(text, at=at, timeout=SECONDS)
    except GradcalcError as problem:
        refused(text, problem)
        return None


@seldom
@given(mutated() | spaced)
def test_a_closed_form_can_be_read_again(text: str) -> None:
    found = derived(text, None)
    assume(found is not None)
    assert found is not None
    record = strict(as_json(found))
    assert record["verdict"] is None
    formulas = [one["formula"] for one in record["gradient"].values()]
    assert [one for one in formulas if one is not None and not readable(one, found)] == []


@seldom
@given(mutated() | spaced, st.floats(-50, 50) | st.sampled_from([0.0, -1.0, 1e300, -1e300, 5e-324]))
def test_a_comparison_has_a_verdict(text: str, at: float) -> None:
    try:
        names = read(text, LIMITS).variables
    except GradcalcError:
        assume(False)
        return
    found = derived(text, dict.fromkeys(names, at))
    assume(found is not None)
    assert found is not None
    record = strict(as_json(found))
    rows = [*record["gradient"].values()]
    compared = {one["verdict"] for one in rows if one["reason"] != "no-autograd"}
    assert compared <= VERDICTS
    assert record["verdict"] in (VERDICTS if compared or not rows else {None})


def readable(formula: str, found: Comparison) -> bool:
    """Is a formula part of the language?"""
    try:
        read(formula, Limits(), [*found.gradient])
    except LimitError:
        return True
    except GradcalcError:
        return False
    return True
