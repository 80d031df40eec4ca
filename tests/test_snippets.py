"""The Python of README and examples prints what stands behind each `print`, and names every function."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

from tests.snippets import ROOT, snippets
from tests.test_public import FUNCTIONS

SAID = re.compile(r"^ *print\(.*\)  # (.+)$", re.MULTILINE)
PRINTING = {name: text for name, text in snippets() if SAID.search(text)}


@pytest.mark.parametrize("name", PRINTING)
def test_a_snippet_prints_what_it_says(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "snippet.py").write_text(PRINTING[name])
    runpy.run_path(str(tmp_path / "snippet.py"))
    printed, said = capsys.readouterr().out.splitlines(), SAID.findall(PRINTING[name])
    assert [one.partition(", ")[0] if not one.startswith(("(", "[")) else one for one in said] == printed


@pytest.mark.parametrize(
    ("document", "head"), [("README.md", "| functions | for |"), ("examples/python.md", "| function |")]
)
def test_every_function_has_its_place_in_a_table(document: str, head: str) -> None:
    table = (ROOT / document).read_text("utf-8").partition(head)[2].partition("\n\n")[0]
    named = {name for row in table.splitlines()[2:] for name in re.findall(r"`(\w+)\b", row.split(" | ")[0])}
    assert named == set(FUNCTIONS)
