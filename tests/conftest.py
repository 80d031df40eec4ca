"""Programs from outside that some tests call. Where one is missing the test is skipped, but never under CI=true."""

from __future__ import annotations

import gc
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.running import Run

# What a test starts runs the code as it is installed, compiled, also where the environment asks for none to be kept:
# to compile it anew was a third of what a start costs.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


def pytest_collection_finish() -> None:
    """Leave what stays to the end, libraries and thousands of tests, out of each search for garbage."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


@pytest.fixture
def run(request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs command lines here; where the module of a test has a COMMAND, that stands before their arguments."""
    return Run(capsys, tuple(getattr(request.module, "COMMAND", "").split()))


SCRIPTS = Path(__file__).parent / "render"
NODE = "GRADCALC_NODE"  # the folder whose node_modules hold mermaid, jsdom and katex


def required(found: str | None, missing: str) -> str:
    """What a test needs: without it the test fails under CI=true, and is skipped elsewhere."""
    if found is None and os.environ.get("CI") == "true":
        pytest.fail(missing)
    if found is None:
        pytest.skip(missing)
    return found


@pytest.fixture(scope="session")
def needs() -> Callable[[str], str]:
    """Where a program lies that a test calls."""
    return lambda name: required(shutil.which(name), f"{name} is not installed")


@pytest.fixture(scope="session")
def matplotlib() -> None:
    """What draws pictures; it comes with the tests' extra."""
    required("found" if importlib.util.find_spec("matplotlib") else None, "matplotlib is not installed")


@pytest.fixture(scope="session")
def graphviz(needs: Callable[[str], str]) -> Callable[[str, str], bytes]:
    """Graphviz's `dot`: a program in DOT and a format to what it prints. It must not complain."""
    program = needs("dot")

    def draw(source: str, form: str) -> bytes:
        done = subprocess.run([program, f"-T{form}"], input=source.encode(), capture_output=True, check=False)
        assert (done.returncode, done.stderr.decode()) == (0, "")
        return done.stdout

    return draw


@pytest.fixture(scope="session")
def chromium() -> str:
    """A browser, Chromium or Chrome."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return required(next(filter(None, map(shutil.which, names)), None), "no Chromium is installed")


def in_node(script: Path, package: str) -> Callable[[Sequence[str]], Any]:
    """A script for Node that reads a JSON list of texts and writes what a package makes of each."""
    node = required(shutil.which("node"), "node is not installed")
    folder = os.environ.get(NODE)
    required(
        folder if folder and (Path(folder) / "node_modules" / package).is_dir() else None,
        f"{NODE} names no folder with {package}: npm install --prefix FOLDER mermaid jsdom katex",
    )

    def run(texts: Sequence[str]) -> Any:
        given = json.dumps(list(texts))
        done = subprocess.run([node, script], input=given, capture_output=True, encoding="utf-8", check=False)
        assert (done.returncode, done.stderr) == (0, "")
        return json.loads(done.stdout)

    return run


@pytest.fixture(scope="session")
def mermaid() -> Callable[[Sequence[str]], list[dict[str, Any]]]:
    """Mermaid's own parser: texts to what it reads in each, `vertices`, `edges` and `config`, or its `error`."""
    return in_node(SCRIPTS / "mermaid.mjs", "mermaid")


@pytest.fixture(scope="session")
def katex() -> Callable[[Sequence[str]], list[str | None]]:
    """KaTeX, which sets LaTeX on web pages: formulas to its complaint about each, None where it sets it."""
    return in_node(SCRIPTS / "katex.mjs", "katex")
