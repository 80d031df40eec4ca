"""`gradcalc lessons`: the lecture's examples, listed and run."""

from __future__ import annotations

import shlex
from functools import partial
from typing import Annotated

import typer

from gradcalc.base.loading import load
from gradcalc.cli import options
from gradcalc.cli.output import Output
from gradcalc.lessons.course import lesson
from gradcalc.render.pages import course

Number = Annotated[int | None, typer.Argument(metavar="[N]", help="The lesson to run; all are listed unless given.")]


def lessons(
    number: Number = None,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    output: options.OutputFile = None,
    force: options.Force = False,
) -> int:
    """List the lecture's examples in order, each with its command; with N, run that one.

    The options go to the command that is run.

    gradcalc lessons 1
    """
    out = Output(as_json, quiet, output, force)
    if number is None:
        out.write(course.record, course.quiet, course.document)
        return 0
    chosen = lesson(number)
    if out == Output():
        out.write(course.record, course.quiet, partial(course.head, number, chosen))
        out.emit("\n")
    code: int = load("gradcalc.cli.app:main")([*shlex.split(chosen.command)[1:], *_passed_on(out)])
    return code


def _passed_on(out: Output) -> list[str]:
    """The options, as they are spelled."""
    flags = {"--json": out.json, "--quiet": out.quiet, "--force": out.force}
    path = [] if out.path is None else ["--output", str(out.path)]
    return [*(flag for flag, on in flags.items() if on), *path]
