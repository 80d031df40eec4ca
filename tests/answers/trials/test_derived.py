"""What proofs, pictures and tables rest on is tried first: a wrong rule leads to an error, to nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

import gradcalc
from gradcalc.answers.critical import line
from gradcalc.answers.critical.search import critical_points
from gradcalc.answers.gradient.implicit import slopes
from gradcalc.answers.matrices.records import Critical
from gradcalc.answers.plot.asking import plot
from gradcalc.answers.trials.derived import tried_derivatives, tried_gradient
from gradcalc.base.errors import InternalError
from gradcalc.base.limits import Limits
from gradcalc.functions.printer import to_text
from gradcalc.inputs.pose import pose
from gradcalc.jobs.map.plan import Asked, planned
from gradcalc.jobs.map.run import kernel_of
from gradcalc.syntax.tree import Call
from tests.planted import Plant


def kernel(expression: str, columns: Sequence[str]) -> object:
    """What computes a table."""
    return kernel_of(planned(Asked(expression), columns, "the table"))


RESTING = {  # what rests on a derivative, and the wrong rule
    "the critical points on a line": (lambda: critical_points("sin(x) - x/2", "x=0.2:1.5"), "sin"),
    "the critical points in a box": (lambda: critical_points("sin(x)*y - x/2", ["x=0.2:1.5", "y=-1:1"]), "sin"),
    "what kind they are": (lambda: critical_points("sin(x)*y + y**2", ["x=0.2:1.5", "y=-1:1"]), "cos"),
    "a curve": (lambda: plot("sin(x)", ["x=0:1"]), "sin"),
    "a curve of the second derivative": (lambda: plot("sin(x)", ["x=0:1"], order=2), "cos"),
    "arrows": (lambda: plot("sin(x)*y", ["x=0:1", "y=0:1"]), "sin"),
    "a column of a table": (lambda: kernel("sin(x)*y", ["x", "y"]), "sin"),
}


@pytest.mark.parametrize(("ask", "row"), RESTING.values(), ids=RESTING)
def test_nothing_rests_on_a_wrong_rule(ask: Callable[[], object], row: str, monkeypatch: pytest.MonkeyPatch) -> None:
    Plant(row, 0, "vjp").put(monkeypatch)
    with pytest.raises(InternalError, match="gradcalc has a bug: its rules give"):
        ask()


def test_right_derivatives_are_handed_out() -> None:
    problem = pose("sin(x)*y", Limits())
    assert [*map(to_text, tried_gradient(problem, problem.root, ["x", "y"], twice=True).values())] == [
        "y*cos(x)", "sin(x)",
    ]  # fmt: skip
    assert [type(one) for one in tried_derivatives(problem, problem.root, "x", 3)] == [Call] * 3


SWAPPED = {(-1, 1): Critical.MAXIMUM, (1, -1): Critical.MINIMUM}


@pytest.mark.parametrize("expression", ["x**2", "-x**2", "cos(3*x)"])
def test_what_kind_a_point_is_is_what_the_values_say(expression: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "KINDS", SWAPPED)
    with pytest.raises(InternalError, match="the function's values do not"):
        critical_points(expression, "x=-1:1")


def test_a_slope_of_a_curve_that_torch_is_measured_by_keeps_the_equation(monkeypatch: pytest.MonkeyPatch) -> None:
    right = slopes._quotient
    monkeypatch.setattr(slopes, "_quotient", lambda above, below: right(below, above))
    with pytest.raises(InternalError, match="gradcalc has a bug: its rules give"):
        gradcalc.diff("x**2 + y**2 = 25", at="x=3,y=4")


BRANCHES = [  # one branch has no value where the other is taken
    "where(x > 0, sqrt(x), 0)", "where(x > 0, sqrt(x), x)", "where(x > 0, 0, sqrt(-x))",
    "where(x > 0, 1, sqrt(-x))*x",
]  # fmt: skip


@pytest.mark.parametrize("expression", BRANCHES)
def test_a_branch_that_is_not_taken_refutes_nothing(expression: str) -> None:
    assert kernel(expression, ["x"])
    assert plot(expression, ["x=-1:1"], order=2)
    assert critical_points(expression, "x=-1:1").complete
