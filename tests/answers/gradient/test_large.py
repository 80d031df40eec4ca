"""Gradients by arrays too large to be written out: every component is verified, and a few are listed."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from gradcalc import api
from gradcalc.answers.gradient import arrays
from gradcalc.answers.records import ArrayRow, Comparison
from gradcalc.base.effort import Exhausted
from gradcalc.base.errors import InternalError
from gradcalc.render import plain
from gradcalc.render.json import render
from gradcalc.render.pages.comparison import document, quiet

MANY = 2_000
FEW = 1_000  # operations that may be written out


def array(result: Comparison, name: str = "x") -> ArrayRow:
    """The row of an array variable."""
    row = result.gradient[name]
    assert isinstance(row, ArrayRow)
    return row


def in_budget(expression: str, operations: int, **at: Any) -> Comparison:
    """The answer where so many operations may be written out."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADCALC_MAX_OPERATIONS", str(operations))
        return api.diff(expression, at=at, timeout=60)


def numbers(*shape: int, seed: int = 1) -> Any:
    """Numbers about 0."""
    source = random.Random(seed)

    def made(sizes: tuple[int, ...]) -> Any:
        return [made(sizes[1:]) for _ in range(sizes[0])] if sizes else source.gauss(0, 1)

    return made(shape)


def heavy(n: int) -> list[list[float]]:
    """A matrix whose diagonal is large."""
    return [[value + 30 * (i == j) for j, value in enumerate(row)] for i, row in enumerate(numbers(n, n))]


WHOLE: list[tuple[str, dict[str, Any], int, str]] = [  # how many components agree, of all, and the verdict
    ("sum(x**2)", {"x": [1.0] * MANY}, MANY, "agree"),
    ("norm(x)", {"x": [3.0] * MANY}, MANY, "agree"),
    ("std(x)", {"x": [1.0, 3.0] * (MANY // 2)}, MANY, "agree"),
    ("logsumexp(x) + sum(x)**3", {"x": [0.5] * MANY}, MANY, "agree"),
    ("mean(mse(x, 1))", {"x": [0.5] * MANY}, MANY, "agree"),
    ("sum(relu(x - 1))", {"x": [2.0] * MANY}, MANY, "agree"),
    ("norm1(x) + norminf(x)", {"x": [-4.0] + [2.0] * (MANY - 1)}, MANY, "agree"),
    ("max(x)", {"x": [1.0] * (MANY - 1) + [2.0]}, MANY, "agree"),
    ("sum(where(x > 0, x, log(x)))", {"x": [1.5] * MANY}, MANY, "agree"),
    ("sum((x - 0.1)**3)", {"x": [0.1] * MANY}, 0, "disagree"),
    ("log(sum(x))", {"x": [-1.0] * MANY}, 0, "undefined"),
    ("sum(sigmoid(x @ x.T @ x))", {"x": numbers(40, 40)}, 1_600, "agree"),
    ("sum(inv(x))", {"x": heavy(100)}, 10_000, "agree"),
    ("det(x)", {"x": heavy(100)}, 10_000, "agree"),
    ("logdet(x)", {"x": heavy(100)}, 10_000, "agree"),
    ("sum(solve(x, ones(100)))", {"x": heavy(100)}, 10_000, "agree"),
]


@pytest.mark.parametrize(("expression", "at", "agreeing", "verdict"), WHOLE)
def test_every_component_is_verified(expression: str, at: dict[str, Any], agreeing: int, verdict: str) -> None:
    result = in_budget(expression, FEW, **at)
    row = array(result)
    assert (result.verdict, row.agreeing, row.unknown) == (verdict, agreeing, frozenset())


def test_a_million_components_are_verified() -> None:
    at = {"A": numbers(1000, 1000), "x": numbers(1000, seed=2), "b": numbers(1000, seed=3)}
    result = api.diff("norm(A @ x - b)**2", at=at, wrt="A", timeout=60)
    row = array(result, "A")
    assert (result.verdict, row.agreeing, row.compared) == ("agree", 1_000_000, 1_000_000)
    assert row.symbolic is not None
    assert max(map(abs, row.symbolic.values)) > 1


SPECIAL: list[tuple[str, list[float], str, int]] = [  # what is not smooth, and how many components are not looked at
    ("sum(abs(x))", [0.0, *[1.5] * (MANY - 1)], "kink", 0),
    ("max(x)", [2.0, *[1.5] * (MANY - 2), 2.0], "kink", 0),
    ("sum(sqrt(x))", [1.5] * (MANY - 1) + [0.0], "infinite", 0),
    ("sum(floor(x))", [1.5] * (MANY - 1) + [2.0], "undefined", 0),
    ("sum(relu(x))", [0.0] * MANY, "kink", MANY - 25),
    ("abs(sum(x))", [1.0, -1.0] * (MANY // 2), "kink", MANY - 25),
]


@pytest.mark.parametrize(("expression", "x", "verdict", "unknown"), SPECIAL)
def test_a_corner_at_some_components_is_told(expression: str, x: list[float], verdict: str, unknown: int) -> None:
    result = in_budget(expression, FEW, x=x)
    assert (result.verdict, len(array(result).unknown)) == (verdict, unknown)


def test_a_corner_has_its_sides_and_its_blame() -> None:
    row = array(in_budget("sum(2*abs(x - 1))", FEW, x=[1.0] + [2.0] * MANY)).sample[0]
    assert (row.name, row.left, row.right, row.autograd) == ("x1", -2.0, 2.0, 0.0)
    assert row.blame is not None
    assert row.blame.text == "abs(x - 1)"


UNDEFINED = [
    ("sum(log(x))", {"x": [1.0] * MANY + [-1.0]}, "log(x)"),
    ("sum(inv(x))", {"x": [[1.0] * 50] * 50}, "inv(x)"),
    ("sum(1/(x - 2))", {"x": [1.0] * MANY + [2.0]}, "1/(x - 2)"),
]


@pytest.mark.parametrize(("expression", "at", "blame"), UNDEFINED)
def test_what_has_no_value_is_blamed(expression: str, at: dict[str, Any], blame: str) -> None:
    result = in_budget(expression, FEW, **at)
    (row, *_) = array(result).sample.values()
    assert (result.value, row.verdict) == (None, "undefined")
    assert row.blame is not None
    assert row.blame.text == blame


def test_what_no_precision_decides_is_undecided() -> None:
    rows = array(in_budget("sum(abs(erf(x) - 1))", 1, x=[0.5, 1000.0])).rows
    assert {row.verdict for row in rows} == {"undecided"}
    assert "`abs(erf(x) - 1)` is not decided: with 8,192 bits" in (rows[0].explanation or "")


def test_whole_arrays_have_the_exact_values_of_their_components() -> None:
    at = {"A": [[0.1, 0.2], [-1.5, 0.3]], "x": [0.3, -0.1], "b": [0.5, 0.25], "c": 0.7}
    expression = "sum(tanh(A @ x - b)) * norm(A @ x) + mean(A, axis=0) @ x**2 / c"
    whole, large = api.diff(expression, at=at, timeout=60), in_budget(expression, 20, **at)
    assert {row.name: row.exact for row in large.rows} == {row.name: row.exact for row in whole.rows}
    assert large.value == whole.value


def test_the_reason_is_told_of_whole_arrays() -> None:
    row = array(in_budget("sum((x - 0.1)**3)", FEW, x=[0.1] * MANY)).sample[0]
    assert row.reason == "cancellation"
    assert row.explanation == (
        "two nearly equal numbers are subtracted on the way, and the digits in which they differ are beyond the "
        "16 digits that float64 keeps: autograd's result has lost them"
    )


REASONS = [
    ("sum(exp(x) - x)", 1000.0, "overflow"),
    ("sum(log(1 + exp(x)))", 1000.0, "nan"),
    ("sum(log(x**2))", 1e-200, "underflow"),
]


@pytest.mark.parametrize(("expression", "x", "reason"), REASONS)
def test_a_number_beyond_the_format_is_told(expression: str, x: float, reason: str) -> None:
    result = in_budget(expression, FEW, x=[x] * MANY)
    assert (result.verdict, array(result).sample[0].reason) == ("disagree", reason)


def test_a_wrong_rule_is_not_blamed_on_autograd(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gradcalc.engines.exact.arrays.gradient.Reverse.times", lambda self, flow, slopes: flow)
    with pytest.raises(InternalError, match="its rules give"):
        in_budget("sum(sin(x))", FEW, x=[0.5] * MANY)


def test_a_component_without_a_number_comes_first() -> None:
    x = [1.0] * (MANY - 1) + [0.0]
    row = array(in_budget(f"x[{MANY}]*sqrt(x[{MANY}]) + sum(x)", FEW, x=x))
    assert (row.worse, row.sample[MANY - 1].symbolic) == ({MANY - 1: "disagree"}, 1.0)


def test_the_record_has_every_number_and_verdict() -> None:
    record = json.loads(render(in_budget("sum(abs(x))", FEW, x=[0.0] + [2.0] * 1_999)))["gradient"]["x"]
    assert record["symbolic"] == [None, *[1.0] * 1_999]
    assert record["verdicts"] == ["kink", *["agree"] * 1_999]
    assert record["exact"][1:3] == ["1.0000000000000000000"] * 2
    assert record["exact"][-1] is None
    assert "verified" not in record


def test_the_record_says_what_was_not_looked_at() -> None:
    record = json.loads(render(in_budget("sum(abs(x))", FEW, x=[0.0] * MANY)))["gradient"]["x"]
    assert record["verdicts"].count(None) == MANY - len(record["verified"]["components"])
    assert record["verified"]["of"] == MANY


TEXT = """\
f = sum(x**2)
x = [1, 2, 3, …, 1998, 1999, 2000]
value = 2668667000.0

∂f/∂x = 2*x

∂f/∂x = [2, 4, 6, …, 3996, 3998, 4000]

x: 2,000 of 2,000 components agree to the last bit

12 of 2,000 components are listed, those that do not agree first; --json has all

"""


def test_the_text_says_how_many_components_agree() -> None:
    result = in_budget("sum(x**2)", 100, x=list(range(1, 2001)))
    assert plain.render(document(result)).splitlines()[:12] == TEXT.splitlines()


def test_quiet_has_the_true_derivatives() -> None:
    result = in_budget("sum(x**2)", 30, x=[0.1, *range(2, 2001)])
    assert quiet(result).splitlines()[:3] == ["0.2", "4.0", "6.0"]


def test_where_time_is_short_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*arguments: Any) -> None:
        raise Exhausted

    monkeypatch.setattr(arrays, "compared_whole", slow)
    row = array(in_budget("norm(x)", 10, x=[1.0] * 10))
    assert row.note == "no time to verify it exactly: autograd's numbers stand alone; --timeout raises the limit"
    assert (row.sample, row.verdict) == ({}, None)


def test_a_large_value_is_an_expression() -> None:
    result = api.diff("trace(A) + A[1, 2]", at="A=eye(400) + ones(400, 400)/10", timeout=60)
    assert (result.value, array(result, "A").agreeing, result.verdict) == (440.1, 160_000, "agree")
