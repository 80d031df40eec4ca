"""Imports point downwards, addresses in text counted; no files import each other in a circle."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "gradcalc"
FLOORS = (  # the rooms, each above all that it imports
    "base", "syntax", "functions", "arrays", "files", "problem", "calculus", "engines", "tracing", "codegen", "inputs",
    "answers", "lessons", "api", "jobs", "render", "cli", "__init__", "__main__",
)  # fmt: skip
DOORS = {"engines/ask.py", "render/formats.py", "__init__.py"}  # what may hold addresses
ADDRESS = re.compile(r"gradcalc(\.\w+)+(?=:|$)")


def file_of(module: str, root: Path) -> Path | None:
    """The file of a module or a package of gradcalc."""
    path = root.joinpath(*module.split(".")[1:])
    return next((one for one in (path.with_suffix(".py"), path / "__init__.py") if one.is_file()), None)


@cache
def nodes(path: Path) -> list[ast.AST]:
    """The syntax of a file."""
    kinds = ast.Import | ast.ImportFrom | ast.Constant
    return [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, kinds)]


def imports(path: Path) -> Iterator[str]:
    """The names that a file imports of gradcalc, whole; of `from gradcalc import __version__`, nothing."""
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module != "gradcalc":
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"gradcalc.{alias.name}" for alias in node.names if not alias.name.startswith("__"))


def addresses(path: Path) -> Iterator[str]:
    """The modules that a file names in text."""
    for node in nodes(path):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and (found := ADDRESS.match(node.value)):
            yield found[0]


def used(path: Path, root: Path) -> set[Path]:
    """The files of gradcalc that a file reaches."""
    names = [name for name in (*imports(path), *addresses(path)) if name.startswith("gradcalc.")]
    found = {file_of(name, root) or file_of(name.rpartition(".")[0], root) for name in names}
    return {one for one in found if one is not None} - {path}


def room(path: Path, root: Path) -> str:
    """The folder below the package, or the file."""
    first = path.relative_to(root).parts[0]
    return first.removesuffix(".py")


def graph(root: Path) -> dict[Path, set[Path]]:
    """What each file reaches."""
    return {path: used(path, root) for path in sorted(root.rglob("*.py"))}


def upward(root: Path) -> list[str]:
    """The steps from a room to one above it."""
    return [
        f"{path.relative_to(root)} -> {other.relative_to(root)}"
        for path, others in graph(root).items()
        for other in sorted(others)
        if FLOORS.index(room(other, root)) > FLOORS.index(room(path, root))
    ]


def circle(files: dict[Path, set[Path]]) -> list[str]:
    """The names of files that import each other in a circle; none where there is no circle."""
    try:
        TopologicalSorter(files).prepare()
    except CycleError as error:
        return [path.name for path in error.args[1]]
    return []


def test_every_room_is_known() -> None:
    assert {room(path, ROOT) for path in ROOT.rglob("*.py")} == set(FLOORS)


def test_the_top_level_holds_rooms_alone() -> None:
    assert {path.name for path in ROOT.glob("*.py")} == {"__init__.py", "__main__.py"}


def test_imports_point_downwards() -> None:
    assert upward(ROOT) == []


def test_no_files_import_each_other_in_a_circle() -> None:
    assert circle(graph(ROOT)) == []


def test_only_the_doors_hold_addresses() -> None:
    holding = {path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*.py") if set(addresses(path))}
    assert holding == DOORS


WRONG = [
    ("import gradcalc.api\n", ["syntax/wrong.py -> api.py"]),
    ("from gradcalc import api\n", ["syntax/wrong.py -> api.py"]),
    ("from gradcalc.engines import ask\n", ["syntax/wrong.py -> engines/ask.py"]),
    ("def late():\n    from gradcalc.engines.ask import value\n", ["syntax/wrong.py -> engines/ask.py"]),
    ('ASK = "gradcalc.engines.ask:value"\n', ["syntax/wrong.py -> engines/ask.py"]),
    ("from gradcalc import __version__\n", []),
    ("from gradcalc.base.span import Span\n", []),
]


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A small package with the same rooms."""
    for name in ("__init__.py", "api.py", "base/span.py", "engines/ask.py", "syntax/tree.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path


@pytest.mark.parametrize(("text", "steps"), WRONG)
def test_a_step_upwards_is_seen(house: Path, text: str, steps: list[str]) -> None:
    (house / "syntax" / "wrong.py").write_text(text)
    assert upward(house) == steps


def test_a_circle_is_seen(house: Path) -> None:
    (house / "syntax" / "one.py").write_text("from gradcalc.syntax import two\n")
    (house / "syntax" / "two.py").write_text("from gradcalc.syntax.three import name\n")
    (house / "syntax" / "three.py").write_text('ONE = "gradcalc.syntax.one:name"\n')
    (house / "syntax" / "user.py").write_text("from gradcalc.syntax import one\n")
    assert set(circle(graph(house))) == {"one.py", "two.py", "three.py"}
