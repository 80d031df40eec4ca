"""The terms of a sum that leave it without a number, and what has their limit."""

from __future__ import annotations

import pytest

import gradcalc
from gradcalc.answers.diagnosis import culprit

NAMED = {  # expression, point, wrt, terms to blame, cure
    "an entropy": ("sum(x*log(x))", "x=[1,0,2]", None, ("x2*log(x2)",), "-sum(entr(x))"),
    "a divergence": (
        "sum(p*log(p/q))", "p=[0.5,0.5,0],q=[0.2,0.3,0.5]", None, ("p3*log(p3/q3)",), "sum(rel_entr(p, q))"),
    "a divergence, its logarithm apart": (
        "sum(p*(log(p) - log(q)))", "p=[0.5,0],q=[0.2,0.3]", None, ("p2*(log(p2) - log(q2))",), "sum(rel_entr(p, q))"),
    "a mean, with a sign": ("-mean(p*log(p))", "p=[0.5,0]", None, ("p2*log(p2)",), "mean(entr(p))"),
    "numbers": ("x*log(x) + y*log(y)", "x=0,y=1", None, ("x*log(x)",), "-entr(x) - entr(y)"),
    "no sum at all": ("x*log(x)", "x=0", None, (), "-entr(x)"),
    "a root": ("sum(sqrt(x))", "x=[1,0,4]", None, ("sqrt(x2)",), None),
    "a root of a mean": ("sqrt(mean(sqrt(x)))", "x=[1,0,4]", None, ("sqrt(x2)",), None),
    "two of three": ("sum(log(x))", "x=[0,0,4]", None, ("log(x1)", "log(x2)"), None),
    "a row of zeros": ("sum(sqrt(sum(A**2, axis=1)))", "A=[[0,0],[1,2]]", None, ("sqrt(A11**2 + A12**2)",), None),
    "a cross-entropy without a limit": ("-sum(y*log(p))", "y=[1,0],p=[0.5,0]", None, ("y2*log(p2)",), None),
}  # fmt: skip


@pytest.mark.parametrize(("expression", "at", "wrt", "terms", "cure"), NAMED.values(), ids=NAMED)
def test_the_terms_to_blame_are_named(
    expression: str, at: str, wrt: str | None, terms: tuple[str, ...], cure: str | None
) -> None:
    found = gradcalc.diff(expression, at=at, wrt=wrt).culprit
    assert found is not None
    assert (found.terms, found.cure) == (terms, cure)


SILENT = {
    "all is well": ("sum(sqrt(x))", "x=[1,2]"),
    "all terms alike": ("sum(sqrt(x))", "x=[0,0]"),
    "torch has a number at each corner": ("sum(abs(x))", "x=[0,1]"),
    "one variable, and no limit known": ("1/x", "x=0"),
    "no limit where both are 0": ("x*log(x/y)", "x=0,y=0"),
}


@pytest.mark.parametrize(("expression", "at"), SILENT.values(), ids=SILENT)
def test_nothing_is_blamed(expression: str, at: str) -> None:
    assert gradcalc.diff(expression, at=at).culprit is None


def test_the_sentence_has_the_numbers() -> None:
    found = gradcalc.diff("sum(p*log(p/q))", at="p=[0.5,0.5,0],q=[0.2,0.3,0.5]").culprit
    assert found is not None
    assert found.sentence == (
        "of 3 terms one term is to blame, `p3*log(p3/q3)` at p3 = 0, q3 = 0.5; the others are finite"
    )


def test_a_cure_with_other_values_is_not_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(culprit, "TURNED", ((("x * log(x)", "entr(x)"),),))
    found = gradcalc.diff("sum(x*log(x))", at="x=[1,0,2]").culprit
    assert found is not None
    assert found.cure is None
