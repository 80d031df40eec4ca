"""What a question needs is handed down as one thing: no function takes a long row of parameters."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "gradcalc"
MOST = 8
SPELLED_OUT = ("api/*.py", "cli/*.py", "jobs/map/asking.py")  # what users call has its options in its signature


def crowded(source: str) -> Iterator[str]:
    """The functions of a source with more parameters than a reader keeps in mind."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            every = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            if len(every) > MOST:
                yield node.name


def test_no_signature_is_crowded() -> None:
    files = [file for file in PACKAGE.rglob("*.py") if not any(file.match(name) for name in SPELLED_OUT)]
    found = {f"{file.relative_to(PACKAGE)}: {name}" for file in files for name in crowded(file.read_text())}
    assert found == set()


def test_a_crowded_signature_is_found() -> None:
    assert list(crowded("def long(a, b, c, d, /, e, f, *, g, h, i): ...\ndef short(a, *b, **c): ...")) == ["long"]
