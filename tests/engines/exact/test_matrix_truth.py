"""Jacobians and Hessians by whole arrays: against the function written out, and what they leave to that."""

from __future__ import annotations

import dataclasses
import re

import pytest

from gradcalc.base.limits import Limits
from gradcalc.engines import ask
from gradcalc.inputs.pose import pose
from gradcalc.problem.problem import Problem
from gradcalc.problem.written_out import written_out

A, X, B = [[1.5, -0.5, 2.0], [0.25, 3.0, -1.0], [1.0, 0.75, 2.5]], [0.5, -1.25, 2.0], [1.0, 0.5, -0.75]
GIVEN = {"A": A, "x": X, "b": B}


def posed(text: str, by: str = "x") -> Problem:
    """The problem at the point of the tests."""
    return pose(
        text, Limits(), at={name: value for name, value in GIVEN.items() if re.search(rf"\b{name}\b", text)}, wrt=by
    )


HESSIANS = [
    ("norm(A@x - b)**2", "x"), ("sum(log(1 + exp(-b*(A@x))))", "x"), ("norm(x - b)**2", "x"), ("norm(x)**4", "x"),
    ("logsumexp(A@x)", "x"), ("x @ A @ x / (x @ x)", "x"), ("sum(softmax(x)*b)", "x"), ("std(x)**2 + var(x)", "x"),
    ("sum(b*(x - mean(x))/sqrt(var(x) + 0.5))", "x"), ("sum(cumsum(x)**3)", "x"), ("max(x)**2 + min(x)**3", "x"),
    ("sum(sort(x)**2*b)", "x"), ("x[1]**2*x[3] + sum(x[2:3]**3)", "x"), ("norm(x)", "x"),
    ("sum(outer(x, x)**3)", "x"), ("logdet(outer(x, x) + A)", "x"), ("sum(inv(A + outer(x, b))*A)", "x"),
    ("trace(A @ A @ A)", "A"), ("sum(where(x > 0, x**3, exp(x)))", "x"), ("sum(A.T @ A @ x)", "A"),
    ("b @ solve(A, b)", "A"), ("sum(mean(A, axis=1)**2 + mean(A, axis=0)**3)", "A"), ("sum(flip(x)*x**2)", "x"),
    ("sum(tanh(A) * sigmoid(A))", "A"), ("sum(gelu(x) + softplus(x)*x)", "x"), ("cosine_similarity(x, b)", "x"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "by"), HESSIANS)
def test_a_hessian_is_that_of_the_function_written_out(text: str, by: str) -> None:
    problem = posed(text, by)
    found = ask.array_hessian(problem)
    assert found is not None
    whole = written_out(problem, Limits()).problem
    first = ask.truth(whole)
    for place, name in enumerate(whole.wrt):
        assert float(found.values[place].fraction() or 0) == float(first.slopes[name].by_rules or 0)
        second = ask.truth(dataclasses.replace(whole, wrt=(name,), order=2)).slopes[name].value
        own = found.rows[place][place].value
        assert own is not None
        assert second is not None
        assert own.text == second.text


JACOBIANS = [
    "tanh(A@x)", "sin(x)*x", "softmax(x)", "A @ (x*b)", "outer(x, b)", "x/norm(x)", "cumsum(exp(x))", "sort(x)*b",
    "inv(A + outer(x, b))", "concat(x**2, b*x)", "(x - mean(x))/std(x)", "A + x", "A.T @ x * max(x)",
]  # fmt: skip


@pytest.mark.parametrize("text", JACOBIANS)
def test_a_jacobian_is_that_of_the_components_written_out(text: str) -> None:
    problem = posed(text)
    found = ask.array_jacobian(problem)
    assert found is not None
    torch = ask.autograd_jacobian(problem)
    slopes = [slope.value for row in found.rows for slope in row]
    texts = [0.0 if one is None else one.nearest(problem.format) for one in slopes]
    assert texts == pytest.approx(list(torch.numbers.values if torch.numbers else ()), rel=1e-9, abs=1e-12)


LEFT = [  # at kinks, ties, branches and zeros to be proven, and without a rule for rates
    "sum(abs(x - x[1]))", "max(concat(x, x))", "sum(where(x*x > x**2, x, x**2))", "sum(relu(x - 0.5))", "norm(x - x)",
    "sum(svdvals(A + outer(x, b)))", "sum(kron(A, A))*sum(kron(outer(x, x), A))", "sum(log(x)*0)",
    "prod(x)",
]  # fmt: skip


@pytest.mark.parametrize("text", LEFT)
def test_what_rules_for_plain_numbers_do_not_decide_is_left_to_others(text: str) -> None:
    assert ask.array_hessian(posed(text)) is None


def test_the_sizes_of_terms_that_cancel_are_known() -> None:
    problem = pose("norm(A@x)**2", Limits(), at={"A": [[1, 1], [1, -1]], "x": [1, 1]}, wrt="x")
    found = ask.array_hessian(problem)
    assert found is not None
    slope = found.rows[0][1]
    assert slope.value is not None
    assert (slope.value.text, slope.magnitude and slope.magnitude.fraction()) == ("0", 4)
