"""What `.grad` holds, pass by pass: everything is run in torch, the first pass is checked."""

from __future__ import annotations

import pytest

from gradcalc.base.errors import GradcalcError
from gradcalc.lessons.accumulation.lesson import accumulate
from gradcalc.lessons.accumulation.records import Clearing, Passes

PASSES = {
    "the lecture's example": ("x**2", "2", 3, {"x": Passes((4.0, 8.0, 12.0), (4.0, 4.0, 4.0), 12.0)}),
    "one pass": ("x**2", "2", 1, {"x": Passes((4.0,), (4.0,), 4.0)}),
    "a program": ("y = x**2; z = 3*y", "2", 2, {"x": Passes((12.0, 24.0), (12.0, 12.0), 24.0)}),
    "several variables": (
        "x*w + w**2",
        "x=2,w=3",
        2,
        {"x": Passes((3.0, 6.0), (3.0, 3.0), 6.0), "w": Passes((8.0, 16.0), (8.0, 8.0), 16.0)},
    ),
    "no gradient flows, and .grad stays None": (
        "where(x > 0, 1, 2)",
        "2",
        2,
        {"x": Passes((None, None), (None, None), None)},
    ),
    "a vector": (
        "(x**2).mean()",
        "x=[1,2,3,4]",
        2,
        {"x": Passes(([0.5, 1.0, 1.5, 2.0], [1.0, 2.0, 3.0, 4.0]), ([0.5, 1.0, 1.5, 2.0],) * 2, [1.0, 2.0, 3.0, 4.0])},
    ),
    "a matrix that no gradient reaches": (
        "5*x",
        "x=2,A=[[1,2],[3,4]]",
        1,
        {"x": Passes((5.0,), (5.0,), 5.0), "A": Passes((None,), (None,), None)},
    ),
    "rounding shows in the sum": (
        "x/10",
        "2",
        3,
        {"x": Passes((0.1, 0.2, 0.30000000000000004), (0.1, 0.1, 0.1), 0.30000000000000004)},
    ),
}


@pytest.mark.parametrize(("expression", "at", "passes", "expected"), PASSES.values(), ids=PASSES)
def test_gradients_add_up_unless_they_are_zeroed(
    expression: str, at: str, passes: int, expected: dict[str, Passes]
) -> None:
    found = accumulate(expression, at=at, wrt=list(expected), passes=passes)
    assert found.run.passes == expected
    assert found.first.agrees


def test_only_the_variables_that_were_asked_for_are_tracked() -> None:
    assert accumulate("x*w", at="x=2,w=3", wrt="w", passes=2).run.passes == {"w": Passes((2.0, 4.0), (2.0, 2.0), 4.0)}


def test_numbers_are_of_the_dtype() -> None:
    assert accumulate("x/10", at="2", passes=2, dtype="float32").run.passes["x"].accumulated == (
        0.10000000149011612,
        0.20000000298023224,
    )


def test_clearing_leaves_zero_or_none_and_the_next_pass_starts_anew() -> None:
    assert accumulate("x**2", at="2").run.clearing == (
        Clearing("x.grad.zero_()", 0.0, 4.0),
        Clearing("x.grad = None", None, 4.0),
        Clearing("optimizer.zero_grad()", None, 4.0),
        Clearing("optimizer.zero_grad(set_to_none=False)", 0.0, 4.0),
    )


SECOND = "RuntimeError: Trying to backward through the graph a second time"
ATTEMPTS = {
    "the square keeps values for its backward pass": ("x**2", [(None, "AttributeE"), (4.0, SECOND), (8.0, "None")]),
    "a sum keeps none, so nothing is missing": ("x + 1", [(None, "AttributeE"), (2.0, "None"), (2.0, "None")]),
    "a constant has no graph": ("0*x + 5", [(None, "AttributeE"), (0.0, SECOND), (0.0, "None")]),
}


@pytest.mark.parametrize(("expression", "expected"), ATTEMPTS.values(), ids=ATTEMPTS)
def test_what_is_refused_is_told_in_the_words_of_torch(expression: str, expected: list[tuple[float, str]]) -> None:
    found = accumulate(expression, at="2").run.attempts
    assert [
        (one.grad, str(one.error)[: len(error)]) for one, (_, error) in zip(found, expected, strict=True)
    ] == expected


def test_zero_before_the_first_backward_is_an_error_of_python() -> None:
    first = accumulate("x**2", at="2").run.attempts[0]
    assert first.call == "x.grad.zero_() before the first backward()"
    assert first.error == "AttributeError: 'NoneType' object has no attribute 'zero_'"


def test_a_wrong_gradient_is_caught() -> None:
    found = accumulate("(1 - cos(x))/x**2", at="1e-8").first
    assert (found.agrees, found.gradient["x"].verdict, found.gradient["x"].reason) == (
        False,
        "disagree",
        "cancellation",
    )


ERRORS = {
    "no point": (("x**2", None, None, 3), "no value for `x`"),
    "no variable": (("5", None, None, 3), "the expression has no variable to derive by"),
    "a variable without a value": (("x**2", "x=2", "w", 3), "no value for `w`"),
    "a result that is no number": (
        ("x**2", "x=[1,2]", None, 3),
        "the result has shape (2,), a gradient needs a scalar",
    ),
    "no pass": (("x**2", "2", None, 0), "the passes are 0, expected a whole number from 1 to 1,000"),
    "too many passes": (("x**2", "2", None, 1001), "the passes are 1001, expected a whole number from 1 to 1,000"),
}


@pytest.mark.parametrize(("asked", "message"), ERRORS.values(), ids=ERRORS)
def test_what_cannot_be_shown_is_refused(asked: tuple[str, str | None, str | None, int], message: str) -> None:
    expression, at, wrt, passes = asked
    with pytest.raises(GradcalcError) as caught:
        accumulate(expression, at=at, wrt=wrt, passes=passes)
    assert caught.value.message == message
