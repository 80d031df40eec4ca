"""The function's value by torch's forward pass, judged like a derivative."""

from __future__ import annotations

import json
import math

import pytest

from gradcalc import api
from gradcalc.answers.audit.formats import formats
from gradcalc.answers.audit.range import audited
from gradcalc.answers.verdicts import Reason, Verdict
from gradcalc.cli.app import main
from gradcalc.lessons.graph.lesson import graph
from gradcalc.render.formats import text
from tests.running import Run

AGREE, DISAGREE, UNDEFINED = Verdict.AGREE, Verdict.DISAGREE, Verdict.UNDEFINED
VALUES = [  # expression, point, dtype, torch's value, its verdict and why, the verdict on the whole and the strict one
    ("sin(x**2)", "3", "float64", 0.4121184852417566, AGREE, None, AGREE, AGREE),
    ("(x**2+y**2)/1000", "x=200,y=300", "float16", math.inf, DISAGREE, Reason.OVERFLOW, DISAGREE, DISAGREE),
    ("x**2", "1e200", "float64", math.inf, DISAGREE, Reason.OVERFLOW, DISAGREE, DISAGREE),
    ("exp(x)*0 + x", "1000", "float64", math.nan, DISAGREE, Reason.NAN, DISAGREE, DISAGREE),
    ("log(1+exp(x))", "-40", "float64", 0.0, DISAGREE, Reason.PRECISION, AGREE, DISAGREE),
    ("1-erf(x)", "6", "float64", 0.0, DISAGREE, Reason.CANCELLATION, AGREE, DISAGREE),
    ("x*1e-200*1e200", "1e-200", "float64", 0.0, DISAGREE, Reason.UNDERFLOW, AGREE, DISAGREE),
    ("sin(pi*x)", "1", "float64", 1.2246467991473532e-16, AGREE, None, AGREE, AGREE),
    ("0.1 + 0.2 - 0.3 + 0*x", "1", "float64", 5.551115123125783e-17, AGREE, None, AGREE, AGREE),
    ("(x - 0.1)*1e9", "0.1", "float64", 0.0, DISAGREE, Reason.CANCELLATION, AGREE, DISAGREE),
    ("log(x)", "-1", "float64", math.nan, UNDEFINED, None, UNDEFINED, UNDEFINED),
    ("abs(x)", "0", "float64", 0.0, AGREE, None, Verdict.KINK, Verdict.KINK),
    ("sum(x**2)/1000", "x=[300, 2]", "float16", math.inf, DISAGREE, Reason.OVERFLOW, DISAGREE, DISAGREE),
    ("norm(x)", "x=[3, 4]", "float16", 5.0, AGREE, None, AGREE, AGREE),
]  # fmt: skip


@pytest.mark.parametrize(("source", "at", "dtype", "value", "verdict", "reason", "whole", "strict"), VALUES)
def test_torchs_value_is_judged_and_counts_where_it_is_not_finite(
    source: str, at: str, dtype: str, value: float | None, verdict: Verdict | None, reason: Reason | None,
    whole: Verdict | None, strict: Verdict | None,
) -> None:  # fmt: skip
    found = api.diff(source, at=at, dtype=dtype)
    assert repr(found.forward.autograd) == repr(value)
    assert (found.forward.verdict, found.forward.reason, found.verdict) == (verdict, reason, whole)
    assert api.diff(source, at=at, dtype=dtype, strict_forward=True).verdict == strict


CURED = [("log(1+exp(x))", "-40", "softplus(x)"), ("1-erf(x)", "6", "erfc(x)"), ("(x + 1) - x", "1e16", "1")]


@pytest.mark.parametrize(("source", "at", "cure"), CURED)
def test_a_wrong_value_is_explained_and_cured(source: str, at: str, cure: str) -> None:
    diagnosis = api.diff(source, at=at).forward.diagnosis
    assert diagnosis is not None
    assert diagnosis.sentence is not None
    assert diagnosis.cure == cure


def test_torchs_value_stands_beside_the_true_one_where_it_is_off(run: Run) -> None:
    assert run.printed("diff", "1-erf(x)", "--at", "6").splitlines()[2:4] == [
        "value = 2.1519736712498913e-17",
        "torch's value = 0.0, 15.8 digits lost, disagree: cancellation (counts with --strict-forward)",
    ]
    assert main(["diff", "1-erf(x)", "--at", "6", "--strict-forward"]) == 1


def test_a_value_that_agrees_takes_no_line(run: Run) -> None:
    assert "torch's value" not in run.printed("diff", "x**2", "--at", "3")


def test_without_a_point_there_is_nothing_to_judge(run: Run) -> None:
    found = run.record("diff", "x**2", code=0)
    assert found["forward"] == {"autograd": None, "ulps": None, "verdict": None, "reason": None}


def test_each_component_of_a_jacobian_is_judged(run: Run) -> None:
    out = run.printed("jacobian", "[x**2/1000, x]", "--at", "300", "--dtype", "float16", "--json", code=1)
    found = json.loads(out)["forward"]
    assert [found[key] for key in ("autograd", "verdict", "reason", "verdicts")] == [
        ["Infinity", 300.0], "disagree", "overflow", ["disagree", "agree"],
    ]  # fmt: skip
    out = run.printed("jacobian", "[x**2/1000, x]", "--at", "300", "--dtype", "float16", code=1)
    assert "torch's value = [inf, 300.0], f1 disagree: overflow\n" in out


def test_the_value_counts_beside_a_hessian_and_a_direction() -> None:
    assert api.hessian("x**2/1000", at=300, dtype="float16").verdict is DISAGREE
    assert api.diff("x**2/1000", at=300, dtype="float16", direction=1).verdict is DISAGREE


def test_formats_side_by_side_show_their_values_where_one_is_wrong() -> None:
    shown = text(formats("x**2/1000", ["float16", "float32"], at="300"), "plain")
    assert (
        "dtype    true f  torch's value  verdict\n"
        "float16  90.0    inf            disagree: overflow\n"
        "float32  90.0    90.0           agree\n\n"
    ) in shown
    assert "torch's value" not in text(formats("x**2/1000", ["bfloat16", "float32"], at="300"), "plain")


def test_a_value_that_is_not_finite_spoils_a_range() -> None:
    (found,) = audited("x**2/1000", ["x=100:300"], dtypes=["float16"], samples=9).audits.values()
    assert (found.verdict, found.worst and found.worst.variable) == (DISAGREE, "value")


GRAPHS = [  # expression, point, the verdicts on the values of its nodes, the verdict on the whole
    ("log(1+exp(x))", "-40", [AGREE, AGREE, DISAGREE], AGREE),
    ("(x + y)*0.5", "x=60000,y=60000", [DISAGREE, DISAGREE], DISAGREE),
    ("sum(x*4)", "x=[1, 60000]", [AGREE, DISAGREE, DISAGREE], DISAGREE),
    ("where(x > 1, x, x*40000)", "2", [AGREE], AGREE),
]


@pytest.mark.parametrize(("source", "at", "verdicts", "whole"), GRAPHS)
def test_the_graph_compares_its_forward_values(source: str, at: str, verdicts: list[Verdict], whole: Verdict) -> None:
    found = graph(source, at=at, dtype="float64" if at == "-40" else "float16")
    assert [forward.verdict for vertex in found.vertices for forward in vertex.forward] == verdicts
    assert found.verdict is whole
