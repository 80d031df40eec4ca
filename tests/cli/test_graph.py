"""`gradcalc graph` as a user and as a script meets it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from gradcalc.render.graph import picture
from tests.running import Run

pytestmark = pytest.mark.smoke

COMMAND = "graph"
CHAIN = ("y = x^2; z = sin(y); u = e^z", "--at", "3")
MAGIC = {"svg": b"<?xml", "png": b"\x89PNG", "pdf": b"%PDF"}


FORMS = {
    "a tree": ((), "program = y = x^2; z = sin(y); u = e^z\nx = 3.0\n"),
    "a tree by name": (("--format", "tree"), "program = y = x^2; z = sin(y); u = e^z\nx = 3.0\n"),
    "the language of Graphviz": (("--format", "dot"), "digraph gradcalc {\n"),
    "the language of Mermaid": (("--format", "mermaid"), "---\ntitle: "),
    "json": (("--json",), '{"schema": 1, "expression": "y = x^2; z = sin(y); u = e^z", '),
    "the gradient alone": (("--quiet",), "-8.25491309968052\n"),
}


@pytest.mark.parametrize(("options", "beginning"), FORMS.values(), ids=FORMS)
def test_a_graph_has_several_forms(run: Run, options: tuple[str, ...], beginning: str) -> None:
    code, out, err = run(*CHAIN, *options)
    assert (code, out[: len(beginning)], err) == (0, beginning, "")


FILES = {
    "graph.dot": "digraph gradcalc {",
    "graph.gv": "digraph gradcalc {",
    "graph.mmd": "---",
    "graph.MERMAID": "---",
    "graph.txt": "program = y = x^2; z = sin(y); u = e^z",
}


@pytest.mark.parametrize(("name", "first"), FILES.items())
def test_the_name_of_the_file_says_which_form_it_has(run: Run, tmp_path: Path, name: str, first: str) -> None:
    assert run(*CHAIN, "--output", str(tmp_path / name)) == (0, "", "")
    assert (tmp_path / name).read_text().splitlines()[0] == first


@pytest.mark.parametrize("suffix", MAGIC)
def test_a_picture_is_drawn_by_graphviz(
    graphviz: Callable[[str, str], bytes], run: Run, tmp_path: Path, suffix: str
) -> None:
    path = tmp_path / f"graph.{suffix}"
    assert run(*CHAIN, "-o", str(path)) == (0, "", "")
    assert path.read_bytes().startswith(MAGIC[suffix])


def test_a_picture_shows_every_number_and_formula(
    graphviz: Callable[[str, str], bytes], run: Run, tmp_path: Path
) -> None:
    path = tmp_path / "graph.svg"
    run(*CHAIN, "-o", str(path))
    text = path.read_text(encoding="utf-8")
    assert [word for word in ("data 9", "PowBackward0", "= cos(9)", "z'(y) = cos(y)", "2·3") if word in text] == [
        "data 9", "PowBackward0", "= cos(9)", "z'(y) = cos(y)", "2·3",
    ]  # fmt: skip


def test_an_existing_picture_is_kept_without_force(
    graphviz: Callable[[str, str], bytes], run: Run, tmp_path: Path
) -> None:
    path = tmp_path / "graph.svg"
    path.write_text("mine")
    assert run(*CHAIN, "-o", str(path)) == (
        2, "", f"error: `{path}` exists\n\nhint: replace it with --force\n",
    )  # fmt: skip
    assert path.read_text() == "mine"


def test_without_graphviz_an_error_names_the_package(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture, "PROGRAM", "a-program-that-nobody-has")
    assert run(*CHAIN, "-o", "graph.svg") == (
        2,
        "",
        "error: pictures are drawn by Graphviz's program `dot`, which is not here\n\n"
        "hint: install the package `graphviz` (apt-get install graphviz, brew install graphviz), or write a .dot file"
        "\n",
    )


def test_what_graphviz_refuses_is_told(graphviz: Callable[[str, str], bytes]) -> None:
    with pytest.raises(picture.GradcalcError, match=r"Graphviz draws no picture: Error: .* syntax error"):
        picture.draw("digraph {", ".svg")


CONTRADICTIONS = {
    "--json and a picture": (("--json", "-o", "g.png"), "`g.png` would be a picture, and --json writes text"),
    "a picture of another kind": (("-o", "g.jpg"), "no .jpg picture can be drawn"),
    "bare numbers and a picture": (("-q", "-o", "g.pdf"), "`g.pdf` would be a picture, and --quiet writes text"),
    "Mermaid and a picture": (
        ("--format", "mermaid", "-o", "g.svg"),
        "`g.svg` would be a picture, and --format mermaid writes text",
    ),
    "a format and --json": (("--format", "dot", "--json"), "--format and --json exclude each other"),
    "an unknown format": (
        ("--format", "svg"),
        "unknown --format `svg`",
    ),
    "--json and --quiet": (("--json", "-q"), "--json and --quiet exclude each other"),
}  # fmt: skip


@pytest.mark.parametrize(("options", "message"), CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_options_that_contradict_each_other_are_refused(run: Run, options: tuple[str, ...], message: str) -> None:
    code, _, err = run(*CHAIN, *options)
    assert (code, err.split("\n")[0]) == (2, f"error: {message}")


def test_missing_values_are_listed(run: Run) -> None:
    assert run("x*y + z", "--at", "y=1") == (
        2, "", "error: no value for `x` and `z`\n\nhint: add --at x=…,z=…\n",
    )  # fmt: skip


def test_an_error_with_json_is_a_record_too(run: Run) -> None:
    code, out, _ = run("x**2", "--json")
    assert (code, json.loads(out)["error"]["kind"]) == (2, "point")


def test_retain_grad_is_passed_on(run: Run) -> None:
    nodes = run.record(*CHAIN, "--retain-grad")["nodes"]
    assert [one["grad"] == one["gradient"] for one in nodes] == [True] * 4


def test_a_process_of_its_own_starts_without_sympy_and_says_nothing_else() -> None:
    code = (
        "import sys; from gradcalc.cli.app import main; code = main(['graph', 'x**2', '--at', '3', '-q']); "
        "print(code, 'sympy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=False)
    assert (done.stdout, done.stderr) == ("6.0\n0 False\n", "")
