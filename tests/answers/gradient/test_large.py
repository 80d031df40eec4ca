"""Gradients by arrays too large to be verified whole: which components are verified, and what is said of the others."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from gradcalc import api
from gradcalc.answers.gradient import arrays as array_gradient
from gradcalc.answers.records import ArrayRow, Comparison
from gradcalc.base.effort import Exhausted
from gradcalc.render import plain
from gradcalc.render.json import render
from gradcalc.render.pages.comparison import document, quiet

MANY = 30_000
TOO_LARGE = "too large to be verified exactly: autograd's numbers stand alone; GRADCALC_MAX_OPERATIONS raises the limit"
EVENLY = [0, 5_000, 10_000, 15_000, 19_999, 24_999, 29_999]


def array(result: Comparison, name: str = "x") -> ArrayRow:
    """The row of an array variable."""
    row = result.gradient[name]
    assert isinstance(row, ArrayRow)
    return row


SAMPLES: list[tuple[str, list[float], list[int], str]] = [  # f, x, the places that are verified, the verdict
    ("sum(x**2)", [1.0] * MANY, EVENLY, "agree"),
    ("sum(x**2)", [1.0] * 7 + [-2.0] + [1.0] * (MANY - 8), [0, 7, *EVENLY[1:]], "agree"),
    ("norm(x)", [3.0] * MANY, EVENLY, "agree"),
    ("std(x)", [1.0, 3.0] * (MANY // 2), EVENLY, "agree"),
    ("sum(x)**3", [0.5] * MANY, EVENLY, "agree"),
    ("x @ x + sum(x)", [0.5] * MANY, EVENLY, "agree"),
    ("mean(mse(x, 1))", [0.5] * MANY, EVENLY, "agree"),
    ("sum(relu(x - 1))", [2.0] * MANY, EVENLY, "agree"),
    ("norm1(x) + norminf(x)", [-4.0] + [2.0] * (MANY - 1), EVENLY, "agree"),
    ("max(x)", [1.0] * (MANY - 1) + [2.0], EVENLY, "agree"),
    ("exp(-mean(x**2))", [1.0] * MANY, EVENLY, "agree"),
    ("sum(x) - sum(x)", [1.0] * MANY, EVENLY, "agree"),
    ("sum((x - 0.1)**3)", [0.1] * MANY, EVENLY, "disagree"),
    ("abs(sum(x))", [1.0, -1.0] * (MANY // 2), EVENLY, "kink"),
    ("sqrt(sum(x))", [0.0] * MANY, EVENLY, "infinite"),
    ("log(sum(x))", [-1.0] * MANY, EVENLY, "undefined"),
]


@pytest.mark.parametrize(("expression", "x", "places", "verdict"), SAMPLES)
def test_the_steepest_component_and_others_at_equal_distances_are_verified(
    expression: str, x: list[float], places: list[int], verdict: str
) -> None:
    result = api.diff(expression, at={"x": x}, timeout=60)
    assert list(array(result).sample) == places
    assert result.verdict == verdict
    assert array(result).note is None


def test_a_function_without_a_value_has_none_in_the_answer() -> None:
    assert in_budget("log(sum(x))", 10, x=[-1.0] * 10).value is None
    assert in_budget("sum(x)/3", 10, x=[1.0] * 10).value == 10 / 3


def test_where_few_fit_in_the_budget_the_steepest_component_alone_is_verified() -> None:
    matrix = [[1.0] * 9 + [2.0]] * 10
    assert list(array(in_budget("sum(tanh(A @ x))", 200, A=matrix, x=[0.0] * 10)).sample) == [9]


def in_budget(expression: str, operations: int, **at: Any) -> Comparison:
    """The answer where the exact engine may do so much."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADCALC_MAX_OPERATIONS", str(operations))
        return api.diff(expression, at=at, timeout=60)


UNVERIFIED: list[tuple[str, dict[str, Any]]] = [  # nothing is decided, or even one component is too much
    ("norm(x)", {"x": [0.0] * 100}),
    ("sum(relu(x))", {"x": [0.0] * 100}),
    ("logsumexp(x)", {"x": [0.0] * 100}),
    ("sum(inv(A))", {"A": [[2.0, 1.0, 0.0], [1.0, 2.0, 0.0], [0.0, 0.0, 1.0]]}),
    ("sum(x)", {"x": [1.0] * 10_000}),
]


@pytest.mark.parametrize(("expression", "at"), UNVERIFIED)
def test_what_cannot_be_verified_in_part_says_what_raises_the_limit(expression: str, at: dict[str, Any]) -> None:
    result = in_budget(expression, 120, **at)
    (row,) = result.gradient.values()
    assert isinstance(row, ArrayRow)
    assert (row.note, row.sample, row.rows, result.verdict) == (TOO_LARGE, {}, (), None)
    assert row.autograd is not None


def test_a_sample_has_the_exact_values_of_the_whole() -> None:
    at = {"A": [[0.1, 0.2, 0.7], [-1.5, 0.3, 2.0]], "x": [0.3, -0.1, 0.9], "b": [0.5, 0.25], "c": 0.7}
    expression = "sum(tanh(A @ x - b)) * norm(A @ x) + mean(A, axis=0) @ x**2 / c"
    whole = api.diff(expression, at=at, timeout=60)
    sample = in_budget(expression, 60, **at)
    exact = {row.name: row.exact for row in whole.rows}
    assert {row.name: row.exact for row in sample.rows} == {row.name: exact[row.name] for row in sample.rows}
    assert [row.name for row in sample.rows] == ["A13", "x3", "b1", "c"]


def test_digits_lost_in_sums_that_were_worked_out_are_still_the_reason() -> None:
    row = array(api.diff("sum((x - 0.1)**3)", at={"x": [0.1] * MANY}, timeout=60)).sample[0]
    assert row.reason == "cancellation"
    assert row.explanation == (
        "two nearly equal numbers are subtracted on the way, and the digits in which they differ are beyond the "
        "16 digits that float64 keeps: autograd's result has lost them"
    )


def test_a_component_without_a_number_comes_first() -> None:
    row = array(in_budget("x[3]*sqrt(x[3]) + sum(x)", 100, x=[1.0, 1.0, 0.0] + [1.0] * 97)).sample[2]
    assert (math.isnan(row.autograd or 0.0), row.symbolic, row.verdict) == (True, 1.0, "disagree")


def test_the_record_has_null_for_what_was_not_verified() -> None:
    record = json.loads(render(in_budget("norm(x)**2 + x[1, 1]", 40, x=[[1, 2], [3, 4], [5, 6], [7, 8.5]])))
    assert record["verdict"] == "agree"
    assert record["gradient"]["x"] == {
        "formula": "2*x + outer(eye(4)[1], eye(2)[1])",
        "components": None,
        "symbolic": [[None, None], [None, None], [None, None], [None, 17.0]],
        "exact": [[None, None], [None, None], [None, None], [None, "17.000000000000000000"]],
        "autograd": [[3.0, 4.0], [6.0, 8.0], [10.0, 12.0], [14.0, 17.0]],
        "error": [[None, None], [None, None], [None, None], [None, 0.0]],
        "ulps": [[None, None], [None, None], [None, None], [None, 0.0]],
        "verdict": "agree",
        "reason": None,
        "verdicts": [[None, None], [None, None], [None, None], [None, "agree"]],
        "verified": {"components": [[4, 2]], "of": 8},
    }


TEXT = """\
f = norm(x)**2
x = [1, 2, 3, …, 28, 29, 30]
value = 9455.0

∂f/∂x = 2*x

∂f/∂x = [2, 4, 6, …, 56, 58, 60]

x: verified exactly: 7 of 30 components, 7 of these agree, the worst is x1, 0 ulp off

         closed form  true value  autograd (float64)  distance  verdict
∂f/∂x1   -            2.0         2.0                 0 ulp     agree
"""


def test_the_text_says_how_many_components_were_verified() -> None:
    result = in_budget("norm(x)**2", 88, x=list(range(1, 31)))
    assert plain.render(document(result)).splitlines()[:12] == TEXT.splitlines()


def test_quiet_has_the_true_derivatives_as_far_as_they_are_known() -> None:
    result = in_budget("norm(x)**2", 30, x=[1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    assert quiet(result) == "2.0\n4.0\n6.0\n8.0\n10.0\n12.0\n14.0\n16.0\n18.0\n20.0\n"


def test_where_time_is_short_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*arguments: Any) -> None:
        raise Exhausted

    monkeypatch.setattr(array_gradient, "sampled", slow)
    row = array(in_budget("norm(x)", 10, x=[1.0] * 10))
    assert row.note == "no time to verify it exactly: autograd's numbers stand alone; --timeout raises the limit"
    assert (row.sample, row.verdict) == ({}, None)
