"""What proofs, pictures and tables rest on is tried first: a wrong rule leads to an error, to nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from gradcalc.answers.critical.search import critical_points
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
