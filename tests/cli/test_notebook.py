"""`%gradcalc` and `%%gradcalc`: what they return and show, what they read of the notebook, how an error looks.

`python tests/cli/test_notebook.py` writes into the notebook of `examples` what its cells show now.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import required

NOTEBOOK = Path(__file__).resolve().parents[2] / "examples" / "notebook.ipynb"
PLAIN = "text/plain"  # the form of an output that is compared: the others have tests of their own


def needed(name: str) -> None:
    """Skips a test where a library of the extra `test` is missing, as no test that is skipped can fail."""
    required(name if importlib.util.find_spec(name) else None, f"{name} is not installed")


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """IPython in this process, with the extension loaded and a variable of the user's."""
    needed("IPython")
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IPYTHONDIR", str(tmp_path_factory.mktemp("ipython")))
        patch.setitem(sys.modules, "__main__", sys.modules["__main__"])  # which IPython takes the place of
        patch.setattr(sys, "excepthook", sys.excepthook)
        found = InteractiveShell(config=Config(HistoryManager={"enabled": False}))
        found.run_cell("%load_ext gradcalc\nstart, wanted, x = 2, 'x**2', 17")
        yield found
        InteractiveShell.clear_instance()


def run(shell: Any, cell: str) -> Any:
    """What a cell comes to."""
    return shell.run_cell(cell).result


FOUND: list[tuple[str, str]] = [
    ("%gradcalc diff x**2", "2*x"),
    ("%gradcalc diff x**2 + 3 x --wrt x", "2*x + 3"),
    ("%gradcalc x**2", "2*x"),
    ('%gradcalc diff "x**2"', "2*x"),
    ("%gradcalc -x**2", "-2*x"),
    ("%gradcalc diff {wanted}", "2*x"),
    ("%gradcalc diff $wanted", "2*x"),
    ("%gradcalc diff x**3 --order {start}", "6*x"),
    ("%gradcalc diff x**{start}", "start*x**(start - 1)"),  # LaTeX's braces, and a variable of the expression
    (r"%gradcalc diff \frac{x}{4}", "1/4"),  # and this x is the expression's own
    ("%%gradcalc\nx**2", "2*x"),
    ("%%gradcalc diff --order 2\ny = x**3\n2*y", "12*x"),
    ("%%gradcalc diff\n-x -x**2", "-2*x - 1"),
    ("%gradcalc a = t**2\n%gradcalc diff 2*a", "4*t"),
    ("%%gradcalc\na = x**3\na", "3*x**2"),  # a cell that defines a name means its own
]


@pytest.mark.parametrize(("cell", "formula"), FOUND)
def test_a_magic_returns_the_result(shell: Any, cell: str, formula: str) -> None:
    rows = run(shell, cell).gradient
    assert next(iter(rows.values())).formula == formula


def test_a_line_may_give_its_result_to_a_variable(shell: Any) -> None:
    line = "found = %gradcalc diff x*sum(w) --at x={start + 1} --at w={[start, 4]}"
    assert run(shell, f"{line}\nfound.scalar('x').symbolic") == 6.0


PRINTED: list[tuple[str, str]] = [
    ("%gradcalc diff x**2 --at 3 -q", "6.0\n"),
    ("%gradcalc diff x**2 --latex", "\\frac{d f}{d x} = 2 x\n"),
    ("%%gradcalc map x**2 --points - -q\nx\n3\n", "x,f,df/dx\n3,9,6\n"),
    ("%gradcalc b = 3", ""),
]


@pytest.mark.parametrize(("cell", "text"), PRINTED)
def test_text_that_is_asked_for_is_printed(
    shell: Any, cell: str, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(shell, cell) is None
    assert capsys.readouterr().out == text


def test_a_command_without_an_expression_reads_the_cell(shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(shell, '%%gradcalc batch --jobs 1\n"x**2"\n') is None
    assert '"formula": "2*x"' in capsys.readouterr().out


WRONG: list[tuple[str, str]] = [
    (
        "%gradcalc diff 2*sni(x)",
        "error: unknown function `sni`\n\n  2*sni(x)\n    ^^^\n\nhint: did you mean `sin`?\n",
    ),
    ("%gradcalc diff x --no", "error: unknown option `--no`"),
    ("%gradcalc diff", "error: EXPR is missing"),
    ("%gradcalc diff x --at {nowhere}", "error: `nowhere` is not a number"),
    ("%gradcalc repl", "error: this is a session already"),
    ("%gradcalc diff gamma(gamma(x)) --at 3.5 --order 12 --timeout 0.2", "error: no result within 0.2 s"),
]


@pytest.mark.parametrize(("cell", "message"), WRONG)
def test_an_error_is_its_message_alone(shell: Any, cell: str, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    done = shell.run_cell(cell)
    shown = capsys.readouterr().out
    assert not done.success  # so that what stands below does not run
    assert shown.startswith(message)
    assert "Traceback" not in shown


def test_an_error_can_be_caught(shell: Any) -> None:
    cell = (
        "import gradcalc\ntry:\n    %gradcalc sin(\nexcept gradcalc.ExpressionSyntaxError as error:\n    p = error.span"
    )
    assert shell.run_cell(f"{cell}\np.start").result == 3


def test_what_a_terminal_shows_is_the_page(shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    run(shell, "%gradcalc diff x**2")
    assert capsys.readouterr().out.rstrip().endswith("f = x**2\n\ndf/dx = 2*x")


def executed() -> Any:
    """The notebook of the examples, as its cells come out now: the plain form of each output."""
    import nbclient
    import nbformat

    book = nbformat.read(NOTEBOOK, 4)
    nbclient.NotebookClient(book, timeout=120, kernel_name="python3").execute()
    for cell in book.cells:
        cell.metadata.pop("execution", None)
        for one in cell.get("outputs", ()):
            if "data" in one:
                one["data"] = {PLAIN: one["data"][PLAIN]}
    return book


def outputs(book: Any) -> list[str]:
    """What stands below the cells of a notebook."""
    found = [one for cell in book.cells for one in cell.get("outputs", ())]
    return ["\n".join(one.get("traceback", ())) or one.get("text") or one["data"][PLAIN] for one in found]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of what nbclient stands on
def test_a_notebook_shows_what_it_says() -> None:
    needed("nbclient")
    needed("ipykernel")
    import nbformat

    assert outputs(executed()) == outputs(nbformat.read(NOTEBOOK, 4))


if __name__ == "__main__":
    import nbformat

    nbformat.write(executed(), NOTEBOOK)
