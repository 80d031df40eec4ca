"""`gradcalc code`: a function and its gradient as a program."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from gradcalc.answers.code.records import Code
from gradcalc.base.errors import UsageError
from gradcalc.base.loading import loading
from gradcalc.cli.options import Expression, Point, Shapes, given
from gradcalc.cli.output import Output
from gradcalc.cli.signature import command
from gradcalc.cli.source import expression_text
from gradcalc.files.access import require_free, require_two, write_whole


def _languages() -> list[str]:
    from gradcalc.codegen.languages import LANGUAGES  # here, as help needs no writers of programs

    return [*LANGUAGES, "latex"]


To = Annotated[
    str,
    typer.Option("--to", metavar="LANGUAGE", help="torch, python, numpy, jax, c or latex.", autocompletion=_languages),
]
Function = Annotated[
    bool, typer.Option("--function", help="For torch: an autograd.Function with forward and backward.")
]
Test = Annotated[
    bool, typer.Option("--test", help="The pytest file that checks it too; with --output FILE, in test_FILE.")
]


@command(places=None)
def code(
    expression: Expression,
    point: Point,
    *,
    to: To = "torch",
    function: Function = False,
    test: Test = False,
    shapes: Shapes,
    out: Output,
) -> int:
    """Write EXPR and its gradient as a program: what is shared is computed once, by functions that do not overflow.

    With --at, where torch disagrees and a cure is known, the program computes that.

    gradcalc code "log(1 + exp(x))" --to numpy
    """
    text = expression_text(expression, out)
    asked: dict[str, Any] = given(point, shapes) | {"timeout": out.timeout}
    file = _test_file(out, to) if test else None
    with loading():
        from gradcalc.answers.code.asking import code as write  # once the input is known to be good
    found = write(
        text, to=to, function=function, test=test, module=None if out.output is None else _module(out), **asked
    )
    if file is None or out.form is not None or not isinstance(found, Code) or found.test is None:
        return out.write(found)
    out.write(replace(found, test=None))
    write_whole(file, found.test.encode(), force=out.force)
    return 0


def _module(out: Output) -> str:
    """What a program is imported as. Raises UsageError at a name that none has."""
    assert out.output is not None
    return out.output.stem


def _test_file(out: Output, to: str) -> Path | None:
    """Where the test goes: beside the program. Raises UsageError and FileError."""
    if out.output is None:
        if to == "c" and out.form is None:
            raise UsageError("the test of a program in C compiles its file", hint="name it with --output FILE.c")
        return None
    if not out.output.stem.isidentifier() and to != "c":
        raise UsageError(f"a test cannot import `{out.output.name}`", hint="name it like a module: f.py")
    file = out.output.with_name(f"test_{out.output.stem}.py")
    require_free(file, force=out.force)
    require_two(file, out.html)
    return file
