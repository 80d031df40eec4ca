"""`gradcalc lessons sigmoid`: the derivation, the numbers, the picture."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from gradcalc.base.errors import InternalError
from gradcalc.cli.app import main
from gradcalc.lessons.sigmoid import lesson
from tests.running import Run

COMMAND = "lessons sigmoid"


def test_the_record_has_the_steps_the_formulas_and_the_numbers(run: Run) -> None:
    found = run.record(code=0)
    assert found["derivations"][0]["steps"]["rule"] == "reciprocal"
    assert found["turned_into"][0] == "exp(-z)/(1 + exp(-z))**2"
    assert found["turned_into"][-1] == "p*(1 - p)"
    assert [(one["z"], one["symbolic"]) for one in found["numbers"]][3:5] == [(0.0, 0.25), (1.0, 0.19661193324148185)]
    assert found["verdict"] == "agree"


def test_quiet_prints_the_derivatives(run: Run) -> None:
    assert run.printed("-q").splitlines()[3] == "0.25"


def test_a_number_runs_it_too(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert (main(("lessons", "4", "--latex")), capsys.readouterr().out) == (0, run.printed("--latex"))


def test_the_picture_has_both_curves(run: Run, tmp_path: Path) -> None:
    assert run.printed("-o", str(tmp_path / "sigmoid.svg")) == ""
    drawn = ElementTree.parse(tmp_path / "sigmoid.svg").getroot()
    texts = [one.text for one in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert (drawn.get("viewBox"), {"p", "dp/dz"} <= set(texts)) == ("0 0 960 540", True)


def test_a_wrong_line_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lesson, "TURNS", ("p*(1 + p)",))
    with pytest.raises(InternalError, match="is not the derivative"):
        lesson.sigmoid()
