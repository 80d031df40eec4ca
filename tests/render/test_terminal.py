"""Tables in a terminal: where they do not fit, heads give way before words are broken."""

from __future__ import annotations

import re

import pytest

from gradcalc.render.document import Document, Table
from gradcalc.render.terminal import render

pytestmark = pytest.mark.smoke

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
