"""A closed form in array terms is tried for small arrays; what does not fit these is tried at its own size."""

from __future__ import annotations

import pytest

import gradcalc
from gradcalc.answers.gradient import arrays
from gradcalc.answers.trials.arrays import Formula, holds
from gradcalc.base.limits import Limits
from gradcalc.calculus.matrix.closed import closed_form
from gradcalc.inputs.pose import pose
from gradcalc.problem.problem import Problem
from gradcalc.problem.resolve import read
from gradcalc.syntax.tree import Call, Node

LIMITS = Limits()
TRIED = [  # expression, shapes, the form by the first variable, whether it holds
    ("x @ x", {"x": ("n",)}, "2*x", True),
    ("x @ x", {"x": ("n",)}, "x", False),
    ("x @ x", {"x": ("n",)}, "2*sum(x)", False),  # no vector
    ("mean(x)", {"x": ("n",)}, "ones(n)/n", True),
    ("mean(x)", {"x": ("n",)}, "ones(n)/3", False),  # right for the first size alone
    ("sum(relu(x))", {"x": ("n",)}, "where(x > 0, 1, 0)", True),
    ("sum(relu(x))", {"x": ("n",)}, "ones(n)", False),  # wrong on one side
    ("sum(min(x, y))", {"x": ("n",), "y": ("n",)}, "where(x <= y, 1, 0)", True),
    ("sum(min(x, y))", {"x": ("n",), "y": ("n",)}, "where(x <= y, 1, 2)", False),
    ("x @ A @ x", {"x": ("n",), "A": ("n", "n")}, "(A + A.T) @ x", True),
    ("x @ A @ x", {"x": ("n",), "A": ("n", "n")}, "2*A @ x", False),
    ("det(x @ B)", {"x": ("n", "k"), "B": ("k", "n")}, "det(x @ B)*inv(x @ B).T @ B.T", True),
    ("det(x @ B)", {"x": ("n", "k"), "B": ("k", "n")}, "det(x @ B)*inv(x @ B) @ B.T", False),
    ("sum(log(x - 100))", {"x": ("n",)}, "1/(x - 100)", True),  # far from ordinary numbers
    ("sum(log(x - 100))", {"x": ("n",)}, "1/x", False),
    ("sum(sqrt(-1 - x**2))", {"x": ("n",)}, "7*x", None),
    ("x[3]**2", {"x": (3,)}, "[0, 0, 2*x[3]]", True),
]  # fmt: skip


def posed(expression: str, shapes: dict[str, tuple[str | int, ...]], symmetric: str | None = None) -> Problem:
    return pose(expression, LIMITS, shape=shapes, symmetric=symmetric)


@pytest.mark.parametrize(("expression", "shapes", "form", "holding"), TRIED)
def test_a_form_is_tried(
    expression: str, shapes: dict[str, tuple[str | int, ...]], form: str, holding: bool | None
) -> None:
    node = read(form, LIMITS, ["n"]).root
    assert holds(Formula(node, ("x",), lambda _: node), posed(expression, shapes), LIMITS) is holding


def test_the_two_triangles_of_a_symmetric_matrix_move_together() -> None:
    problem = posed("x @ S @ x", {"x": ("n",), "S": ("n", "n")}, "S")
    both, one = (read(text, LIMITS).root for text in ("2*outer(x, x) - eye(n)*outer(x, x)", "outer(x, x)"))
    assert holds(Formula(both, ("S",), lambda _: both), problem, LIMITS) is True
    assert holds(Formula(one, ("S",), lambda _: one), problem, LIMITS) is False


LARGE = [("x @ x", {"x": (1000,)}), ("x[900]**2", {"x": (1000,)}), ("mean(x**2)", {"x": (70,)})]


@pytest.mark.parametrize(("expression", "shapes"), LARGE)
def test_a_large_array_is_made_small_unless_an_index_needs_its_size(
    expression: str, shapes: dict[str, tuple[str | int, ...]]
) -> None:
    problem = posed(expression, shapes)

    def form(sized: Problem) -> Node:
        found = closed_form(sized.root, "x", sized.shapes)
        assert found is not None
        return found

    assert holds(Formula(form(problem), ("x",), form), problem, LIMITS) is True
    wrong = Formula(Call("neg", (form(problem),)), ("x",), lambda sized: Call("neg", (form(sized),)))
    assert holds(wrong, problem, LIMITS) is False


@pytest.mark.parametrize("size", ["n", 3, 1000])
def test_diff_shows_no_wrong_form_in_array_terms(size: str | int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrays, "closed_form", lambda *_: read("x", LIMITS).root)
    row = gradcalc.diff("x @ x", shape={"x": (size,)}).gradient["x"]
    assert (row.formula, row.note) == (None, "the closed form in array terms is wrong and is not shown")


def test_a_form_that_cannot_be_tried_says_so() -> None:
    row = gradcalc.diff("sum(sqrt(-1 - x**2))", shape={"x": ("n",)}).gradient["x"]
    assert (row.formula, row.note) == ("-x/sqrt(-(1 + x**2))", "no point was found at which it can be verified")
