"""The comparison is tested to fail: a wrong engine is caught, whichever it is."""

from __future__ import annotations

from fractions import Fraction

import pytest

from gradcalc import diff
from gradcalc.answers.compare import within
from gradcalc.answers.gradient import scalar
from gradcalc.answers.verdicts import Verdict, worst
from gradcalc.base.floating import FORMATS
from gradcalc.base.memory import Memory
from gradcalc.engines import ask
from gradcalc.engines.exact.ball import as_real, from_fraction
from gradcalc.engines.records import ClosedForm, Slope, Smoothness
from gradcalc.problem.tolerance import Tolerance
from tests import wrong


@pytest.fixture(autouse=True)
def _nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Closed forms of wrong engines are forgotten, and those of right ones not known."""
    monkeypatch.setattr(scalar, "FORMS", Memory[dict[str, ClosedForm]](250))


WRONG = [  # the engine, what stands in for it, and the verdict and reason that it brings on
    ("autograd", "slightly_off", "disagree", "precision"),
    ("autograd", "opposite", "disagree", "precision"),
    ("autograd", "silent", "disagree", "precision"),
    ("autograd", "nothing", "disagree", "nan"),
    ("truth", "everywhere_a_kink", "kink", None),
    ("truth", "nowhere_defined", "undefined", None),
]


@pytest.mark.parametrize(("engine", "stand_in", "verdict", "reason"), WRONG)
def test_a_wrong_engine_is_caught(
    monkeypatch: pytest.MonkeyPatch, engine: str, stand_in: str, verdict: str, reason: str | None
) -> None:
    assert diff("sin(x)*x", at=2).verdict == "agree"
    monkeypatch.setattr(ask, engine, getattr(wrong, stand_in))
    row = diff("sin(x)*x", at=2).row("x")
    assert (row.verdict, row.reason) == (verdict, reason)


def test_a_wrong_closed_form_is_not_shown_at_a_point(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ask, "closed_forms", wrong.doubled)
    row = diff("sin(x)*x", at=2).row("x")
    assert (row.formula, row.note) == (None, "SymPy's closed form is wrong at x = 2.37 and is not shown")
    assert row.verdict == "agree"


def test_a_closed_form_that_is_wrong_at_the_point_alone_is_not_shown_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ask, "closed_forms", lambda _: {"x": ClosedForm("where(x == 2, 7, 3*x**2)")})
    row = diff("x**3 + 0", at=2).row("x")
    assert (row.formula, row.note) == (None, "SymPy's closed form contradicts the true value here and is not shown")
    assert row.verdict == "agree"


def test_a_wrong_closed_form_is_not_shown_without_a_point(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ask, "closed_forms", wrong.doubled)
    row = diff("sin(x)*x").row("x")
    assert row.formula is None
    assert row.note is not None
    assert row.note.startswith("SymPy's closed form is wrong at x = ")


def test_a_closed_form_that_cannot_be_read_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ask, "closed_forms", wrong.unreadable)
    row = diff("sin(x)*x").row("x")
    assert (row.formula, row.note) == (None, "SymPy's closed form is not one that can be read back")


def slope(value: str, magnitude: str | None = None) -> Slope:
    """A smooth point with a slope, the sum of terms of a size."""
    sizes = [None if text is None else as_real(from_fraction(Fraction(text))) for text in (value, magnitude)]
    return Slope(Smoothness.SMOOTH, sizes[0], magnitude=sizes[1])


WITHIN = [  # the true derivative, the size of its terms, autograd's, rtol and atol, the dtype, whether they agree
    ("1", None, 1.0, 0.0, 0.0, "float64", True),
    ("1", None, 1.0000000000000002, 0.0, 0.0, "float64", True),
    ("1", None, 1.0000000000000004, 0.0, 0.0, "float64", False),
    ("1", None, 1.0000000000000004, 1e-15, 0.0, "float64", True),
    ("1", None, 1.5, 0.0, 0.5, "float64", True),
    ("1", None, 1.5, 0.0, 0.4999, "float64", False),
    ("1", None, 1.0009765625, 0.0, 0.0, "float16", True),
    ("1", None, 1.001953125, 0.0, 0.0, "float16", False),
    ("0", None, 5e-324, 0.0, 0.0, "float64", True),
    ("0", None, 1e-17, 1e-9, 0.0, "float64", False),
    ("0", "1", 1e-17, 1e-9, 0.0, "float64", True),
    ("0", "1", 1e-8, 1e-9, 0.0, "float64", False),
    ("0", "1e6", 1e-8, 1e-9, 0.0, "float64", True),
    ("1e-400", None, 0.0, 0.0, 0.0, "float64", True),
    ("1e-400", None, 5e-324, 0.0, 0.0, "float64", True),
    ("1e-400", None, 1e-323, 0.0, 0.0, "float64", False),
    ("1e-20000", None, 0.0, 0.0, 0.0, "float64", True),
    ("1e-20000", None, 1e-300, 1.0, 0.0, "float64", False),
    ("1e400", None, float("inf"), 1.0, 0.0, "float64", False),
    ("1", None, float("inf"), 1.0, 0.0, "float64", False),
    ("1", None, float("nan"), 1.0, 0.0, "float64", False),
    ("-1", None, 1.0, 1.0, 0.0, "float64", False),
]


@pytest.mark.parametrize(("true", "size", "autograd", "rtol", "atol", "dtype", "agrees"), WITHIN)
def test_what_is_close_enough(
    true: str, size: str | None, autograd: float, rtol: float, atol: float, dtype: str, agrees: bool
) -> None:
    assert within(slope(true, size), autograd, Tolerance(rtol, atol), FORMATS[dtype]) is agrees


DISTANCES = [  # error and units in the last place
    ("x**2", "3", 0.0, 0.0),
    ("tanh(x)", "20", 1.6993417021166355e-17, 5.51e15),
    ("exp(x)", "1000", 0.0, None),
    ("1/(1 + exp(-x))", "-800", float("nan"), None),
    ("sqrt(x*x)", "1e-200", float("inf"), None),
    ("abs(x)", "0", None, None),
    ("cbrt(x)", "0", None, None),
]


@pytest.mark.parametrize(("text", "at", "error", "ulps"), DISTANCES)
def test_how_far_autograd_is_off(text: str, at: str, error: float | None, ulps: float | None) -> None:
    row = diff(text, at=at).row("x")
    assert row.error == pytest.approx(error, nan_ok=True)
    assert row.ulps == ulps


def test_the_worst_of_no_verdicts_is_agreement() -> None:
    assert worst([]) is Verdict.AGREE


def test_the_verdicts_are_ordered_from_best_to_worst() -> None:
    assert [str(one) for one in Verdict] == ["agree", "undecided", "kink", "undefined", "infinite", "disagree"]
    assert worst([Verdict.KINK, Verdict.DISAGREE, Verdict.AGREE]) is Verdict.DISAGREE
    assert worst([Verdict.UNDECIDED, Verdict.UNDEFINED, Verdict.KINK]) is Verdict.UNDEFINED
