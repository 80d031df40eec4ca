"""Every limit is told with what raises it, or with what to do where nothing does."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from gradcalc.base.limits import Limits, variable

ROOT = Path(__file__).parents[2] / "gradcalc"
RAISED = ("SECONDS", "no option raises this limit: ", "--jobs", "may have needed more memory", "gradcalc diff", "set ")
CAUGHT = {  # where it becomes a note of the answer, and where the hints stand in a table
    "answers/matrices/entries.py", "base/faults.py",
}  # fmt: skip


def bare(text: str) -> list[int]:
    """The lines of a program on which a LimitError is made whose hint names no remedy."""
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    made = [node for node in calls if isinstance(node.func, ast.Name) and node.func.id == "LimitError"]
    return [node.lineno for node in made if not any(word in ast.unparse(node) for word in RAISED)]


def test_no_limit_without_a_remedy() -> None:
    found = {path.relative_to(ROOT).as_posix(): bare(path.read_text("utf-8")) for path in ROOT.rglob("*.py")}
    assert {name: lines for name, lines in found.items() if lines}.keys() == CAUGHT


def test_a_limit_without_a_remedy_is_seen() -> None:
    assert bare('raise LimitError("too much")') == [1]
    assert bare('raise LimitError("too much", hint="set X to raise it")') == []


@pytest.mark.parametrize("name", Limits.__dataclass_fields__)
def test_the_gallery_lists_every_variable(name: str) -> None:
    assert f"`{variable(name)}`" in (ROOT.parent / "examples" / "limits.md").read_text("utf-8")
