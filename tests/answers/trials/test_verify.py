"""A closed form that is wrong somewhere is not shown."""

from __future__ import annotations

import pytest

import gradcalc
from gradcalc.answers.trials.verify import UNTRIED, verified
from gradcalc.base.limits import Limits
from gradcalc.engines import ask
from gradcalc.engines.records import ClosedForm
from gradcalc.inputs.pose import pose
from gradcalc.problem.problem import Problem

FORMS = [  # expression, what an engine might say, what is kept of it
    ("x**3", "3*x**2", ClosedForm("3*x**2")),
    ("x**3", "x*3*x", ClosedForm("x*3*x")),
    ("x**3", "3*x", ClosedForm(None, "SymPy's closed form is wrong at x = 2.37 and is not shown")),
    ("abs(x)", "1", ClosedForm(None, "SymPy's closed form is wrong at x = -0.866 and is not shown")),
    ("x**2", "2*sqrt(-x)", ClosedForm(None, "SymPy's closed form is wrong at x = 2.37 and is not shown")),
    ("x*y", "x", ClosedForm(None, "SymPy's closed form is wrong at x = 2.37, y = 1.91 and is not shown")),
    ("5", "1", ClosedForm(None, "SymPy's closed form is wrong at x = 2.37 and is not shown")),
    ("exp(1e9*x)", "x", ClosedForm(None, "SymPy's closed form is wrong at x = 2.37 and is not shown")),
    ("x**2", "ITE(x, 2, 3)", ClosedForm(None, "SymPy's closed form is not one that can be read back")),
    ("sqrt(-1 - x**2)", "7", ClosedForm("7", UNTRIED)),
]


@pytest.mark.parametrize(("expression", "text", "kept"), FORMS)
def test_a_closed_form_is_tried_at_points_of_the_domain(expression: str, text: str, kept: ClosedForm) -> None:
    problem = pose(expression, Limits(), wrt="x")
    assert verified({"x": ClosedForm(text)}, problem, Limits()) == {"x": kept}


def wrong(problem: Problem) -> dict[str, ClosedForm]:
    """An engine that is wrong."""
    return dict.fromkeys(problem.wrt, ClosedForm("42"))


def test_diff_shows_no_wrong_closed_form_without_a_point(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ask, "closed_forms", wrong)
    row = gradcalc.diff("x**3 + 17*x").gradient["x"]
    assert row.formula is None
    assert row.note == "SymPy's closed form is wrong at x = 2.37 and is not shown"
