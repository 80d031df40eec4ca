"""`--reading` prints how an expression is read, alone; `diff` shows it wherever it is not the text itself."""

from __future__ import annotations

import inspect

import pytest

import gradcalc
from gradcalc.cli.app import COMMANDS
from gradcalc.cli.typed import function
from tests.running import Run

READINGS = [
    (("diff", "2x sin x", "--reading"), "2*x*sin(x)\n"),
    (("diff", r"\frac{x^2}{2}", "--reading"), "x**2/2\n"),
    (("diff", "x**2", "--reading"), "x**2\n"),
    (("diff", "y = x^2; sin(y)", "--reading"), "y = x**2; sin(y)\n"),
    (("diff", "A x", "--shape", "A=n,n", "--shape", "x=n", "--reading"), "A @ x\n"),
    (("diff", "A x", "--at", "A=2,x=3", "--reading"), "A*x\n"),
    (("diff", "x^T A x", "--reading"), "x.T @ A @ x\n"),
    (("jacobian", "[x*y, x²]", "--reading"), "[x*y, x**2]\n"),
    (("hessian", "np.exp(x y)", "--reading"), "exp(x*y)\n"),
    (("check", "x^T A x", "--gradient", "2*A @ x", "--shape", "x=n", "--reading"), "x.T @ A @ x\n"),
    (("graph", "sinx", "--wrt", "sinx", "--reading"), "sinx\n"),
    (("critical", "2x y", "--range", "x=0:1,y=0:1", "--reading"), "2*x*y\n"),
    (("diff", "2x", "--reading", "--range", "x=0:1"), "2*x\n"),
]
REQUIRED = {"map": ("--points", "table.csv")}
TAKING = [name for name in COMMANDS if "expression" in inspect.signature(function(name)).parameters]


@pytest.mark.parametrize(("arguments", "printed"), READINGS)
def test_the_reading_is_printed_alone(arguments: tuple[str, ...], printed: str, run: Run) -> None:
    assert run.printed(*arguments) == printed


@pytest.mark.parametrize("command", TAKING)
def test_every_command_with_an_expression_tells_how_it_is_read_as_the_library_does(command: str, run: Run) -> None:
    out = run.printed(command, r"\frac{1}{2} m v^2", "--reading", *REQUIRED.get(command, ()))
    assert out == gradcalc.reading(r"\frac{1}{2} m v^2") + "\n" == "1/2*m*v**2\n"


def test_commands_with_an_expression_are_found() -> None:
    assert {"diff", "check", "graph", "steps", "critical", "accumulate", "nograd"} <= {*TAKING}


REFUSED = [
    (("diff", "x**2", "--reading", "--json"), "--reading excludes --json"),
    (("graph", "x**2", "--reading", "--quiet"), "--reading excludes --quiet"),
    (("check", "x**2"), "--gradient is missing"),
    (("diff", "sinx", "--reading"), "`sinx` is one name, and it has no value"),
]


@pytest.mark.parametrize(("arguments", "message"), REFUSED)
def test_what_has_no_reading_is_told(arguments: tuple[str, ...], message: str, run: Run) -> None:
    done = run(*arguments)
    assert (done.code, message in done.err) == (2, True)


SHOWN = [
    ("x.pow(2)", "x**2"), ("x.exp()", "exp(x)"), ("pow(x, 2)", "x**2"), ("leaky_relu(x)", "leaky_relu(x, 0.01)"),
    ("log(x, 2)", "log(x)/log(2)"), ("np.exp(x)", "exp(x)"), ("x y", "x*y"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "reading"), SHOWN)
def test_a_reading_that_is_not_the_text_is_shown(text: str, reading: str, run: Run) -> None:
    assert f"\nread as = {reading}\n" in run.printed("diff", text)
