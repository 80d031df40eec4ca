"""Imports point one way, and a library is imported by the files named for it alone."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "gradcalc"
LAYERS = {  # a folder or file, and what of gradcalc it may import
    "span": (),
    "spelling": (),
    "errors": ("span", "spelling"),
    "limits": ("errors", "span"),
    "faults": ("errors",),
    "cells": ("errors",),
    "loading": (),
    "floating": (),
    "files": ("errors", "limits"),
    "syntax": ("errors", "limits", "loading", "span", "spelling", "syntax"),
    "functions": ("functions", "limits", "syntax"),
    "arrays": ("arrays", "cells", "errors", "files", "limits", "span", "syntax"),
    "problem": ("arrays", "floating", "syntax"),
    "truth": ("floating", "syntax"),
    "results": ("arrays", "problem", "span", "syntax"),
    "constants": ("errors", "limits", "syntax"),
    "definitions": ("errors", "syntax"),
    "memory": (),
    "resolve": ("constants", "definitions", "errors", "functions", "limits", "memory", "problem", "span", "syntax"),
    "calculus": ("arrays", "calculus", "errors", "functions", "problem", "resolve", "results", "syntax"),
    "streams": (
        "api", "cells", "errors", "faults", "files", "limits", "loading", "point", "pose", "results", "span",
        "streams", "tolerance",
    ),
    "engines": (
        "arrays", "calculus", "engines", "errors", "floating", "functions", "limits", "problem", "results", "syntax",
        "truth",
    ),
    "matrices": (
        "arrays", "calculus", "compare", "derive", "errors", "functions", "gradient", "limits", "loading", "matrices",
        "problem", "results", "syntax", "tolerance", "truth", "written",
    ),
    "direction": (
        "array_gradient", "arrays", "calculus", "compare", "direction", "errors", "functions", "gradient", "limits",
        "loading", "point", "problem", "results", "sampled", "syntax", "tolerance", "written",
    ),
    "lessons": (
        "array_gradient", "arrays", "calculus", "cells", "compare", "derive", "engines", "errors", "files", "floating",
        "functions", "gradient", "lessons", "limits", "loading", "point", "pose", "problem", "resolve", "results",
        "streams", "syntax", "tolerance", "truth", "written",
    ),
    "audit": (
        "api", "audit", "compare", "engines", "errors", "floating", "gradient", "limits", "loading", "point", "pose",
        "problem", "results", "span", "syntax", "tolerance", "truth",
    ),
    "cli": (
        "__init__", "api", "cells", "cli", "errors", "faults", "files", "floating", "lessons", "limits", "loading",
        "problem", "render", "results", "streams",
    ),
    "render": (
        "arrays", "audit", "checking", "errors", "functions", "lessons", "limits", "matrices", "problem", "render",
        "resolve", "results", "span", "streams", "syntax",
    ),
}  # fmt: skip


def imported(path: Path) -> set[str]:
    """The parts of gradcalc that a file imports: `gradcalc.engines.exact.truth` counts as `engines`."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module == "gradcalc":
            names = [f"gradcalc.{alias.name}" for alias in node.names]
        found.update(name.split(".")[1] for name in names if name.startswith("gradcalc."))
    return {"__init__" if name.startswith("__") else name for name in found}


def files(layer: str) -> list[Path]:
    """The files of a layer, which is a folder or a module."""
    folder = ROOT / layer
    return sorted(folder.rglob("*.py")) if folder.is_dir() else [ROOT / f"{layer}.py"]


@pytest.mark.parametrize(("layer", "allowed"), LAYERS.items())
def test_a_layer_imports_only_what_lies_below_it(layer: str, allowed: tuple[str, ...]) -> None:
    assert {path.name: imported(path) - set(allowed) for path in files(layer) if imported(path) - set(allowed)} == {}


def test_an_import_that_points_the_wrong_way_is_seen(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.py"
    wrong.write_text(
        "from gradcalc.engines.exact.truth import value\nimport gradcalc.api\nfrom gradcalc import __version__\n"
    )
    assert imported(wrong) == {"engines", "api", "__init__"}
