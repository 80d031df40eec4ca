"""The house style, as far as a program sees it: short functions and files, few parameters, reasons for exceptions."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LONGEST_FUNCTION = 40  # lines
LONGEST_FILE = 250  # lines
MOST_PARAMETERS = 8
SURFACE = ("api/", "cli/", "jobs/map/asking.py")  # the API's and the commands' own signatures are what users see
IGNORED = re.compile(r"#\s*(type:\s*ignore|noqa)(?!\S*\[?[\w, -]*\]?:?[\w, ]*\s+#\s*\S)")
Functions = ast.FunctionDef | ast.AsyncFunctionDef


def sources() -> Iterator[tuple[str, str]]:
    """Every file of the program, by its name below the package, with its text."""
    package = ROOT / "gradcalc"
    return ((path.relative_to(package).as_posix(), path.read_text("utf-8")) for path in sorted(package.rglob("*.py")))


@cache
def functions(text: str) -> list[Functions]:
    """Every function and method of a file."""
    return [node for node in ast.walk(ast.parse(text)) if isinstance(node, Functions)]


def parameters(function: Functions) -> int:
    """How many parameters a function has, without `self` and the like."""
    names = [one.arg for one in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)]
    return len([name for name in names if name not in ("self", "cls")])


def long_functions(text: str) -> list[str]:
    """The functions of a file that have too many lines, their signatures counted."""
    return [one.name for one in functions(text) if (one.end_lineno or 0) - one.lineno >= LONGEST_FUNCTION]


def wide_functions(text: str) -> list[str]:
    """The functions of a file that have too many parameters."""
    return [one.name for one in functions(text) if parameters(one) > MOST_PARAMETERS]


def without_reason(text: str) -> list[int]:
    """The lines of a file on which a checker is silenced and no reason is given."""
    return [number for number, line in enumerate(text.splitlines(), 1) if IGNORED.search(line)]


def test_functions_are_short() -> None:
    found = {name: long_functions(text) for name, text in sources()}
    assert {name: long for name, long in found.items() if long} == {}


def test_files_are_short() -> None:
    assert {name: text.count("\n") for name, text in sources() if text.count("\n") > LONGEST_FILE} == {}


def test_signatures_are_small() -> None:
    found = {name: wide_functions(text) for name, text in sources() if not name.startswith(SURFACE)}
    assert {name: wide for name, wide in found.items() if wide} == {}


def test_every_exception_to_a_check_has_its_reason() -> None:
    found = {name: without_reason(text) for name, text in sources()}
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_the_top_level_of_the_repository_is_a_short_list() -> None:
    shown = {path.name for path in ROOT.iterdir() if not path.name.startswith(".") and path.suffix != ".egg-info"}
    assert shown - {"build", "dist"} == {"README.md", "examples", "gradcalc", "pyproject.toml", "tests"}


SILENCED = [
    ("x = 1  # noqa: E501", [1]),
    ("x = 1  # noqa: E501  # a row is read down its columns", []),
    ("x = f()  # type: ignore[arg-type]", [1]),
    ("x = f()  # type: ignore[arg-type]  # torch ships no types for it", []),
    ("x = f()  # type: ignore", [1]),
    ("x = 1  # a number", []),
]


@pytest.mark.parametrize(("text", "lines"), SILENCED)
def test_a_silenced_check_without_a_reason_is_seen(text: str, lines: list[int]) -> None:
    assert without_reason(text) == lines


def test_a_long_and_a_wide_function_are_seen() -> None:
    lines = [f"    x{number} = {number}" for number in range(LONGEST_FUNCTION)]
    assert (
        long_functions("\n".join(["def f():", *lines]))
        == long_functions("\n".join(["def f(", "):", *lines[1:]]))
        == ["f"]
    )
    assert long_functions("\n".join(["def f():", *lines[1:]])) == []
    assert wide_functions("class A:\n    def f(self, a, b, c, d, e, f, g, h, *, i): ...\n") == ["f"]
    assert wide_functions("class A:\n    def f(self, a, b, c, d, e, f, g, h): ...\n") == []
