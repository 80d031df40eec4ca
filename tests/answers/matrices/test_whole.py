"""Matrices derived by whole arrays, each entry of which is verified."""

from __future__ import annotations

import math

import gradcalc

N = 20
A = [[math.sin(1.7 * i + 0.3 * j * j) + 3 * (i == j) for j in range(N)] for i in range(N)]
X, B = [math.cos(2.3 * i) for i in range(N)], [math.sin(0.9 * i) + 2 for i in range(N)]


def test_least_squares_is_verified_whole_and_judged() -> None:
    found = gradcalc.hessian("norm(A@x - b)**2", at={"A": A, "x": X, "b": B}, wrt="x")
    assert (found.verdict, found.matrix.note, found.symmetric) == ("agree", None, True)
    assert len(found.matrix.every) == N * N
    assert found.definiteness == "positive definite"


def test_a_column_that_overflow_spoils_is_seen() -> None:
    steep = [200.0 if place == 7 else one for place, one in enumerate(X)]
    found = gradcalc.jacobian("log(1 + exp(4*x)) + sum(x)", at={"x": steep})
    assert {(one.name, one.verdict) for one in found.matrix.every if one.verdict != "agree"} == {("x8", "disagree")}
