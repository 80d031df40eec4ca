"""The three ways of disabling tracking, and what people meet next: everything is run in torch."""

from __future__ import annotations

import pytest

from gradcalc.lessons.tracking.lesson import disable
from gradcalc.lessons.tracking.records import Backward, Result, Way

UNTRACKED = "RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn"
SAID = Backward(UNTRACKED, {"x": None})
SQUARE = {
    "requires_grad_(False)": Way(
        name="requires_grad_(False)",
        code=("x.requires_grad_(False)", "y = f(x)"),
        requires_grad={"x": False},
        new_tensor=False,
        shares_memory=True,
        changes_variable=True,
        result=Result(4.0, False, None),
        later=False,
        backward=SAID,
    ),
    "detach()": Way(
        name="detach()",
        code=("y = f(x.detach())",),
        requires_grad={"x": True},
        new_tensor=True,
        shares_memory=True,
        changes_variable=False,
        result=Result(4.0, False, None),
        later=True,
        backward=SAID,
    ),
    "torch.no_grad()": Way(
        name="torch.no_grad()",
        code=("with torch.no_grad():", "    y = f(x)"),
        requires_grad={"x": True},
        new_tensor=False,
        shares_memory=True,
        changes_variable=False,
        result=Result(4.0, False, None),
        later=True,
        backward=SAID,
    ),
}


@pytest.mark.parametrize(("index", "name"), list(enumerate(SQUARE)))
def test_a_way_of_disabling_is_seen_in_every_fact(index: int, name: str) -> None:
    assert disable("x**2", at="2").run.ways[index] == SQUARE[name]


def test_as_usual_the_result_is_tracked() -> None:
    found = disable("x**2", at="2")
    assert found.run.tracked == Result(4.0, True, "PowBackward0")
    assert found.run.backward == Backward(None, {"x": 4.0})
    assert found.tracked.agrees


FROZEN = [
    ("requires_grad_(False)", {"x": False, "w": True}, True, Backward(None, {"x": None, "w": 2.0})),
    ("detach()", {"x": True, "w": True}, True, Backward(None, {"x": None, "w": 2.0})),
    ("torch.no_grad()", {"x": True, "w": True}, False, Backward(UNTRACKED, {"x": None, "w": None})),
]


def test_a_variable_that_is_left_out_stays_tracked() -> None:
    ways = disable("x*w", at="x=2,w=3", wrt="x").run.ways
    assert [(way.name, way.requires_grad, way.result.requires_grad, way.backward) for way in ways] == FROZEN


def test_several_variables_are_all_disabled() -> None:
    ways = disable("x*w", at="x=2,w=3").run.ways
    assert [way.requires_grad for way in ways] == [
        {"x": False, "w": False}, {"x": True, "w": True}, {"x": True, "w": True},
    ]  # fmt: skip
    assert [way.code[-1] for way in ways] == ["y = f(x, w)", "y = f(x.detach(), w.detach())", "    y = f(x, w)"]


INFERENCE, LEAF = "torch.inference_mode(): stricter than no_grad", "requires_grad_(False) on a result"
IN_PLACE, PARAMETER = "a change in place reaches x through detach()", "a parameter made inside no_grad"
NOT_SAVED = "RuntimeError: Inference tensors cannot be saved for backward."
NO_LEAF = "RuntimeError: you can only change requires_grad flags of leaf variables."
MODIFIED = (
    "RuntimeError: one of the variables needed for gradient computation has been modified by an inplace operation"
)
CASES = {
    "an inference tensor is not tracked": (INFERENCE, "y.requires_grad", "False"),
    "nor may it meet what is": (INFERENCE, "x * y", NOT_SAVED),
    "a result is no leaf": (LEAF, "y.is_leaf", "False"),
    "so its flag cannot be changed": (LEAF, "y.requires_grad_(False)", NO_LEAF),
    "detach shares memory": (IN_PLACE, "x", "3.0"),
    "and the change is noticed": (IN_PLACE, "y.backward()", MODIFIED),
    "a parameter is tracked all the same": (PARAMETER, "w.requires_grad", "True"),
    "and so is what is made of it": (PARAMETER, "(w * w).requires_grad", "True"),
    "the classic": ("cutting one branch", "x.grad", "3.0"),
    "the classic, uncut": ("cutting one branch", "x.grad without detach()", "6.0"),
}


@pytest.mark.parametrize(("title", "code", "seen"), CASES.values(), ids=CASES)
def test_what_people_meet_next(title: str, code: str, seen: str) -> None:
    case = next(case for case in disable("x**2", at="2").run.cases if case.title == title)
    assert str(case.seen[code])[: len(seen)] == seen


OWN = {
    "a product": ("x*sin(x)", "2", "y = x*sin(x).detach()", 0.9092974268256817, 0.0770037537313969),
    "a sum": ("x**2 + 3*x", "2", "y = x**2 + (3*x).detach()", 4.0, 7.0),
    "a square, as a product": ("x*x", "3", "y = x*x.detach()", 3.0, 6.0),
    "a program": ("y = x**2; z = y*sin(y)", "1", "z = y*sin(y).detach()", 1.682941969615793, 2.7635465813520725),
    "a quadratic form": ("x @ A @ x", "x=[1,2],A=[[1,0],[0,3]]", "y = x @ A @ x.detach()", [1.0, 6.0], [2.0, 12.0]),
    "inside a function": ("exp(x + x**2)", "0", "y = exp(x + (x**2).detach())", 1.0, 1.0),
}  # fmt: skip


@pytest.mark.parametrize(("expression", "at", "code", "cut", "whole"), OWN.values(), ids=OWN)
def test_one_branch_of_the_expression_itself_is_cut(
    expression: str, at: str, code: str, cut: float | list[float], whole: float | list[float]
) -> None:
    case = disable(expression, at=at).run.cases[-1]
    assert case.title == "cutting one branch of this expression"
    assert (case.code[0], *case.seen.values()) == (code, cut, whole)


def test_an_array_is_disabled_like_a_number() -> None:
    found = disable("sum(x**2)", at="x=[1,2]").run
    assert found.backward == Backward(None, {"x": [2.0, 4.0]})
    assert [way.result for way in found.ways] == [Result(5.0, False, None)] * 3
    assert [way.shares_memory for way in found.ways] == [True] * 3


@pytest.mark.parametrize("expression", ["x**2", "sin(x)", "3*x", "x", "where(x > 0, x, 2)"])
def test_an_expression_with_one_branch_has_none_to_cut(expression: str) -> None:
    assert disable(expression, at="2").run.cases[-1].title == "cutting one branch"


def test_a_wrong_gradient_is_caught() -> None:
    assert not disable("(1 - cos(x))/x**2", at="1e-8").tracked.agrees
