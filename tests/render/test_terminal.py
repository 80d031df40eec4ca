"""Tables in a terminal: where they do not fit, heads give way before words are broken."""

from __future__ import annotations

import re

import pytest

from gradcalc.render.document import Branch, Document, Facts, Table, Tree, Verbatim
from gradcalc.render.terminal import render

pytestmark = pytest.mark.smoke
WHOLE = Document(
    (
        Facts((("f", "sin(x**2)"), ("value", "0.4121184852417566"))),
        Table(
            ("", "closed form", "true value", "distance", "verdict"),
            (("df/dx", "2*x*cos(x**2)", "-5.466781571308062", "0.6 ulp", "agree"),),
            title="gradient",
            spill=1,
        ),
        Tree(Branch("u = e^0.412118", branches=(Branch("z = 0.412118", "z", (Branch("y = 9", "y"),)),))),
    )
)


@pytest.mark.parametrize("columns", ["0", "1", "7", "20", "33", "50", "x", "-5", "1000"])
def test_nothing_is_cut_however_narrow_it_is(monkeypatch: pytest.MonkeyPatch, columns: str) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    text = re.sub(r"\x1b\[[0-9;]*m", "", render(WHOLE))
    for word in ("sin(x**2)", "0.4121184852417566", "2*x*cos(x**2)", "-5.466781571308062", "e^0.412118", "y = 9"):
        assert word in text


def test_a_row_that_does_not_fit_is_a_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    lines = [line.rstrip() for line in re.sub(r"\x1b\[[0-9;]*m", "", render(WHOLE)).splitlines()]
    assert lines[3:10] == [
        "gradient",
        "",
        "df/dx",
        "  closed form = 2*x*cos(x**2)",
        "  true value = -5.466781571308062",
        "  distance = 0.6 ulp",
        "  verdict = agree",
    ]


TABLE = Table(("dtype", "lost digits", "verdict"), (("float16", "1.4", "disagree: cancellation"),))
WIDTHS = [
    (80, ["dtype    lost digits  verdict", "float16  1.4          disagree: cancellation"]),
    (40, ["         lost", "dtype    digits  verdict", "float16  1.4     disagree: cancellation"]),
    (30, ["         lost", "dtype    digits  verdict", "float16  1.4     disagree:", "                 cancellation"]),
]


@pytest.mark.parametrize(("columns", "lines"), WIDTHS)
def test_a_head_wider_than_its_column_is_folded(
    monkeypatch: pytest.MonkeyPatch, columns: int, lines: list[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    text = re.sub(r"\x1b\[[0-9;]*m", "", render(Document((TABLE,))))
    assert [line.rstrip() for line in text.splitlines()] == lines


def test_formulas_go_on_indented_and_code_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    line = "  1. product rule: (x**2*sin(x))' = 2*x*sin(x) + x**2*cos(x)"
    whole, broken = (render(Document((Verbatim(line, formulas=how),))).splitlines() for how in (False, True))
    assert [one.rstrip() for one in broken] == [
        "  1. product rule: (x**2*sin(x))'",
        "       = 2*x*sin(x) + x**2*cos(x)",
    ]
    assert whole == [line]
