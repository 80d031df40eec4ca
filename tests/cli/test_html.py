"""`--html FILE`: a page to share beside the answer, for every command, and never over what is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.page_reader import Page
from tests.running import Run

CODE = "import torch\n\ndef loss(x):\n    return torch.exp(x * 300).log().sum()  # <script>&amp;\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A working folder with code, data and a file that is there."""
    monkeypatch.chdir(tmp_path)
    Path("a<b>.py").write_text(CODE, encoding="utf-8")
    Path("in.csv").write_text("<i>iq,placed\n1,0\n2,1\n3,1\n", encoding="utf-8")
    Path("old.html").write_text("kept", encoding="utf-8")


COMMANDS = [  # with the title, how many formulas are set at least, and the figures
    (["diff", "sin(x**2)"], "Gradient: sin(x**2)", 1, 0),
    (["diff", "sin(x**2)", "--at=3"], "Gradient: sin(x**2)", 2, 0),
    (["diff", "(x**2).mean()", "--at=x=[1,2]", "--wrt=x"], "Gradient: (x**2).mean()", 4, 0),
    (["diff", "norm(A @ x)**2", "--shape=A=m,n", "--shape=x=n"], "Gradient: norm(A @ x)**2", 5, 0),
    (["diff", "x**4", "--order=2", "--at=x=0:1:0.5"], "Gradient at several points: x**4", 0, 0),
    (["diff", "x**2 + y**2 = 25", "--at=x=3,y=4", "--tangent"], "Gradient: x**2 + y**2 = 25", 5, 0),
    (["diff", "abs(x)/x", "--range=x=-1:1", "--samples=9"], "Gradient over a range: abs(x)/x", 0, 2),
    (["diff", "x", "--at=1", "--dtype=float16,float32"], "Gradient in several number formats: x", 0, 0),
    (["jacobian", "[x*y, x]", "--at=x=1,y=2"], "Jacobian matrix: [x*y, x]", 1, 0),
    (["hessian", "x**2*y", "--at=x=1,y=2"], "Hessian matrix: x**2*y", 1, 0),
    (["check", "x**2", "--gradient=x"], "Gradient worked out by hand: x**2", 4, 0),
    (["graph", "x**2", "--at=3"], "Computational graph: x**2", 3, 1),
    (["graph", "x**2", "--at=3", "--output=g.svg"], "Computational graph: x**2", 3, 1),
    (["nn", "--iq=1", "--placed=1", "--epochs=3"], "One neuron", 10, 1),
    (["nn", "--data=in.csv", "--label=placed", "--epochs=2", "--json"], "One neuron", 5, 1),
    (["steps", "sin(x**2)", "--json"], "Derivation: sin(x**2)", 4, 0),
    (["plot", "tan(x)", "--range=x=-3:3"], "Plot: tan(x)", 1, 2),
    (["accumulate", "x**2", "--at=2"], "Accumulated gradients: x**2", 0, 0),
    (["nograd", "x**2", "--at=2"], "Gradient tracking: x**2", 0, 0),
    (["lessons", "1"], "Gradient: x**2", 2, 0),
    (["code", "x**2"], "Program: x**2", 0, 0),
    (["audit", "a<b>.py:loss", "--at=x=[1, 3]"], "Audit: a<b>.py:loss", 0, 1),
    (["audit", "a<b>.py:loss", "--at=x=[3.0]", "--dtype=float32,float64"],
     "Audit in several number formats: a<b>.py:loss", 0, 1),
    (["graph", "a<b>.py:loss", "--at=x=[3.0]"], "Computational graph: a<b>.py:loss", 0, 2),
]  # fmt: skip


@pytest.mark.parametrize(("command", "title", "formulas", "figures"), COMMANDS)
def test_every_command_writes_a_page(command: list[str], title: str, formulas: int, figures: int, run: Run) -> None:
    assert run(*command, "--html", "page.html").code in (0, 1)
    found = Page(Path("page.html").read_text("utf-8"))
    assert found.text("title") == [title]
    assert len(found.all("math")) >= formulas
    assert len(found.all("figure")) == figures
    assert found.asked_for() == []
    assert found.faults() == []
    assert len(found.all("script")) == 1


SAME = [["diff", "sqrt(x**2)", "--at=0"], ["check", "x**2", "--gradient=x", "--json"], ["lessons", "1"]]


@pytest.mark.parametrize("command", SAME)
def test_the_answer_and_the_exit_code_stay_the_same(command: list[str], run: Run) -> None:
    assert run(*command) == run(*command, "--html", "page.html")


REFUSED = [
    (["diff", "x", "--html=old.html"], "`old.html` exists"),
    (["diff", "x", "--html=-"], "`-` is no file"),
    (["diff", "x", "--html="], "--html is empty, expected the name of a file"),
    (["diff", "x", "--html=gone/page.html"], "cannot write `gone/page.html`: no such file or directory"),
    (["diff", "x", "--html=a.html", "--output=a.html"], "two results would be written to `a.html`"),
    (["diff", "@in.csv", "--html=in.csv", "--force"], "`in.csv` is what is read"),
    (["nn", "--data=in.csv", "--label=placed", "--html=in.csv", "--force"], "`in.csv` is what is read"),
    (["audit", "a<b>.py:loss", "--at=x=[1.0]", "--html=a<b>.py", "--force"], "`a<b>.py` is what is read"),
    (["audit", "a<b>.py:loss", "--at=x=[1.0]", "--output=./a<b>.py", "--force"], "`a<b>.py` is what is read"),
    (["audit", "a<b>.py:loss", "--weights=in.csv", "--html=in.csv", "--force"], "`in.csv` is what is read"),
    (["graph", "a<b>.py:loss", "--at=x=[1.0]", "--output=a<b>.py", "--force"], "`a<b>.py` is what is read"),
    (["nn", "--iq=1", "--placed=1", "--html=a.json", "--save=a.json"], "two results would be written to `a.json`"),
    (["diff", "x", "--html=a.html", "--reading"], "--reading excludes --html"),
    (["nograd", "x", "--at=1", "--code", "--html=a.html"], "--code stands alone"),
    (["lessons", "--all", "--html=a.html"], "--all stands alone"),
    (["schema", "--html=a.html"], "unknown option `--html`"),
    (["map", "x", "--points=in.csv", "--html=a.html"], "unknown option `--html`"),
]  # fmt: skip


@pytest.mark.parametrize(("command", "message"), REFUSED)
def test_nothing_is_written_over_or_twice(command: list[str], message: str, run: Run) -> None:
    before = {path: path.read_bytes() for path in Path().iterdir()}
    assert run.refused(*command).startswith(f"error: {message}")
    assert {path: path.read_bytes() for path in Path().iterdir()} == before


def test_a_page_is_replaced_where_that_is_asked_for(run: Run) -> None:
    assert run("diff", "x**2", "--html=old.html", "--force", "-q").code == 0
    assert Path("old.html").read_text("utf-8").startswith("<!DOCTYPE html>")


def test_bad_input_writes_no_page(run: Run) -> None:
    assert run("diff", "sinn(x)", "--html=a.html").code == 2
    assert not Path("a.html").exists()
